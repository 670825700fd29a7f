//! NumPy's [ufunc API](https://numpy.org/doc/stable/reference/c-api/ufunc.html).

use std::ffi::{c_char, c_int, c_void};

use pyo3::{Python, exceptions::PyRuntimeError, ffi::PyObject};

use crate::npyffi::{
    api::api_functions,
    import::{self, is_numpy_2},
    objects::{
        PyArray_DTypeMeta, PyArray_Descr, PyArrayMethod_Spec,
        PyArrayMethod_TranslateGivenDescriptors, PyArrayMethod_TranslateLoopDescriptors,
        PyArrayObject, PyUFunc_LoopSlot, PyUFuncGenericFunction, PyUFuncObject,
        PyUFuncObject_fields,
    },
    types::*,
};

/// NumPy's ufunc API: [`PyUFuncAPI`] tells what it has.
pub static PY_UFUNC_API: PyUFuncAPI = PyUFuncAPI(());

/// The functions of NumPy's ufunc API, as methods of [`PY_UFUNC_API`].
///
/// Errors and panics are those of [`PyArrayAPI`](super::PyArrayAPI).
///
/// # Safety
///
/// As for [`PyArrayAPI`](super::PyArrayAPI#safety). The functions, data, types, name and doc of a
/// ufunc are borrowed for as long as the ufunc lives.
#[derive(Debug)]
pub struct PyUFuncAPI(());

/// The identity of a ufunc: 0, in any order.
pub const PyUFunc_Zero: c_int = 0;
/// The identity of a ufunc: 1, in any order.
pub const PyUFunc_One: c_int = 1;
/// The identity of a ufunc: -1 (all bits), in any order.
pub const PyUFunc_MinusOne: c_int = 2;
/// A ufunc without identity, not to be reordered.
pub const PyUFunc_None: c_int = -1;
/// A ufunc without identity, in any order.
pub const PyUFunc_ReorderableNone: c_int = -2;
/// The identity of a ufunc: an object.
pub const PyUFunc_IdentityValue: c_int = -3;

/// A core dimension's size comes from the operands.
pub const UFUNC_CORE_DIM_SIZE_INFERRED: npy_uint32 = 0x0002;
/// A core dimension may be absent.
pub const UFUNC_CORE_DIM_CAN_IGNORE: npy_uint32 = 0x0004;
/// A core dimension is absent.
pub const UFUNC_CORE_DIM_MISSING: npy_uint32 = 0x0004_0000;

/// A floating point error: division by zero.
pub const NPY_FPE_DIVIDEBYZERO: c_int = 1;
/// A floating point error: overflow.
pub const NPY_FPE_OVERFLOW: c_int = 2;
/// A floating point error: underflow.
pub const NPY_FPE_UNDERFLOW: c_int = 4;
/// A floating point error: invalid operation.
pub const NPY_FPE_INVALID: c_int = 8;

#[allow(non_snake_case)]
impl PyUFuncAPI {
    /// What slot `slot` holds.
    ///
    /// # Safety
    ///
    /// The table of the running NumPy must have the slot, and it must hold a pointer of type `T`.
    pub(crate) unsafe fn slot<T: Copy>(&self, py: Python<'_>, slot: usize) -> T {
        // SAFETY: the caller vouches for the slot and its type.
        unsafe { import::read(import::ufunc_table(py), slot) }
    }

    /// Calls the C function `PyUFunc_SetUsesArraysAsData`, slot 32 of `PyUFunc_API`.
    ///
    /// NumPy 2.0 dropped it: there it sets a `RuntimeError` and returns -1.
    ///
    /// # Safety
    ///
    /// See [what holds for all of them](Self#safety).
    pub unsafe fn PyUFunc_SetUsesArraysAsData(
        &self,
        py: Python<'_>,
        data: *mut *mut c_void,
        i: usize,
    ) -> c_int {
        type Function = unsafe extern "C" fn(*mut *mut c_void, usize) -> c_int;

        if is_numpy_2(py) {
            PyRuntimeError::new_err(format!(
                "PyUFunc_SetUsesArraysAsData needs a NumPy before 2.0; the running NumPy is {}",
                import::running_numpy(py),
            ))
            .restore(py);
            return -1;
        }
        // SAFETY: NumPy 1.x has this slot with a function of this type.
        let function = unsafe { self.slot::<Function>(py, 32) };
        // SAFETY: the caller vouches for the arguments.
        unsafe { function(data, i) }
    }
}

