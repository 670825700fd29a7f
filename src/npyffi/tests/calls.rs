//! Calls of functions in the tables, and the gates before those that are too new.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr,
};

use pyo3::{
    exceptions::{PyNotImplementedError, PyRuntimeError},
    ffi,
    prelude::*,
    types::PyType,
};

use super::{array, descr, eval, none, number};
use crate::npyffi::import::{array_type_or_panic, descr_type_or_panic, require};
use crate::npyffi::{import::running_numpy, version::Version, *};

#[test]
fn every_declared_slot_is_filled_from_its_version_on() {
    Python::attach(|py| {
        let version = Version::from_feature(runtime_version(py));
        for &(slot, name, since) in PyArrayAPI::SLOTS {
            if version >= since {
                // SAFETY: the slot is declared for this version, and every slot holds a pointer.
                let function = unsafe { PY_ARRAY_API.slot::<*const c_void>(py, slot) };
                assert!(!function.is_null(), "{name} in slot {slot}");
            }
        }
        for &(slot, name, since) in PyUFuncAPI::SLOTS {
            if version >= since {
                // SAFETY: as above.
                let function = unsafe { PY_UFUNC_API.slot::<*const c_void>(py, slot) };
                assert!(!function.is_null(), "{name} in slot {slot}");
            }
        }
        assert!(PyArrayAPI::SLOTS.len() > 250);
        assert!(PyUFuncAPI::SLOTS.len() > 40);
    });
}

#[test]
fn a_slot_that_is_too_new_is_an_error_that_names_the_version() {
    fn assert_gate<T>(py: Python<'_>, name: &str, since: &str, result: PyResult<T>) {
        match result {
            Ok(_) => assert!(Version::from_feature(runtime_version(py)) >= Version::since(since)),
            Err(error) => {
                assert!(Version::from_feature(runtime_version(py)) < Version::since(since));
                assert!(error.is_instance_of::<PyNotImplementedError>(py));
                assert!(error.is_instance_of::<PyRuntimeError>(py));
                let running = running_numpy(py);
                assert_eq!(
                    error.value(py).to_string(),
                    format!("{name} needs NumPy {since} or newer; the running NumPy is {running}")
                );
            }
        }
    }

    Python::attach(|py| {
        // SAFETY: the function takes no arguments; its result is a new reference or NULL.
        let handler = unsafe { PY_ARRAY_API.PyDataMem_GetHandler(py) };
        // SAFETY: an owned reference.
        let handler = handler.map(|ptr| unsafe { Bound::from_owned_ptr_or_opt(py, ptr) });
        assert_gate(py, "PyDataMem_GetHandler", "1.22", handler);

        let zero = eval(py, "np.zeros((), 'f8')");
        let dtype = eval(py, "np.dtype('f8')");
        let mut item = 0.0f64;
        let value = eval(py, "3.5");
        // SAFETY: `item` has room for an item of the dtype.
        let packed = unsafe {
            PY_ARRAY_API.PyArray_Pack(py, descr(&dtype), (&raw mut item).cast(), value.as_ptr())
        };
        assert_eq!(item, if packed.is_ok() { 3.5 } else { 0.0 });
        assert_gate(py, "PyArray_Pack", "2.0", packed);

        // SAFETY: the array is live.
        let fields = unsafe { PY_ARRAY_API._PyArray_GET_ITEM_DATA(py, array(&zero)) };
        if let Ok(fields) = fields {
            // SAFETY: the array is live.
            assert_eq!(fields, unsafe { _PyArray_GET_ITEM_DATA(array(&zero)) });
        }
        assert_gate(py, "_PyArray_GET_ITEM_DATA", "2.5", fields);

        let mut end = [PyUFunc_LoopSlot {
            name: ptr::null(),
            spec: ptr::null_mut(),
        }];
        // SAFETY: a list that ends at once.
        let added = unsafe { PY_UFUNC_API.PyUFunc_AddLoopsFromSpecs(py, end.as_mut_ptr()) };
        assert_gate(py, "PyUFunc_AddLoopsFromSpecs", "2.4", added);

        // SAFETY: a live array, read-only, keeping its dtype.
        let iter = unsafe {
            PY_ARRAY_API.NpyIter_New(
                py,
                array(&zero),
                NPY_ITER_READONLY,
                NPY_ORDER::NPY_KEEPORDER,
                NPY_CASTING::NPY_NO_CASTING,
                ptr::null_mut(),
            )
        };
        assert!(!iter.is_null());
        // SAFETY: a live iterator.
        let flags = unsafe { PY_ARRAY_API.NpyIter_GetTransferFlags(py, iter) };
        assert_gate(py, "NpyIter_GetTransferFlags", "2.3", flags);
        // SAFETY: a live iterator, not used any more.
        assert_eq!(unsafe { PY_ARRAY_API.NpyIter_Deallocate(py, iter) }, 1);

        assert_gate(
            py,
            "a DType class",
            "2.0",
            get_dtype_class(py, NpyDTypes::PyArray_StringDType),
        );
        assert_gate(py, "a new DType", "2.0", NPY_DT_ARRFUNCS_OFFSET(py));
        assert_gate(py, "x", "2.5", require(py, Version::V2_5, "x"));
    });
}

