//! New arrays.

use npyo::ndarray::{ArrayD, IxDyn, ShapeBuilder};
use npyo::{
    Element, IntoPyArray, Order, PyArray, PyArray1, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn,
    PyReadwriteArray1, PyUntypedArrayMethods, pyarray,
};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::{add, argument};

type Args<'a, 'py> = &'a Bound<'py, PyTuple>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions! { module:
        zeros_or_panic, from_vec2, from_vec3, from_iter, pyarrays, reshape, permute,
        resize, rust_array_of_ndim,
    }
    Ok(())
}

pub(crate) fn register_element<T: Element + 'static>(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add(module, "zeros", zeros::<T>)?;
    add(module, "owned_in_any_order", owned_in_any_order::<T>)
}

pub(crate) fn register_number<T>(module: &Bound<'_, PyModule>) -> PyResult<()>
where
    T: Element + Number,
{
    add(module, "arange", arange::<T>)
}

/// Lengths of axes as Python gives them; a negative one becomes a huge one, as a cast in a user's
/// code would make it.
fn dims(dims: &[isize]) -> IxDyn {
    IxDyn(&dims.iter().map(|&len| len as usize).collect::<Vec<_>>())
}

fn zeros<'py, T: Element>(args: Args<'_, 'py>) -> Result<'py> {
    let shape: Vec<isize> = argument(args, 0)?;
    let order: bool = argument(args, 1)?;
    Ok(PyArrayDyn::<T>::try_zeros(args.py(), dims(&shape), Order::from(order))?.into_any())
}

/// The array and its copy, handed over from Rust with axes in Fortran order and one of them
/// inverted.
fn owned_in_any_order<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyReadonlyArrayDyn<'py, T> = argument(args, 0)?;
    let elements = array
        .try_as_array()?
        .t()
        .iter()
        .map(|e| e.clone_ref(args.py()))
        .collect();
    let mut owned = ArrayD::from_shape_vec(IxDyn(array.shape()).f(), elements)
        .expect("as many elements as the shape has");
    if owned.ndim() > 0 {
        owned.invert_axis(npyo::ndarray::Axis(0));
    }
    Ok(owned.try_into_pyarray(args.py())?.into_any())
}

pub(crate) trait Number: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr> {
    fn arange<'py>(start: Self, stop: Self, step: Self, py: Python<'py>) -> Result<'py>;
}

macro_rules! number {
    ($($ty:ty)+) => {$(
        impl Number for $ty {
            fn arange<'py>(start: Self, stop: Self, step: Self, py: Python<'py>) -> Result<'py> {
                Ok(PyArray1::try_arange(py, start, stop, step)?.into_any())
            }
        }
    )+};
}

number!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64);

fn arange<'py, T: Element + Number>(args: Args<'_, 'py>) -> Result<'py> {
    T::arange(
        argument(args, 0)?,
        argument(args, 1)?,
        argument(args, 2)?,
        args.py(),
    )
}

/// The form whose signature has no room for an error.
#[pyfunction]
fn zeros_or_panic(py: Python<'_>, shape: Vec<isize>) -> Bound<'_, PyArrayDyn<f64>> {
    PyArray::zeros(py, dims(&shape), false)
}

#[pyfunction]
fn from_vec2(py: Python<'_>, rows: Vec<Vec<f64>>) -> Result<'_> {
    let array = PyArray::from_vec2(py, &rows)?;
    assert!(PyArray::try_from_vec2(py, &rows).is_ok());
    Ok(array.into_any())
}

#[pyfunction]
fn from_vec3(py: Python<'_>, rows: Vec<Vec<Vec<Py<PyAny>>>>) -> Result<'_> {
    Ok(PyArray::try_from_vec3(py, &rows)?.into_any())
}

#[pyfunction]
fn from_iter<'py>(py: Python<'py>, elements: Bound<'py, PyAny>) -> Result<'py> {
    let elements: PyResult<Vec<f64>> = elements.try_iter()?.map(|e| e?.extract()).collect();
    Ok(PyArray::try_from_iter(py, elements?)?.into_any())
}

#[pyfunction]
fn pyarrays(py: Python<'_>) -> Vec<Bound<'_, PyAny>> {
    vec![
        pyarray![py, 1.5, 2.5].into_any(),
        pyarray![py, [1, 2, 3], [4, 5, 6]].into_any(),
        pyarray![py, [[true], [false]], [[true], [true]]].into_any(),
    ]
}

#[pyfunction]
fn reshape<'py>(array: Bound<'py, PyArrayDyn<f64>>, shape: Vec<isize>) -> Result<'py> {
    Ok(array.reshape(dims(&shape))?.into_any())
}

#[pyfunction]
fn permute<'py>(array: Bound<'py, PyArrayDyn<f64>>, axes: Vec<isize>) -> Result<'py> {
    Ok(array.permute(Some(dims(&axes)))?.into_any())
}

#[pyfunction]
fn resize(array: PyReadwriteArray1<'_, f64>, len: isize) -> PyResult<usize> {
    Ok(array.resize(len as usize)?.len())
}

/// An array of ndarray's with so many axes, which may be more than NumPy has.
#[pyfunction]
fn rust_array_of_ndim(py: Python<'_>, ndim: usize) -> Result<'_> {
    let array = ArrayD::from_elem(IxDyn(&vec![1; ndim]), 7_i64);
    Ok(array.try_into_pyarray(py)?.into_any())
}
