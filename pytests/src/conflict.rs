//! Which borrows are granted beside another one.

use npyo::{
    BorrowError, Element, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyReadwriteArrayDyn,
};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyList, PyTuple};

use crate::{add, argument};

type Args<'a, 'py> = &'a Bound<'py, PyTuple>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

pub(crate) fn register<T: Element + 'static>(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add(module, "may_read", may_read::<T>)?;
    add(module, "may_write", may_write::<T>)?;
    add(module, "while_read", while_read::<T>)?;
    add(module, "while_written", while_written::<T>)?;
    add(module, "read_by_address", read_by_address::<T>)?;
    add(module, "write_by_address", write_by_address::<T>)
}

fn array<'py, T: Element>(args: Args<'_, 'py>) -> PyResult<Bound<'py, PyArrayDyn<T>>> {
    Ok(args.get_item(0)?.cast_into()?)
}

/// Whether a guard was granted, or refused because of another one.
fn decision<G>(py: Python<'_>, guard: std::result::Result<G, BorrowError>) -> Result<'_> {
    let granted = match guard {
        Ok(_) => true,
        Err(BorrowError::AlreadyBorrowed) => false,
        Err(other) => return Err(other.into()),
    };
    Ok(PyBool::new(py, granted).to_owned().into_any())
}

/// Whether a guard to read is granted, as it is for any layout.
fn may_read<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    decision(args.py(), array::<T>(args)?.try_readonly())
}

/// Whether a guard to write is granted, as it is for any layout.
fn may_write<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    decision(args.py(), array::<T>(args)?.try_readwrite())
}

/// What the callback returns under a guard to read.
fn while_read<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let _guard = array::<T>(args)?.try_readonly()?;
    args.get_item(1)?.call0()
}

/// What the callback returns under a guard to write.
fn while_written<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let _guard = array::<T>(args)?.try_readwrite()?;
    args.get_item(1)?.call0()
}

fn addresses<'py>(py: Python<'py>, addresses: impl Iterator<Item = usize>) -> Result<'py> {
    Ok(PyList::new(py, addresses.collect::<Vec<_>>())?.into_any())
}

/// The address of each `&T` that an argument to read gives, in C order.
fn read_by_address<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let view = array.try_as_array()?;
    let elements = view.iter().map(|element| std::ptr::from_ref(element));
    addresses(args.py(), elements.map(|element| element.addr()))
}

/// The address of each `&mut T` that an argument to write gives, in C order. All of them are taken
/// before the first is looked at.
fn write_by_address<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    let mut view = array.try_as_array_mut()?;
    let elements: Vec<&mut T> = view.iter_mut().collect();
    let elements = elements.into_iter().map(std::ptr::from_mut);
    addresses(args.py(), elements.map(|element| element.addr()))
}
