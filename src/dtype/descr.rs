//! The handle to a type descriptor and its methods.

use std::ffi::c_int;
use std::fmt;
use std::ptr;

use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};
use pyo3::{Borrowed, BoundObject, PyTypeInfo, ffi, pyobject_native_type_named};

use crate::npyffi::{
    self, _PyDataType_GET_ITEM_DATA, NPY_ALIGNED_STRUCT, NPY_ITEM_HASOBJECT, NPY_TYPES, NpyTypes,
    PY_ARRAY_API, PyArray_ArrayDescr, PyArray_Descr, PyDataType_ALIGNMENT, PyDataType_ELSIZE,
    PyDataType_FIELDS, PyDataType_FLAGS, PyDataType_NAMES, PyDataType_SUBARRAY,
};

/// A type descriptor ("dtype"): what the bytes of an array's elements mean.
///
/// Its methods are those of [`PyArrayDescrMethods`].
///
/// ```
/// use npyo::{PyArrayDescr, dtype, prelude::*};
/// use pyo3::{Python, types::PyAnyMethods};
///
/// Python::attach(|py| {
///     let descr = dtype::<f64>(py);
///     assert_eq!((descr.kind(), descr.itemsize()), (b'f', 8));
///     assert!(descr.is_equiv_to(&PyArrayDescr::new(py, "float64").unwrap()));
/// });
/// ```
#[repr(transparent)]
pub struct PyArrayDescr(PyAny);

impl fmt::Debug for PyArrayDescr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PyArrayDescr")
    }
}

pyobject_native_type_named!(PyArrayDescr);

// SAFETY: `type_object_raw` returns the type object of `numpy.dtype`, which is never freed, and
// `PyArrayDescr` is a transparent wrapper of `PyAny`, so any instance of that type is one.
unsafe impl PyTypeInfo for PyArrayDescr {
    #[inline]
    fn type_object_raw(py: Python<'_>) -> *mut ffi::PyTypeObject {
        // SAFETY: the type is one of those that every NumPy exports.
        unsafe { npyffi::get_type_object(py, NpyTypes::PyArrayDescr_Type) }
    }
}

impl PyArrayDescr {
    /// Creates a descriptor from any object that NumPy takes for one: a string such as `"<f4"`,
    /// a list of fields, a scalar type …
    ///
    /// # Errors
    ///
    /// NumPy's `TypeError` if it does not understand `ob`; `None` is refused as well, rather
    /// than read as `float64`.
    ///
    /// ```
    /// use npyo::{PyArrayDescr, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let point = PyArrayDescr::new(py, [("x", "f4"), ("y", "f4")].as_ref()).unwrap();
    ///     assert_eq!(point.names().unwrap(), ["x", "y"]);
    ///     assert!(PyArrayDescr::new(py, 123_usize).is_err());
    /// });
    /// ```
    #[inline]
    pub fn new<'py, T>(py: Python<'py>, ob: T) -> PyResult<Bound<'py, Self>>
    where
        T: IntoPyObject<'py>,
    {
        fn inner<'py>(ob: Borrowed<'_, 'py, PyAny>) -> PyResult<Bound<'py, PyArrayDescr>> {
            let py = ob.py();
            npyffi::import(py)?;
            let mut descr: *mut PyArray_Descr = ptr::null_mut();
            // SAFETY: `ob` is a live object and `descr` takes an owned reference or stays NULL;
            // unlike `PyArray_DescrConverter`, this function leaves NULL for `None`.
            let ok = unsafe { PY_ARRAY_API.PyArray_DescrConverter2(py, ob.as_ptr(), &mut descr) };
            if ok != 0 && descr.is_null() {
                return Err(pyo3::exceptions::PyTypeError::new_err(
                    "None is not a data type; name one, such as 'float64'",
                ));
            }
            // SAFETY: `descr` is an owned reference, or NULL with an exception set.
            let any = unsafe { Bound::from_owned_ptr_or_err(py, descr.cast())? };
            // SAFETY: NumPy filled `descr` with a descriptor.
            Ok(unsafe { any.cast_into_unchecked() })
        }

        let ob = ob.into_pyobject(py).map_err(Into::into)?;
        inner(ob.into_any().as_borrowed())
    }

    /// The descriptor of arrays of Python objects.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// assert!(npyo::PyArrayDescr::object(py).has_object());
    /// # });
    /// ```
    #[inline]
    pub fn object(py: Python<'_>) -> Bound<'_, Self> {
        Self::from_type_num(py, NPY_TYPES::NPY_OBJECT as c_int)
    }

    /// The descriptor of one of NumPy's built-in types.
    pub(crate) fn from_type_num(py: Python<'_>, num: c_int) -> Bound<'_, Self> {
        // SAFETY: an owned reference is returned for every built-in type number.
        let descr = unsafe { PY_ARRAY_API.PyArray_DescrFromType(py, num) };
        // SAFETY: as above; were it NULL, this panics.
        let any = unsafe { Bound::from_owned_ptr(py, descr.cast()) };
        // SAFETY: the function returns descriptors.
        unsafe { any.cast_into_unchecked() }
    }
}

mod sealed {
    use pyo3::{Borrowed, Bound};

    use super::PyArrayDescr;

    pub trait Sealed<'py>: Sized {
        fn as_descr(&self) -> &Bound<'py, PyArrayDescr>;
        fn into_descr(self) -> Bound<'py, PyArrayDescr>;
    }

    impl<'py> Sealed<'py> for Bound<'py, PyArrayDescr> {
        fn as_descr(&self) -> &Bound<'py, PyArrayDescr> {
            self
        }

        fn into_descr(self) -> Bound<'py, PyArrayDescr> {
            self
        }
    }

    impl<'py> Sealed<'py> for Borrowed<'_, 'py, PyArrayDescr> {
        fn as_descr(&self) -> &Bound<'py, PyArrayDescr> {
            self
        }

        fn into_descr(self) -> Bound<'py, PyArrayDescr> {
            self.to_owned()
        }
    }
}

