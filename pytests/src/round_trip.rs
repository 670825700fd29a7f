//! From Python to Rust and back, in every way there is.

use npyo::ndarray::{IxDyn, Slice};
use npyo::{
    AllowTypeChange, Element, IntoPyArray, PyArray, PyArrayDescr, PyArrayDyn, PyArrayLike1,
    PyArrayLikeDyn, PyArrayMethods, PyReadonlyArrayDyn, PyReadwriteArrayDyn, PyUntypedArrayMethods,
    ToPyArray, TypeMustMatch,
};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::{add, argument};

type Args<'a, 'py> = &'a Bound<'py, PyTuple>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

pub(crate) fn register<T: Element + 'static>(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add(module, "dtype", dtype::<T>)?;
    add(module, "accept", accept::<T>)?;
    add(module, "copy", copy::<T>)?;
    add(module, "copy_unguarded", copy_unguarded::<T>)?;
    add(module, "slice", slice::<T>)?;
    add(module, "view", view::<T>)?;
    add(module, "every_second_reversed", every_second_reversed::<T>)?;
    add(module, "to_vec", to_vec::<T>)?;
    add(module, "to_vec_unguarded", to_vec_unguarded::<T>)?;
    add(module, "into_pyarray", into_pyarray::<T>)?;
    add(module, "reversed_axes", reversed_axes::<T>)?;
    add(module, "like", like::<T>)?;
    add(module, "like_1d", like_1d::<T>)?;
    add(module, "like_cast", like_cast::<T>)?;
    add(module, "reverse", reverse::<T>)?;
    add(module, "reverse_slice", reverse_slice::<T>)?;
    add(module, "assign", assign::<T>)?;
    add(module, "get", get::<T>)?;
    add(module, "get_unguarded", get_unguarded::<T>)?;
    add(module, "set", set::<T>)?;
    add(module, "copy_to", copy_to::<T>)?;
    add(module, "copy_to_guarded", copy_to_guarded::<T>)?;
    add(module, "to_objects", to_objects::<T>)
}

fn cast<'py, T: Element>(
    args: Args<'_, 'py>,
    position: usize,
) -> PyResult<Bound<'py, PyArrayDyn<T>>> {
    Ok(args.get_item(position)?.cast_into::<PyArrayDyn<T>>()?)
}

fn dtype<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    Ok(PyArrayDescr::try_of::<T>(args.py())?.into_any())
}

/// Extracts a guard and does no more.
fn accept<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    Ok(array.as_bound().as_any().clone())
}

fn copy<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let array = array.try_to_owned_array()?;
    Ok(array.try_into_pyarray(args.py())?.into_any())
}

/// Takes `&Bound<PyArray>`, which any layout is, and copies it.
fn copy_unguarded<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let array = cast::<T>(args, 0)?.try_readonly()?.try_to_owned_array()?;
    Ok(array.try_into_pyarray(args.py())?.into_any())
}

fn slice<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    Ok(PyArray::try_from_slice(args.py(), array.as_slice()?)?.into_any())
}

fn view<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    Ok(array.try_as_array()?.try_to_pyarray(args.py())?.into_any())
}

/// A strided view, `a[::-2, ::-2, …]`, as a new array.
fn every_second_reversed<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let mut view = array.try_as_array()?;
    view.slice_each_axis_inplace(|_| Slice::new(0, None, -2));
    Ok(view.try_to_pyarray(args.py())?.into_any())
}

fn to_vec<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    Ok(array.to_vec()?.try_into_pyarray(args.py())?.into_any())
}

fn to_vec_unguarded<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let elements = cast::<T>(args, 0)?.to_vec()?;
    Ok(elements.try_into_pyarray(args.py())?.into_any())
}

fn into_pyarray<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let elements = array.to_vec()?.into_boxed_slice();
    Ok(elements.try_into_pyarray(args.py())?.into_any())
}

/// `a.T`, as an owned array that is handed over with no copy.
fn reversed_axes<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let array = array.try_to_owned_array()?.reversed_axes();
    Ok(array.try_into_pyarray(args.py())?.into_any())
}

