//! NumPy's type objects and DType classes.

use pyo3::{PyResult, Python, ffi::PyTypeObject};

use crate::npyffi::{
    array::PY_ARRAY_API, import, objects::PyArray_DTypeMeta, ufunc::PY_UFUNC_API, version::Version,
};

/// Declares an enum of objects in a table, with the slot of each.
macro_rules! slots {
    ($(#[$attr:meta])* pub enum $name:ident {
        $($(#[$object_attr:meta])* $object:ident = $slot:literal,)*
    }) => {
        $(#[$attr])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$object_attr])* $object,)*
        }

        impl $name {
            const fn slot(self) -> usize {
                match self {
                    $(Self::$object => $slot,)*
                }
            }
        }
    };
}

slots! {
    /// The type objects in NumPy's tables.
    pub enum NpyTypes {
        PyArray_Type = 2,
        PyArrayDescr_Type = 3,
        PyArrayIter_Type = 5,
        PyArrayMultiIter_Type = 6,
        PyBoolArrType_Type = 8,
        PyGenericArrType_Type = 10,
        PyNumberArrType_Type = 11,
        PyIntegerArrType_Type = 12,
        PySignedIntegerArrType_Type = 13,
        PyUnsignedIntegerArrType_Type = 14,
        PyInexactArrType_Type = 15,
        PyFloatingArrType_Type = 16,
        PyComplexFloatingArrType_Type = 17,
        PyFlexibleArrType_Type = 18,
        PyCharacterArrType_Type = 19,
        PyByteArrType_Type = 20,
        PyShortArrType_Type = 21,
        PyIntArrType_Type = 22,
        PyLongArrType_Type = 23,
        PyLongLongArrType_Type = 24,
        PyUByteArrType_Type = 25,
        PyUShortArrType_Type = 26,
        PyUIntArrType_Type = 27,
        PyULongArrType_Type = 28,
        PyULongLongArrType_Type = 29,
        PyFloatArrType_Type = 30,
        PyDoubleArrType_Type = 31,
        PyLongDoubleArrType_Type = 32,
        PyCFloatArrType_Type = 33,
        PyCDoubleArrType_Type = 34,
        PyCLongDoubleArrType_Type = 35,
        PyObjectArrType_Type = 36,
        PyStringArrType_Type = 37,
        PyUnicodeArrType_Type = 38,
        PyVoidArrType_Type = 39,
        /// NumPy never initialises it: it has no type of its own.
        PyTimeIntegerArrType_Type = 214,
        PyDatetimeArrType_Type = 215,
        PyTimedeltaArrType_Type = 216,
        PyHalfArrType_Type = 217,
        NpyIter_Type = 218,
        PyUFunc_Type = 0,
    }
}

/// The type object `ty`, borrowed; NumPy keeps it alive.
///
/// # Safety
///
/// There is no condition. It is `unsafe` as it is in the `numpy` crate.
///
/// # Panics
///
/// If NumPy cannot be imported, with the `ImportError`'s text.
pub unsafe fn get_type_object<'py>(py: Python<'py>, ty: NpyTypes) -> *mut PyTypeObject {
    match ty {
        NpyTypes::PyArray_Type => import::array_type_or_panic(py),
        NpyTypes::PyArrayDescr_Type => import::descr_type_or_panic(py),
        // SAFETY: every supported NumPy has a type in this slot of its ufunc API.
        NpyTypes::PyUFunc_Type => unsafe { PY_UFUNC_API.slot(py, ty.slot()) },
        // SAFETY: every supported NumPy has types in these slots of its array API.
        _ => unsafe { PY_ARRAY_API.slot(py, ty.slot()) },
    }
}

slots! {
    /// The DType classes in NumPy's array API: the types of descriptors, as `numpy.dtypes` has
    /// them.
    ///
    /// Those of integers with a size in their name are the same objects as those named after a C
    /// type.
    pub enum NpyDTypes {
        /// The type of the classes.
        PyArrayDTypeMeta_Type = 320,
        PyArray_BoolDType = 321,
        PyArray_ByteDType = 322,
        PyArray_UByteDType = 323,
        PyArray_ShortDType = 324,
        PyArray_UShortDType = 325,
        PyArray_IntDType = 326,
        PyArray_UIntDType = 327,
        PyArray_LongDType = 328,
        PyArray_ULongDType = 329,
        PyArray_LongLongDType = 330,
        PyArray_ULongLongDType = 331,
        PyArray_Int8DType = 332,
        PyArray_UInt8DType = 333,
        PyArray_Int16DType = 334,
        PyArray_UInt16DType = 335,
        PyArray_Int32DType = 336,
        PyArray_UInt32DType = 337,
        PyArray_Int64DType = 338,
        PyArray_UInt64DType = 339,
        PyArray_IntpDType = 340,
        PyArray_UIntpDType = 341,
        PyArray_HalfDType = 342,
        PyArray_FloatDType = 343,
        PyArray_DoubleDType = 344,
        PyArray_LongDoubleDType = 345,
        PyArray_CFloatDType = 346,
        PyArray_CDoubleDType = 347,
        PyArray_CLongDoubleDType = 348,
        PyArray_BytesDType = 349,
        PyArray_UnicodeDType = 350,
        PyArray_DatetimeDType = 351,
        PyArray_TimedeltaDType = 352,
        PyArray_ObjectDType = 353,
        PyArray_VoidDType = 354,
        PyArray_PyLongDType = 355,
        PyArray_PyFloatDType = 356,
        PyArray_PyComplexDType = 357,
        PyArray_DefaultIntDType = 358,
        PyArray_StringDType = 359,
        PyArray_IntAbstractDType = 366,
        PyArray_FloatAbstractDType = 367,
        PyArray_ComplexAbstractDType = 368,
    }
}

/// The DType class `ty`, borrowed; NumPy keeps it alive.
///
/// Since NumPy 2.0. An error that says so on an older one.
pub fn get_dtype_class(py: Python<'_>, ty: NpyDTypes) -> PyResult<*mut PyArray_DTypeMeta> {
    import::require(py, Version::V2_0, "a DType class")?;
    // SAFETY: from NumPy 2.0 on these slots hold DType classes.
    Ok(unsafe { PY_ARRAY_API.slot(py, ty.slot()) })
}
