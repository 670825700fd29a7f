//! Sizes and fields of structs.

use std::{
    ffi::{CStr, c_int, c_void},
    mem::{offset_of, size_of},
};

use pyo3::prelude::*;

use super::{array, descr, eval, number};
use crate::npyffi::{version::Version, *};

#[test]
fn objects_are_as_large_as_numpy_says() {
    Python::attach(|py| {
        let size = |code| number(&eval(py, code), "__basicsize__") as usize;
        let handler = size_of::<*mut c_void>();

        let ndarray = size("np.ndarray");
        if Version::from_feature(runtime_version(py)) >= Version::since("1.22") {
            assert_eq!(size_of::<PyArrayObject>() + handler, ndarray);
        } else {
            assert_eq!(size_of::<PyArrayObject>(), ndarray);
        }

        if is_numpy_2(py) {
            assert_eq!(size_of::<_PyArray_DescrNumPy2>(), size("np.dtype"));
            assert_eq!(
                size_of::<_PyArray_LegacyDescr>(),
                size("type(np.dtype('f8'))")
            );
            assert_eq!(
                size_of::<PyArray_StringDTypeObject>(),
                size("np.dtypes.StringDType")
            );
            let heap_type = size("type");
            assert_eq!(
                heap_type + size_of::<PyArray_DTypeMeta_fields>(),
                size("type(np.dtype)")
            );
            #[cfg(not(Py_LIMITED_API))]
            {
                assert_eq!(size_of::<pyo3::ffi::PyHeapTypeObject>(), heap_type);
                assert_eq!(size_of::<PyArray_DTypeMeta>(), size("type(np.dtype)"));
            }
        } else {
            assert_eq!(size_of::<PyArray_DescrProto>(), size("np.dtype"));
        }

        let behind_ufunc = match Version::from_feature(runtime_version(py)) {
            version if version >= Version::V2_1 => 3,
            version if version >= Version::since("1.22") => 2,
            _ => 0,
        };
        assert_eq!(
            size_of::<PyUFuncObject>() + behind_ufunc * handler,
            size("np.ufunc")
        );

        assert_eq!(size_of::<PyArrayIterObject>(), size("np.flatiter"));
        let iters = if is_numpy_2(py) { 32 } else { 0 };
        assert_eq!(
            size_of::<PyArrayMultiIterObject>() + iters * handler,
            size("np.broadcast")
        );

        for (code, expected) in [
            ("np.bool_", size_of::<PyBoolScalarObject>()),
            ("np.int8", size_of::<PyByteScalarObject>()),
            ("np.intc", size_of::<PyIntScalarObject>()),
            ("np.longlong", size_of::<PyLongLongScalarObject>()),
            ("np.float16", size_of::<PyHalfScalarObject>()),
            ("np.float64", size_of::<PyDoubleScalarObject>()),
            ("np.complex128", size_of::<PyCDoubleScalarObject>()),
            ("np.datetime64", size_of::<PyDatetimeScalarObject>()),
            ("np.timedelta64", size_of::<PyTimedeltaScalarObject>()),
            ("np.void", size_of::<PyVoidScalarObject>()),
        ] {
            assert_eq!(size(code), expected, "{code}");
        }
    });
}

#[test]
#[cfg(target_pointer_width = "64")]
fn structs_without_a_python_type_are_as_in_c() {
    assert_eq!(size_of::<PyArray_ArrFuncs>(), 376);
    assert_eq!(offset_of!(PyArray_ArrFuncs, getitem), 168);
    assert_eq!(offset_of!(PyArray_ArrFuncs, sort), 264);
    assert_eq!(offset_of!(PyArray_ArrFuncs, argmin), 368);
    assert_eq!(size_of::<PyArrayInterface>(), 56);
    assert_eq!(size_of::<npy_datetimestruct>(), 40);
    assert_eq!(size_of::<NpyAuxData>(), 32);
    assert_eq!(offset_of!(PyArray_DatetimeDTypeMetaData, meta), 32);
    assert_eq!(size_of::<PyArrayMethod_Spec>(), 40);
    assert_eq!(size_of::<PyArrayDTypeMeta_Spec>(), 40);
    assert_eq!(size_of::<PyArrayMethod_Context>(), 24);
    assert_eq!(size_of::<PyDataMem_Handler>(), 168);
    assert_eq!(size_of::<bitgen_t>(), 40);
}

