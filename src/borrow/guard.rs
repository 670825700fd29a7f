//! The guards.

use std::any::type_name;
use std::cell::Cell;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr;

use ndarray::{Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::array::handle::PyArray;
use crate::array::raw;
use crate::array::untyped::{PyUntypedArrayMethods, sealed};
use crate::borrow::padding::is_padding_free;
use crate::borrow::registry::{Borrow, Registry};
use crate::borrow::snapshot::Snapshot;
use crate::borrow::table::Access;
use crate::borrow::untyped::refuse_masked;
use crate::dtype::descr::PyArrayDescr;
use crate::element::padding::clear_padding;
use crate::element::trait_::Element;
use crate::error::BorrowError;
use crate::npyffi::{
    NPY_ARRAY_ALIGNED, NPY_ARRAY_WARN_ON_WRITE, NPY_ARRAY_WRITEABLE, PY_ARRAY_API,
};

/// A guard to read the elements of an array.
///
/// While it lives, no [`PyReadwriteArray`] is granted for any byte of the array. As the argument
/// of a function it accepts arrays of dtype `T` with the dimensions `D` whose elements can be
/// seen as Rust values where they are; see [`borrow`][crate::borrow] for the rules.
///
/// ```
/// use npyo::{PyReadonlyArray2, prelude::*};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn trace(matrix: PyReadonlyArray2<'_, f64>) -> f64 {
///     matrix.as_array().diag().sum()
/// }
/// # Python::attach(|py| {
/// #     let trace = wrap_pyfunction!(trace)(py).unwrap();
/// #     let matrix = npyo::pyarray![py, [1.0, 2.0], [3.0, 4.0]];
/// #     assert_eq!(trace.call1((matrix,)).unwrap().extract::<f64>().unwrap(), 5.0);
/// # });
/// ```
pub struct PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    array: Bound<'py, PyArray<T, D>>,
    snapshot: Snapshot<'py, D>,
    borrow: Borrow,
    checks: Cell<Checks>,
}

/// What has been found true of an array since it was borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checks(u32);

impl Checks {
    pub(crate) const NONE: Self = Self(0);
    /// The elements are aligned and a whole number of them apart.
    pub(crate) const LAYOUT: Self = Self(1);
    /// The elements are values of `T`.
    pub(crate) const VALUES: Self = Self(1 << 1);
    /// No two elements share memory.
    pub(crate) const APART: Self = Self(1 << 2);
    /// Elements were lent to be written to.
    pub(crate) const LENT: Self = Self(1 << 3);

