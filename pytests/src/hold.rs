//! Guards that are held while a Python callback runs.

use npyo::ndarray::Ix1;
use npyo::{
    Element, PyArray1, PyArrayDyn, PyArrayMethods, PyFrozenArrayDyn, PyReadonlyArrayDyn,
    PyReadwriteArrayDyn, PyUntypedArrayMethods, ToPyArray,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::{add, argument};

type Args<'a, 'py> = &'a Bound<'py, PyTuple>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

pub(crate) fn register<T: Element + 'static>(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add(module, "hold_read", hold_read::<T>)?;
    add(module, "hold_view", hold_view::<T>)?;
    add(module, "hold_write", hold_write::<T>)?;
    add(module, "hold_write_view", hold_write_view::<T>)?;
    add(module, "hold_unguarded", hold_unguarded::<T>)?;
    add(module, "hold_two_readers", hold_two_readers::<T>)?;
    add(module, "hold_frozen", hold_frozen::<T>)?;
    add(module, "make_nonwriteable", make_nonwriteable::<T>)?;
    add(module, "cast_then_borrow", cast_then_borrow::<T>)
}

/// What the guard says, in all its ways, after the callback.
fn seen<'py, T: Element>(array: &PyReadonlyArrayDyn<'py, T>) -> PyResult<Bound<'py, PyDict>> {
    let py = array.py();
    let seen = PyDict::new(py);
    seen.set_item("shape", PyTuple::new(py, array.shape())?)?;
    seen.set_item("strides", PyTuple::new(py, array.strides())?)?;
    seen.set_item("len", array.len())?;
    seen.set_item("ndim", array.ndim())?;
    seen.set_item("dtype", array.dtype())?;
    seen.set_item("data", array.data().addr())?;
    seen.set_item("as_array", array.try_as_array()?.try_to_pyarray(py)?)?;
    seen.set_item(
        "to_owned_array",
        array.try_to_owned_array()?.try_to_pyarray(py)?,
    )?;
    seen.set_item("to_vec", array.to_vec()?.try_to_pyarray(py)?)?;
    seen.set_item("cast_array", array.cast_array::<T>(false)?)?;
    let copy = PyArrayDyn::<T>::try_zeros(py, array.shape(), false)?;
    array.copy_to(&copy)?;
    seen.set_item("copy_to", copy)?;
    Ok(seen)
}

fn hold_read<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    args.get_item(1)?.call0()?;
    Ok(seen(&array)?.into_any())
}

/// The view exists before the callback.
fn hold_view<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let view = array.try_as_array()?;
    args.get_item(1)?.call0()?;
    Ok(view.try_to_pyarray(args.py())?.into_any())
}

/// Reverses the elements after the callback.
fn hold_write<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    args.get_item(1)?.call0()?;
    array.try_as_array_mut()?.as_slice_mut().map(<[T]>::reverse);
    Ok(seen(&array)?.into_any())
}

fn hold_write_view<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    let mut view = array.try_as_array_mut()?;
    args.get_item(1)?.call0()?;
    view.as_slice_mut().map(<[T]>::reverse);
    Ok(view.try_to_pyarray(args.py())?.into_any())
}

/// A guard from `try_readonly`, which any layout gets.
fn hold_unguarded<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let array = args
        .get_item(0)?
        .cast_into::<PyArrayDyn<T>>()?
        .try_into_readonly()?;
    args.get_item(1)?.call0()?;
    Ok(array
        .try_to_owned_array()?
        .try_to_pyarray(args.py())?
        .into_any())
}

/// Two readers, one of which ends before the callback.
fn hold_two_readers<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let clone = array.clone();
    drop(array);
    args.get_item(1)?.call0()?;
    Ok(seen(&clone)?.into_any())
}

fn hold_frozen<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyFrozenArrayDyn<'py, T> = argument(args, 0)?;
    args.get_item(1)?.call0()?;
    Ok(seen(&array)?.into_any())
}

fn make_nonwriteable<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    let array = array.make_nonwriteable();
    args.get_item(1)?.call0()?;
    Ok(seen(&array)?.into_any())
}

/// The callback runs after the array was found to be a `PyArray1<T>` and before it is borrowed.
fn cast_then_borrow<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let array = args.get_item(0)?.cast_into::<PyArray1<T>>()?;
    args.get_item(1)?.call0()?;
    let result = match argument::<String>(args, 2)?.as_str() {
        "readonly" => array.try_readonly().map(drop).map_err(PyErr::from),
        "readwrite" => array.try_readwrite().map(drop).map_err(PyErr::from),
        "to_vec" => array.to_vec().map(drop).map_err(PyErr::from),
        "copy_to" => array.copy_to(&PyArray1::<T>::try_zeros(args.py(), Ix1(2), false)?),
        "copy_from" => PyArray1::<T>::try_zeros(args.py(), Ix1(2), false)?.copy_to(&array),
        "cast_array" => array.cast_array::<Py<PyAny>>(false).map(drop),
        "get_owned" => {
            array.get_owned([0]);
            Ok(())
        }
        "to_owned_array" => {
            array.to_owned_array();
            Ok(())
        }
        "reshape" => array.reshape([1, 2]).map(drop),
        "permute" => array.permute(Some([0])).map(drop),
        other => panic!("no method {other}"),
    };
    result.map(|()| args.py().None().into_bound(args.py()))
}
