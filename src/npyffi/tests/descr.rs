//! The accessors of descriptors.

use std::ffi::c_int;

use pyo3::{ffi, prelude::*};

use super::{descr, eval, none, number};
use crate::npyffi::*;

#[test]
fn descriptor_accessors_agree_with_python() {
    Python::attach(|py| {
        let mut codes = vec![
            "np.dtype('f8')",
            "np.dtype('>i4')",
            "np.dtype('?')",
            "np.dtype('c16')",
            "np.dtype('g')",
            "np.dtype('O')",
            "np.dtype('S7')",
            "np.dtype('U5')",
            "np.dtype('V12')",
            "np.dtype('M8[25s]')",
            "np.dtype('m8')",
            "np.dtype('e')",
            "np.dtype('f8', metadata={'unit': 'm'})",
            "np.dtype([('a', 'i1'), ('b', 'f8')])",
            "np.dtype([('a', 'i1'), ('b', 'O')], align=True)",
            "np.dtype(('i4', (2, 3)))",
            "np.dtype({'names': ['x'], 'formats': ['f4'], 'offsets': [8], 'itemsize': 40})",
        ];
        if is_numpy_2(py) {
            codes.push("np.dtypes.StringDType()");
        }
        for code in codes {
            let object = eval(py, code);
            let dtype = descr(&object);
            // SAFETY: a live descriptor.
            let elsize = unsafe { PyDataType_ELSIZE(py, dtype) };
            assert_eq!(elsize, number(&object, "itemsize"), "{code}");
            // SAFETY: a live descriptor.
            let alignment = unsafe { PyDataType_ALIGNMENT(py, dtype) };
            assert_eq!(alignment, number(&object, "alignment"), "{code}");
            // SAFETY: a live descriptor.
            let flags = unsafe { PyDataType_FLAGS(py, dtype) };
            // Python has them in the low bits of a signed byte on NumPy 1.x.
            assert_eq!(
                flags & 0x7f,
                number(&object, "flags") as u64 & 0x7f,
                "{code}"
            );
            assert_eq!(
                flags & NPY_ALIGNED_STRUCT != 0,
                number(&object, "isalignedstruct") != 0,
                "{code}"
            );
            // SAFETY: a live descriptor.
            let type_num = unsafe { PyDataType_TYPENUM(dtype) } as isize;
            assert_eq!(type_num, number(&object, "num"), "{code}");

            let text = |name| -> String {
                let text = object.getattr(name).expect("a dtype has it");
                text.extract().expect("a string")
            };
            // SAFETY: a live descriptor.
            let kind = unsafe { PyDataType_KIND(dtype) } as u8 as char;
            assert_eq!(kind.to_string(), text("kind"), "{code}");
            // SAFETY: a live descriptor.
            let type_ = unsafe { PyDataType_TYPE(dtype) } as u8 as char;
            assert_eq!(type_.to_string(), text("char"), "{code}");
            // SAFETY: a live descriptor.
            let byteorder = unsafe { PyDataType_BYTEORDER(dtype) } as u8 as char;
            // Python turns the byte order of this machine into "=".
            let native = NPY_BYTEORDER_CHAR::NPY_NATBYTE as u8 as char;
            assert!(
                byteorder.to_string() == text("byteorder")
                    || byteorder == native && text("byteorder") == "=",
                "{code}"
            );
            // SAFETY: a live descriptor.
            let typeobj = unsafe { PyDataType_TYPEOBJ(dtype) };
            assert_eq!(
                typeobj.cast(),
                object.getattr("type").expect("as above").as_ptr()
            );

            // SAFETY: a live descriptor.
            let legacy = unsafe { PyDataType_ISLEGACY(dtype) };
            assert_eq!(legacy, text("kind") != "T");
            let same_or_null = |pointer: *mut ffi::PyObject, name: &str| {
                let value = object.getattr(name).expect("a dtype has it");
                assert_eq!(
                    pointer.is_null() || pointer == none(py),
                    value.is_none(),
                    "{code}.{name}"
                );
                if !pointer.is_null() {
                    // SAFETY: a borrowed reference of a live descriptor.
                    let pointer = unsafe { Bound::from_borrowed_ptr(py, pointer) };
                    assert!(pointer.eq(value).expect("comparable"), "{code}.{name}");
                }
            };
            // SAFETY: a live descriptor.
            same_or_null(unsafe { PyDataType_NAMES(py, dtype) }, "names");
            // SAFETY: a live descriptor.
            same_or_null(unsafe { PyDataType_FIELDS(py, dtype) }, "fields");
            // SAFETY: a live descriptor.
            same_or_null(unsafe { PyDataType_METADATA(py, dtype) }, "metadata");

            // SAFETY: a live descriptor.
            let subarray = unsafe { PyDataType_SUBARRAY(py, dtype) };
            let subdtype = object.getattr("subdtype").expect("a dtype has it");
            assert_eq!(subarray.is_null(), subdtype.is_none(), "{code}");
            if !subarray.is_null() {
                // SAFETY: the subarray of a live descriptor.
                let subarray = unsafe { &*subarray };
                assert_eq!(subarray.base, descr(&subdtype.get_item(0).expect("a pair")));
                // SAFETY: a borrowed reference of a live descriptor.
                let shape = unsafe { Bound::from_borrowed_ptr(py, subarray.shape) };
                assert!(
                    shape
                        .eq(subdtype.get_item(1).expect("a pair"))
                        .expect("comparable")
                );
            }

            // SAFETY: a live descriptor.
            let functions = unsafe { PyDataType_GetArrFuncs(py, dtype) };
            // SAFETY: the functions of a live descriptor.
            let has_getitem = unsafe { (*functions).getitem.is_some() };
            assert!(has_getitem || !legacy, "{code}");
        }

        // A dtype of one's own may be given another size.
        // SAFETY: the number is that of a flexible dtype; the result is a new reference.
        let dtype =
            unsafe { PY_ARRAY_API.PyArray_DescrNewFromType(py, NPY_TYPES::NPY_STRING as c_int) };
        // SAFETY: an owned reference.
        let object = unsafe { Bound::from_owned_ptr(py, dtype.cast()) };
        // SAFETY: nobody else has the descriptor, and a string may have any size.
        unsafe { PyDataType_SET_ELSIZE(py, dtype, 9) };
        assert_eq!(number(&object, "itemsize"), 9);
    });
}