    #[inline]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A guard to read an array without dimensions.
pub type PyReadonlyArray0<'py, T> = PyReadonlyArray<'py, T, Ix0>;
/// A guard to read a one-dimensional array.
pub type PyReadonlyArray1<'py, T> = PyReadonlyArray<'py, T, Ix1>;
/// A guard to read a two-dimensional array.
pub type PyReadonlyArray2<'py, T> = PyReadonlyArray<'py, T, Ix2>;
/// A guard to read a three-dimensional array.
pub type PyReadonlyArray3<'py, T> = PyReadonlyArray<'py, T, Ix3>;
/// A guard to read a four-dimensional array.
pub type PyReadonlyArray4<'py, T> = PyReadonlyArray<'py, T, Ix4>;
/// A guard to read a five-dimensional array.
pub type PyReadonlyArray5<'py, T> = PyReadonlyArray<'py, T, Ix5>;
/// A guard to read a six-dimensional array.
pub type PyReadonlyArray6<'py, T> = PyReadonlyArray<'py, T, Ix6>;
/// A guard to read an array of any number of dimensions.
pub type PyReadonlyArrayDyn<'py, T> = PyReadonlyArray<'py, T, IxDyn>;

impl<'py, T, D> PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    pub(crate) fn try_new(array: Bound<'py, PyArray<T, D>>) -> Result<Self, BorrowError> {
        refuse_masked(&array)?;
        let registry = Registry::get(array.py());
        let snapshot = Snapshot::of(&array).map_err(|_| BorrowError::Changed)?;
        Self::acquire(registry, array, snapshot, Checks::NONE, Access::Shared)
    }

    /// Borrows an array that is not masked, as it was when the snapshot was taken. `checks` is what
    /// is known of the snapshot.
    pub(crate) fn acquire(
        registry: &'static Registry,
        array: Bound<'py, PyArray<T, D>>,
        snapshot: Snapshot<'py, D>,
        checks: Checks,
        access: Access,
    ) -> Result<Self, BorrowError> {
        let borrow = snapshot.borrow(registry, &array, access)?;
        Ok(Self::new(array, snapshot, checks, borrow))
    }

    /// [`acquire`][Self::acquire] for the most common arrays, those that pass
    /// [`Snapshot::is_packed`].
    ///
    /// Reading a number right after its halves were written, or the other way round, keeps a
    /// processor waiting. So here, nothing is moved in memory, which requires that all is inlined
    /// and that no reference to the snapshot is given away.
    #[inline(always)]
    pub(crate) fn acquire_packed<E: From<BorrowError>>(
        registry: &'static Registry,
        array: Bound<'py, PyArray<T, D>>,
        snapshot: Snapshot<'py, D>,
        checks: Checks,
        access: Access,
    ) -> Result<Self, E> {
        match registry.borrow_range(snapshot.layout().span(), access) {
            Some(Ok(borrow)) => Ok(Self::new(array, snapshot, checks, borrow)),
            Some(Err(err)) => Err(err.into()),
            None => Ok(Self::acquire(registry, array, snapshot, checks, access)?),
        }
    }

    #[inline(always)]
    fn new(
        array: Bound<'py, PyArray<T, D>>,
        snapshot: Snapshot<'py, D>,
        checks: Checks,
        borrow: Borrow,
    ) -> Self {
        Self {
            array,
            snapshot,
            borrow,
            checks: Cell::new(if T::ALL_BITS_VALID {
                checks.and(Checks::VALUES)
            } else {
                checks
            }),
        }
    }

    pub(crate) fn snapshot(&self) -> &Snapshot<'py, D> {
        &self.snapshot
    }

    pub(crate) fn checks(&self) -> &Cell<Checks> {
        &self.checks
    }

    /// The array that the guard is for.
    ///
    /// ```
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::{Python, types::PyAnyMethods};
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray1::<f64>::zeros(py, 3, false);
    ///     assert!(array.readonly().as_bound().is(&array));
    /// });
    /// ```
    #[inline]
    pub fn as_bound(&self) -> &Bound<'py, PyArray<T, D>> {
        &self.array
    }

    /// The address of the first element.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let guard = pyarray![py, [1, 2], [3, 4]].into_readonly();
    /// assert!(!guard.data().is_null());
    /// # });
    /// ```
    #[inline]
    pub fn data(&self) -> *mut T {
        self.snapshot.data().cast()
    }

    /// The lengths of the axes as an [`ndarray::Dimension`].
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let guard = pyarray![py, [1, 2], [3, 4]].into_readonly();
    /// assert_eq!(guard.dims(), npyo::ndarray::Dim([2, 2]));
    /// # });
    /// ```
    #[inline]
    pub fn dims(&self) -> D {
        self.snapshot.dims().clone()
    }
}

