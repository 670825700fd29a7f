//! Views of [`nalgebra`] over memory that NumPy describes.
//!
//! A matrix of nalgebra has a number of rows and one of columns, and a stride for each, which is a
//! whole number of elements and not negative. All four are types: a [`Const`][nalgebra::Const] is
//! what the array must have, a [`Dyn`] whatever it has.

use std::ptr::NonNull;

use nalgebra::{
    DMatrixView, DMatrixViewMut, Dim, Dyn, Matrix, MatrixView, MatrixViewMut, Scalar, ViewStorage,
    ViewStorageMut,
};
use ndarray::{Dimension, Ix1, Ix2};
use thiserror::Error;

use crate::borrow::guard::{PyReadonlyArray, PyReadwriteArray};
use crate::element::trait_::Element;
use crate::error::ViewError;
use crate::layout::Layout;

/// Why an array cannot be seen as a matrix.
#[derive(Debug, Error)]
pub(crate) enum NoMatrix {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(
        "array has negative strides, {0:?} in bytes, which a matrix of nalgebra cannot have; pass \
         a copy (`a.copy()`)"
    )]
    Negative(Vec<isize>),
    #[error(
        "array has more than one row and strides {0:?} in bytes, so that its rows are one and the \
         same, which nalgebra's iterators do not expect; pass a copy (`a.copy()`)"
    )]
    Repeated(Vec<isize>),
    #[error(
        "array with shape {shape:?} and strides {strides:?} in bytes is no matrix of the type \
         asked for"
    )]
    Type {
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
}

/// The numbers of rows and columns, and the strides of both, counted in elements.
type Frame<R, C, RStride, CStride> = ((R, C), (RStride, CStride));

/// What nalgebra has to know of an array of one or two dimensions; one dimension is one column.
///
/// The layout has passed [`check_layout`][crate::view::build::check_layout] for `T`.
fn frame<T, R, C, RStride, CStride>(
    layout: &Layout<'_>,
) -> Result<Frame<R, C, RStride, CStride>, NoMatrix>
where
    R: Dim,
    C: Dim,
    RStride: Dim,
    CStride: Dim,
{
    let (rows, cols, row_step, col_step) = match (layout.shape, layout.strides) {
        (&[rows], &[row_step]) => (rows, 1, row_step, 0),
        (&[rows, cols], &[row_step, col_step]) => (rows, cols, row_step, col_step),
        _ => return Err(other_type(layout)),
    };
    // An axis that does not lead from one element to another.
    let is_free = |len: usize| len <= 1 || layout.is_empty();
    if (row_step < 0 && !is_free(rows)) || (col_step < 0 && !is_free(cols)) {
        return Err(NoMatrix::Negative(layout.strides.to_vec()));
    }
    let row_stride = if is_free(rows) {
        Some(any_dim::<RStride>(1))
    } else {
        dim(row_step.unsigned_abs() / size_of::<T>())
    };
    let col_stride = if is_free(cols) {
        Some(any_dim::<CStride>(rows))
    } else {
        dim(col_step.unsigned_abs() / size_of::<T>())
    };
    let (Some(rows), Some(cols), Some(row_stride), Some(col_stride)) =
        (dim(rows), dim(cols), row_stride, col_stride)
    else {
        return Err(other_type(layout));
    };
    // An iterator of nalgebra goes to the next column when it is where the rows end, which at a
    // stride of zero is where they begin; it then runs on beside the matrix.
    if row_stride.value() == 0 && !layout.is_empty() {
        return Err(NoMatrix::Repeated(layout.strides.to_vec()));
    }
    Ok(((rows, cols), (row_stride, col_stride)))
}

/// A number as a type that has it.
fn dim<S: Dim>(value: usize) -> Option<S> {
    match S::try_to_usize() {
        Some(fixed) if fixed != value => None,
        _ => Some(S::from_usize(value)),
    }
}

/// The number that a type has, or the usual one.
fn any_dim<S: Dim>(usual: usize) -> S {
    S::from_usize(S::try_to_usize().unwrap_or(usual))
}

#[cold]
fn other_type(layout: &Layout<'_>) -> NoMatrix {
    NoMatrix::Type {
        shape: layout.shape.to_vec(),
        strides: layout.strides.to_vec(),
    }
}

/// Where a matrix begins, which is nowhere if it has no elements.
fn start<T>(data: *mut u8, layout: &Layout<'_>) -> *mut T {
    if layout.is_empty() {
        NonNull::dangling().as_ptr()
    } else {
        data.cast()
    }
}

/// An array as a matrix to read.
///
/// # Errors
///
/// If there is no matrix of this type that lies as the array does.
///
/// # Safety
///
/// `data` and `layout` describe an array whose layout has passed
/// [`check_layout`][crate::view::build::check_layout] for `T`. Its elements are values of `T`, and
/// nothing writes to them during `'a`.
pub(crate) unsafe fn matrix<'a, T, R, C, RStride, CStride>(
    data: *mut u8,
    layout: &Layout<'_>,
) -> Result<MatrixView<'a, T, R, C, RStride, CStride>, NoMatrix>
where
    T: Scalar,
    R: Dim,
    C: Dim,
    RStride: Dim,
    CStride: Dim,
{
    let (shape, strides) = frame::<T, R, C, RStride, CStride>(layout)?;
    // SAFETY: each index of the matrix leads to the element of the array with the same index, at
    // whole strides from the first one; by the caller's promise they are aligned, valid and
    // nothing writes to them. An empty matrix begins at an aligned address that is not NULL.
    let storage = unsafe { ViewStorage::from_raw_parts(start(data, layout), shape, strides) };
    Ok(Matrix::from_data(storage))
}

