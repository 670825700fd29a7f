//! The C structs of NumPy's new dtypes: DType classes and array methods. Public from NumPy 2.0 on.

use std::ffi::{c_char, c_int, c_void};

use pyo3::{
    ffi::{PyObject, PyType_Slot, PyTypeObject},
    prelude::*,
};

use crate::npyffi::{
    import,
    objects::{descr::PyArray_Descr, memory::NpyAuxData},
    types::{NPY_ARRAYMETHOD_FLAGS, NPY_CASTING, NPY_SORTKIND, npy_bool, npy_intp, npy_uint64},
    version::Version,
};

/// A DType class, the type of descriptors: a Python type with further fields behind it.
#[cfg(not(Py_LIMITED_API))]
#[repr(C)]
pub struct PyArray_DTypeMeta {
    pub superclass: pyo3::ffi::PyHeapTypeObject,
    pub singleton: *mut PyArray_Descr,
    pub type_num: c_int,
    pub scalar_type: *mut PyTypeObject,
    pub flags: npy_uint64,
    pub dt_slots: *mut c_void,
    pub reserved: [*mut c_void; 3],
}

#[cfg(not(Py_LIMITED_API))]
impl std::fmt::Debug for PyArray_DTypeMeta {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PyArray_DTypeMeta")
            .field("singleton", &self.singleton)
            .field("type_num", &self.type_num)
            .field("scalar_type", &self.scalar_type)
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

/// A DType class, the type of descriptors.
#[cfg(Py_LIMITED_API)]
pub type PyArray_DTypeMeta = PyTypeObject;

/// The fields of a DType class behind those of a Python type.
#[repr(C)]
#[derive(Debug)]
pub struct PyArray_DTypeMeta_fields {
    /// The default descriptor, if there is one for all.
    pub singleton: *mut PyArray_Descr,
    /// The number of a legacy dtype, else -1.
    pub type_num: c_int,
    /// The type of the scalars.
    pub scalar_type: *mut PyTypeObject,
    /// [`NPY_DT_ABSTRACT`], [`NPY_DT_PARAMETRIC`], [`NPY_DT_NUMERIC`] and private ones.
    pub flags: npy_uint64,
    pub dt_slots: *mut c_void,
    pub reserved: [*mut c_void; 3],
}

/// The flags of a DType class: it has no instances.
pub const NPY_DT_ABSTRACT: c_int = 1 << 1;
/// The flags of a DType class: its instances differ by parameters.
pub const NPY_DT_PARAMETRIC: c_int = 1 << 2;
/// The flags of a DType class: its values are numbers.
pub const NPY_DT_NUMERIC: c_int = 1 << 3;

/// What a new DType class is made from, by `PyArrayInitDTypeMeta_FromSpec`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyArrayDTypeMeta_Spec {
    /// The type of the scalars. It belongs to one DType class only.
    pub typeobj: *mut PyTypeObject,
    /// [`NPY_DT_ABSTRACT`], [`NPY_DT_PARAMETRIC`] and [`NPY_DT_NUMERIC`].
    pub flags: c_int,
    /// Casts, up to a NULL. A NULL in a cast's `dtypes` is the new DType.
    pub casts: *mut *mut PyArrayMethod_Spec,
    /// `NPY_DT_…` slots, up to one that is all zero.
    pub slots: *mut PyType_Slot,
    /// A class to derive from, or NULL for `numpy.dtype`.
    pub baseclass: *mut PyTypeObject,
}

/// DType slot: [`PyArrayDTypeMeta_DiscoverDescrFromPyobject`].
pub const NPY_DT_discover_descr_from_pyobject: c_int = 1;
/// DType slot: [`PyArrayDTypeMeta_DefaultDescriptor`].
pub const NPY_DT_default_descr: c_int = 3;
/// DType slot: [`PyArrayDTypeMeta_CommonDType`].
pub const NPY_DT_common_dtype: c_int = 4;
/// DType slot: [`PyArrayDTypeMeta_CommonInstance`].
pub const NPY_DT_common_instance: c_int = 5;
/// DType slot: [`PyArrayDTypeMeta_EnsureCanonical`].
pub const NPY_DT_ensure_canonical: c_int = 6;
/// DType slot: [`PyArrayDTypeMeta_SetItem`].
pub const NPY_DT_setitem: c_int = 7;
/// DType slot: [`PyArrayDTypeMeta_GetItem`].
pub const NPY_DT_getitem: c_int = 8;
/// DType slot: [`PyArrayMethod_GetTraverseLoop`].
pub const NPY_DT_get_clear_loop: c_int = 9;
/// DType slot: [`PyArrayMethod_GetTraverseLoop`].
pub const NPY_DT_get_fill_zero_loop: c_int = 10;
/// DType slot: [`PyArrayDTypeMeta_FinalizeDescriptor`].
pub const NPY_DT_finalize_descr: c_int = 11;
/// DType slot: [`PyArrayDTypeMeta_GetConstant`]. From NumPy 2.4 on; an error before.
pub const NPY_DT_get_constant: c_int = 12;