/// The fields of the array as they were when it was borrowed.
impl<'py, T, D> PyUntypedArrayMethods<'py> for PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    fn as_object(&self) -> &Bound<'py, PyAny> {
        self.array.as_any()
    }

    #[inline]
    fn dtype(&self) -> Bound<'py, PyArrayDescr> {
        self.snapshot.descr::<T>(self.array.py())
    }

    #[inline]
    fn is_aligned(&self) -> bool {
        self.snapshot.flags() & NPY_ARRAY_ALIGNED != 0
    }

    #[inline]
    fn is_contiguous(&self) -> bool {
        self.is_c_contiguous() || self.is_fortran_contiguous()
    }

    #[inline]
    fn is_fortran_contiguous(&self) -> bool {
        self.snapshot.layout().is_f_contiguous()
    }

    #[inline]
    fn is_c_contiguous(&self) -> bool {
        self.snapshot.layout().is_c_contiguous()
    }

    #[inline]
    fn ndim(&self) -> usize {
        self.shape().len()
    }

    #[inline]
    fn strides(&self) -> &[isize] {
        self.snapshot.strides()
    }

    #[inline]
    fn shape(&self) -> &[usize] {
        self.snapshot.shape()
    }

    #[inline]
    fn to_shape(&self) -> Vec<usize> {
        self.shape().to_vec()
    }

    #[inline]
    fn to_strides(&self) -> Vec<isize> {
        self.strides().to_vec()
    }

    #[inline]
    fn len(&self) -> usize {
        self.shape().iter().product()
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.shape().contains(&0)
    }
}

impl<T, D> sealed::Sealed for PyReadonlyArray<'_, T, D>
where
    T: Element,
    D: Dimension,
{
}

impl<'py, T, D> Deref for PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    type Target = Bound<'py, PyArray<T, D>>;

    fn deref(&self) -> &Self::Target {
        &self.array
    }
}

/// Takes a second guard to read.
///
/// # Panics
///
/// If `self` is, through its `Deref`, a [`PyReadwriteArray`].
impl<T, D> Clone for PyReadonlyArray<'_, T, D>
where
    T: Element,
    D: Dimension,
{
    fn clone(&self) -> Self {
        let registry = Registry::get(self.py());
        let borrow = granted(self.snapshot.borrow(registry, &self.array, Access::Shared));
        Self {
            array: self.array.clone(),
            snapshot: self.snapshot.clone(),
            borrow,
            checks: self.checks.clone(),
        }
    }
}

/// Takes a guard where the signature has no room for an error.
#[track_caller]
pub(crate) fn granted<T>(result: Result<T, BorrowError>) -> T {
    match result {
        Ok(guard) => guard,
        Err(err) => panic!("{err:?}: {err}"),
    }
}

impl<T, D> fmt::Debug for PyReadonlyArray<'_, T, D>
where
    T: Element,
    D: Dimension,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_guard::<T, D>("PyReadonlyArray", f)
    }
}

fn fmt_guard<T, D>(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}<{}, {}>", type_name::<T>(), type_name::<D>())
}

/// A guard to read and write the elements of an array.
///
/// While it lives, no other guard is granted for any byte of the array. As the argument of a
/// function it accepts what [`PyReadonlyArray`] accepts, provided that the array is writeable
/// and no two of its elements share memory.
///
/// ```
/// use npyo::{PyReadwriteArray1, prelude::*};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn double(mut array: PyReadwriteArray1<'_, f64>) {
///     array.as_array_mut().map_inplace(|x| *x *= 2.0);
/// }
/// # Python::attach(|py| {
/// #     let double = wrap_pyfunction!(double)(py).unwrap();
/// #     let array = npyo::pyarray![py, 1.0, 2.0];
/// #     double.call1((&array,)).unwrap();
/// #     assert_eq!(array.readonly().as_slice().unwrap(), [2.0, 4.0]);
/// # });
/// ```
pub struct PyReadwriteArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// Its borrow is exclusive; it is handed out by reference only.
    inner: PyReadonlyArray<'py, T, D>,
}