/// An array as a matrix to write to.
///
/// # Errors
///
/// As [`matrix`].
///
/// # Safety
///
/// As [`matrix`], and the layout has passed [`check_apart`][crate::view::build::check_apart],
/// the array is writeable, and nothing else refers to its elements during `'a`.
pub(crate) unsafe fn matrix_mut<'a, T, R, C, RStride, CStride>(
    data: *mut u8,
    layout: &Layout<'_>,
) -> Result<MatrixViewMut<'a, T, R, C, RStride, CStride>, NoMatrix>
where
    T: Scalar,
    R: Dim,
    C: Dim,
    RStride: Dim,
    CStride: Dim,
{
    let (shape, strides) = frame::<T, R, C, RStride, CStride>(layout)?;
    // SAFETY: as in `matrix`; besides, different indices lead to elements that are apart, which
    // are writeable and referred to by nothing else.
    let storage = unsafe { ViewStorageMut::from_raw_parts(start(data, layout), shape, strides) };
    Ok(Matrix::from_data(storage))
}

/// Takes a matrix where the signature has no room for an error.
#[track_caller]
fn expect<M>(result: Result<M, NoMatrix>) -> M {
    match result {
        Ok(matrix) => matrix,
        Err(err) => panic!("{err}"),
    }
}

impl<'py, N, D> PyReadonlyArray<'py, N, D>
where
    N: Scalar + Element,
    D: Dimension,
{
    /// The elements as a matrix of [`nalgebra`], or `None` if there is no matrix of this type
    /// that lies as the array does.
    ///
    /// An array of one dimension is a matrix of one column. The numbers of rows and columns and
    /// their strides, which nalgebra counts in elements, must be those of the array where the type
    /// fixes them; [`Dyn`] takes any. The stride of an axis of length one, and strides of an
    /// array without elements, are taken for what the type has.
    ///
    /// nalgebra's types stand for Fortran order unless the strides are named, whereas NumPy's
    /// arrays are in C order unless something else is asked for, and slices in neither. So take a
    /// matrix with dynamic strides where the array comes from somebody else:
    ///
    /// ```
    /// use npyo::nalgebra::{Const, Dyn, MatrixView};
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]].into_readonly();
    ///
    ///     let matrix: Option<MatrixView<'_, i32, Const<2>, Const<2>>> = array.try_as_matrix();
    ///     assert!(matrix.is_none());
    ///
    ///     let matrix: Option<MatrixView<'_, i32, Const<2>, Const<2>, Dyn, Dyn>> =
    ///         array.try_as_matrix();
    ///     assert_eq!(matrix.unwrap()[(0, 1)], 2);
    /// });
    /// ```
    ///
    /// It is `None` as well where [`try_as_array`][Self::try_as_array] returns an error, for no
    /// dimensions and for more than two, for negative strides, and for more than one row at
    /// stride zero, as `numpy.broadcast_to` makes them: nalgebra's iterators would leave the
    /// array.
    #[doc(alias = "nalgebra")]
    pub fn try_as_matrix<R, C, RStride, CStride>(
        &self,
    ) -> Option<MatrixView<'_, N, R, C, RStride, CStride>>
    where
        R: Dim,
        C: Dim,
        RStride: Dim,
        CStride: Dim,
    {
        self.matrix().ok()
    }

    fn matrix<R, C, RStride, CStride>(
        &self,
    ) -> Result<MatrixView<'_, N, R, C, RStride, CStride>, NoMatrix>
    where
        R: Dim,
        C: Dim,
        RStride: Dim,
        CStride: Dim,
    {
        self.check_view()?;
        let snapshot = self.snapshot();
        // SAFETY: the snapshot describes the array; its layout has been checked, its elements are
        // valid, and while `self` is borrowed the guard keeps every other guard from writing to
        // them.
        unsafe { matrix(snapshot.data(), &snapshot.layout()) }
    }
}

impl<'py, N: Scalar + Element> PyReadonlyArray<'py, N, Ix1> {
    /// The elements as a matrix of [`nalgebra`] with one column.
    ///
    /// # Panics
    ///
    /// If the stride is negative, or zero for more than one element, or if the elements cannot be
    /// seen as Rust values where they are; [`try_as_matrix`][Self::try_as_matrix] returns `None`
    /// instead.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, 3.0, 4.0].into_readonly();
    ///     assert_eq!(array.as_matrix().sum(), 7.0);
    /// });
    /// ```
    #[doc(alias = "nalgebra")]
    #[track_caller]
    pub fn as_matrix(&self) -> DMatrixView<'_, N, Dyn, Dyn> {
        expect(self.matrix())
    }
}