#[test]
fn a_function_gone_in_numpy_2_is_an_error_there() {
    Python::attach(|py| {
        let mut data = ptr::null_mut::<c_void>();
        // SAFETY: an array of one pointer. NumPy 1.x ignores it, and returns -1 as well.
        let result = unsafe { PY_UFUNC_API.PyUFunc_SetUsesArraysAsData(py, &raw mut data, 0) };
        assert_eq!(result, -1);
        let error = PyErr::take(py).expect("an exception is set");
        if is_numpy_2(py) {
            assert!(
                error.to_string().contains("needs a NumPy before 2.0"),
                "{error}"
            );
        }
    });
}

#[test]
fn type_checks_know_subclasses() {
    Python::attach(|py| {
        for (code, is_array, is_exact) in [
            ("np.zeros(3)", 1, 1),
            ("np.ma.zeros(3)", 1, 0),
            ("np.float64(3)", 0, 0),
            ("[1.0]", 0, 0),
            ("np.dtype('f8')", 0, 0),
        ] {
            let object = eval(py, code);
            // SAFETY: a live object.
            let result = unsafe { PyArray_Check(py, object.as_ptr()) };
            assert_eq!(result, is_array, "{code}");
            // SAFETY: a live object.
            let result = unsafe { PyArray_CheckExact(py, object.as_ptr()) };
            assert_eq!(result, is_exact, "{code}");
        }
        // SAFETY: a live object.
        let result = unsafe { PyArray_DescrCheck(py, eval(py, "np.dtype('M8')").as_ptr()) };
        assert_eq!(result, 1);
        // SAFETY: a live object.
        let result = unsafe { PyArrayIter_Check(py, eval(py, "np.zeros(3).flat").as_ptr()) };
        assert_eq!(result, 1);
        assert_eq!(
            array_type_or_panic(py).cast(),
            eval(py, "np.ndarray").as_ptr()
        );
        assert_eq!(
            descr_type_or_panic(py).cast(),
            eval(py, "np.dtype").as_ptr()
        );
    });
}

#[test]
fn type_objects_have_the_names_of_their_variants() {
    Python::attach(|py| {
        let name = |pointer: *mut ffi::PyTypeObject| -> String {
            // SAFETY: a type of NumPy's.
            let object = unsafe { Bound::from_borrowed_ptr(py, pointer.cast()) };
            let object = object.cast_into::<PyType>().expect("a type");
            object.name().expect("a type has a name").to_string()
        };
        for (ty, expected) in [
            (NpyTypes::PyArray_Type, "ndarray"),
            (NpyTypes::PyArrayDescr_Type, "dtype"),
            (NpyTypes::PyArrayIter_Type, "flatiter"),
            (NpyTypes::PyArrayMultiIter_Type, "broadcast"),
            (NpyTypes::NpyIter_Type, "nditer"),
            (NpyTypes::PyUFunc_Type, "ufunc"),
            (NpyTypes::PyDoubleArrType_Type, "float64"),
            (NpyTypes::PyVoidArrType_Type, "void"),
            (NpyTypes::PyDatetimeArrType_Type, "datetime64"),
            (NpyTypes::PyHalfArrType_Type, "float16"),
        ] {
            // SAFETY: there is no condition.
            assert_eq!(name(unsafe { get_type_object(py, ty) }), expected);
        }
        if is_numpy_2(py) {
            for (ty, expected) in [
                (NpyDTypes::PyArrayDTypeMeta_Type, "_DTypeMeta"),
                (NpyDTypes::PyArray_BoolDType, "BoolDType"),
                (NpyDTypes::PyArray_DoubleDType, "Float64DType"),
                (NpyDTypes::PyArray_VoidDType, "VoidDType"),
                (NpyDTypes::PyArray_StringDType, "StringDType"),
                (
                    NpyDTypes::PyArray_ComplexAbstractDType,
                    "_ComplexAbstractDType",
                ),
            ] {
                let class = get_dtype_class(py, ty).expect("this is NumPy 2");
                assert_eq!(name(class.cast()), expected);
            }
        }
    });
}

