#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod array;
pub mod borrow;
pub mod broadcast;
pub mod convert;
pub mod datetime;
pub mod npyffi;
pub mod prelude;
pub mod random;
pub mod ufunc;

#[doc(hidden)]
pub mod __private;
mod arg;
mod dtype;
mod element;
mod error;
mod index;
mod layout;
mod linalg;
mod pool;
mod runs;
mod view;

#[cfg(feature = "nalgebra")]
pub use nalgebra;
pub use ndarray;
pub use pyo3;

pub use ndarray::{Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, array};

pub use crate::arg::{
    AllowTypeChange, Exact, PyArrayLike, PyArrayLike0, PyArrayLike1, PyArrayLike2, PyArrayLike3,
    PyArrayLike4, PyArrayLike5, PyArrayLike6, PyArrayLikeDyn, Scalar, TypeMustMatch,
};
pub use crate::array::{
    Order, PyArray, PyArray0, PyArray0Methods, PyArray1, PyArray2, PyArray3, PyArray4, PyArray5,
    PyArray6, PyArrayDyn, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods, get_array_module,
};
pub use crate::borrow::{
    PyFrozenArray, PyFrozenArray0, PyFrozenArray1, PyFrozenArray2, PyFrozenArray3, PyFrozenArray4,
    PyFrozenArray5, PyFrozenArray6, PyFrozenArrayDyn, PyReadonlyArray, PyReadonlyArray0,
    PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3, PyReadonlyArray4, PyReadonlyArray5,
    PyReadonlyArray6, PyReadonlyArrayDyn, PyReadwriteArray, PyReadwriteArray0, PyReadwriteArray1,
    PyReadwriteArray2, PyReadwriteArray3, PyReadwriteArray4, PyReadwriteArray5, PyReadwriteArray6,
    PyReadwriteArrayDyn,
};
pub use crate::convert::{IntoPyArray, NpyIndex, ToNpyDims, ToPyArray};
pub use crate::dtype::{DtypeMismatch, PyArrayDescr, PyArrayDescrMethods};
#[cfg(feature = "derive")]
pub use npyo_derive::{Element, gufunc, ufunc};

pub use crate::element::{
    Complex32, Complex64, Element, InvalidElement, PyFixedString, PyFixedUnicode, RecordBuilder,
    dtype,
};
pub use crate::error::{
    ArrayBorrowError, AsSliceError, BorrowError, DimensionalityError, FromVecError, ViewError,
};
pub use crate::linalg::{dot, einsum, inner};
pub use crate::npyffi::{PY_ARRAY_API, PY_UFUNC_API};

/// The error of [`PyReadonlyArray::as_slice`] under an older name.
#[deprecated(since = "0.1.0", note = "use AsSliceError instead")]
pub type NonContiguousError = AsSliceError;

/// Imports NumPy, so that a missing or too old one is an `ImportError` here rather than a panic
/// later, and joins the other extension modules of the process in checking borrows.
///
/// Call it in the function that initialises the module:
///
/// ```
/// use pyo3::prelude::*;
///
/// #[pymodule]
/// fn my_module(module: &Bound<'_, PyModule>) -> PyResult<()> {
///     npyo::init(module.py())
/// }
/// # Python::attach(|py| npyo::init(py).unwrap());
/// ```
///
/// # Errors
///
/// An `ImportError` that names the version of NumPy needed.
pub fn init(py: pyo3::Python<'_>) -> pyo3::PyResult<()> {
    npyffi::import(py)?;
    borrow::registry::Registry::get(py);
    #[cfg(feature = "rayon")]
    pool::remember_process();
    Ok(())
}

/// Creates a [`PyArray`] of one, two or three dimensions, as [`ndarray::array`] does.
///
/// ```
/// use npyo::{ndarray::array, prelude::*, pyarray};
/// use pyo3::Python;
///
/// Python::attach(|py| {
///     let array = pyarray![py, [1, 2], [3, 4]];
///     assert_eq!(array.readonly().as_array(), array![[1, 2], [3, 4]]);
/// });
/// ```
#[macro_export]
macro_rules! pyarray {
    ($py:ident, $([$([$($x:expr),* $(,)*]),+ $(,)*]),+ $(,)*) => {
        $crate::IntoPyArray::into_pyarray($crate::array![$([$([$($x,)*],)*],)*], $py)
    };
    ($py:ident, $([$($x:expr),* $(,)*]),+ $(,)*) => {
        $crate::IntoPyArray::into_pyarray($crate::array![$([$($x,)*],)*], $py)
    };
    ($py:ident, $($x:expr),* $(,)*) => {
        $crate::IntoPyArray::into_pyarray($crate::array![$($x,)*], $py)
    };
}

/// Makes the ufuncs of functions with the attribute [`#[ufunc]`][macro@ufunc] and adds them to a module;
/// a `PyResult<()>`.
///
/// ```
/// use pyo3::prelude::*;
///
/// mod integers {
///     #[npyo::ufunc(identity = zero)]
///     pub fn gcd(a: i64, b: i64) -> i64 {
///         if b == 0 { a.abs() } else { gcd(b, a % b) }
///     }
/// }
///
/// #[npyo::ufunc]
/// fn twice(a: f64) -> f64 {
///     2.0 * a
/// }
///
/// #[pymodule]
/// fn special(module: &Bound<'_, PyModule>) -> PyResult<()> {
///     npyo::init(module.py())?;
///     npyo::add_ufuncs!(module, twice, integers::gcd)
/// }
/// # fn main() -> PyResult<()> {
/// #     Python::attach(|py| {
/// #         let special = pyo3::wrap_pymodule!(special)(py);
/// #         let gcd = special.bind(py).getattr("gcd")?;
/// #         assert_eq!(gcd.call1((12, 18))?.extract::<i64>()?, 6);
/// #         let twice = special.bind(py).getattr("twice")?;
/// #         assert_eq!(twice.call1((2,))?.extract::<f64>()?, 4.0);
/// #         Ok(())
/// #     })
/// # }
/// ```
#[cfg(feature = "derive")]
#[macro_export]
macro_rules! add_ufuncs {
    ($module:expr, $($($segment:ident)::+),+ $(,)?) => {{
        let add = |module: &$crate::pyo3::Bound<'_, $crate::pyo3::types::PyModule>| {
            $($($segment)::+::_PYO3_DEF.add_to_module(module)?;)+
            $crate::pyo3::PyResult::Ok(())
        };
        add($module)
    }};
}