/// The methods of [`PyArrayDescr`].
#[doc(alias = "PyArrayDescr")]
pub trait PyArrayDescrMethods<'py>: sealed::Sealed<'py> {
    /// The descriptor as a pointer of NumPy's C-API; the reference stays with `self`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert!(!descr.as_dtype_ptr().is_null());
    /// # });
    /// ```
    fn as_dtype_ptr(&self) -> *mut PyArray_Descr {
        self.as_descr().as_ptr().cast()
    }

    /// The descriptor as a pointer of NumPy's C-API, with the reference that `self` held.
    fn into_dtype_ptr(self) -> *mut PyArray_Descr {
        self.into_descr().into_ptr().cast()
    }

    /// Whether elements of both types are the same bytes with the same meaning.
    ///
    /// Two C types of the same size and kind (`long` and `long long`) are equivalent, a type and
    /// its byte-swapped form are not.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert!(!descr.is_equiv_to(&npyo::dtype::<f32>(py)));
    /// # });
    /// ```
    fn is_equiv_to(&self, other: &Self) -> bool {
        let (a, b) = (self.as_dtype_ptr(), other.as_dtype_ptr());
        // SAFETY: both are live descriptors.
        a == b || unsafe { PY_ARRAY_API.PyArray_EquivTypes(self.as_descr().py(), a, b) } != 0
    }