#[test]
fn strings_can_be_read_through_the_allocator() {
    Python::attach(|py| {
        if !is_numpy_2(py) {
            return;
        }
        let object = eval(
            py,
            "np.array(['short', 'x' * 100, None], np.dtypes.StringDType(na_object=None))",
        );
        // SAFETY: a live array.
        let data = unsafe { PyArray_BYTES(array(&object)) };
        // SAFETY: a live array.
        let dtype = unsafe { PyArray_DESCR(array(&object)) }.cast::<PyArray_StringDTypeObject>();
        // SAFETY: a live StringDType.
        let string_dtype = unsafe { &*dtype };
        assert_eq!(string_dtype.na_object, none(py));
        assert_eq!((string_dtype.coerce, string_dtype.array_owned), (1, 1));
        assert!(!string_dtype.allocator.is_null());

        // SAFETY: a live StringDType, and nobody on this thread has its allocator.
        let allocator = unsafe { PY_ARRAY_API.NpyString_acquire_allocator(py, dtype) };
        let allocator = allocator.expect("this is NumPy 2");
        let mut loaded = Vec::new();
        for i in 0..3 {
            let mut string = npy_static_string {
                size: 0,
                buf: ptr::null(),
            };
            // SAFETY: within the array, whose elements are 16 bytes.
            let element = unsafe { data.add(16 * i) }.cast();
            // SAFETY: an element of the array whose allocator this is.
            let result =
                unsafe { PY_ARRAY_API.NpyString_load(py, allocator, element, &raw mut string) };
            let result = result.expect("this is NumPy 2");
            loaded.push((result, string.size));
        }
        // SAFETY: the allocator has been acquired.
        unsafe { PY_ARRAY_API.NpyString_release_allocator(py, allocator) }
            .expect("this is NumPy 2");
        assert_eq!(loaded, [(0, 5), (0, 100), (1, 0)]);
    });
}

#[test]
fn converters_write_enumerations() {
    Python::attach(|py| {
        let mut order = NPY_ORDER::NPY_KEEPORDER;
        // SAFETY: a live object, and a pointer to an order.
        let result = unsafe {
            PY_ARRAY_API.PyArray_OrderConverter(py, eval(py, "'F'").as_ptr(), &raw mut order)
        };
        assert_eq!((result, order), (1, NPY_ORDER::NPY_FORTRANORDER));

        let mut casting = NPY_CASTING::NPY_NO_CASTING;
        // SAFETY: a live object, and a pointer to a casting.
        let result = unsafe {
            PY_ARRAY_API.PyArray_CastingConverter(
                py,
                eval(py, "'same_kind'").as_ptr(),
                &raw mut casting,
            )
        };
        assert_eq!((result, casting), (1, NPY_CASTING::NPY_SAME_KIND_CASTING));
    });
}

#[test]
fn copy_into_is_in_slot_50_on_every_numpy() {
    Python::attach(|py| {
        let (to, from) = (eval(py, "np.zeros(3)"), eval(py, "np.array([1, 2, 3])"));
        // SAFETY: live arrays of one shape.
        let result = unsafe { PY_ARRAY_API.PyArray_CopyInto(py, array(&to), array(&from)) };
        assert_eq!(result, 0);
        assert_eq!(
            to.call_method0("tolist").expect("an array").to_string(),
            "[1.0, 2.0, 3.0]"
        );
        let (to, from) = (
            eval(py, "np.zeros((3, 1))"),
            eval(py, "np.array([1, 2, 3])"),
        );
        // SAFETY: live arrays of one size.
        let result = unsafe { PY_ARRAY_API.PyArray_CopyAnyInto(py, array(&to), array(&from)) };
        assert_eq!(result, 0);
        assert_eq!(to.call_method0("sum").expect("an array").to_string(), "6.0");
    });
}