/// A guard to read and write an array without dimensions.
pub type PyReadwriteArray0<'py, T> = PyReadwriteArray<'py, T, Ix0>;
/// A guard to read and write a one-dimensional array.
pub type PyReadwriteArray1<'py, T> = PyReadwriteArray<'py, T, Ix1>;
/// A guard to read and write a two-dimensional array.
pub type PyReadwriteArray2<'py, T> = PyReadwriteArray<'py, T, Ix2>;
/// A guard to read and write a three-dimensional array.
pub type PyReadwriteArray3<'py, T> = PyReadwriteArray<'py, T, Ix3>;
/// A guard to read and write a four-dimensional array.
pub type PyReadwriteArray4<'py, T> = PyReadwriteArray<'py, T, Ix4>;
/// A guard to read and write a five-dimensional array.
pub type PyReadwriteArray5<'py, T> = PyReadwriteArray<'py, T, Ix5>;
/// A guard to read and write a six-dimensional array.
pub type PyReadwriteArray6<'py, T> = PyReadwriteArray<'py, T, Ix6>;
/// A guard to read and write an array of any number of dimensions.
pub type PyReadwriteArrayDyn<'py, T> = PyReadwriteArray<'py, T, IxDyn>;

impl<'py, T, D> PyReadwriteArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    pub(crate) fn try_new(array: Bound<'py, PyArray<T, D>>) -> Result<Self, BorrowError> {
        refuse_masked(&array)?;
        let registry = Registry::get(array.py());
        let snapshot = Snapshot::of(&array).map_err(|_| BorrowError::Changed)?;
        let snapshot = Self::writeable(&array, snapshot)?;
        Self::acquire(registry, array, snapshot, Checks::NONE)
    }

    /// A snapshot of an array that may be written to.
    pub(crate) fn writeable(
        array: &Bound<'py, PyArray<T, D>>,
        snapshot: Snapshot<'py, D>,
    ) -> Result<Snapshot<'py, D>, BorrowError> {
        let mut snapshot = snapshot;
        if T::INTERNALS.has_padding() {
            if !is_padding_free::<T>(array.as_any()) {
                return Err(BorrowError::SharedPadding);
            }
            // Python code may have run, so the array is looked at anew.
            snapshot = Snapshot::of(array).map_err(|_| BorrowError::Changed)?;
        }
        if snapshot.flags() & NPY_ARRAY_WARN_ON_WRITE != 0 && warned(array) {
            // The warning may have run Python code, so the array is looked at anew.
            snapshot = Snapshot::of(array).map_err(|_| BorrowError::Changed)?;
        }
        // A flag that is still there means that the warning became an error.
        if snapshot.is_writeable() {
            Ok(snapshot)
        } else {
            Err(BorrowError::NotWriteable)
        }
    }

    /// Borrows an array that is not masked and may be written to, as it was when the snapshot was
    /// taken. `checks` is what is known of the snapshot.
    pub(crate) fn acquire(
        registry: &'static Registry,
        array: Bound<'py, PyArray<T, D>>,
        snapshot: Snapshot<'py, D>,
        checks: Checks,
    ) -> Result<Self, BorrowError> {
        PyReadonlyArray::acquire(registry, array, snapshot, checks, Access::Exclusive)
            .map(|inner| Self { inner })
    }

    /// [`acquire`][Self::acquire] for arrays that pass [`Snapshot::is_packed`].
    #[inline(always)]
    pub(crate) fn acquire_packed<E: From<BorrowError>>(
        registry: &'static Registry,
        array: Bound<'py, PyArray<T, D>>,
        snapshot: Snapshot<'py, D>,
        checks: Checks,
    ) -> Result<Self, E> {
        PyReadonlyArray::acquire_packed(registry, array, snapshot, checks, Access::Exclusive)
            .map(|inner| Self { inner })
    }

    /// Makes the array read-only for Python, and goes on reading it.
    ///
    /// Other arrays over the same memory, such as its base, stay as they are.
    ///
    /// ```
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray1::<f64>::zeros(py, 3, false);
    ///     let guard = array.readwrite().make_nonwriteable();
    ///     drop(guard);
    ///     assert!(array.try_readwrite().is_err());
    /// });
    /// ```
    pub fn make_nonwriteable(self) -> PyReadonlyArray<'py, T, D> {
        // SAFETY: an array, and changing flags from several threads at once is a race that
        // NumPy has as well.
        unsafe { raw::clear_flags(&self.inner.array, NPY_ARRAY_WRITEABLE) };
        self.into()
    }
}