#[test]
fn array_accessors_agree_with_python() {
    Python::attach(|py| {
        for code in [
            "np.arange(24.0).reshape(2, 3, 4)[::-1, :, ::2]",
            "np.zeros(())",
            "np.zeros((0, 5), 'i2')",
            "np.broadcast_to(np.int8(1), (3, 4))",
            "np.frombuffer(b'abcdefgh', '>u2')",
        ] {
            let object = eval(py, code);
            let arr = array(&object);
            // SAFETY: a live array.
            let nd = unsafe { PyArray_NDIM(arr) } as usize;
            assert_eq!(nd as isize, number(&object, "ndim"));

            let numbers = |name| -> Vec<npy_intp> {
                let numbers = object.getattr(name).expect("an array has it");
                numbers.extract().expect("a tuple of numbers")
            };
            let read = |start: *mut npy_intp| -> Vec<npy_intp> {
                if nd == 0 {
                    return Vec::new();
                }
                // SAFETY: shape and strides are `nd` numbers.
                unsafe { std::slice::from_raw_parts(start, nd) }.to_vec()
            };
            // SAFETY: a live array.
            assert_eq!(read(unsafe { PyArray_DIMS(arr) }), numbers("shape"));
            // SAFETY: a live array.
            assert_eq!(read(unsafe { PyArray_STRIDES(arr) }), numbers("strides"));

            let address: usize = object
                .getattr("__array_interface__")
                .and_then(|interface| interface.get_item("data"))
                .and_then(|data| data.get_item(0))
                .and_then(|address| address.extract())
                .expect("an address");
            // SAFETY: a live array.
            let data = unsafe { PyArray_DATA(arr) } as usize;
            // An array without elements has no address in the interface of NumPy 1.x.
            assert!(data == address || number(&object, "size") == 0, "{code}");

            // SAFETY: a live array.
            let base = unsafe { PyArray_BASE(arr) };
            let python_base = object.getattr("base").expect("an array has it");
            assert_eq!(base.is_null(), python_base.is_none());
            assert!(base.is_null() || base == python_base.as_ptr());

            // SAFETY: a live array.
            let dtype = unsafe { PyArray_DESCR(arr) };
            assert_eq!(
                dtype,
                descr(&object.getattr("dtype").expect("an array has it"))
            );
            // SAFETY: a live array.
            let type_num = unsafe { PyArray_TYPE(arr) } as isize;
            assert_eq!(
                type_num,
                number(&object.getattr("dtype").expect("as above"), "num")
            );
            // SAFETY: a live array.
            let result = unsafe { PyArray_ITEMSIZE(py, arr) };
            assert_eq!(result, number(&object, "itemsize"));

            let flags = object.getattr("flags").expect("an array has it");
            for (name, flag) in [
                ("c_contiguous", NPY_ARRAY_C_CONTIGUOUS),
                ("f_contiguous", NPY_ARRAY_F_CONTIGUOUS),
                ("owndata", NPY_ARRAY_OWNDATA),
                ("aligned", NPY_ARRAY_ALIGNED),
                ("writeable", NPY_ARRAY_WRITEABLE),
                ("writebackifcopy", NPY_ARRAY_WRITEBACKIFCOPY),
            ] {
                // SAFETY: a live array.
                let set = unsafe { PyArray_CHKFLAGS(arr, flag) };
                assert_eq!(set as isize, number(&flags, name), "{code}: {name}");
            }
            // SAFETY: a live array.
            let flags = unsafe { PyArray_FLAGS(arr) };
            // SAFETY: a live array that nobody else has.
            unsafe { PyArray_CLEARFLAGS(arr, NPY_ARRAY_WRITEABLE) };
            assert_eq!(
                number(&object.getattr("flags").expect("as above"), "writeable"),
                0
            );
            if flags & NPY_ARRAY_WRITEABLE != 0 {
                // SAFETY: as above, and it was writeable before.
                unsafe { PyArray_ENABLEFLAGS(arr, NPY_ARRAY_WRITEABLE) };
                assert_eq!(
                    number(&object.getattr("flags").expect("as above"), "writeable"),
                    1
                );
            }

            // SAFETY: a live array.
            if let Ok(handler) = unsafe { PyArray_HANDLER(py, arr) } {
                let owns = flags & NPY_ARRAY_OWNDATA != 0;
                assert_eq!(handler.is_null(), !owns, "{code}");
            }
        }
    });
}

