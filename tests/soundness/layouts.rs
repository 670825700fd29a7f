//! Memory laid out in ways that Rust has no references for: odd strides, misaligned elements,
//! arrays that overlap themselves, and shapes at the edge.

use npyo::ndarray::{Array, Ix0, Ix1, Ix2, IxDyn};
use npyo::{
    Complex64, PyArray1, PyArray2, PyReadonlyArray0, PyReadonlyArray2, PyReadonlyArrayDyn,
    PyReadwriteArray2, PyReadwriteArrayDyn, prelude::*,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::common::{array as made, eval_on, max_ndim, object, panic_text, refcount, refused};
use crate::survives;
use crate::ways::{handle, is_copied_only, is_never_referred_to, is_only_read, variable};

// --- Strides and alignment ------------------------------------------------------------------

#[test]
fn a1_strides_that_are_no_multiple_of_the_item_size() {
    Python::attach(|py| {
        // Aligned: only the stride of 24 bytes is no whole number of elements of 16.
        let code = "x = np.zeros(3, [('t', 'f8'), ('z', 'c16')])\n\
                    x['t'] = [10, 20, 30]\n\
                    x['z'] = [1, 2, 3]\n\
                    a = x['z']\n\
                    assert a.flags.aligned and a.strides == (24,)";
        let wanted = [1.0, 2.0, 3.0].map(|re| Complex64::new(re, 0.0));
        let array = variable(py, code, "a");
        is_copied_only(
            handle(&array),
            &wanted,
            "strides [24] in bytes, not all of them multiples of its item size 16",
        );
        // As a part of it that is no field: the same strides, the other way round.
        let reversed = eval_on(&array, "a[::-1]");
        let backwards = [3.0, 2.0, 1.0].map(|re| Complex64::new(re, 0.0));
        is_copied_only(handle(&reversed), &backwards, "strides [-24] in bytes");
    });
}

#[test]
fn a1_packed_fields_of_records() {
    Python::attach(|py| {
        let code = "x = np.zeros(3, [('i', 'i4'), ('x', 'f8')])\n\
                    x['i'] = [10, 20, 30]\n\
                    a = x['x']\n\
                    a[:] = [1, 2, 3]";
        let array = variable(py, code, "a");
        is_copied_only(handle(&array), &[1.0, 2.0, 3.0], "misaligned");
        let code = "x = np.zeros(3, [('i', 'i2'), ('x', 'i4')])\n\
                    x['i'] = [10, 20, 30]\n\
                    a = x['x']\n\
                    a[:] = [1, 2, 3]";
        let array = variable(py, code, "a");
        is_copied_only(handle(&array), &[1_i32, 2, 3], "misaligned");
    });
}

#[test]
fn a2_objects_in_a_field_of_a_record() {
    let path = "layouts::a2_objects_in_a_field_of_a_record";
    survives(path, |py| {
        let code = "obs = [object() for _ in range(3)]\n\
                    rows = list(enumerate(obs))\n\
                    x = np.array(rows, [('i', 'i4'), ('o', 'O')])\n\
                    a = x['o']";
        let array = variable(py, code, "a");
        is_never_referred_to(handle::<Py<PyAny>>(&array), "misaligned");
        let objects = handle::<Py<PyAny>>(&array);
        for index in 0..3 {
            let ob = array.get_item(index).unwrap();
            let before = refcount(&ob);
            let guard = objects.readonly();
            let copies = [
                objects.get_owned(index).unwrap(),
                guard.get_owned(index).unwrap(),
                guard.try_get_owned(index).unwrap().unwrap(),
                objects.to_vec().unwrap().swap_remove(index),
                guard.to_vec().unwrap().swap_remove(index),
                objects.to_owned_array()[index].clone_ref(py),
                guard.try_to_owned_array().unwrap()[index].clone_ref(py),
            ];
            assert!(copies.iter().all(|copy| copy.is(&ob)));
            assert_eq!(refcount(&ob), before + 7);
            drop(copies);
            let copy = objects.cast_array::<Py<PyAny>>(false).unwrap();
            assert!(copy.readonly().get(index).unwrap().is(&ob));
            drop(copy);
            assert_eq!(refcount(&ob), before);
        }
        // In a record without a gap before the object, the stride is no multiple of its size.
        let thing = object(py);
        let code = "a = np.zeros(3, [('o', 'O'), ('i', 'i4')])['o']";
        let array = variable(py, code, "a");
        array.call_method1("fill", (&thing,)).unwrap();
        is_never_referred_to(handle::<Py<PyAny>>(&array), "strides [12]");
        let copies = handle::<Py<PyAny>>(&array).to_owned_array();
        assert!(copies.iter().all(|copy| copy.is(&thing)));
    });
}

#[test]
fn a3_misaligned_arrays() {
    let path = "layouts::a3_misaligned_arrays";
    survives(path, |py| {
        let code = "a = np.zeros(25, 'u1')[1:].view('f8'); a[:] = [1, 2, 3]";
        let array = variable(py, code, "a");
        let problem = "misaligned: its elements need addresses that are multiples of 8 bytes";
        is_copied_only(handle(&array), &[1.0, 2.0, 3.0], problem);
        for (view, wanted) in [("a[::2]", [1.0, 3.0]), ("a[:0:-1]", [3.0, 2.0])] {
            let view = eval_on(&array, view);
            is_copied_only(handle(&view), &wanted, problem);
        }
        // Copies to a misaligned array do not go through references either.
        let array = handle::<f64>(&array);
        let from = npyo::pyarray![py, 7.0, 8.0, 9.0];
        from.copy_to(array).unwrap();
        assert_eq!(array.to_vec().unwrap(), [7.0, 8.0, 9.0]);
    });
}

#[test]
fn a3_an_item_of_a_misaligned_array_without_dimensions() {
    let path = "layouts::a3_an_item_of_a_misaligned_array_without_dimensions";
    survives(path, |py| {
        let code = "a = np.zeros(9, 'u1')[1:].view('f8').reshape(()); a[()] = 1.5\n\
                    assert not a.flags.aligned";
        let array = variable(py, code, "a");
        let argument = array.extract::<PyReadonlyArray0<'_, f64>>();
        let text = refused::<PyValueError>(py, argument);
        assert!(text.contains("misaligned"), "{text}");
        let array = array.cast::<npyo::PyArray<f64, Ix0>>().unwrap();
        let guard = array.try_readonly().unwrap();
        refused::<PyValueError>(py, guard.try_as_array());
        assert!(panic_text(|| guard.get(()).is_some()).contains("misaligned"));
        assert_eq!((array.item(), guard.item()), (1.5, 1.5));
        assert_eq!(array.get_owned(()), Some(1.5));
        assert_eq!(array.to_owned_array()[()], 1.5);
    });
}

#[test]
fn s1_a_misaligned_field_with_strides_that_are_no_multiple_of_its_size() {
    let path = "layouts::s1_a_misaligned_field_with_strides_that_are_no_multiple_of_its_size";
    survives(path, |py| {
        let code = "x = np.zeros(4, [('a', '<u4'), ('b', '<u2')])\n\
                    a = x['a']\n\
                    a[:] = [10, 20, 30, 40]\n\
                    assert a.strides == (6,)";
        if cfg!(target_endian = "big") {
            return;
        }
        let array = variable(py, code, "a");
        is_copied_only(
            handle(&array),
            &[10_u32, 20, 30, 40],
            "misaligned: its elements need addresses that are multiples of 4 bytes",
        );
    });
}

// --- Arrays that overlap themselves -----------------------------------------------------------

#[test]
fn a8_an_array_of_one_element_repeated_is_not_written_to() {
    Python::attach(|py| {
        let code = "np.lib.stride_tricks.as_strided(np.ones(1), (3,), (0,))";
        is_only_read::<f64, Ix1>(py, code, &[1.0; 3]);
        // One element at a time does no harm.
        let array = made::<f64, Ix1>(py, code);
        let mut guard = array.readwrite();
        *guard.get_mut(2).unwrap() = 5.0;
        assert_eq!(guard.get(0), Some(&5.0));
    });
}

#[test]
fn a8_sliding_windows_are_not_written_to() {
    Python::attach(|py| {
        let code = "np.lib.stride_tricks.sliding_window_view(np.arange(4.0), 3, writeable=True)";
        is_only_read::<f64, Ix2>(py, code, &[0.0, 1.0, 2.0, 1.0, 2.0, 3.0]);
    });
}

#[test]
fn s2_rows_that_are_one_row_are_not_written_to() {
    Python::attach(|py| {
        let code = "np.lib.stride_tricks.as_strided(np.arange(3.0), (2, 3), (0, 8))";
        is_only_read::<f64, Ix2>(py, code, &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
    });
}

// --- Shapes at the edge -------------------------------------------------------------------------

#[test]
fn s13_a_negative_stride_beside_an_axis_without_elements() {
    let path = "layouts::s13_a_negative_stride_beside_an_axis_without_elements";
    survives(path, |py| {
        for (code, shape) in [
            ("np.zeros((3, 4))[::-1, :0]", [3, 0]),
            ("np.zeros((3, 4))[:0, ::-1]", [0, 4]),
            ("np.zeros((0, 3))[:, ::-1]", [0, 3]),
            (
                "np.lib.stride_tricks.as_strided(np.zeros(1), (2**40, 0), (-2**62, 8))",
                [1 << 40, 0],
            ),
            (
                "np.lib.stride_tricks.as_strided(np.zeros(1), (0, 7), (8, -2**63))",
                [0, 7],
            ),
        ] {
            let array = made::<f64, Ix2>(py, code);
            let any = array.as_any();
            let guard = any.extract::<PyReadonlyArray2<'_, f64>>().unwrap();
            assert_eq!(guard.as_array().shape(), shape, "{code}");
            assert_eq!(guard.as_array().iter().count(), 0);
            assert_eq!(guard.as_slice().unwrap(), [0.0; 0]);
            assert_eq!(guard.get([0, 0]), None);
            drop(guard);
            let mut guard = any.extract::<PyReadwriteArray2<'_, f64>>().unwrap();
            assert_eq!(guard.as_array_mut().shape(), shape);
            assert_eq!(guard.get_mut([0, 0]), None);
            drop(guard);
            assert_eq!(array.readonly().try_as_array().unwrap().shape(), shape);
            assert_eq!(array.readwrite().try_as_array_mut().unwrap().shape(), shape);
            assert_eq!(array.to_owned_array().shape(), shape);
            assert_eq!(array.to_vec().unwrap(), [0.0; 0]);
            assert_eq!(array.get_owned([0, 0]), None);
            assert_eq!(array.as_raw_array().shape(), shape);
            assert_eq!(array.as_raw_array_mut().shape(), shape);
        }
    });
}

#[test]
fn c_arrays_of_more_than_32_dimensions() {
    Python::attach(|py| {
        let max = max_ndim(py);
        for ndim in [32, 33, 34, 64].into_iter().filter(|ndim| *ndim <= max) {
            let code = format!(
                "np.arange(8.0).reshape((2, 2) + (1,) * {} + (2,))[:, ::-1]",
                ndim - 3
            );
            let array = made::<f64, IxDyn>(py, &code);
            let wanted = [2.0, 3.0, 0.0, 1.0, 6.0, 7.0, 4.0, 5.0];
            let any = array.as_any();
            let guard = any.extract::<PyReadonlyArrayDyn<'_, f64>>().unwrap();
            assert_eq!((guard.ndim(), guard.as_array().ndim()), (ndim, ndim));
            assert!(guard.as_array().iter().eq(&wanted));
            assert_eq!(guard.to_vec().unwrap(), wanted);
            drop(guard);
            let guard = array.try_readonly().unwrap();
            assert!(guard.try_as_array().unwrap().iter().eq(&wanted));
            drop(guard);
            let mut guard = any.extract::<PyReadwriteArrayDyn<'_, f64>>().unwrap();
            assert!(guard.as_array_mut().iter().eq(&wanted));
            drop(guard);
            let owned = array.to_owned_array();
            assert!(owned.iter().eq(&wanted));
            let back = owned.to_pyarray(py);
            assert_eq!(
                (back.ndim(), back.to_vec().unwrap()),
                (ndim, wanted.to_vec())
            );
        }
    });
}

#[test]
fn c_a_view_to_write_through_of_two_rows_without_elements() {
    Python::attach(|py| {
        let arrays = [
            made::<f64, Ix2>(py, "np.zeros([2, 0])"),
            PyArray2::<f64>::zeros(py, [2, 0], false),
            PyArray2::<f64>::zeros(py, [2, 0], true),
            Array::<f64, _>::zeros((2, 0)).into_pyarray(py),
        ];
        for array in arrays {
            let any = array.as_any();
            let mut guard = any.extract::<PyReadwriteArray2<'_, f64>>().unwrap();
            assert_eq!(guard.as_array_mut().shape(), [2, 0]);
            assert_eq!(guard.as_slice_mut().unwrap(), [0.0; 0]);
            drop(guard);
            let mut guard = array.try_readwrite().unwrap();
            assert_eq!(
                guard.try_as_array_mut().unwrap().rows().into_iter().count(),
                2
            );
            drop(guard);
            let guard = any.extract::<PyReadonlyArray2<'_, f64>>().unwrap();
            assert_eq!(guard.as_array(), Array::<f64, _>::zeros((2, 0)));
            assert_eq!(array.to_owned_array().shape(), [2, 0]);
        }
        let empty = PyArray1::<f64>::zeros(py, 0, false);
        assert_eq!(empty.readwrite().as_array_mut().len(), 0);
    });
}
