//! Products of arrays that NumPy sums up: `dot`, `inner` and `einsum`.
//!
//! Each argument is borrowed to read while NumPy runs. NumPy is handed arrays of our own over the
//! same memory, whose fields no Python code can change. They keep the arguments alive, because
//! `einsum` can return a view.

use std::ffi::CString;

use ndarray::{Dimension, IxDyn};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

use crate::array::coerce::from_any;
use crate::array::handle::PyArray;
use crate::array::untyped::PyUntypedArray;
use crate::borrow::guard::PyReadonlyArray;
use crate::element::trait_::Element;
use crate::npyffi::{NPY_CASTING, NPY_ORDER, PY_ARRAY_API, PyArrayObject};

/// What a product can be asked for as: an array, or, where it has no dimensions, its one element.
pub trait ArrayOrScalar<'a, 'py, T>: FromPyObject<'a, 'py> {
    /// Whether it is the element.
    #[doc(hidden)]
    const IS_SCALAR: bool;
}

impl<'a, 'py, T, D> ArrayOrScalar<'a, 'py, T> for Bound<'py, PyArray<T, D>>
where
    T: Element + 'a,
    D: Dimension + 'a,
{
    const IS_SCALAR: bool = false;
}

impl<'a, 'py, T> ArrayOrScalar<'a, 'py, T> for T
where
    T: Element + FromPyObject<'a, 'py>,
{
    const IS_SCALAR: bool = true;
}