    /// The class of the type's scalars, such as `numpy.float64`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert!(descr.typeobj().to_string().contains("numpy.float64"));
    /// # });
    /// ```
    fn typeobj(&self) -> Bound<'py, PyType> {
        let typeobj = head(self.as_descr()).typeobj;
        // SAFETY: a descriptor holds a reference to the class of its scalars.
        unsafe { PyType::from_borrowed_type_ptr(self.as_descr().py(), typeobj) }
    }

    /// The number of the type in NumPy's table of types.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.num(), 12);
    /// # });
    /// ```
    fn num(&self) -> c_int {
        head(self.as_descr()).type_num
    }

    /// The size of an element in bytes.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.itemsize(), 8);
    /// # });
    /// ```
    fn itemsize(&self) -> usize {
        // SAFETY: `self` is a live descriptor.
        let size = unsafe { PyDataType_ELSIZE(self.as_descr().py(), self.as_dtype_ptr()) };
        usize::try_from(size).unwrap_or(0)
    }

    /// The alignment that NumPy asks for elements of the type, in bytes.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// assert_eq!(npyo::dtype::<i16>(py).alignment(), 2);
    /// # });
    /// ```
    fn alignment(&self) -> usize {
        // SAFETY: `self` is a live descriptor.
        let alignment = unsafe { PyDataType_ALIGNMENT(self.as_descr().py(), self.as_dtype_ptr()) };
        usize::try_from(alignment).unwrap_or(0)
    }

    /// `b'='` for native, `b'<'` for little-endian, `b'>'` for big-endian, `b'|'` where byte
    /// order has no meaning.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.byteorder(), b'=');
    /// # });
    /// ```
    fn byteorder(&self) -> u8 {
        head(self.as_descr()).byteorder as u8
    }

    /// The character code of the type, `b'd'` for `float64`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.char(), b'd');
    /// # });
    /// ```
    fn char(&self) -> u8 {
        head(self.as_descr()).type_ as u8
    }

    /// The kind of the type: one of `biufcmMOSUV`, or `T` for variable-width strings.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.kind(), b'f');
    /// # });
    /// ```
    fn kind(&self) -> u8 {
        head(self.as_descr()).kind as u8
    }

    /// The flags of the type, a combination of the `NPY_ITEM_*` and `NPY_*` constants.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.flags(), 0);
    /// # });
    /// ```
    fn flags(&self) -> u64 {
        // SAFETY: `self` is a live descriptor.
        unsafe { PyDataType_FLAGS(self.as_descr().py(), self.as_dtype_ptr()) }
    }

    /// The number of dimensions of a sub-array type, 0 for any other.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let sub = npyo::PyArrayDescr::new(py, "(2,3)f8").unwrap();
    /// assert_eq!(sub.ndim(), 2);
    /// # });
    /// ```
    fn ndim(&self) -> usize {
        self.shape().len()
    }

    /// The element type of a sub-array type, the type itself for any other.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let sub = npyo::PyArrayDescr::new(py, "(2,3)f8").unwrap();
    /// assert!(sub.base().is_equiv_to(&npyo::dtype::<f64>(py)));
    /// # });
    /// ```
    fn base(&self) -> Bound<'py, PyArrayDescr> {
        match subarray(self.as_descr()) {
            None => self.as_descr().clone(),
            Some(subarray) => {
                // SAFETY: the sub-array part holds a reference to its base.
                let base =
                    unsafe { Bound::from_borrowed_ptr(self.as_descr().py(), subarray.base.cast()) };
                // SAFETY: the base is a descriptor.
                unsafe { base.cast_into_unchecked() }
            }
        }
    }

    /// The shape of a sub-array type, empty for any other.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let sub = npyo::PyArrayDescr::new(py, "(2,3)f8").unwrap();
    /// assert_eq!(sub.shape(), [2, 3]);
    /// # });
    /// ```
    fn shape(&self) -> Vec<usize> {
        let Some(subarray) = subarray(self.as_descr()) else {
            return Vec::new();
        };
        // SAFETY: the sub-array part holds a reference to its shape.
        let shape = unsafe { Borrowed::from_ptr(self.as_descr().py(), subarray.shape) };
        // NumPy made it a tuple of non-negative integers.
        shape.extract().unwrap_or_default()
    }

    /// Whether elements of the type hold Python objects, at any depth.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert!(!descr.has_object());
    /// # });
    /// ```
    fn has_object(&self) -> bool {
        self.flags() & NPY_ITEM_HASOBJECT != 0
    }

    /// Whether this is a structured type created with `align=True`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let point = npyo::PyArrayDescr::new(py, [("x", "u1"), ("y", "f8")].as_ref()).unwrap();
    /// assert!(!point.is_aligned_struct());
    /// # });
    /// ```
    fn is_aligned_struct(&self) -> bool {
        self.flags() & NPY_ALIGNED_STRUCT != 0
    }

    /// Whether this is a sub-array type.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let sub = npyo::PyArrayDescr::new(py, "(2,3)f8").unwrap();
    /// assert!(sub.has_subarray());
    /// # });
    /// ```
    fn has_subarray(&self) -> bool {
        subarray(self.as_descr()).is_some()
    }

    /// Whether this is a structured type.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let point = npyo::PyArrayDescr::new(py, [("x", "u1"), ("y", "f8")].as_ref()).unwrap();
    /// assert!(point.has_fields());
    /// # });
    /// ```
    fn has_fields(&self) -> bool {
        // SAFETY: `self` is a live descriptor.
        !unsafe { PyDataType_NAMES(self.as_descr().py(), self.as_dtype_ptr()) }.is_null()
    }

    /// Whether the byte order is the machine's, `None` where byte order has no meaning.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let descr = npyo::dtype::<f64>(py);
    /// assert_eq!(descr.is_native_byteorder(), Some(true));
    /// # });
    /// ```
    fn is_native_byteorder(&self) -> Option<bool> {
        match self.byteorder() {
            b'=' => Some(true),
            b'|' => None,
            order => Some(order == NATIVE_BYTEORDER),
        }
    }

    /// The names of the fields of a structured type, in order; `None` for any other. A surrogate in a name,
    /// which is no Unicode, is replaced.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let point = npyo::PyArrayDescr::new(py, [("x", "u1"), ("y", "f8")].as_ref()).unwrap();
    /// assert_eq!(point.names().unwrap(), ["x", "y"]);
    /// # });
    /// ```
    fn names(&self) -> Option<Vec<String>> {
        // SAFETY: `self` is a live descriptor.
        let names = unsafe { PyDataType_NAMES(self.as_descr().py(), self.as_dtype_ptr()) };
        if names.is_null() {
            return None;
        }
        // SAFETY: a descriptor holds a reference to the tuple of its names.
        let names = unsafe { Borrowed::from_ptr(self.as_descr().py(), names) };
        let name =
            |name: Bound<'py, PyAny>| Some(name.cast::<PyString>().ok()?.to_string_lossy().into());
        names.cast::<PyTuple>().ok()?.iter().map(name).collect()
    }

    /// The type and the byte offset of a field.
    ///
    /// # Errors
    ///
    /// A `ValueError` if this is not a structured type, an `IndexError` if it has no field of
    /// that name.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let point = npyo::PyArrayDescr::new(py, [("x", "u1"), ("y", "f8")].as_ref()).unwrap();
    /// let (descr, offset) = point.get_field("y").unwrap();
    /// assert_eq!((descr.kind(), offset), (b'f', 1));
    /// # });
    /// ```
    fn get_field(&self, name: &str) -> PyResult<(Bound<'py, PyArrayDescr>, usize)> {
        // SAFETY: `self` is a live descriptor.
        let fields = unsafe { PyDataType_FIELDS(self.as_descr().py(), self.as_dtype_ptr()) };
        if fields.is_null() || !self.has_fields() {
            return Err(PyValueError::new_err(
                "cannot get field information: type descriptor has no fields",
            ));
        }
        // SAFETY: a descriptor holds a reference to the mapping of its fields.
        let fields = unsafe { Borrowed::from_ptr(self.as_descr().py(), fields) };
        let field = fields
            .cast::<PyDict>()?
            .get_item(name)?
            .ok_or_else(|| PyIndexError::new_err(name.to_owned()))?
            .cast_into::<PyTuple>()?;
        // A third entry, if any, is the title.
        let descr = field.get_item(0)?.cast_into::<PyArrayDescr>()?;
        let offset = field.get_item(1)?.extract()?;
        Ok((descr, offset))
    }
}