#[test]
fn dates_carry_their_unit() {
    Python::attach(|py| {
        for code in ["np.dtype('M8[25s]')", "np.dtype('m8[25s]')"] {
            let object = eval(py, code);
            // SAFETY: a live descriptor.
            let metadata = unsafe { PyDataType_C_METADATA(py, descr(&object)) };
            // SAFETY: a date or time dtype has this metadata.
            let metadata = unsafe { (*metadata.cast::<PyArray_DatetimeDTypeMetaData>()).meta };
            let expected = PyArray_DatetimeMetaData {
                base: NPY_DATETIMEUNIT::NPY_FR_s,
                num: 25,
            };
            assert_eq!(metadata, expected);
        }
        let date = eval(py, "np.datetime64(7, '3ns')");
        // SAFETY: a live datetime64.
        let result = unsafe { _PyDatetimeScalarObject_GetValue(date.as_ptr()) };
        assert_eq!(result, 7);
        // SAFETY: a live datetime64.
        let metadata = unsafe { _PyDatetimeScalarObject_GetMetadata(date.as_ptr()) };
        let expected = PyArray_DatetimeMetaData {
            base: NPY_DATETIMEUNIT::NPY_FR_ns,
            num: 3,
        };
        assert_eq!(metadata, expected);
        let time = eval(py, "np.timedelta64('NaT')");
        // SAFETY: a live timedelta64.
        let result = unsafe { _PyTimedeltaScalarObject_GetValue(time.as_ptr()) };
        assert_eq!(result, NPY_DATETIME_NAT);
        // SAFETY: a live timedelta64.
        let metadata = unsafe { _PyTimedeltaScalarObject_GetMetadata(time.as_ptr()) };
        assert_eq!(metadata.base, NPY_DATETIMEUNIT::NPY_FR_GENERIC);

        let mut meta = PyArray_DatetimeMetaData {
            base: NPY_DATETIMEUNIT::NPY_FR_D,
            num: 1,
        };
        let mut parts = npy_datetimestruct {
            year: 0,
            month: 0,
            day: 0,
            hour: 0,
            min: 0,
            sec: 0,
            us: 0,
            ps: 0,
            as_: 0,
        };
        // SAFETY: pointers to two structs of ours.
        let result = unsafe {
            PY_ARRAY_API.NpyDatetime_ConvertDatetime64ToDatetimeStruct(
                py,
                &raw mut meta,
                365,
                &raw mut parts,
            )
        };
        if let Ok(result) = result {
            assert_eq!(result, 0);
            assert_eq!((parts.year, parts.month, parts.day), (1971, 1, 1));
        }
    });
}

#[test]
fn a_dtype_class_knows_its_default_descriptor() {
    Python::attach(|py| {
        let Ok(class) = get_dtype_class(py, NpyDTypes::PyArray_DoubleDType) else {
            assert!(!is_numpy_2(py));
            return;
        };
        // SAFETY: a live class.
        let fields = unsafe { PyArray_DTypeMeta_GET_FIELDS(py, class) }.expect("this is NumPy 2");
        // SAFETY: the fields of a live class.
        let fields = unsafe { &*fields };
        assert_eq!(fields.type_num, NPY_TYPES::NPY_DOUBLE as c_int);
        assert_eq!(fields.singleton, descr(&eval(py, "np.dtype('f8')")));
        assert_eq!(fields.scalar_type.cast(), eval(py, "np.float64").as_ptr());
        assert!(fields.flags & NPY_DT_NUMERIC as u64 != 0);
        assert_eq!(fields.flags & NPY_DT_PARAMETRIC as u64, 0);
    });
}

#[test]
fn the_fields_of_a_ufunc_are_where_numpy_has_them() {
    Python::attach(|py| {
        let add = eval(py, "np.add");
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(add.as_ptr().cast()) };
        // SAFETY: the fields of a live ufunc.
        let fields = unsafe { &*fields };
        assert_eq!((fields.nin, fields.nout, fields.nargs), (2, 1, 3));
        assert_eq!(fields.ntypes as isize, number(&add, "ntypes"));
        assert_eq!(fields.identity, PyUFunc_IdentityValue);
        // SAFETY: such a ufunc holds its identity.
        let identity = unsafe { Bound::from_borrowed_ptr(py, fields.identity_value) };
        assert_eq!(identity.to_string(), "0");
        // SAFETY: the name of a ufunc is a C string.
        assert_eq!(unsafe { CStr::from_ptr(fields.name) }, c"add");
        assert!(fields.type_resolver.is_some());
        let matmul = eval(py, "np.matmul");
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(matmul.as_ptr().cast()) };
        // SAFETY: the fields of a live ufunc.
        let fields = unsafe { &*fields };
        assert_eq!((fields.core_enabled, fields.core_num_dim_ix), (1, 3));
        // SAFETY: a flag for each of the three dimensions.
        let flags = unsafe { std::slice::from_raw_parts(fields.core_dim_flags, 3) };
        assert_eq!(
            flags
                .iter()
                .filter(|&&flag| flag & UFUNC_CORE_DIM_CAN_IGNORE != 0)
                .count(),
            2
        );
    });
}