/// The dot product of two arrays, as `numpy.dot` computes it.
///
/// For two vectors it is the sum of the products of their elements, for two matrices the matrix
/// product. In general it is a sum over the last axis of `a` and the last but one of `b`:
///
/// | `a` | `b` | `dot(a, b)` |
/// |---|---|---|
/// | `(k)` | `(k)` | `Σₖ a[k] b[k]` |
/// | `(…, k)` | `(k)` | `[…] = Σₖ a[…, k] b[k]` |
/// | `(…, k)` | `(‥, k, n)` | `[…, ‥, n] = Σₖ a[…, k] b[‥, k, n]` |
/// | `()` | any | `[‥] = a b[‥]`, and so with `a` and `b` exchanged |
///
/// Complex elements are not conjugated. The result is an array of `T` in C order, or, if it has no
/// dimensions and `T` is asked for, its one element. It is a plain array also where the arguments
/// are of a subclass.
///
/// Works for every layout.
///
/// # Errors
///
/// An [`ArrayBorrowError`][crate::ArrayBorrowError] if a guard to write to one of the arrays lives,
/// a `TypeError` if one is a masked array, NumPy's `ValueError` if the lengths of the axes that are
/// summed over differ, its other errors, and a `TypeError` if the result has other dimensions than
/// those asked for.
///
/// ```
/// use npyo::{PyArray2, dot, ndarray::array, prelude::*, pyarray};
/// use pyo3::prelude::*;
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let matrix = pyarray![py, [1, 2], [3, 4]];
///     let swap = pyarray![py, [0, 1], [1, 0]];
///     let product: Bound<'_, PyArray2<i32>> = dot(&matrix, &swap)?;
///     assert_eq!(product.readonly().as_array(), array![[2, 1], [4, 3]]);
///
///     let vector = pyarray![py, 1.0, 2.0, 3.0];
///     let square: f64 = dot(&vector, &vector)?;
///     assert_eq!(square, 14.0);
///     Ok(())
/// })
/// # }
/// ```
pub fn dot<'py, T, DIN1, DIN2, OUT>(
    array1: &Bound<'py, PyArray<T, DIN1>>,
    array2: &Bound<'py, PyArray<T, DIN2>>,
) -> PyResult<OUT>
where
    T: Element,
    DIN1: Dimension,
    DIN2: Dimension,
    OUT: for<'a> ArrayOrScalar<'a, 'py, T>,
{
    let py = array1.py();
    let (a, b) = (Operand::new(array1)?, Operand::new(array2)?);
    // SAFETY: two arrays, and NULL for "make a new array".
    let product = unsafe {
        PY_ARRAY_API.PyArray_MatrixProduct2(
            py,
            a.array.as_ptr(),
            b.array.as_ptr(),
            std::ptr::null_mut(),
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let product = unsafe { Bound::from_owned_ptr_or_err(py, product) }?;
    take(product)
}

/// The inner product of two arrays, as `numpy.inner` computes it: sums over the last axis of both.
///
/// | `a` | `b` | `inner(a, b)` |
/// |---|---|---|
/// | `(k)` | `(k)` | `Σₖ a[k] b[k]` |
/// | `(…, k)` | `(‥, k)` | `[…, ‥] = Σₖ a[…, k] b[‥, k]` |
/// | `()` | any | `[‥] = a b[‥]`, and so with `a` and `b` exchanged |
///
/// So the inner product of two matrices is `dot` of the first and the transpose of the second.
/// Complex elements are not conjugated. The result is as that of [`dot`].
///
/// Works for every layout.
///
/// # Errors
///
/// As [`dot`].
///
/// ```
/// use npyo::{PyArray2, inner, ndarray::array, prelude::*, pyarray};
/// use pyo3::prelude::*;
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let rows = pyarray![py, [1, 0, 1], [0, 2, 0]];
///     let products: Bound<'_, PyArray2<i32>> = inner(&rows, &rows)?;
///     assert_eq!(products.readonly().as_array(), array![[2, 0], [0, 4]]);
///
///     let vector = pyarray![py, 1.0, 2.0, 3.0];
///     let square: f64 = inner(&vector, &vector)?;
///     assert_eq!(square, 14.0);
///
///     let writer = vector.readwrite();
///     assert!(inner::<_, _, _, f64>(&vector, &vector).is_err());
///     # drop(writer);
///     Ok(())
/// })
/// # }
/// ```
pub fn inner<'py, T, DIN1, DIN2, OUT>(
    array1: &Bound<'py, PyArray<T, DIN1>>,
    array2: &Bound<'py, PyArray<T, DIN2>>,
) -> PyResult<OUT>
where
    T: Element,
    DIN1: Dimension,
    DIN2: Dimension,
    OUT: for<'a> ArrayOrScalar<'a, 'py, T>,
{
    let py = array1.py();
    let (a, b) = (Operand::new(array1)?, Operand::new(array2)?);
    // SAFETY: two arrays.
    let product =
        unsafe { PY_ARRAY_API.PyArray_InnerProduct(py, a.array.as_ptr(), b.array.as_ptr()) };
    // SAFETY: an owned reference, or NULL with an exception set.
    let product = unsafe { Bound::from_owned_ptr_or_err(py, product) }?;
    take(product)
}

/// Sums of products by Einstein's convention, as `numpy.einsum` computes them.
///
/// The macro [`einsum!`][crate::einsum!], which takes arrays of different numbers of dimensions,
/// says what `subscripts` means. They may end in a NUL character, as a C string does.
///
/// # Errors
///
/// A `ValueError` if there is no array, or if `subscripts` contain a NUL character before the end
/// or one that is not ASCII, and those that [`einsum!`][crate::einsum!] names.
///
/// ```
/// use npyo::{einsum, prelude::*, pyarray};
/// use pyo3::prelude::*;
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let matrix = pyarray![py, [1, 2], [3, 4]];
///     let trace: i32 = einsum("ii", &[matrix.to_dyn().as_borrowed()])?;
///     assert_eq!(trace, 5);
///     assert!(einsum::<i32, i32>("ii", &[]).is_err());
///     Ok(())
/// })
/// # }
/// ```
pub fn einsum<'py, T, OUT>(
    subscripts: &str,
    arrays: &[Borrowed<'_, 'py, PyArray<T, IxDyn>>],
) -> PyResult<OUT>
where
    T: Element,
    OUT: for<'a> ArrayOrScalar<'a, 'py, T>,
{
    let Some(first) = arrays.first() else {
        return Err(PyValueError::new_err("einsum needs at least one array"));
    };
    let py = first.py();
    let subscripts = c_subscripts(subscripts)?;
    let operands = arrays
        .iter()
        .map(|array| Operand::new(array))
        .collect::<PyResult<Vec<_>>>()?;
    let mut pointers: Vec<*mut PyArrayObject> = operands
        .iter()
        .map(|operand| operand.array.as_ptr().cast())
        .collect();
    // SAFETY: a C string, which NumPy only reads, in spite of the type; as many arrays as it is
    // told; NULL for "the dtype of the arrays" and for "make a new array".
    let sums = unsafe {
        PY_ARRAY_API.PyArray_EinsteinSum(
            py,
            subscripts.as_ptr().cast_mut(),
            pointers.len() as isize,
            pointers.as_mut_ptr(),
            std::ptr::null_mut(),
            NPY_ORDER::NPY_KEEPORDER,
            NPY_CASTING::NPY_NO_CASTING,
            std::ptr::null_mut(),
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let sums = unsafe { Bound::from_owned_ptr_or_err(py, sums) }?;
    take(sums)
}

/// Sums of products by Einstein's convention, as `numpy.einsum` computes them.
///
/// The subscripts, a string literal, name each axis of each array by a letter, with commas between
/// the arrays and, after `->`, the axes of the result. Axes with one letter have one length, and
/// the sum is over all letters that the result does not have: `"ij,jk->ik"` is
/// `c[i, k] = Σⱼ a[i, j] b[j, k]`. Without `->`, the result has the letters that occur once, in
/// alphabetical order. `...` stands for any number of axes, which are broadcast.
///
/// | Subscripts | Result |
/// |---|---|
/// | `"i,i"` | the dot product of two vectors |
/// | `"ij,jk"` | the matrix product |
/// | `"ii"` | the trace of a matrix |
/// | `"ii->i"` | its diagonal |
/// | `"ji"` | its transpose |
/// | `"ij->i"` | the sums of its rows |
/// | `"i,j->ij"` | the outer product of two vectors |
/// | `"...ij,...j->...i"` | products of matrices and vectors |
///
/// After the subscripts follow one or more arrays of one element type: handles
/// [`Bound<'_, PyArray<T, D>>`][crate::PyArray], or guards to read. The result is an array of `T`,
/// or, if it has no dimensions and `T` is asked for, its one element. It is a plain array also where
/// the arguments are of a subclass. Where nothing is summed up or multiplied, as in `"ii->i"` or
/// `"ji"`, the result is a view of the argument, of the same memory.
///
/// Works for every layout.
///
/// # Errors
///
/// An [`ArrayBorrowError`][crate::ArrayBorrowError] if a guard to write to one of the arrays lives,
/// a `TypeError` if one is a masked array, NumPy's `ValueError` if the subscripts are malformed or
/// do not fit the arrays, its other errors, and a `TypeError` if the result has other dimensions
/// than those asked for.
///
/// ```
/// use npyo::{PyArray1, PyArray2, einsum, ndarray::array, prelude::*, pyarray};
/// use pyo3::prelude::*;
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let matrix = pyarray![py, [1, 2], [3, 4]];
///     let vector = pyarray![py, 10, 100];
///
///     let product: Bound<'_, PyArray1<i32>> = einsum!("ij,j->i", matrix, vector)?;
///     assert_eq!(product.readonly().as_array(), array![210, 430]);
///
///     let transpose: Bound<'_, PyArray2<i32>> = einsum!("ij->ji", matrix)?;
///     assert_eq!(transpose.readonly().as_array(), array![[1, 3], [2, 4]]);
///
///     let trace: i32 = einsum!("ii", matrix)?;
///     assert_eq!(trace, 5);
///     Ok(())
/// })
/// # }
/// ```
#[macro_export]
macro_rules! einsum {
    ($subscripts:literal $(, $array:expr)+ $(,)*) => {{
        #[allow(unused_imports)]
        use $crate::PyArrayMethods as _;
        $crate::einsum(
            ::core::concat!($subscripts, "\0"),
            &[$($array.to_dyn().as_borrowed(),)+],
        )
    }};
}

/// An array that NumPy reads: one of our own over the memory of an argument, which it keeps alive,
/// and the guard that lends it the memory.
struct Operand<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    array: Bound<'py, PyUntypedArray>,
    _guard: PyReadonlyArray<'py, T, D>,
}

impl<'py, T, D> Operand<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    fn new(array: &Bound<'py, PyArray<T, D>>) -> PyResult<Self> {
        let py = array.py();
        let guard = PyReadonlyArray::try_new(array.clone())?;
        // SAFETY: below, the argument becomes the base of the array and so keeps the memory alive.
        // Until the guard is gone NumPy only reads. A view that `einsum` returns is a Python
        // object as any other, which takes a borrow of its own before Rust code writes through it.
        let array = unsafe { guard.snapshot().private_array::<T>(py) }?;
        let base = guard.as_bound().clone().into_ptr();
        // SAFETY: both are live; the reference to the base is given up, as the function asks,
        // which drops it on failure.
        let rc = unsafe { PY_ARRAY_API.PyArray_SetBaseObject(py, array.as_ptr().cast(), base) };
        if rc < 0 {
            return Err(PyErr::fetch(py));
        }
        Ok(Self {
            array,
            _guard: guard,
        })
    }
}