/// The character by which NumPy calls the machine's byte order.
pub(crate) const NATIVE_BYTEORDER: u8 = if cfg!(target_endian = "little") {
    b'<'
} else {
    b'>'
};

/// What precedes the version-dependent part of every descriptor.
fn head<'a>(descr: &'a Bound<'_, PyArrayDescr>) -> &'a npyffi::PyArray_Descr_fields {
    // SAFETY: `descr` is a live descriptor.
    let fields = unsafe { _PyDataType_GET_ITEM_DATA(descr.as_dtype_ptr()) };
    // SAFETY: the fields live as long as the descriptor; those that this struct names are
    // never written once a descriptor is shared.
    unsafe { &*fields }
}

/// The base type and the shape of a sub-array type.
fn subarray<'a>(descr: &'a Bound<'_, PyArrayDescr>) -> Option<&'a PyArray_ArrayDescr> {
    // SAFETY: `descr` is a live descriptor.
    let subarray = unsafe { PyDataType_SUBARRAY(descr.py(), descr.as_dtype_ptr()) };
    // SAFETY: NULL or the sub-array part of the descriptor, which lives as long and is never
    // written once a descriptor is shared.
    unsafe { subarray.as_ref() }
}

impl<'py> PyArrayDescrMethods<'py> for Bound<'py, PyArrayDescr> {}

impl<'py> PyArrayDescrMethods<'py> for Borrowed<'_, 'py, PyArrayDescr> {}
