//! The public errors and the Python exceptions they become.
//!
//! | error | Python exception |
//! |---|---|
//! | wrong dtype, wrong number of dimensions, not an array, masked array | `TypeError` |
//! | layout that cannot be viewed, not contiguous, invalid value, wrong length | `ValueError` |
//! | [`BorrowError::AlreadyBorrowed`] | [`ArrayBorrowError`], a `RuntimeError` |
//! | [`BorrowError::NotWriteable`] | `ValueError` |

use pyo3::exceptions::{PyMemoryError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::{PyErrArguments, create_exception};
use thiserror::Error;

create_exception!(
    npyo,
    ArrayBorrowError,
    PyRuntimeError,
    "An array is borrowed by Rust code in a way that excludes this use of it."
);

/// An array has another number of dimensions than the Rust type asks for.
///
/// Becomes a `TypeError`.
#[derive(Debug, Clone, Error)]
#[error("dimensionality mismatch:\n from={from}, to={to}")]
pub struct DimensionalityError {
    from: usize,
    to: usize,
}

impl DimensionalityError {
    pub(crate) fn new(from: usize, to: usize) -> Self {
        Self { from, to }
    }
}

impl From<DimensionalityError> for PyErr {
    fn from(err: DimensionalityError) -> Self {
        PyTypeError::new_err(err.to_string())
    }
}

/// A nested vector is ragged: one of its rows has another length than the first.
///
/// Becomes a `ValueError`.
#[derive(Debug, Clone, Error)]
#[error("invalid length: {len}, but expected {exp_len}")]
pub struct FromVecError {
    len: usize,
    exp_len: usize,
}

impl FromVecError {
    pub(crate) fn new(len: usize, exp_len: usize) -> Self {
        Self { len, exp_len }
    }
}

impl From<FromVecError> for PyErr {
    fn from(err: FromVecError) -> Self {
        PyValueError::new_err(err.to_string())
    }
}

/// An array could not be borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BorrowError {
    /// Some bytes of the array are borrowed already, and one of the two borrows writes.
    #[error("The given array is already borrowed")]
    AlreadyBorrowed,
    /// A writing borrow was asked for and the array is read-only.
    #[error("The given array is not writeable")]
    NotWriteable,
    /// The array is a `numpy.ma.MaskedArray`, whose mask a Rust view would lose.
    #[error(
        "a masked array is not accepted because its mask would be lost; \
         pass `a.filled(value)` or `a.compressed()` instead"
    )]
    Masked,
    /// Python code changed the dtype or the number of dimensions of the array after it was
    /// checked.
    #[error(
        "the dtype or the number of dimensions of the array was changed after it was checked; \
         pass the array again"
    )]
    Changed,
    /// A writing borrow was asked for, and what is padding in the array's records belongs to fields of
    /// the array that it is a view of.
    #[error(
        "the records of the array have bytes between their fields that belong to something else \
         (fields of its base, or other elements), which writing a record would overwrite; pass a \
         copy (`a.copy()`)"
    )]
    SharedPadding,
}

impl From<BorrowError> for PyErr {
    fn from(err: BorrowError) -> Self {
        match err {
            BorrowError::AlreadyBorrowed => ArrayBorrowError::new_err(
                "array is already borrowed: Rust code holds a guard to some of its memory, and \
                 one of the two uses writes; release the other use first, or pass a copy \
                 (`a.copy()`)",
            ),
            BorrowError::NotWriteable => PyValueError::new_err(
                "assignment destination is read-only: this function writes to the array; pass \
                 a writeable one or a copy (`a.copy()`)",
            ),
            BorrowError::Masked | BorrowError::Changed => PyTypeError::new_err(err.to_string()),
            BorrowError::SharedPadding => PyValueError::new_err(err.to_string()),
        }
    }
}

/// The memory of an array cannot be seen as Rust values in place.
///
/// The message names the array's property that stands in the way and what to do about it.
/// Becomes a `ValueError`, or a `TypeError` where an object array holds an object of another
/// type than asked for.
#[derive(Debug, Clone, Error)]
#[error(transparent)]
pub struct ViewError(Box<ViewProblem>);