// Generated from NumPy 2.5's `__ufunc_api.h`; see `PyArrayAPI`.
api_functions! {
    impl PyUFuncAPI, "PyUFunc_API", ufunc_table, ufunc_table_since;

    // Ufuncs and their loops.
    [1] fn PyUFunc_FromFuncAndData(
        func: *mut PyUFuncGenericFunction,
        data: *mut *mut c_void,
        types: *mut c_char,
        ntypes: c_int,
        nin: c_int,
        nout: c_int,
        identity: c_int,
        name: *const c_char,
        doc: *const c_char,
        unused: c_int,
    ) -> *mut PyObject;
    [2] fn PyUFunc_RegisterLoopForType(
        ufunc: *mut PyUFuncObject,
        usertype: c_int,
        function: PyUFuncGenericFunction,
        arg_types: *mut c_int,
        data: *mut c_void,
    ) -> c_int;

    // Loops that call a C or Python function for each element.
    [4] fn PyUFunc_f_f_As_d_d(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [5] fn PyUFunc_d_d(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [6] fn PyUFunc_f_f(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [7] fn PyUFunc_g_g(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [8] fn PyUFunc_F_F_As_D_D(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [9] fn PyUFunc_F_F(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [10] fn PyUFunc_D_D(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [11] fn PyUFunc_G_G(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [12] fn PyUFunc_O_O(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [13] fn PyUFunc_ff_f_As_dd_d(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [14] fn PyUFunc_ff_f(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [15] fn PyUFunc_dd_d(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [16] fn PyUFunc_gg_g(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [17] fn PyUFunc_FF_F_As_DD_D(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [18] fn PyUFunc_DD_D(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [19] fn PyUFunc_FF_F(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [20] fn PyUFunc_GG_G(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [21] fn PyUFunc_OO_O(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [22] fn PyUFunc_O_O_method(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [23] fn PyUFunc_OO_O_method(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [24] fn PyUFunc_On_Om(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );

    // Floating point errors, generalised ufuncs.
    [27] fn PyUFunc_clearfperr();
    [28] fn PyUFunc_getfperr() -> c_int;
    [30] fn PyUFunc_ReplaceLoopBySignature(
        func: *mut PyUFuncObject,
        newfunc: PyUFuncGenericFunction,
        signature: *mut c_int,
        oldfunc: *mut PyUFuncGenericFunction,
    ) -> c_int;
    [31] fn PyUFunc_FromFuncAndDataAndSignature(
        func: *mut PyUFuncGenericFunction,
        data: *mut *mut c_void,
        types: *mut c_char,
        ntypes: c_int,
        nin: c_int,
        nout: c_int,
        identity: c_int,
        name: *const c_char,
        doc: *const c_char,
        unused: c_int,
        signature: *const c_char,
    ) -> *mut PyObject;

    // Loops for halves.
    [33] fn PyUFunc_e_e(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [34] fn PyUFunc_e_e_As_f_f(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [35] fn PyUFunc_e_e_As_d_d(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [36] fn PyUFunc_ee_e(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [37] fn PyUFunc_ee_e_As_ff_f(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );
    [38] fn PyUFunc_ee_e_As_dd_d(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        steps: *mut npy_intp,
        func: *mut c_void,
    );

    // Type resolution, loops for any dtype.
    [39] fn PyUFunc_DefaultTypeResolver(
        ufunc: *mut PyUFuncObject,
        casting: NPY_CASTING,
        operands: *mut *mut PyArrayObject,
        type_tup: *mut PyObject,
        out_dtypes: *mut *mut PyArray_Descr,
    ) -> c_int;
    [40] fn PyUFunc_ValidateCasting(
        ufunc: *mut PyUFuncObject,
        casting: NPY_CASTING,
        operands: *mut *mut PyArrayObject,
        dtypes: *mut *mut PyArray_Descr,
    ) -> c_int;
    [41] fn PyUFunc_RegisterLoopForDescr(
        ufunc: *mut PyUFuncObject,
        user_dtype: *mut PyArray_Descr,
        function: PyUFuncGenericFunction,
        arg_dtypes: *mut *mut PyArray_Descr,
        data: *mut c_void,
    ) -> c_int;
    [42] fn PyUFunc_FromFuncAndDataAndSignatureAndIdentity(
        func: *mut PyUFuncGenericFunction,
        data: *const *mut c_void,
        types: *const c_char,
        ntypes: c_int,
        nin: c_int,
        nout: c_int,
        identity: c_int,
        name: *const c_char,
        doc: *const c_char,
        unused: c_int,
        signature: *const c_char,
        identity_value: *mut PyObject,
    ) -> *mut PyObject;

    // Loops as array methods.
    [43, since 2.0] fn PyUFunc_AddLoopFromSpec(
        ufunc: *mut PyObject,
        spec: *mut PyArrayMethod_Spec,
    ) -> c_int;
    [44, since 2.0] fn PyUFunc_AddPromoter(
        ufunc: *mut PyObject,
        DType_tuple: *mut PyObject,
        promoter: *mut PyObject,
    ) -> c_int;
    [45, since 2.0] fn PyUFunc_AddWrappingLoop(
        ufunc: *mut PyObject,
        new_dtypes: *mut *mut PyArray_DTypeMeta,
        wrapped_dtypes: *mut *mut PyArray_DTypeMeta,
        translate_given_descrs: PyArrayMethod_TranslateGivenDescriptors,
        translate_loop_descrs: PyArrayMethod_TranslateLoopDescriptors,
    ) -> c_int;
    [46, since 2.0] fn PyUFunc_GiveFloatingpointErrors(
        name: *const c_char,
        fpe_errors: c_int,
    ) -> c_int;
    [47, since 2.4] fn PyUFunc_AddLoopsFromSpecs(slots: *mut PyUFunc_LoopSlot) -> c_int;

    // Fields of a ufunc, for the free-threaded stable ABI.
    [48, since 2.5] fn _PyUFuncObject_GET_ITEM_DATA(
        ufunc: *const PyUFuncObject,
    ) -> *mut PyUFuncObject_fields;
}