fn like<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyArrayLikeDyn<'py, T, TypeMustMatch> = argument(args, 0)?;
    Ok(array
        .try_to_owned_array()?
        .try_into_pyarray(args.py())?
        .into_any())
}

fn like_1d<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyArrayLike1<'py, T> = argument(args, 0)?;
    Ok(array
        .try_to_owned_array()?
        .try_into_pyarray(args.py())?
        .into_any())
}

fn like_cast<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyArrayLikeDyn<'py, T, AllowTypeChange> = argument(args, 0)?;
    Ok(array
        .try_to_owned_array()?
        .try_into_pyarray(args.py())?
        .into_any())
}

fn reverse_all<'a, T: 'a>(elements: impl Iterator<Item = &'a mut T>) {
    let mut elements: Vec<&mut T> = elements.collect();
    let half = elements.len() / 2;
    let (front, back) = elements.split_at_mut(half);
    for (a, b) in front.iter_mut().zip(back.iter_mut().rev()) {
        std::mem::swap(*a, *b);
    }
}

/// `a.flat[:] = a.flat[::-1]`, in place.
fn reverse<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    reverse_all(array.try_as_array_mut()?.iter_mut());
    Ok(args.py().None().into_bound(args.py()))
}

/// Reverses the elements in the order in which they lie in memory.
fn reverse_slice<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    array.as_slice_mut()?.reverse();
    Ok(args.py().None().into_bound(args.py()))
}

/// `a[...] = b`, element by element, with the old elements dropped while the guards live.
fn assign<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut to: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    let from: PyReadonlyArrayDyn<'py, T> = argument(args, 1)?;
    let mut to = to.try_as_array_mut()?;
    for (to, from) in to.iter_mut().zip(from.try_as_array()?) {
        *to = from.clone_ref(args.py());
    }
    Ok(args.py().None().into_bound(args.py()))
}

fn one<'py, T: Element>(py: Python<'py>, element: Option<T>) -> Result<'py> {
    match element {
        Some(element) => Ok(vec![element].try_into_pyarray(py)?.into_any()),
        None => Err(pyo3::exceptions::PyIndexError::new_err("out of bounds")),
    }
}

fn get<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let index: Vec<usize> = argument(args, 1)?;
    let owned = array.try_get_owned(IxDyn(&index))?;
    let by_reference = array
        .get(IxDyn(&index))
        .map(|element| element.clone_ref(args.py()));
    assert_eq!(owned.is_some(), by_reference.is_some());
    one(args.py(), owned.and(by_reference))
}

fn get_unguarded<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let array = cast::<T>(args, 0)?;
    let index: Vec<usize> = argument(args, 1)?;
    one(
        args.py(),
        array.try_readonly()?.try_get_owned(IxDyn(&index))?,
    )
}

/// `a[index] = b[other]`
fn set<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let mut array: PyReadwriteArrayDyn<'py, T> = argument(args, 0)?;
    let index: Vec<usize> = argument(args, 1)?;
    let from: PyReadonlyArrayDyn<'py, T> = argument(args, 2)?;
    let value = from.try_get_owned(IxDyn(&vec![0; from.ndim()]))?;
    match (array.get_mut(IxDyn(&index)), value) {
        (Some(element), Some(value)) => *element = value,
        _ => return Err(pyo3::exceptions::PyIndexError::new_err("out of bounds")),
    }
    Ok(args.py().None().into_bound(args.py()))
}

fn copy_to<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    cast::<T>(args, 0)?.copy_to(&cast::<T>(args, 1)?)?;
    Ok(args.py().None().into_bound(args.py()))
}

fn copy_to_guarded<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    array.copy_to(&cast::<T>(args, 1)?)?;
    Ok(args.py().None().into_bound(args.py()))
}

fn to_objects<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    Ok(cast::<T>(args, 0)?
        .cast_array::<Py<PyAny>>(false)?
        .into_any())
}
