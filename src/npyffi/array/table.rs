//! The table of the array API's C functions.

use std::ffi::{c_char, c_int, c_uchar, c_uint, c_void};

use libc::FILE;
use pyo3::{
    PyResult, Python,
    ffi::{PyObject, PyTypeObject},
};

use crate::npyffi::{
    api::api_functions,
    import,
    objects::{
        _PyArray_LegacyDescr, _PyArray_LegacyDescr_fields, NpyIter, NpyIter_GetMultiIndexFunc,
        NpyIter_IterNextFunc, PyArray_ArrFuncs, PyArray_DTypeMeta, PyArray_DatetimeMetaData,
        PyArray_Descr, PyArray_Descr_fields, PyArray_Dims, PyArray_StringDTypeObject,
        PyArray_VectorUnaryFunc, PyArrayDTypeMeta_Spec, PyArrayIterObject,
        PyArrayIterObject_fields, PyArrayMultiIterObject, PyArrayMultiIterObject_fields,
        PyArrayNeighborhoodIterObject, PyArrayNeighborhoodIterObject_fields, PyArrayObject,
        PyArrayObject_fields, npy_packed_static_string, npy_static_string, npy_string_allocator,
    },
    types::*,
    version::Version,
};

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
use crate::npyffi::objects::{PyArray_Chunk, PyArray_DescrProto, PyBoolScalarObject};

/// NumPy's array API: [`PyArrayAPI`] tells what it has.
///
/// # Example
///
/// ```
/// use npyo::npyffi::PY_ARRAY_API;
/// use pyo3::Python;
///
/// Python::attach(|py| {
///     let mut factors = [2, 3, 4];
///     // SAFETY: the pointer is to three integers.
///     let product =
///         unsafe { PY_ARRAY_API.PyArray_MultiplyIntList(py, factors.as_mut_ptr(), 3) };
///     assert_eq!(product, 24);
/// });
/// ```
pub static PY_ARRAY_API: PyArrayAPI = PyArrayAPI(());

/// The functions of NumPy's array API, as methods of [`PY_ARRAY_API`].
///
/// The first call in a process imports NumPy. A function that every supported NumPy has panics with
/// the `ImportError`'s text if that fails, so call [`init`](crate::init) when your module is
/// imported. A function that came with a later NumPy returns a `PyResult`: the `ImportError`, or on
/// a NumPy without it a `NotImplementedError` (a `RuntimeError`) that names the function and the
/// version it needs.
///
/// # Safety
///
/// All the methods are `unsafe` for the same reasons: pointers must be to live objects of the right
/// types or to buffers of the right lengths, NULL only where the C function takes it, and where the
/// function "steals" a reference the caller must own one to give away. Most functions run Python
/// code, which may change any array. A NULL or negative result usually says that a Python exception
/// is set.
#[derive(Debug)]
pub struct PyArrayAPI(());

/// `PyArray_MultiIterNew`: (n, `n` objects).
pub type PyArray_MultiIterNewFunc = unsafe extern "C" fn(n: c_int, ...) -> *mut PyObject;
/// `PyArray_MultiIterFromObjects`: (objects, n, m, `m` more objects).
pub type PyArray_MultiIterFromObjectsFunc =
    unsafe extern "C" fn(mps: *mut *mut PyObject, n: c_int, nadd: c_int, ...) -> *mut PyObject;

/// What is not a function with a fixed number of arguments.
#[allow(non_snake_case)]
impl PyArrayAPI {
    /// What slot `slot` holds.
    ///
    /// # Safety
    ///
    /// The table of the running NumPy must have the slot, and it must hold a pointer of type `T`.
    pub(crate) unsafe fn slot<T: Copy>(&self, py: Python<'_>, slot: usize) -> T {
        // SAFETY: the caller vouches for the slot and its type.
        unsafe { import::read(import::array_table(py), slot) }
    }

    /// The number of registered dtypes. NumPy changes it without synchronisation.
    pub fn NPY_NUMUSERTYPES(&self, py: Python<'_>) -> *mut c_int {
        // SAFETY: every supported NumPy has this slot with a pointer of this type.
        unsafe { self.slot(py, 7) }
    }

    /// The two objects `numpy.False_` and `numpy.True_`.
    #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
    pub fn _PyArrayScalar_BoolValues(&self, py: Python<'_>) -> *mut PyBoolScalarObject {
        // SAFETY: every supported NumPy has this slot with a pointer of this type.
        unsafe { self.slot(py, 9) }
    }

    /// How assignments cast.
    pub fn NPY_DEFAULT_ASSIGN_CASTING(&self, py: Python<'_>) -> *mut NPY_CASTING {
        // SAFETY: every supported NumPy has this slot with a pointer of this type.
        unsafe { self.slot(py, 292) }
    }

    /// The capsule of the default memory handler.
    ///
    /// Since NumPy 1.22. An error that says so on an older one.
    pub fn PyDataMem_DefaultHandler(&self, py: Python<'_>) -> PyResult<*mut *mut PyObject> {
        import::require(py, Version::since("1.22"), "PyDataMem_DefaultHandler")?;
        // SAFETY: the running NumPy is new enough for this slot, whose pointer has this type.
        Ok(unsafe { self.slot(py, 306) })
    }

    /// The C function `PyArray_MultiIterNew`, which takes a variable number of arguments.
    pub fn PyArray_MultiIterNew(&self, py: Python<'_>) -> PyArray_MultiIterNewFunc {
        // SAFETY: every supported NumPy has this slot with a pointer of this type.
        unsafe { self.slot(py, 99) }
    }

    /// The C function `PyArray_MultiIterFromObjects`, which takes a variable number of arguments.
    pub fn PyArray_MultiIterFromObjects(&self, py: Python<'_>) -> PyArray_MultiIterFromObjectsFunc {
        // SAFETY: every supported NumPy has this slot with a pointer of this type.
        unsafe { self.slot(py, 209) }
    }
}