impl<'py, T, D> PyReadwriteArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// What is read after the last write.
    fn into_inner(self) -> PyReadonlyArray<'py, T, D> {
        self.clear_padding();
        let guard = ManuallyDrop::new(self);
        // SAFETY: `guard` is not used again, nor dropped.
        unsafe { ptr::read(&guard.inner) }
    }

    /// Clears what writing records may have left between their fields: Rust copies what it likes there,
    /// also bytes that were never initialised.
    #[inline]
    fn clear_padding(&self) {
        if T::INTERNALS.has_padding() && self.inner.checks.get().has(Checks::LENT) {
            let snapshot = &self.inner.snapshot;
            let (data, shape, strides) = (snapshot.data(), snapshot.shape(), snapshot.strides());
            // SAFETY: the elements are borrowed exclusively, and nothing that `self` lent is left.
            unsafe { clear_padding::<T>(data, shape, strides) };
        }
    }
}

impl<T, D> Drop for PyReadwriteArray<'_, T, D>
where
    T: Element,
    D: Dimension,
{
    #[inline]
    fn drop(&mut self) {
        self.clear_padding();
    }
}

impl<'py, T: Element> PyReadwriteArray<'py, T, Ix1> {
    /// Changes the length of the array, filling up with zeros.
    ///
    /// # Errors
    ///
    /// A `ValueError` if the memory is not the array's own, if there is any reference to the array
    /// besides the guard's (so take the guard by
    /// [`into_readwrite`][crate::PyArrayMethods::into_readwrite]), or if `dims` is not one
    /// length; the guard is given up then.
    ///
    /// ```
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::<f64, _>::zeros(py, 3, false).into_readwrite();
    ///     let mut array = array.resize(5).unwrap();
    ///     assert_eq!(array.as_slice_mut().unwrap(), [0.0; 5]);
    /// });
    /// ```
    pub fn resize<ID: ndarray::IntoDimension>(self, dims: ID) -> PyResult<Self> {
        let dims = dims.into_dimension();
        if dims.ndim() != 1 {
            return Err(PyValueError::new_err(format!(
                "a one-dimensional array cannot be resized to {} dimensions",
                dims.ndim()
            )));
        }
        if dims.slice() == self.shape() {
            return Ok(self);
        }
        let PyReadonlyArray {
            array, mut borrow, ..
        } = self.into_inner();
        borrow.leave_numpy_crate();
        // NumPy lets one more reference pass, as a call from Python holds one; here it may be
        // that of a view.
        // SAFETY: a live object.
        if unsafe { ffi::Py_REFCNT(array.as_ptr()) } != 1 {
            return Err(PyValueError::new_err(
                "cannot resize an array that is referenced by another array or variable; \
                 create a new array instead",
            ));
        }
        // SAFETY: the guard shows that no other one refers to the elements, and it is given up.
        unsafe { crate::array::shape::resize(array.as_any(), dims.slice()) }?;
        drop(borrow);
        Ok(Self::try_new(array)?)
    }
}

/// Whether NumPy, having warned of it, lets an array be written to.
#[cold]
fn warned(array: &Bound<'_, PyAny>) -> bool {
    let py = array.py();
    // SAFETY: an array and a C string.
    let rc = unsafe {
        PY_ARRAY_API.PyArray_FailUnlessWriteable(py, array.as_ptr().cast(), c"array".as_ptr())
    };
    if rc < 0 {
        drop(PyErr::take(py));
    }
    rc == 0
}

impl<'py, T, D> Deref for PyReadwriteArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    type Target = PyReadonlyArray<'py, T, D>;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl<'py, T, D> From<PyReadwriteArray<'py, T, D>> for PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    fn from(value: PyReadwriteArray<'py, T, D>) -> Self {
        let mut inner = value.into_inner();
        granted(inner.borrow.share());
        inner
    }
}

impl<T, D> fmt::Debug for PyReadwriteArray<'_, T, D>
where
    T: Element,
    D: Dimension,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_guard::<T, D>("PyReadwriteArray", f)
    }
}