#[derive(Debug, Clone, Error)]
pub(crate) enum ViewProblem {
    #[error(
        "array is misaligned: its elements need addresses that are multiples of {align} bytes, \
         but its data starts at {addr:#x} with strides {strides:?}; pass an aligned copy \
         (`a.copy()`)"
    )]
    Misaligned {
        align: usize,
        addr: usize,
        strides: Vec<isize>,
    },
    #[error(
        "array has strides {strides:?} in bytes, not all of them multiples of its item size \
         {itemsize}, as a field of a structured array can have; pass a copy (`a.copy()`)"
    )]
    Strides {
        itemsize: usize,
        strides: Vec<isize>,
    },
    #[error(
        "array overlaps itself: with shape {shape:?} and strides {strides:?} two of its \
         elements share memory, so it cannot be written to; pass a copy (`a.copy()`)"
    )]
    SelfOverlap {
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
    #[error(
        "array has axes that interleave: with shape {shape:?} and strides {strides:?} one of them \
         does not step over what those of smaller strides reach, as it must in a view to write \
         through; pass a copy (`a.copy()`)"
    )]
    Interleaved {
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
    #[error("there is no memory for a copy of {len} elements")]
    Memory { len: usize },
    #[error("array element {index:?} is invalid: {problem}")]
    InvalidValue { index: Vec<usize>, problem: String },
    #[error("array element {index:?} has the wrong type: {problem}")]
    WrongObject { index: Vec<usize>, problem: String },
}

impl From<ViewProblem> for ViewError {
    #[cold]
    fn from(problem: ViewProblem) -> Self {
        Self(Box::new(problem))
    }
}

impl ViewError {
    /// The same error for the array with its axes reversed.
    pub(crate) fn with_index_reversed(mut self) -> Self {
        if let ViewProblem::InvalidValue { index, .. } | ViewProblem::WrongObject { index, .. } =
            &mut *self.0
        {
            index.reverse();
        }
        self
    }

    /// Whether shape, strides or alignment stand in the way, which a copy of the array mends.
    #[must_use]
    pub fn is_layout(&self) -> bool {
        matches!(
            *self.0,
            ViewProblem::Misaligned { .. }
                | ViewProblem::Strides { .. }
                | ViewProblem::SelfOverlap { .. }
                | ViewProblem::Interleaved { .. }
        )
    }
}

impl From<ViewError> for PyErr {
    fn from(err: ViewError) -> Self {
        match *err.0 {
            ViewProblem::WrongObject { .. } => PyTypeError::new_err(err.to_string()),
            ViewProblem::Memory { .. } => PyMemoryError::new_err(err.to_string()),
            _ => PyValueError::new_err(err.to_string()),
        }
    }
}

/// An array cannot be seen as one slice.
///
/// Becomes the exception of its cause, a `ValueError` unless the array could not be borrowed.
#[derive(Debug, Clone, Error)]
#[error(transparent)]
pub struct AsSliceError(SliceProblem);

#[derive(Debug, Clone, Error)]
pub(crate) enum SliceProblem {
    #[error("The given array is not contiguous or is misaligned.")]
    Layout,
    #[error("{}", rows_problem(*wanted, *found))]
    Rows { wanted: usize, found: Option<usize> },
    #[error(transparent)]
    View(ViewError),
    #[error(transparent)]
    Borrow(BorrowError),
}

fn rows_problem(wanted: usize, found: Option<usize>) -> String {
    match (wanted, found) {
        (0, _) => "rows of no elements cannot be told apart; ask for at least one".to_owned(),
        (_, None) => format!("array has no axes, but rows of {wanted} elements were asked for"),
        (_, Some(found)) => format!(
            "array has a last axis of length {found}, but rows of {wanted} elements were asked \
             for; pass an array of shape (…, {wanted})"
        ),
    }
}

impl From<SliceProblem> for AsSliceError {
    fn from(problem: SliceProblem) -> Self {
        Self(problem)
    }
}

impl From<ViewError> for AsSliceError {
    #[cold]
    fn from(err: ViewError) -> Self {
        Self(if err.is_layout() {
            SliceProblem::Layout
        } else {
            SliceProblem::View(err)
        })
    }
}

impl From<BorrowError> for AsSliceError {
    fn from(err: BorrowError) -> Self {
        Self(SliceProblem::Borrow(err))
    }
}

impl From<AsSliceError> for PyErr {
    fn from(err: AsSliceError) -> Self {
        match err.0 {
            SliceProblem::Layout => PyValueError::new_err(
                "array is not contiguous or is misaligned; pass `numpy.ascontiguousarray(a)`",
            ),
            problem @ SliceProblem::Rows { .. } => PyValueError::new_err(problem.to_string()),
            SliceProblem::View(err) => err.into(),
            SliceProblem::Borrow(err) => err.into(),
        }
    }
}

/// Makes errors the arguments of any exception: `PyKeyError::new_err(err)`.
macro_rules! arguments {
    ($($error:ty),*) => {$(
        impl PyErrArguments for $error {
            fn arguments(self, py: Python<'_>) -> Py<PyAny> {
                self.to_string().arguments(py)
            }
        }
    )*};
}

arguments!(
    DimensionalityError,
    FromVecError,
    BorrowError,
    ViewError,
    AsSliceError
);