/// The subscripts as a C string, of ASCII characters only, as NumPy is used to from Python.
fn c_subscripts(subscripts: &str) -> PyResult<CString> {
    let text = subscripts.strip_suffix('\0').unwrap_or(subscripts);
    if let Some(other) = text.chars().find(|char| !char.is_ascii()) {
        return Err(PyValueError::new_err(format!(
            "einsum subscripts {text:?} contain {other:?}, but subscripts are ASCII letters"
        )));
    }
    CString::new(text).map_err(|err| {
        PyValueError::new_err(format!(
            "einsum subscripts {text:?} contain a NUL character, at byte {}",
            err.nul_position()
        ))
    })
}

/// The result of one of NumPy's functions as what the caller asks for.
///
/// Whether a result without dimensions is an array or its one element depends on the function and
/// on the dtype.
fn take<'py, T, OUT>(result: Bound<'py, PyAny>) -> PyResult<OUT>
where
    T: Element,
    OUT: for<'a> ArrayOrScalar<'a, 'py, T>,
{
    let py = result.py();
    let result = match (
        <OUT as ArrayOrScalar<'_, 'py, T>>::IS_SCALAR,
        PyUntypedArray::is_type_of(&result),
    ) {
        (true, true) => {
            // SAFETY: an array, whose reference is given up, as the function asks.
            let element = unsafe { PY_ARRAY_API.PyArray_Return(py, result.into_ptr().cast()) };
            // SAFETY: an owned reference, or NULL with an exception set.
            unsafe { Bound::from_owned_ptr_or_err(py, element) }?
        }
        (false, false) => from_any(&result, None)?.into_any(),
        _ => result,
    };
    result.extract().map_err(Into::into)
}