/// What to add to `NPY_DT_PyArray_ArrFuncs_…` to get the slot: it changed with NumPy 2.4.
///
/// Since NumPy 2.0. An error that says so on an older one.
#[allow(non_snake_case)]
pub fn NPY_DT_ARRFUNCS_OFFSET(py: Python<'_>) -> PyResult<c_int> {
    import::require(py, Version::V2_0, "a new DType")?;
    Ok(if import::imported_version() >= Version::V2_4 {
        1 << 11
    } else {
        1 << 10
    })
}

/// DType slot: a [`PyArray_DescrProto`](super::PyArray_DescrProto) that makes the DType a legacy
/// one as well. To be the first. From NumPy 2.5 on.
pub const NPY_DT_legacy_descriptor_proto: c_int = (1 << 11) - 1;

/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_getitem: c_int = 1;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_setitem: c_int = 2;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_compare: c_int = 5;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_argmax: c_int = 6;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_dotfunc: c_int = 7;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_scanfunc: c_int = 8;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_fromstr: c_int = 9;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_nonzero: c_int = 10;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_fill: c_int = 11;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_fillwithscalar: c_int = 12;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the first of the functions of that name.
pub const NPY_DT_PyArray_ArrFuncs_sort: c_int = 13;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the first of the functions of that name.
pub const NPY_DT_PyArray_ArrFuncs_argsort: c_int = 14;
/// DType slot, plus [`NPY_DT_ARRFUNCS_OFFSET`]: the function of that name.
pub const NPY_DT_PyArray_ArrFuncs_argmin: c_int = 22;

/// The descriptor for a Python object: (class, object).
pub type PyArrayDTypeMeta_DiscoverDescrFromPyobject =
    unsafe extern "C" fn(*mut PyArray_DTypeMeta, *mut PyObject) -> *mut PyArray_Descr;
/// The descriptor to take where none is given: (class).
pub type PyArrayDTypeMeta_DefaultDescriptor =
    unsafe extern "C" fn(*mut PyArray_DTypeMeta) -> *mut PyArray_Descr;
/// The class that two have in common, or `NotImplemented`: (class, other class).
pub type PyArrayDTypeMeta_CommonDType =
    unsafe extern "C" fn(*mut PyArray_DTypeMeta, *mut PyArray_DTypeMeta) -> *mut PyArray_DTypeMeta;
/// The descriptor that two of this class have in common: (descriptor, descriptor).
pub type PyArrayDTypeMeta_CommonInstance =
    unsafe extern "C" fn(*mut PyArray_Descr, *mut PyArray_Descr) -> *mut PyArray_Descr;
/// The descriptor in native byte order: (descriptor).
pub type PyArrayDTypeMeta_EnsureCanonical =
    unsafe extern "C" fn(*mut PyArray_Descr) -> *mut PyArray_Descr;
/// The descriptor for a new array: (descriptor).
pub type PyArrayDTypeMeta_FinalizeDescriptor =
    unsafe extern "C" fn(*mut PyArray_Descr) -> *mut PyArray_Descr;
/// Writes a constant, an `NPY_CONSTANT_…`: (descriptor, which, data). Returns 1, 0 for none, or -1.
pub type PyArrayDTypeMeta_GetConstant =
    unsafe extern "C" fn(*mut PyArray_Descr, c_int, *mut c_void) -> c_int;
/// Writes an item: (descriptor, value, data).
pub type PyArrayDTypeMeta_SetItem =
    unsafe extern "C" fn(*mut PyArray_Descr, *mut PyObject, *mut c_char) -> c_int;