#[test]
fn functions_with_variable_arguments_can_be_called() {
    Python::attach(|py| {
        let (a, b) = (eval(py, "np.zeros((3, 1))"), eval(py, "np.zeros(4)"));
        let new = PY_ARRAY_API.PyArray_MultiIterNew(py);
        // SAFETY: two objects, as the number says.
        let broadcast = unsafe { new(2, a.as_ptr(), b.as_ptr()) };
        // SAFETY: a new reference.
        let broadcast = unsafe { Bound::from_owned_ptr(py, broadcast) };
        assert_eq!(
            broadcast.getattr("shape").expect("a broadcast").to_string(),
            "(3, 4)"
        );
        let multi = broadcast.as_ptr().cast::<PyArrayMultiIterObject>();
        // SAFETY: a live broadcast.
        let fields = unsafe { _PyArrayMultiIter_GET_ITEM_DATA(multi) };
        // SAFETY: the fields of a live broadcast.
        let fields = unsafe { &*fields };
        assert_eq!((fields.numiter, fields.size), (2, 12));
    });
}

#[test]
fn a_ufunc_can_be_made_and_read() {
    unsafe extern "C" fn join(
        args: *mut *mut c_char,
        dimensions: *mut npy_intp,
        _steps: *mut npy_intp,
        _data: *mut c_void,
    ) {
        // SAFETY: a generalised ufunc with one outer and two core dimensions.
        let dimensions = unsafe { std::slice::from_raw_parts(dimensions, 3) };
        // SAFETY: the ufunc has two arguments.
        let args = unsafe { std::slice::from_raw_parts(args, 2) };
        let out = args[1].cast::<f64>();
        // SAFETY: the output has room for one value.
        unsafe { *out = dimensions[2] as f64 };
    }
    unsafe extern "C" fn grow(_ufunc: *mut PyUFuncObject, sizes: *mut npy_intp) -> c_int {
        // SAFETY: the ufunc has two core dimensions.
        let sizes = unsafe { std::slice::from_raw_parts_mut(sizes, 2) };
        sizes[1] = 2 * sizes[0];
        0
    }

    let doubles = NPY_TYPES::NPY_DOUBLE as c_char;
    let functions: &mut [PyUFuncGenericFunction] = Box::leak(Box::new([Some(join as _)]));
    let data: &mut [*mut c_void] = Box::leak(Box::new([ptr::null_mut()]));
    let types: &mut [c_char] = Box::leak(Box::new([doubles, doubles]));
    const NAME: &CStr = c"join";
    Python::attach(|py| {
        // SAFETY: one loop of two arguments, all of which live forever.
        let ufunc = unsafe {
            PY_UFUNC_API.PyUFunc_FromFuncAndDataAndSignatureAndIdentity(
                py,
                functions.as_mut_ptr(),
                data.as_mut_ptr(),
                types.as_mut_ptr(),
                1,
                1,
                1,
                PyUFunc_None,
                NAME.as_ptr(),
                NAME.as_ptr(),
                0,
                c"(n)->(p)".as_ptr(),
                ptr::null_mut(),
            )
        };
        // SAFETY: a new reference or NULL.
        let object = unsafe { Bound::from_owned_ptr_or_err(py, ufunc) }.expect("a ufunc");
        let ufunc = ufunc.cast::<PyUFuncObject>();
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc) };
        // SAFETY: the fields of a live ufunc.
        let fields = unsafe { &*fields };
        assert_eq!(
            (fields.nin, fields.nout, fields.nargs, fields.ntypes),
            (1, 1, 2, 1)
        );
        assert_eq!((fields.identity, fields.core_enabled), (PyUFunc_None, 1));
        assert_eq!(
            (fields.name, fields.functions),
            (NAME.as_ptr(), functions.as_mut_ptr())
        );
        assert_eq!(fields.core_num_dim_ix, 2);
        assert!(fields.identity_value.is_null());

        // SAFETY: a ufunc of ours, with two core dimensions.
        match unsafe { PyUFunc_SET_PROCESS_CORE_DIMS_FUNC(py, ufunc, Some(grow)) } {
            Ok(()) => {
                let result = object.call1((eval(py, "np.zeros(3)"),)).expect("a result");
                assert_eq!(number(&result, "size"), 6);
                assert_eq!(result.get_item(0).expect("an item").to_string(), "6.0");
            }
            Err(error) => {
                assert!(runtime_version(py) < NPY_2_1_API_VERSION);
                assert!(
                    error.to_string().contains("needs NumPy 2.1 or newer"),
                    "{error}"
                );
            }
        }
    });
}