impl<'py, N: Scalar + Element> PyReadonlyArray<'py, N, Ix2> {
    /// The elements as a matrix of [`nalgebra`].
    ///
    /// # Panics
    ///
    /// If a stride is negative, or that of more than one row zero, or if the elements cannot be
    /// seen as Rust values where they are; [`try_as_matrix`][Self::try_as_matrix] returns `None`
    /// instead.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]].into_readonly();
    ///     assert_eq!(array.as_matrix().trace(), 5);
    /// });
    /// ```
    #[doc(alias = "nalgebra")]
    #[track_caller]
    pub fn as_matrix(&self) -> DMatrixView<'_, N, Dyn, Dyn> {
        expect(self.matrix())
    }
}

impl<'py, N, D> PyReadwriteArray<'py, N, D>
where
    N: Scalar + Element,
    D: Dimension,
{
    /// The elements as a matrix of [`nalgebra`] to write to, or `None` if there is no matrix of
    /// this type that lies as the array does; see [`PyReadonlyArray::try_as_matrix`].
    ///
    /// It is `None` as well where [`try_as_array_mut`][Self::try_as_array_mut] returns an error.
    ///
    /// ```
    /// use npyo::nalgebra::{Const, MatrixViewMut};
    /// use npyo::{PyArray2, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray2::<f64>::zeros(py, [2, 2], true);
    ///     let mut guard = array.readwrite();
    ///     let matrix: Option<MatrixViewMut<'_, f64, Const<2>, Const<2>>> =
    ///         guard.try_as_matrix_mut();
    ///     matrix.unwrap().fill_with_identity();
    ///     assert_eq!(guard.as_slice().unwrap(), [1.0, 0.0, 0.0, 1.0]);
    /// });
    /// ```
    #[doc(alias = "nalgebra")]
    pub fn try_as_matrix_mut<R, C, RStride, CStride>(
        &mut self,
    ) -> Option<MatrixViewMut<'_, N, R, C, RStride, CStride>>
    where
        R: Dim,
        C: Dim,
        RStride: Dim,
        CStride: Dim,
    {
        self.matrix_mut().ok()
    }

    fn matrix_mut<R, C, RStride, CStride>(
        &mut self,
    ) -> Result<MatrixViewMut<'_, N, R, C, RStride, CStride>, NoMatrix>
    where
        R: Dim,
        C: Dim,
        RStride: Dim,
        CStride: Dim,
    {
        self.check_view()?;
        self.check_apart()?;
        self.lend();
        let snapshot = self.snapshot();
        // SAFETY: the snapshot describes the array, which was writeable; its layout has been
        // checked, its elements are valid and apart, and while `self` is mutably borrowed the
        // guard keeps everybody else from them.
        unsafe { matrix_mut(snapshot.data(), &snapshot.layout()) }
    }
}

impl<'py, N: Scalar + Element> PyReadwriteArray<'py, N, Ix1> {
    /// The elements as a matrix of [`nalgebra`] with one column, to write to.
    ///
    /// # Panics
    ///
    /// As [`PyReadonlyArray::as_matrix`], and if two elements share memory;
    /// [`try_as_matrix_mut`][Self::try_as_matrix_mut] returns `None` instead.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, 3.0, 4.0];
    ///     array.readwrite().as_matrix_mut().fill(0.5);
    ///     assert_eq!(array.to_vec().unwrap(), [0.5, 0.5]);
    /// });
    /// ```
    #[doc(alias = "nalgebra")]
    #[track_caller]
    pub fn as_matrix_mut(&mut self) -> DMatrixViewMut<'_, N, Dyn, Dyn> {
        expect(self.matrix_mut())
    }
}

impl<'py, N: Scalar + Element> PyReadwriteArray<'py, N, Ix2> {
    /// The elements as a matrix of [`nalgebra`] to write to.
    ///
    /// # Panics
    ///
    /// As [`PyReadonlyArray::as_matrix`], and if two elements share memory;
    /// [`try_as_matrix_mut`][Self::try_as_matrix_mut] returns `None` instead.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]];
    ///     let mut guard = array.readwrite();
    ///     let mut matrix = guard.as_matrix_mut();
    ///     matrix.row_mut(0).fill(7);
    ///     matrix.column_mut(0).fill(5);
    ///     assert_eq!(guard.as_slice().unwrap(), [5, 7, 5, 4]);
    /// });
    /// ```
    ///
    /// There is one matrix to write to at a time:
    ///
    /// ```compile_fail,E0499
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]];
    ///     let mut guard = array.readwrite();
    ///     let mut matrix = guard.as_matrix_mut();
    ///     guard.as_matrix_mut().row_mut(0).fill(7);
    ///     matrix.column_mut(0).fill(5);
    ///     assert_eq!(guard.as_slice().unwrap(), [5, 7, 5, 4]);
    /// });
    /// ```
    #[doc(alias = "nalgebra")]
    #[track_caller]
    pub fn as_matrix_mut(&mut self) -> DMatrixViewMut<'_, N, Dyn, Dyn> {
        expect(self.matrix_mut())
    }
}