/// Reads an item: (descriptor, data).
pub type PyArrayDTypeMeta_GetItem =
    unsafe extern "C" fn(*mut PyArray_Descr, *mut c_char) -> *mut PyObject;

/// Which constant: 0.
pub const NPY_CONSTANT_zero: c_int = 1;
/// Which constant: 1.
pub const NPY_CONSTANT_one: c_int = 2;
/// Which constant: all bits set.
pub const NPY_CONSTANT_all_bits_set: c_int = 3;
/// Which constant: the largest finite value.
pub const NPY_CONSTANT_maximum_finite: c_int = 4;
/// Which constant: the smallest finite value.
pub const NPY_CONSTANT_minimum_finite: c_int = 5;
/// Which constant: infinity.
pub const NPY_CONSTANT_inf: c_int = 6;
/// Which constant: negative infinity.
pub const NPY_CONSTANT_ninf: c_int = 7;
/// Which constant: not a number.
pub const NPY_CONSTANT_nan: c_int = 8;
/// Which constant: the base of the exponent.
pub const NPY_CONSTANT_finfo_radix: c_int = 9;
/// Which constant: the distance from 1 to the next value.
pub const NPY_CONSTANT_finfo_eps: c_int = 10;
/// Which constant: the smallest positive normal value.
pub const NPY_CONSTANT_finfo_smallest_normal: c_int = 11;
/// Which constant: the smallest positive value.
pub const NPY_CONSTANT_finfo_smallest_subnormal: c_int = 12;
/// Which constant, as an `npy_intp`: the number of bits of the mantissa.
pub const NPY_CONSTANT_finfo_nmant: c_int = 1 << 16;
/// Which constant, as an `npy_intp`: the smallest exponent.
pub const NPY_CONSTANT_finfo_min_exp: c_int = (1 << 16) + 1;
/// Which constant, as an `npy_intp`: the largest exponent.
pub const NPY_CONSTANT_finfo_max_exp: c_int = (1 << 16) + 2;
/// Which constant, as an `npy_intp`: the number of decimal digits.
pub const NPY_CONSTANT_finfo_decimal_digits: c_int = (1 << 16) + 3;

/// What a loop of a ufunc or a cast is made from.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyArrayMethod_Spec {
    pub name: *const c_char,
    pub nin: c_int,
    pub nout: c_int,
    pub casting: NPY_CASTING,
    pub flags: NPY_ARRAYMETHOD_FLAGS,
    /// `nin + nout` classes.
    pub dtypes: *mut *mut PyArray_DTypeMeta,
    /// `NPY_METH_…` slots, up to one that is all zero.
    pub slots: *mut PyType_Slot,
}

/// A loop for the ufunc with a name, for `PyUFunc_AddLoopsFromSpecs`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyUFunc_LoopSlot {
    /// The ufunc as an entry point names one, or "sort" or "argsort". NULL ends the list.
    pub name: *const c_char,
    pub spec: *mut PyArrayMethod_Spec,
}

/// An array method; opaque.
#[repr(C)]
#[derive(Debug)]
pub struct PyArrayMethodObject([u8; 0]);

/// What a loop is called with.
///
/// There is more behind it from NumPy 2.4 on:
/// [`PyArrayMethod_Context_FLAGS`](super::PyArrayMethod_Context_FLAGS) and
/// [`PyArrayMethod_Context_PARAMETERS`](super::PyArrayMethod_Context_PARAMETERS).
#[repr(C)]
#[derive(Debug)]
pub struct PyArrayMethod_Context {
    /// The ufunc, often; may be NULL.
    pub caller: *mut PyObject,
    /// NULL in a sort on NumPy 2.4.
    pub method: *mut PyArrayMethodObject,
    /// The descriptors of the operands.
    pub descriptors: *const *mut PyArray_Descr,
}

/// The flag in a context that says to err where a cast changes a value.
pub const NPY_SAME_VALUE_CONTEXT_FLAG: npy_uint64 = 1;

/// The parameters of a sort.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyArrayMethod_SortParameters {
    pub flags: NPY_SORTKIND,
}