// Generated from NumPy 2.5's `__multiarray_api.h`, compared with those of 1.21, 1.26, 2.0, 2.3 and
// 2.4: no function in it changed its signature but for `const`.
api_functions! {
    impl PyArrayAPI, "PyArray_API", array_table, array_table_since;

    // References, dtypes and scalars.
    [0] fn PyArray_GetNDArrayCVersion() -> c_uint;
    [42] fn PyArray_INCREF(mp: *mut PyArrayObject) -> c_int;
    [43] fn PyArray_XDECREF(mp: *mut PyArrayObject) -> c_int;
    [44] fn PyArray_SetStringFunction(op: *mut PyObject, repr: c_int);
    [45] fn PyArray_DescrFromType(type_: c_int) -> *mut PyArray_Descr;
    [46] fn PyArray_TypeObjectFromType(type_: c_int) -> *mut PyObject;
    [47] fn PyArray_Zero(arr: *mut PyArrayObject) -> *mut c_char;
    [48] fn PyArray_One(arr: *mut PyArrayObject) -> *mut c_char;
    /// Steals a reference to `dtype`.
    [49] fn PyArray_CastToType(
        arr: *mut PyArrayObject,
        dtype: *mut PyArray_Descr,
        is_f_order: c_int,
    ) -> *mut PyObject;
    /// Slot 50 on every version: NumPy 1.x has it there as `PyArray_CastTo`, which does the same.
    [50] fn PyArray_CopyInto(dst: *mut PyArrayObject, src: *mut PyArrayObject) -> c_int;
    /// Slot 51 on every version: NumPy 1.x has it there as `PyArray_CastAnyTo`, which does the
    /// same.
    [51] fn PyArray_CopyAnyInto(dst: *mut PyArrayObject, src: *mut PyArrayObject) -> c_int;
    [52] fn PyArray_CanCastSafely(fromtype: c_int, totype: c_int) -> c_int;
    [53] fn PyArray_CanCastTo(from: *mut PyArray_Descr, to: *mut PyArray_Descr) -> npy_bool;
    [54] fn PyArray_ObjectType(op: *mut PyObject, minimum_type: c_int) -> c_int;
    [55] fn PyArray_DescrFromObject(
        op: *mut PyObject,
        mintype: *mut PyArray_Descr,
    ) -> *mut PyArray_Descr;
    [56] fn PyArray_ConvertToCommonType(
        op: *mut PyObject,
        retn: *mut c_int,
    ) -> *mut *mut PyArrayObject;
    [57] fn PyArray_DescrFromScalar(sc: *mut PyObject) -> *mut PyArray_Descr;
    [58] fn PyArray_DescrFromTypeObject(type_: *mut PyObject) -> *mut PyArray_Descr;
    [59] fn PyArray_Size(op: *mut PyObject) -> npy_intp;
    [60] fn PyArray_Scalar(
        data: *mut c_void,
        descr: *mut PyArray_Descr,
        base: *mut PyObject,
    ) -> *mut PyObject;
    /// Steals a reference to `outcode`.
    [61] fn PyArray_FromScalar(
        scalar: *mut PyObject,
        outcode: *mut PyArray_Descr,
    ) -> *mut PyObject;
    [62] fn PyArray_ScalarAsCtype(scalar: *mut PyObject, ctypeptr: *mut c_void);
    [63] fn PyArray_CastScalarToCtype(
        scalar: *mut PyObject,
        ctypeptr: *mut c_void,
        outcode: *mut PyArray_Descr,
    ) -> c_int;
    [64] fn PyArray_CastScalarDirect(
        scalar: *mut PyObject,
        indescr: *mut PyArray_Descr,
        ctypeptr: *mut c_void,
        outtype: c_int,
    ) -> c_int;
    [65, since 2.0] fn PyArray_Pack(
        descr: *mut PyArray_Descr,
        item: *mut c_void,
        value: *mut PyObject,
    ) -> c_int;

    // Arrays from other things, and back.
    /// Steals a reference to `newtype`.
    [69] fn PyArray_FromAny(
        op: *mut PyObject,
        newtype: *mut PyArray_Descr,
        min_depth: c_int,
        max_depth: c_int,
        flags: c_int,
        context: *mut PyObject,
    ) -> *mut PyObject;
    /// Steals a reference to `op`.
    [70] fn PyArray_EnsureArray(op: *mut PyObject) -> *mut PyObject;
    /// Steals a reference to `op`.
    [71] fn PyArray_EnsureAnyArray(op: *mut PyObject) -> *mut PyObject;
    /// Steals a reference to `dtype`.
    [72] fn PyArray_FromFile(
        fp: *mut FILE,
        dtype: *mut PyArray_Descr,
        num: npy_intp,
        sep: *mut c_char,
    ) -> *mut PyObject;
    /// Steals a reference to `dtype`.
    [73] fn PyArray_FromString(
        data: *mut c_char,
        slen: npy_intp,
        dtype: *mut PyArray_Descr,
        num: npy_intp,
        sep: *mut c_char,
    ) -> *mut PyObject;
    /// Steals a reference to `type_`.
    [74] fn PyArray_FromBuffer(
        buf: *mut PyObject,
        type_: *mut PyArray_Descr,
        count: npy_intp,
        offset: npy_intp,
    ) -> *mut PyObject;
    /// Steals a reference to `dtype`.
    [75] fn PyArray_FromIter(
        obj: *mut PyObject,
        dtype: *mut PyArray_Descr,
        count: npy_intp,
    ) -> *mut PyObject;
    /// Steals a reference to `mp`.
    [76] fn PyArray_Return(mp: *mut PyArrayObject) -> *mut PyObject;
    /// Steals a reference to `typed`.
    [77] fn PyArray_GetField(
        self_: *mut PyArrayObject,
        typed: *mut PyArray_Descr,
        offset: c_int,
    ) -> *mut PyObject;
    /// Steals a reference to `dtype`.
    [78] fn PyArray_SetField(
        self_: *mut PyArrayObject,
        dtype: *mut PyArray_Descr,
        offset: c_int,
        val: *mut PyObject,
    ) -> c_int;
    [79] fn PyArray_Byteswap(self_: *mut PyArrayObject, inplace: npy_bool) -> *mut PyObject;
    [80] fn PyArray_Resize(
        self_: *mut PyArrayObject,
        newshape: *mut PyArray_Dims,
        refcheck: c_int,
        arg: NPY_ORDER,
    ) -> *mut PyObject;
    [84] fn PyArray_CopyObject(dest: *mut PyArrayObject, src_object: *mut PyObject) -> c_int;
    [85] fn PyArray_NewCopy(obj: *mut PyArrayObject, order: NPY_ORDER) -> *mut PyObject;
    [86] fn PyArray_ToList(self_: *mut PyArrayObject) -> *mut PyObject;
    [87] fn PyArray_ToString(self_: *mut PyArrayObject, order: NPY_ORDER) -> *mut PyObject;
    [88] fn PyArray_ToFile(
        self_: *mut PyArrayObject,
        fp: *mut FILE,
        sep: *mut c_char,
        format: *mut c_char,
    ) -> c_int;
    [89] fn PyArray_Dump(self_: *mut PyObject, file: *mut PyObject, protocol: c_int) -> c_int;
    [90] fn PyArray_Dumps(self_: *mut PyObject, protocol: c_int) -> *mut PyObject;
    [91] fn PyArray_ValidType(type_: c_int) -> c_int;

    // New arrays and descriptors.
    [92] fn PyArray_UpdateFlags(ret: *mut PyArrayObject, flagmask: c_int);
    [93] fn PyArray_New(
        subtype: *mut PyTypeObject,
        nd: c_int,
        dims: *mut npy_intp,
        type_num: c_int,
        strides: *mut npy_intp,
        data: *mut c_void,
        itemsize: c_int,
        flags: c_int,
        obj: *mut PyObject,
    ) -> *mut PyObject;
    /// Steals a reference to `descr`, even when it fails.
    [94] fn PyArray_NewFromDescr(
        subtype: *mut PyTypeObject,
        descr: *mut PyArray_Descr,
        nd: c_int,
        dims: *mut npy_intp,
        strides: *mut npy_intp,
        data: *mut c_void,
        flags: c_int,
        obj: *mut PyObject,
    ) -> *mut PyObject;
    [95] fn PyArray_DescrNew(base: *mut PyArray_Descr) -> *mut PyArray_Descr;
    [96] fn PyArray_DescrNewFromType(type_num: c_int) -> *mut PyArray_Descr;
    [97] fn PyArray_GetPriority(obj: *mut PyObject, default_: f64) -> f64;

    // Iterators from before NpyIter.
    [98] fn PyArray_IterNew(obj: *mut PyObject) -> *mut PyObject;
    [100] fn PyArray_PyIntAsInt(o: *mut PyObject) -> c_int;
    [101] fn PyArray_PyIntAsIntp(o: *mut PyObject) -> npy_intp;
    [102] fn PyArray_Broadcast(mit: *mut PyArrayMultiIterObject) -> c_int;

    // Filling, conversion, casting rules.
    [104] fn PyArray_FillWithScalar(arr: *mut PyArrayObject, obj: *mut PyObject) -> c_int;
    [105] fn PyArray_CheckStrides(
        elsize: c_int,
        nd: c_int,
        numbytes: npy_intp,
        offset: npy_intp,
        dims: *mut npy_intp,
        newstrides: *mut npy_intp,
    ) -> npy_bool;
    [106] fn PyArray_DescrNewByteorder(
        self_: *mut PyArray_Descr,
        newendian: c_char,
    ) -> *mut PyArray_Descr;
    [107] fn PyArray_IterAllButAxis(obj: *mut PyObject, inaxis: *mut c_int) -> *mut PyObject;
    /// Steals a reference to `descr`.
    [108] fn PyArray_CheckFromAny(
        op: *mut PyObject,
        descr: *mut PyArray_Descr,
        min_depth: c_int,
        max_depth: c_int,
        requires: c_int,
        context: *mut PyObject,
    ) -> *mut PyObject;
    /// Steals a reference to `newtype`.
    [109] fn PyArray_FromArray(
        arr: *mut PyArrayObject,
        newtype: *mut PyArray_Descr,
        flags: c_int,
    ) -> *mut PyObject;
    [110] fn PyArray_FromInterface(origin: *mut PyObject) -> *mut PyObject;
    [111] fn PyArray_FromStructInterface(input: *mut PyObject) -> *mut PyObject;
    [112] fn PyArray_FromArrayAttr(
        op: *mut PyObject,
        typecode: *mut PyArray_Descr,
        context: *mut PyObject,
    ) -> *mut PyObject;
    [113] fn PyArray_ScalarKind(typenum: c_int, arr: *mut *mut PyArrayObject) -> NPY_SCALARKIND;
    [114] fn PyArray_CanCoerceScalar(
        thistype: c_int,
        neededtype: c_int,
        scalar: NPY_SCALARKIND,
    ) -> c_int;
    [116] fn PyArray_CanCastScalar(from: *mut PyTypeObject, to: *mut PyTypeObject) -> npy_bool;
    [118] fn PyArray_RemoveSmallest(multi: *mut PyArrayMultiIterObject) -> c_int;
    [119] fn PyArray_ElementStrides(obj: *mut PyObject) -> c_int;
    [120] fn PyArray_Item_INCREF(data: *mut c_char, descr: *mut PyArray_Descr);
    [121] fn PyArray_Item_XDECREF(data: *mut c_char, descr: *mut PyArray_Descr);

    // Methods of arrays.
    [123] fn PyArray_Transpose(
        ap: *mut PyArrayObject,
        permute: *mut PyArray_Dims,
    ) -> *mut PyObject;
    [124] fn PyArray_TakeFrom(
        self0: *mut PyArrayObject,
        indices0: *mut PyObject,
        axis: c_int,
        out: *mut PyArrayObject,
        clipmode: NPY_CLIPMODE,
    ) -> *mut PyObject;
    [125] fn PyArray_PutTo(
        self_: *mut PyArrayObject,
        values0: *mut PyObject,
        indices0: *mut PyObject,
        clipmode: NPY_CLIPMODE,
    ) -> *mut PyObject;
    [126] fn PyArray_PutMask(
        self_: *mut PyArrayObject,
        values0: *mut PyObject,
        mask0: *mut PyObject,
    ) -> *mut PyObject;
    [127] fn PyArray_Repeat(
        aop: *mut PyArrayObject,
        op: *mut PyObject,
        axis: c_int,
    ) -> *mut PyObject;
    [128] fn PyArray_Choose(
        ip: *mut PyArrayObject,
        op: *mut PyObject,
        out: *mut PyArrayObject,
        clipmode: NPY_CLIPMODE,
    ) -> *mut PyObject;
    [129] fn PyArray_Sort(op: *mut PyArrayObject, axis: c_int, which: NPY_SORTKIND) -> c_int;
    [130] fn PyArray_ArgSort(
        op: *mut PyArrayObject,
        axis: c_int,
        which: NPY_SORTKIND,
    ) -> *mut PyObject;
    [131] fn PyArray_SearchSorted(
        op1: *mut PyArrayObject,
        op2: *mut PyObject,
        side: NPY_SEARCHSIDE,
        perm: *mut PyObject,
    ) -> *mut PyObject;
    [132] fn PyArray_ArgMax(
        op: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [133] fn PyArray_ArgMin(
        op: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [134] fn PyArray_Reshape(self_: *mut PyArrayObject, shape: *mut PyObject) -> *mut PyObject;
    [135] fn PyArray_Newshape(
        self_: *mut PyArrayObject,
        newdims: *mut PyArray_Dims,
        order: NPY_ORDER,
    ) -> *mut PyObject;
    [136] fn PyArray_Squeeze(self_: *mut PyArrayObject) -> *mut PyObject;
    /// Steals a reference to `type_`.
    [137] fn PyArray_View(
        self_: *mut PyArrayObject,
        type_: *mut PyArray_Descr,
        pytype: *mut PyTypeObject,
    ) -> *mut PyObject;
    [138] fn PyArray_SwapAxes(ap: *mut PyArrayObject, a1: c_int, a2: c_int) -> *mut PyObject;
    [139] fn PyArray_Max(
        ap: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [140] fn PyArray_Min(
        ap: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [141] fn PyArray_Ptp(
        ap: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [142] fn PyArray_Mean(
        self_: *mut PyArrayObject,
        axis: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [143] fn PyArray_Trace(
        self_: *mut PyArrayObject,
        offset: c_int,
        axis1: c_int,
        axis2: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [144] fn PyArray_Diagonal(
        self_: *mut PyArrayObject,
        offset: c_int,
        axis1: c_int,
        axis2: c_int,
    ) -> *mut PyObject;
    [145] fn PyArray_Clip(
        self_: *mut PyArrayObject,
        min: *mut PyObject,
        max: *mut PyObject,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [146] fn PyArray_Conjugate(
        self_: *mut PyArrayObject,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [147] fn PyArray_Nonzero(self_: *mut PyArrayObject) -> *mut PyObject;
    [148] fn PyArray_Std(
        self_: *mut PyArrayObject,
        axis: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
        variance: c_int,
    ) -> *mut PyObject;
    [149] fn PyArray_Sum(
        self_: *mut PyArrayObject,
        axis: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [150] fn PyArray_CumSum(
        self_: *mut PyArrayObject,
        axis: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [151] fn PyArray_Prod(
        self_: *mut PyArrayObject,
        axis: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [152] fn PyArray_CumProd(
        self_: *mut PyArrayObject,
        axis: c_int,
        rtype: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [153] fn PyArray_All(
        self_: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [154] fn PyArray_Any(
        self_: *mut PyArrayObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [155] fn PyArray_Compress(
        self_: *mut PyArrayObject,
        condition: *mut PyObject,
        axis: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [156] fn PyArray_Flatten(a: *mut PyArrayObject, order: NPY_ORDER) -> *mut PyObject;
    [157] fn PyArray_Ravel(arr: *mut PyArrayObject, order: NPY_ORDER) -> *mut PyObject;

    // Lists of numbers, C arrays.
    [158] fn PyArray_MultiplyList(l1: *mut npy_intp, n: c_int) -> npy_intp;
    [159] fn PyArray_MultiplyIntList(l1: *mut c_int, n: c_int) -> c_int;
    [160] fn PyArray_GetPtr(obj: *mut PyArrayObject, ind: *mut npy_intp) -> *mut c_void;
    [161] fn PyArray_CompareLists(l1: *mut npy_intp, l2: *mut npy_intp, n: c_int) -> c_int;
    /// Steals a reference to `typedescr`.
    [162] fn PyArray_AsCArray(
        op: *mut *mut PyObject,
        ptr: *mut c_void,
        dims: *mut npy_intp,
        nd: c_int,
        typedescr: *mut PyArray_Descr,
    ) -> c_int;

    // Converters for argument parsing, free functions.
    [165] fn PyArray_Free(op: *mut PyObject, ptr: *mut c_void) -> c_int;
    [166] fn PyArray_Converter(object: *mut PyObject, address: *mut *mut PyObject) -> c_int;
    [167] fn PyArray_IntpFromSequence(
        seq: *mut PyObject,
        vals: *mut npy_intp,
        maxvals: c_int,
    ) -> c_int;
    [168] fn PyArray_Concatenate(op: *mut PyObject, axis: c_int) -> *mut PyObject;
    [169] fn PyArray_InnerProduct(op1: *mut PyObject, op2: *mut PyObject) -> *mut PyObject;
    [170] fn PyArray_MatrixProduct(op1: *mut PyObject, op2: *mut PyObject) -> *mut PyObject;
    [172] fn PyArray_Correlate(
        op1: *mut PyObject,
        op2: *mut PyObject,
        mode: c_int,
    ) -> *mut PyObject;
    [174] fn PyArray_DescrConverter(obj: *mut PyObject, at: *mut *mut PyArray_Descr) -> c_int;
    [175] fn PyArray_DescrConverter2(obj: *mut PyObject, at: *mut *mut PyArray_Descr) -> c_int;
    [176] fn PyArray_IntpConverter(obj: *mut PyObject, seq: *mut PyArray_Dims) -> c_int;
    #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
    [177] fn PyArray_BufferConverter(obj: *mut PyObject, buf: *mut PyArray_Chunk) -> c_int;
    [178] fn PyArray_AxisConverter(obj: *mut PyObject, axis: *mut c_int) -> c_int;
    [179] fn PyArray_BoolConverter(object: *mut PyObject, val: *mut npy_bool) -> c_int;
    [180] fn PyArray_ByteorderConverter(obj: *mut PyObject, endian: *mut c_char) -> c_int;
    [181] fn PyArray_OrderConverter(object: *mut PyObject, val: *mut NPY_ORDER) -> c_int;
    [182] fn PyArray_EquivTypes(
        type1: *mut PyArray_Descr,
        type2: *mut PyArray_Descr,
    ) -> c_uchar;
    /// Steals a reference to `type_`.
    [183] fn PyArray_Zeros(
        nd: c_int,
        dims: *mut npy_intp,
        type_: *mut PyArray_Descr,
        is_f_order: c_int,
    ) -> *mut PyObject;
    /// Steals a reference to `type_`.
    [184] fn PyArray_Empty(
        nd: c_int,
        dims: *mut npy_intp,
        type_: *mut PyArray_Descr,
        is_f_order: c_int,
    ) -> *mut PyObject;
    [185] fn PyArray_Where(
        condition: *mut PyObject,
        x: *mut PyObject,
        y: *mut PyObject,
    ) -> *mut PyObject;
    [186] fn PyArray_Arange(start: f64, stop: f64, step: f64, type_num: c_int) -> *mut PyObject;
    [187] fn PyArray_ArangeObj(
        start: *mut PyObject,
        stop: *mut PyObject,
        step: *mut PyObject,
        dtype: *mut PyArray_Descr,
    ) -> *mut PyObject;
    [188] fn PyArray_SortkindConverter(
        obj: *mut PyObject,
        sortkind: *mut NPY_SORTKIND,
    ) -> c_int;
    [189] fn PyArray_LexSort(sort_keys: *mut PyObject, axis: c_int) -> *mut PyObject;
    [190] fn PyArray_Round(
        a: *mut PyArrayObject,
        decimals: c_int,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [191] fn PyArray_EquivTypenums(typenum1: c_int, typenum2: c_int) -> c_uchar;

    // Registered dtypes.
    /// On NumPy 1.x `descr` becomes the descriptor itself, so it must never be freed.
    #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
    [192] fn PyArray_RegisterDataType(descr: *mut PyArray_DescrProto) -> c_int;
    [193] fn PyArray_RegisterCastFunc(
        descr: *mut PyArray_Descr,
        totype: c_int,
        castfunc: PyArray_VectorUnaryFunc,
    ) -> c_int;
    [194] fn PyArray_RegisterCanCast(
        descr: *mut PyArray_Descr,
        totype: c_int,
        scalar: NPY_SCALARKIND,
    ) -> c_int;
    [195] fn PyArray_InitArrFuncs(f: *mut PyArray_ArrFuncs);

    // More converters, axes, version.
    [196] fn PyArray_IntTupleFromIntp(len: c_int, vals: *mut npy_intp) -> *mut PyObject;
    [198] fn PyArray_ClipmodeConverter(object: *mut PyObject, val: *mut NPY_CLIPMODE) -> c_int;
    [199] fn PyArray_OutputConverter(
        object: *mut PyObject,
        address: *mut *mut PyArrayObject,
    ) -> c_int;
    [200] fn PyArray_BroadcastToShape(
        obj: *mut PyObject,
        dims: *mut npy_intp,
        nd: c_int,
    ) -> *mut PyObject;
    [203] fn PyArray_DescrAlignConverter(
        obj: *mut PyObject,
        at: *mut *mut PyArray_Descr,
    ) -> c_int;
    [204] fn PyArray_DescrAlignConverter2(
        obj: *mut PyObject,
        at: *mut *mut PyArray_Descr,
    ) -> c_int;
    [205] fn PyArray_SearchsideConverter(obj: *mut PyObject, addr: *mut c_void) -> c_int;
    [206] fn PyArray_CheckAxis(
        arr: *mut PyArrayObject,
        axis: *mut c_int,
        flags: c_int,
    ) -> *mut PyObject;
    [207] fn PyArray_OverflowMultiplyList(l1: *mut npy_intp, n: c_int) -> npy_intp;
    [210] fn PyArray_GetEndianness() -> c_int;
    [211] fn PyArray_GetNDArrayCFeatureVersion() -> c_uint;

    // Correlation and neighbourhoods.
    [212] fn PyArray_Correlate2(
        op1: *mut PyObject,
        op2: *mut PyObject,
        mode: c_int,
    ) -> *mut PyObject;
    [213] fn PyArray_NeighborhoodIterNew(
        x: *mut PyArrayIterObject,
        bounds: *mut npy_intp,
        mode: c_int,
        fill: *mut PyArrayObject,
    ) -> *mut PyObject;

    // NpyIter.
    [223, since 2.3] fn NpyIter_GetTransferFlags(iter: *mut NpyIter) -> NPY_ARRAYMETHOD_FLAGS;
    [224] fn NpyIter_New(
        op: *mut PyArrayObject,
        flags: npy_uint32,
        order: NPY_ORDER,
        casting: NPY_CASTING,
        dtype: *mut PyArray_Descr,
    ) -> *mut NpyIter;
    [225] fn NpyIter_MultiNew(
        nop: c_int,
        op_in: *mut *mut PyArrayObject,
        flags: npy_uint32,
        order: NPY_ORDER,
        casting: NPY_CASTING,
        op_flags: *mut npy_uint32,
        op_request_dtypes: *mut *mut PyArray_Descr,
    ) -> *mut NpyIter;
    [226] fn NpyIter_AdvancedNew(
        nop: c_int,
        op_in: *mut *mut PyArrayObject,
        flags: npy_uint32,
        order: NPY_ORDER,
        casting: NPY_CASTING,
        op_flags: *mut npy_uint32,
        op_request_dtypes: *mut *mut PyArray_Descr,
        oa_ndim: c_int,
        op_axes: *mut *mut c_int,
        itershape: *mut npy_intp,
        buffersize: npy_intp,
    ) -> *mut NpyIter;
    [227] fn NpyIter_Copy(iter: *mut NpyIter) -> *mut NpyIter;
    /// Writes pending buffers back, so a failure must not be ignored.
    [228] fn NpyIter_Deallocate(iter: *mut NpyIter) -> c_int;
    [229] fn NpyIter_HasDelayedBufAlloc(iter: *mut NpyIter) -> npy_bool;
    [230] fn NpyIter_HasExternalLoop(iter: *mut NpyIter) -> npy_bool;
    [231] fn NpyIter_EnableExternalLoop(iter: *mut NpyIter) -> c_int;
    [232] fn NpyIter_GetInnerStrideArray(iter: *mut NpyIter) -> *mut npy_intp;
    [233] fn NpyIter_GetInnerLoopSizePtr(iter: *mut NpyIter) -> *mut npy_intp;
    [234] fn NpyIter_Reset(iter: *mut NpyIter, errmsg: *mut *mut c_char) -> c_int;
    [235] fn NpyIter_ResetBasePointers(
        iter: *mut NpyIter,
        baseptrs: *mut *mut c_char,
        errmsg: *mut *mut c_char,
    ) -> c_int;
    [236] fn NpyIter_ResetToIterIndexRange(
        iter: *mut NpyIter,
        istart: npy_intp,
        iend: npy_intp,
        errmsg: *mut *mut c_char,
    ) -> c_int;
    [237] fn NpyIter_GetNDim(iter: *mut NpyIter) -> c_int;
    [238] fn NpyIter_GetNOp(iter: *mut NpyIter) -> c_int;
    [239] fn NpyIter_GetIterNext(
        iter: *mut NpyIter,
        errmsg: *mut *mut c_char,
    ) -> NpyIter_IterNextFunc;
    [240] fn NpyIter_GetIterSize(iter: *mut NpyIter) -> npy_intp;
    [241] fn NpyIter_GetIterIndexRange(
        iter: *mut NpyIter,
        istart: *mut npy_intp,
        iend: *mut npy_intp,
    );
    [242] fn NpyIter_GetIterIndex(iter: *mut NpyIter) -> npy_intp;
    [243] fn NpyIter_GotoIterIndex(iter: *mut NpyIter, iterindex: npy_intp) -> c_int;
    [244] fn NpyIter_HasMultiIndex(iter: *mut NpyIter) -> npy_bool;
    [245] fn NpyIter_GetShape(iter: *mut NpyIter, outshape: *mut npy_intp) -> c_int;
    [246] fn NpyIter_GetGetMultiIndex(
        iter: *mut NpyIter,
        errmsg: *mut *mut c_char,
    ) -> NpyIter_GetMultiIndexFunc;
    [247] fn NpyIter_GotoMultiIndex(iter: *mut NpyIter, multi_index: *mut npy_intp) -> c_int;
    [248] fn NpyIter_RemoveMultiIndex(iter: *mut NpyIter) -> c_int;
    [249] fn NpyIter_HasIndex(iter: *mut NpyIter) -> npy_bool;
    [250] fn NpyIter_IsBuffered(iter: *mut NpyIter) -> npy_bool;
    [251] fn NpyIter_IsGrowInner(iter: *mut NpyIter) -> npy_bool;
    [252] fn NpyIter_GetBufferSize(iter: *mut NpyIter) -> npy_intp;
    [253] fn NpyIter_GetIndexPtr(iter: *mut NpyIter) -> *mut npy_intp;
    [254] fn NpyIter_GotoIndex(iter: *mut NpyIter, flat_index: npy_intp) -> c_int;
    [255] fn NpyIter_GetDataPtrArray(iter: *mut NpyIter) -> *mut *mut c_char;
    /// The pointers are borrowed: they live as long as `iter`.
    [256] fn NpyIter_GetDescrArray(iter: *mut NpyIter) -> *mut *mut PyArray_Descr;
    /// The pointers are borrowed: they live as long as `iter`.
    [257] fn NpyIter_GetOperandArray(iter: *mut NpyIter) -> *mut *mut PyArrayObject;
    [258] fn NpyIter_GetIterView(iter: *mut NpyIter, i: npy_intp) -> *mut PyArrayObject;
    [259] fn NpyIter_GetReadFlags(iter: *mut NpyIter, outreadflags: *mut c_char);
    [260] fn NpyIter_GetWriteFlags(iter: *mut NpyIter, outwriteflags: *mut c_char);
    [261] fn NpyIter_DebugPrint(iter: *mut NpyIter);
    [262] fn NpyIter_IterationNeedsAPI(iter: *mut NpyIter) -> npy_bool;
    [263] fn NpyIter_GetInnerFixedStrideArray(iter: *mut NpyIter, out_strides: *mut npy_intp);
    [264] fn NpyIter_RemoveAxis(iter: *mut NpyIter, axis: c_int) -> c_int;
    [265] fn NpyIter_GetAxisStrideArray(iter: *mut NpyIter, axis: c_int) -> *mut npy_intp;
    [266] fn NpyIter_RequiresBuffering(iter: *mut NpyIter) -> npy_bool;
    [267] fn NpyIter_GetInitialDataPtrArray(iter: *mut NpyIter) -> *mut *mut c_char;
    [268] fn NpyIter_CreateCompatibleStrides(
        iter: *mut NpyIter,
        itemsize: npy_intp,
        outstrides: *mut npy_intp,
    ) -> c_int;

    // Casting and promotion.
    [269] fn PyArray_CastingConverter(obj: *mut PyObject, casting: *mut NPY_CASTING) -> c_int;
    [270] fn PyArray_CountNonzero(self_: *mut PyArrayObject) -> npy_intp;
    [271] fn PyArray_PromoteTypes(
        type1: *mut PyArray_Descr,
        type2: *mut PyArray_Descr,
    ) -> *mut PyArray_Descr;
    [272] fn PyArray_MinScalarType(arr: *mut PyArrayObject) -> *mut PyArray_Descr;
    [273] fn PyArray_ResultType(
        narrs: npy_intp,
        arrs: *mut *mut PyArrayObject,
        ndtypes: npy_intp,
        descrs: *mut *mut PyArray_Descr,
    ) -> *mut PyArray_Descr;
    [274] fn PyArray_CanCastArrayTo(
        arr: *mut PyArrayObject,
        to: *mut PyArray_Descr,
        casting: NPY_CASTING,
    ) -> npy_bool;
    [275] fn PyArray_CanCastTypeTo(
        from: *mut PyArray_Descr,
        to: *mut PyArray_Descr,
        casting: NPY_CASTING,
    ) -> npy_bool;
    [276] fn PyArray_EinsteinSum(
        subscripts: *mut c_char,
        nop: npy_intp,
        op_in: *mut *mut PyArrayObject,
        dtype: *mut PyArray_Descr,
        order: NPY_ORDER,
        casting: NPY_CASTING,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    /// Steals a reference to `dtype`.
    [277] fn PyArray_NewLikeArray(
        prototype: *mut PyArrayObject,
        order: NPY_ORDER,
        dtype: *mut PyArray_Descr,
        subok: c_int,
    ) -> *mut PyObject;

    // Products, base objects, memory.
    [279] fn PyArray_ConvertClipmodeSequence(
        object: *mut PyObject,
        modes: *mut NPY_CLIPMODE,
        n: c_int,
    ) -> c_int;
    [280] fn PyArray_MatrixProduct2(
        op1: *mut PyObject,
        op2: *mut PyObject,
        out: *mut PyArrayObject,
    ) -> *mut PyObject;
    [281] fn NpyIter_IsFirstVisit(iter: *mut NpyIter, iop: c_int) -> npy_bool;
    /// Steals a reference to `obj`, even when it fails.
    [282] fn PyArray_SetBaseObject(arr: *mut PyArrayObject, obj: *mut PyObject) -> c_int;
    [283] fn PyArray_CreateSortedStridePerm(
        ndim: c_int,
        strides: *mut npy_intp,
        out_strideperm: *mut npy_stride_sort_item,
    );
    [284] fn PyArray_RemoveAxesInPlace(arr: *mut PyArrayObject, flags: *mut npy_bool);
    [285] fn PyArray_DebugPrint(obj: *mut PyArrayObject);
    [286] fn PyArray_FailUnlessWriteable(obj: *mut PyArrayObject, name: *const c_char) -> c_int;
    [287] fn PyArray_SetUpdateIfCopyBase(
        arr: *mut PyArrayObject,
        base: *mut PyArrayObject,
    ) -> c_int;
    [288] fn PyDataMem_NEW(size: usize) -> *mut c_void;
    [289] fn PyDataMem_FREE(ptr: *mut c_void);
    [290] fn PyDataMem_RENEW(ptr: *mut c_void, size: usize) -> *mut c_void;
    [296] fn PyArray_Partition(
        op: *mut PyArrayObject,
        ktharray: *mut PyArrayObject,
        axis: c_int,
        which: NPY_SELECTKIND,
    ) -> c_int;
    [297] fn PyArray_ArgPartition(
        op: *mut PyArrayObject,
        ktharray: *mut PyArrayObject,
        axis: c_int,
        which: NPY_SELECTKIND,
    ) -> *mut PyObject;
    [298] fn PyArray_SelectkindConverter(
        obj: *mut PyObject,
        selectkind: *mut NPY_SELECTKIND,
    ) -> c_int;
    [299] fn PyDataMem_NEW_ZEROED(size: usize, elsize: usize) -> *mut c_void;
    [300] fn PyArray_CheckAnyScalarExact(obj: *mut PyObject) -> c_int;
    [302] fn PyArray_ResolveWritebackIfCopy(self_: *mut PyArrayObject) -> c_int;
    /// Steals a reference to `base`, even when it fails.
    [303] fn PyArray_SetWritebackIfCopyBase(
        arr: *mut PyArrayObject,
        base: *mut PyArrayObject,
    ) -> c_int;

    // Memory handlers.
    [304, since 1.22] fn PyDataMem_SetHandler(handler: *mut PyObject) -> *mut PyObject;
    [305, since 1.22] fn PyDataMem_GetHandler() -> *mut PyObject;

    // Dates and times.
    [307, since 2.0] fn NpyDatetime_ConvertDatetime64ToDatetimeStruct(
        meta: *mut PyArray_DatetimeMetaData,
        dt: npy_datetime,
        out: *mut npy_datetimestruct,
    ) -> c_int;
    [308, since 2.0] fn NpyDatetime_ConvertDatetimeStructToDatetime64(
        meta: *mut PyArray_DatetimeMetaData,
        dts: *const npy_datetimestruct,
        out: *mut npy_datetime,
    ) -> c_int;
    [309, since 2.0] fn NpyDatetime_ConvertPyDateTimeToDatetimeStruct(
        obj: *mut PyObject,
        out: *mut npy_datetimestruct,
        out_bestunit: *mut NPY_DATETIMEUNIT,
        apply_tzinfo: c_int,
    ) -> c_int;
    [310, since 2.0] fn NpyDatetime_GetDatetimeISO8601StrLen(
        local: c_int,
        base: NPY_DATETIMEUNIT,
    ) -> c_int;
    [311, since 2.0] fn NpyDatetime_MakeISO8601Datetime(
        dts: *mut npy_datetimestruct,
        outstr: *mut c_char,
        outlen: npy_intp,
        local: c_int,
        utc: c_int,
        base: NPY_DATETIMEUNIT,
        tzoffset: c_int,
        casting: NPY_CASTING,
    ) -> c_int;
    [312, since 2.0] fn NpyDatetime_ParseISO8601Datetime(
        str: *const c_char,
        len: npy_intp,
        unit: NPY_DATETIMEUNIT,
        casting: NPY_CASTING,
        out: *mut npy_datetimestruct,
        out_bestunit: *mut NPY_DATETIMEUNIT,
        out_special: *mut npy_bool,
    ) -> c_int;

    // Strings of StringDType: no Python code between acquiring an allocator and releasing it.
    /// Returns 0, or 1 for a missing value, or -1. `unpacked_string` is valid
    /// until the next pack or release.
    [313, since 2.0] fn NpyString_load(
        allocator: *mut npy_string_allocator,
        packed_string: *const npy_packed_static_string,
        unpacked_string: *mut npy_static_string,
    ) -> c_int;
    [314, since 2.0] fn NpyString_pack(
        allocator: *mut npy_string_allocator,
        packed_string: *mut npy_packed_static_string,
        buf: *const c_char,
        size: usize,
    ) -> c_int;
    [315, since 2.0] fn NpyString_pack_null(
        allocator: *mut npy_string_allocator,
        packed_string: *mut npy_packed_static_string,
    ) -> c_int;
    /// Takes a lock that is not reentrant: no Python code, and no second acquisition, until it is
    /// released.
    [316, since 2.0] fn NpyString_acquire_allocator(
        descr: *const PyArray_StringDTypeObject,
    ) -> *mut npy_string_allocator;
    /// Takes locks: no Python code until they are released. Before NumPy 2.5.1 the order is that of
    /// `descrs`, so two threads with different orders deadlock.
    [317, since 2.0] fn NpyString_acquire_allocators(
        n_descriptors: usize,
        descrs: *const *mut PyArray_Descr,
        allocators: *mut *mut npy_string_allocator,
    );
    [318, since 2.0] fn NpyString_release_allocator(allocator: *mut npy_string_allocator);
    [319, since 2.0] fn NpyString_release_allocators(
        length: usize,
        allocators: *mut *mut npy_string_allocator,
    );

    // DType classes.
    [361, since 2.0] fn PyArray_GetDefaultDescr(
        DType: *mut PyArray_DTypeMeta,
    ) -> *mut PyArray_Descr;
    [362, since 2.0] fn PyArrayInitDTypeMeta_FromSpec(
        DType: *mut PyArray_DTypeMeta,
        spec: *mut PyArrayDTypeMeta_Spec,
    ) -> c_int;
    [363, since 2.0] fn PyArray_CommonDType(
        dtype1: *mut PyArray_DTypeMeta,
        dtype2: *mut PyArray_DTypeMeta,
    ) -> *mut PyArray_DTypeMeta;
    [364, since 2.0] fn PyArray_PromoteDTypeSequence(
        length: npy_intp,
        dtypes_in: *mut *mut PyArray_DTypeMeta,
    ) -> *mut PyArray_DTypeMeta;
    [365, since 2.0] fn _PyDataType_GetArrFuncs(
        descr: *const PyArray_Descr,
    ) -> *mut PyArray_ArrFuncs;

    // Fields of objects, for the free-threaded stable ABI.
    [369, since 2.5] fn _PyArray_GET_ITEM_DATA(
        arr: *const PyArrayObject,
    ) -> *mut PyArrayObject_fields;
    [370, since 2.5] fn _PyArrayIter_GET_ITEM_DATA(
        iter: *const PyArrayIterObject,
    ) -> *mut PyArrayIterObject_fields;
    [371, since 2.5] fn _PyArray_LegacyDescr_GET_ITEM_DATA(
        dtype: *const _PyArray_LegacyDescr,
    ) -> *mut _PyArray_LegacyDescr_fields;
    [372, since 2.5] fn _PyDataType_GET_ITEM_DATA(
        dtype: *const PyArray_Descr,
    ) -> *mut PyArray_Descr_fields;
    [373, since 2.5] fn _PyArrayMultiIter_GET_ITEM_DATA(
        multi: *const PyArrayMultiIterObject,
    ) -> *mut PyArrayMultiIterObject_fields;
    [374, since 2.5] fn _PyArrayNeighborhoodIter_GET_ITEM_DATA(
        iter: *const PyArrayNeighborhoodIterObject,
    ) -> *mut PyArrayNeighborhoodIterObject_fields;
    [375, since 2.5] fn _PyDatetimeScalarObject_GetMetadata(
        obj: *mut PyObject,
    ) -> PyArray_DatetimeMetaData;
    [376, since 2.5] fn _PyTimedeltaScalarObject_GetMetadata(
        obj: *mut PyObject,
    ) -> PyArray_DatetimeMetaData;
    [377, since 2.5] fn _PyDatetimeScalarObject_GetValue(obj: *mut PyObject) -> npy_datetime;
    [378, since 2.5] fn _PyTimedeltaScalarObject_GetValue(obj: *mut PyObject) -> npy_timedelta;
}