/// Array method slot: [`PyArrayMethod_ResolveDescriptors`].
pub const NPY_METH_resolve_descriptors: c_int = 2;
/// Array method slot: [`PyArrayMethod_GetLoop`]. With it the other loops are ignored.
pub const NPY_METH_get_loop: c_int = 3;
/// Array method slot: [`PyArrayMethod_GetReductionInitial`].
pub const NPY_METH_get_reduction_initial: c_int = 4;
/// Array method slot: [`PyArrayMethod_StridedLoop`] for any strides.
pub const NPY_METH_strided_loop: c_int = 5;
/// Array method slot: [`PyArrayMethod_StridedLoop`] for contiguous operands.
pub const NPY_METH_contiguous_loop: c_int = 6;
/// Array method slot: [`PyArrayMethod_StridedLoop`] for unaligned operands.
pub const NPY_METH_unaligned_strided_loop: c_int = 7;
/// Array method slot: [`PyArrayMethod_StridedLoop`] for unaligned, contiguous operands.
pub const NPY_METH_unaligned_contiguous_loop: c_int = 8;
/// Array method slot: [`PyArrayMethod_StridedLoop`] for `ufunc.at`.
pub const NPY_METH_contiguous_indexed_loop: c_int = 9;

/// Picks the descriptors: (method, classes, given, out, view offset).
pub type PyArrayMethod_ResolveDescriptors = unsafe extern "C" fn(
    *mut PyArrayMethodObject,
    *const *mut PyArray_DTypeMeta,
    *const *mut PyArray_Descr,
    *mut *mut PyArray_Descr,
    *mut npy_intp,
) -> NPY_CASTING;
/// A loop: (context, data, lengths, strides, its own data). Returns 0, or -1 with an exception set.
pub type PyArrayMethod_StridedLoop = unsafe extern "C" fn(
    *mut PyArrayMethod_Context,
    *const *mut c_char,
    *const npy_intp,
    *const npy_intp,
    *mut NpyAuxData,
) -> c_int;
/// Picks the loop: (context, aligned, move references, strides, out loop, out data, out flags).
pub type PyArrayMethod_GetLoop = unsafe extern "C" fn(
    *mut PyArrayMethod_Context,
    c_int,
    c_int,
    *const npy_intp,
    *mut Option<PyArrayMethod_StridedLoop>,
    *mut *mut NpyAuxData,
    *mut NPY_ARRAYMETHOD_FLAGS,
) -> c_int;
/// Writes what a reduction starts with: (context, is empty, out). Returns 1, 0 for none, or -1.
pub type PyArrayMethod_GetReductionInitial =
    unsafe extern "C" fn(*mut PyArrayMethod_Context, npy_bool, *mut c_void) -> c_int;
/// For a wrapping loop: (nin, nout, wrapped classes, given, out).
pub type PyArrayMethod_TranslateGivenDescriptors = unsafe extern "C" fn(
    c_int,
    c_int,
    *const *mut PyArray_DTypeMeta,
    *const *mut PyArray_Descr,
    *mut *mut PyArray_Descr,
) -> c_int;
/// For a wrapping loop: (nin, nout, new classes, given, original, out).
pub type PyArrayMethod_TranslateLoopDescriptors = unsafe extern "C" fn(
    c_int,
    c_int,
    *const *mut PyArray_DTypeMeta,
    *const *mut PyArray_Descr,
    *mut *mut PyArray_Descr,
    *mut *mut PyArray_Descr,
) -> c_int;
/// A loop over one array: (context, descriptor, data, length, stride, its own data).
pub type PyArrayMethod_TraverseLoop = unsafe extern "C" fn(
    *mut c_void,
    *const PyArray_Descr,
    *mut c_char,
    npy_intp,
    npy_intp,
    *mut NpyAuxData,
) -> c_int;
/// Picks a loop over one array: (context, descriptor, aligned, stride, out loop, out data, out
/// flags).
pub type PyArrayMethod_GetTraverseLoop = unsafe extern "C" fn(
    *mut c_void,
    *const PyArray_Descr,
    c_int,
    npy_intp,
    *mut Option<PyArrayMethod_TraverseLoop>,
    *mut *mut NpyAuxData,
    *mut NPY_ARRAYMETHOD_FLAGS,
) -> c_int;
/// What a promoter's capsule "numpy._ufunc_promoter" holds: (ufunc, classes, signature, out).
pub type PyArrayMethod_PromoterFunction = unsafe extern "C" fn(
    *mut PyObject,
    *const *mut PyArray_DTypeMeta,
    *const *mut PyArray_DTypeMeta,
    *mut *mut PyArray_DTypeMeta,
) -> c_int;
