//! Guards: what conflicts and what does not, and what a guard sees while Python goes on.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use npyo::ndarray::{Ix1, Ix2, array};
use npyo::{
    AllowTypeChange, ArrayBorrowError, BorrowError, Complex64, PyArray, PyArray0, PyArray1,
    PyArrayLike1, PyReadonlyArray, PyReadonlyArray1, PyReadonlyArrayDyn, PyReadwriteArray1,
    PyReadwriteArrayDyn, prelude::*, pyarray,
};
use proptest::prelude::*;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict};

use crate::common::{
    array as made, eval, eval_on, exec, exec_on, in_child, numpy_version, panic_text, refused,
};

/// Runs `code`, which leaves the arrays `a` and `b`.
#[track_caller]
fn pair<'py>(py: Python<'py>, code: &str) -> (Bound<'py, PyAny>, Bound<'py, PyAny>) {
    let names = exec(py, code);
    let get = |name| names.get_item(name).unwrap().unwrap();
    (get("a"), get("b"))
}

/// Whether `a` cannot be borrowed to write while `b` is borrowed to read, which must be so the
/// other way round as well.
#[track_caller]
fn conflict<A: npyo::Element, B: npyo::Element>(py: Python<'_>, code: &str) -> bool {
    let (a, b) = pair(py, code);
    let read_a = a.extract::<PyReadonlyArrayDyn<'_, A>>().unwrap();
    let read_b = b.extract::<PyReadonlyArrayDyn<'_, B>>().unwrap();
    let write_a = a.cast::<npyo::PyArrayDyn<A>>().unwrap().try_readwrite();
    assert_eq!(write_a.unwrap_err(), BorrowError::AlreadyBorrowed);
    drop(read_a);
    let a = a.cast::<npyo::PyArrayDyn<A>>().unwrap();
    let b = b.cast::<npyo::PyArrayDyn<B>>().unwrap();
    let conflict = a.try_readwrite().is_err();
    drop(read_b);

    let write_a = a.readwrite();
    assert_eq!(b.try_readonly().is_err(), conflict, "{code}");
    assert_eq!(b.try_readwrite().is_err(), conflict, "{code}");
    drop(write_a);
    let write_b = b.readwrite();
    assert_eq!(a.try_readonly().is_err(), conflict, "{code}");
    assert_eq!(a.try_readwrite().is_err(), conflict, "{code}");
    drop(write_b);
    // Nothing is left borrowed.
    drop(a.readwrite());
    drop(b.readwrite());
    conflict
}

// --- The rules ----------------------------------------------------------------------------

#[test]
fn many_may_read_or_one_may_write() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let first = array.readonly();
        let second = array.try_readonly().unwrap();
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        drop(first);
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        drop(second);
        let writer = array.try_readwrite().unwrap();
        assert_eq!(
            array.try_readonly().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        assert!(array.clone().try_into_readonly().is_err());
        assert!(array.clone().try_into_readwrite().is_err());
        drop(writer);
        drop(array.clone().into_readonly());
        drop(array.into_readwrite());
    });
}

#[test]
fn a_refused_guard_is_a_panic_with_the_name_of_the_error() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let writer = array.readwrite();
        let wanted = "AlreadyBorrowed: The given array is already borrowed";
        assert_eq!(panic_text(|| array.readonly()), wanted);
        assert_eq!(panic_text(|| array.readwrite()), wanted);
        assert_eq!(panic_text(|| array.clone().into_readonly()), wanted);
        assert_eq!(panic_text(|| array.clone().into_readwrite()), wanted);
        drop(writer);
        let array = array.readwrite().make_nonwriteable();
        assert_eq!(
            panic_text(|| array.readwrite()),
            "NotWriteable: The given array is not writeable"
        );
    });
}

#[test]
fn a_refused_argument_is_a_borrow_error() {
    #[pyfunction]
    fn add(mut to: PyReadwriteArray1<'_, f64>, from: PyReadonlyArray1<'_, f64>) {
        to.as_array_mut()
            .zip_mut_with(&from.as_array(), |x, y| *x += y);
    }
    Python::attach(|py| {
        let add = wrap_pyfunction!(add)(py).unwrap();
        let array = pyarray![py, 1.0, 2.0];
        let other = pyarray![py, 10.0, 20.0];
        add.call1((&array, &other)).unwrap();
        assert_eq!(array.to_vec().unwrap(), [11.0, 22.0]);
        let text = refused::<ArrayBorrowError>(py, add.call1((&array, &array)));
        assert!(text.starts_with("array is already borrowed"), "{text}");
        let err = add.call1((&array, &array)).unwrap_err();
        assert!(err.is_instance_of::<pyo3::exceptions::PyRuntimeError>(py));
        // Both guards are gone after the refusal.
        add.call1((&array, &other)).unwrap();

        let writer = array.readwrite();
        refused::<ArrayBorrowError>(py, array.extract::<PyReadonlyArray1<'_, f64>>());
        refused::<ArrayBorrowError>(py, array.extract::<PyReadwriteArray1<'_, f64>>());
        refused::<ArrayBorrowError>(py, array.extract::<PyArrayLike1<'_, f64>>());
        refused::<ArrayBorrowError>(
            py,
            array.extract::<PyArrayLike1<'_, f64, AllowTypeChange>>(),
        );
        refused::<ArrayBorrowError>(
            py,
            array.extract::<PyArrayLike1<'_, i32, AllowTypeChange>>(),
        );
        drop(writer);
    });
}

#[test]
fn a_writing_guard_needs_a_writeable_array() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.zeros(3)");
        exec_on(&array, "a.flags.writeable = False");
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::NotWriteable
        );
        let text = refused::<PyValueError>(py, array.extract::<PyReadwriteArray1<'_, f64>>());
        assert!(
            text.starts_with("assignment destination is read-only"),
            "{text}"
        );
        // Read-only comes before borrowed, and neither leaves anything behind.
        let reader = array.readonly();
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::NotWriteable
        );
        drop(reader);
        exec_on(&array, "a.flags.writeable = True");
        drop(array.readwrite());
        let bytes = made::<u8, Ix1>(py, "np.frombuffer(b'abc', dtype=np.uint8)");
        assert_eq!(
            bytes.try_readwrite().unwrap_err(),
            BorrowError::NotWriteable
        );
        assert_eq!(bytes.readonly().as_slice().unwrap(), b"abc");
    });
}

#[test]
fn an_array_of_which_numpy_warns_is_writeable_unless_warnings_are_errors() {
    let path = "borrow::an_array_of_which_numpy_warns_is_writeable_unless_warnings_are_errors";
    in_child(path, "", |_| {
        Python::attach(|py| {
            let code = "np.broadcast_arrays(np.zeros((1, 3)), np.zeros((2, 3)))[0]";
            let array = made::<f64, Ix2>(py, code);
            exec(py, "import warnings; warnings.simplefilter('error')");
            assert!(array.try_readwrite().is_err());
            assert!(PyErr::take(py).is_none());
            exec(py, "import warnings; warnings.simplefilter('ignore')");
            array.try_readwrite().unwrap();
        });
    });
}

#[test]
fn a_masked_array_is_refused() {
    Python::attach(|py| {
        let masked = "np.ma.array([1.0, 2.0], mask=[0, 1])";
        let array = made::<f64, Ix1>(py, masked);
        assert_eq!(array.try_readonly().unwrap_err(), BorrowError::Masked);
        assert_eq!(array.try_readwrite().unwrap_err(), BorrowError::Masked);
        let text = refused::<PyTypeError>(py, array.extract::<PyReadonlyArray1<'_, f64>>());
        assert!(text.contains("mask would be lost"), "{text}");
        refused::<PyTypeError>(py, array.extract::<PyReadwriteArray1<'_, f64>>());
        refused::<PyTypeError>(py, array.extract::<PyArrayLike1<'_, f64>>());
        refused::<PyTypeError>(
            py,
            array.extract::<PyArrayLike1<'_, f32, AllowTypeChange>>(),
        );
        refused::<PyTypeError>(py, array.cast_array::<i32>(false));
        refused::<PyTypeError>(py, array.copy_to(&PyArray1::<f64>::zeros(py, 2, false)));
        let to = PyArray1::<f64>::zeros(py, 2, false);
        refused::<PyTypeError>(py, to.copy_to(&array));
        refused::<PyTypeError>(py, array.to_vec());
        // Without its mask it is an array like others.
        let data = made::<f64, Ix1>(py, &format!("{masked}.data"));
        assert_eq!(data.to_vec().unwrap(), [1.0, 2.0]);
    });
}

// --- What conflicts -----------------------------------------------------------------------

#[test]
fn arrays_without_common_memory_do_not_conflict() {
    Python::attach(|py| {
        assert!(!conflict::<f64, f64>(
            py,
            "a = np.zeros(3); b = np.zeros(3)"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(6); a = x[:3]; b = x[3:]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(6); a = x[2::-1]; b = x[:2:-1]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros((4, 4)); a = x[:, :2]; b = x[:, 2:]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros((4, 4)); a = x[:2]; b = x[2:]"
        ));
    });
}

#[test]
fn interleaved_views_do_not_conflict() {
    Python::attach(|py| {
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(9); a = x[::2]; b = x[1::2]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(9); a = x[::3]; b = x[2::3]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(9); a = x[::2]; b = x[-2::-4]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros((4, 6)); a = x[::2, 1::2]; b = x[:, ::2]"
        ));
        assert!(!conflict::<u8, u8>(
            py,
            "x = np.zeros((9, 9, 3), 'u1'); a = x[..., 0]; b = x[..., 1]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(4, 'c16'); a = x.real; b = x.imag"
        ));
    });
}

#[test]
fn fields_of_records_do_not_conflict_with_each_other() {
    Python::attach(|py| {
        let records = "x = np.zeros(4, np.dtype([('p', 'f8'), ('q', 'i4'), ('r', 'i4')]));";
        assert!(!conflict::<f64, i32>(
            py,
            &format!("{records} a = x['p']; b = x['q']")
        ));
        assert!(!conflict::<i32, i32>(
            py,
            &format!("{records} a = x['r']; b = x['q']")
        ));
        assert!(conflict::<i32, i32>(
            py,
            &format!("{records} a = x['q'][1:]; b = x['q'][:2]")
        ));
    });
}

#[test]
fn overlapping_views_conflict() {
    Python::attach(|py| {
        assert!(conflict::<f64, f64>(py, "a = np.zeros(3); b = a"));
        assert!(conflict::<f64, f64>(py, "a = np.zeros(3); b = a[:]"));
        assert!(conflict::<f64, f64>(py, "a = np.zeros(3); b = a[::-1]"));
        assert!(conflict::<f64, f64>(
            py,
            "x = np.zeros(6); a = x[:4]; b = x[3:]"
        ));
        assert!(conflict::<f64, f64>(
            py,
            "x = np.zeros(9); a = x[::2]; b = x[::3]"
        ));
        assert!(conflict::<f64, f64>(py, "a = np.zeros((3, 4)); b = a.T"));
        assert!(conflict::<f64, f64>(
            py,
            "a = np.zeros((3, 4)); b = a[1, 2:3]"
        ));
        assert!(conflict::<f64, f64>(
            py,
            "x = np.zeros((4, 4)); a = x[:, 1]; b = x[1]"
        ));
        assert!(conflict::<f64, f64>(
            py,
            "x = np.zeros((4, 4)); a = x[:3, :3]; b = x[2:, 2:]"
        ));
        assert!(conflict::<f64, f64>(
            py,
            "a = np.zeros(3); b = a[:][:][1:].view()"
        ));
    });
}

#[test]
fn views_of_another_item_size_conflict_where_they_share_bytes() {
    Python::attach(|py| {
        // The gcd of the strides is no argument when an item is larger than it.
        assert!(conflict::<Complex64, f64>(
            py,
            "a = np.zeros(4, 'c16'); b = a.imag"
        ));
        assert!(conflict::<Complex64, f64>(
            py,
            "a = np.zeros(4, 'c16')[::2]; b = a.imag"
        ));
        assert!(!conflict::<Complex64, f64>(
            py,
            "x = np.zeros(4, 'c16'); a = x[::2]; b = x[1::2].imag"
        ));
        assert!(conflict::<f64, i32>(
            py,
            "a = np.zeros(4); b = a.view('i4')[1::2]"
        ));
        assert!(conflict::<f64, u8>(
            py,
            "a = np.zeros(4); b = a.view('u1')[31:]"
        ));
        assert!(conflict::<u8, i32>(
            py,
            "x = np.zeros(8, 'i4'); a = x.view('u1')[3::4]; b = x[::3]"
        ));
    });
}

#[test]
fn a_zero_dimensional_view_conflicts_with_its_base() {
    Python::attach(|py| {
        assert!(conflict::<f64, f64>(py, "a = np.zeros(3); b = a[0, ...]"));
        assert!(conflict::<f64, f64>(
            py,
            "a = np.zeros(3); b = a[2:].reshape(())"
        ));
        assert!(conflict::<f64, f64>(py, "a = np.zeros(()); b = a[...]"));
        assert!(conflict::<Complex64, f64>(
            py,
            "a = np.zeros((), 'c16'); b = a.imag"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "x = np.zeros(3); a = x[0, ...]; b = x[1:]"
        ));
        assert!(!conflict::<f64, f64>(
            py,
            "a = np.zeros(()); b = np.zeros(())"
        ));
    });
}

#[test]
fn broadcast_views_conflict_where_they_share_bytes_and_can_be_read_together() {
    Python::attach(|py| {
        let code = "z = np.zeros(1, 'c16'); a = np.broadcast_to(z, (3,)); \
                    b = np.broadcast_to(z.real, (3,))";
        let (a, b) = pair(py, code);
        let a = a.extract::<PyReadonlyArray1<'_, Complex64>>().unwrap();
        let b = b.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        assert_eq!((a.as_array().len(), b.as_array().sum()), (3, 0.0));
        drop((a, b));

        let code = "a = np.zeros(1); b = np.lib.stride_tricks.as_strided(a, (3,), (0,))";
        let (a, b) = pair(py, code);
        let reader = b.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        refused::<ArrayBorrowError>(py, a.extract::<PyReadwriteArray1<'_, f64>>());
        drop(reader);
        a.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
        // A broadcast view of other bytes.
        let code = "x = np.zeros((2, 1)); a = x[0]; \
                    b = np.lib.stride_tricks.as_strided(x[1], (3, 4), (0, 0))";
        assert!(!conflict::<f64, f64>(py, code));
    });
}

#[test]
fn an_empty_array_conflicts_with_nothing() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 0, false);
        let (_one, _two) = (array.readwrite(), array.readwrite());
        drop(array.readonly());
        let (a, b) = pair(py, "a = np.zeros(3); b = a[1:1]");
        let _writer = a.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
        let _other = b.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
        let _reader = b.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
    });
}

#[test]
fn arrays_over_one_buffer_conflict_however_they_came_about() {
    Python::attach(|py| {
        let conflicts = [
            "buf = bytearray(24); a = np.frombuffer(buf); b = np.frombuffer(buf)",
            "buf = bytearray(24); a = np.frombuffer(buf, offset=8); b = np.frombuffer(buf, count=2)",
            "a = np.zeros(3); b = np.asarray(memoryview(a))",
            "a = np.zeros(3); b = np.frombuffer(memoryview(a)[1:])",
            "a = np.zeros(3); b = np.array(memoryview(a), copy=False)",
            "import ctypes; c = (ctypes.c_double * 3)(); a = np.ctypeslib.as_array(c); b = np.frombuffer(c)",
            "a = np.zeros(3); b = np.ndarray(2, 'f8', a, 8)",
            "a = np.zeros(3); b = np.asarray(type('I', (), \
             {'__array_interface__': a.__array_interface__, 'keep': a})())",
            "import mmap; m = mmap.mmap(-1, 4096); a = np.frombuffer(m); b = np.frombuffer(m, count=1, offset=4088)",
        ];
        for code in conflicts {
            assert!(conflict::<f64, f64>(py, code), "{code}");
        }
        let code = "buf = bytearray(24); a = np.frombuffer(buf, offset=8); \
                    b = np.frombuffer(buf, count=1)";
        assert!(!conflict::<f64, f64>(py, code));
    });
}

#[test]
fn an_array_through_dlpack_conflicts_with_its_origin() {
    Python::attach(|py| {
        if numpy_version(py) < (1, 23) {
            return;
        }
        let (a, b) = pair(py, "a = np.zeros(3); b = np.from_dlpack(a)");
        // Read-only in some versions of NumPy.
        let reader = b.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        refused::<ArrayBorrowError>(py, a.extract::<PyReadwriteArray1<'_, f64>>());
        drop(reader);
        let writer = a.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
        refused::<ArrayBorrowError>(py, b.extract::<PyReadonlyArray1<'_, f64>>());
        drop(writer);
    });
}

#[test]
fn arrays_over_memory_of_rust_conflict_as_others_do() {
    Python::attach(|py| {
        let array = vec![1.0, 2.0, 3.0].into_pyarray(py);
        let view = eval_on(&array, "a[1:]")
            .cast_into::<PyArray1<f64>>()
            .unwrap();
        let reader = view.readonly();
        assert!(array.try_readwrite().is_err());
        assert!(array.try_readonly().is_ok());
        drop(reader);
        drop(array.readwrite());
    });
}

/// A slice of an axis as Python writes it.
fn any_slice() -> impl Strategy<Value = String> {
    let bound = prop_oneof![Just(String::new()), (-5..6_i32).prop_map(|n| n.to_string())];
    let step = prop_oneof![Just(1), Just(2), Just(3), Just(-1), Just(-2)];
    (bound.clone(), bound, step).prop_map(|(start, stop, step)| format!("{start}:{stop}:{step}"))
}

fn any_view() -> impl Strategy<Value = String> {
    let slices = (any_slice(), any_slice());
    let tail = prop_oneof![
        Just(""),
        Just(".T"),
        Just(".view('i4')"),
        Just("[..., 0]"),
        Just("[:, np.newaxis, ::2]"),
    ];
    (slices, tail).prop_map(|((s0, s1), tail)| {
        // Old versions of NumPy change the item size of contiguous arrays only.
        match tail {
            ".view('i4')" => format!("x.view('i4')[{s0}, {s1}]"),
            "[..., 0]" => format!("x[{s0}, {s1}][..., :1]"),
            tail => format!("x[{s0}, {s1}]{tail}"),
        }
    })
}

/// Whether a writing guard of `a` is refused while there is a reading one of `b`.
fn refused_while_reading(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> bool {
    let write = |a: &Bound<'_, PyAny>| match a.cast::<npyo::PyArrayDyn<f64>>() {
        Ok(a) => a.try_readwrite().is_err(),
        Err(_) => a
            .cast::<npyo::PyArrayDyn<i32>>()
            .unwrap()
            .try_readwrite()
            .is_err(),
    };
    match b.cast::<npyo::PyArrayDyn<f64>>() {
        Ok(b) => {
            let _reader = b.readonly();
            write(a)
        }
        Err(_) => {
            let _reader = b.cast::<npyo::PyArrayDyn<i32>>().unwrap().readonly();
            write(a)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..Default::default() })]

    #[test]
    fn views_conflict_exactly_if_they_share_memory(a in any_view(), b in any_view()) {
        Python::attach(|py| {
            let code = format!("x = np.zeros((5, 6)); a = {a}; b = {b}; s = np.shares_memory(a, b)");
            let names = exec(py, &code);
            let get = |name| names.get_item(name).unwrap().unwrap();
            let shared: bool = get("s").is_truthy().unwrap();
            assert_eq!(refused_while_reading(&get("a"), &get("b")), shared, "{code}");
            assert_eq!(refused_while_reading(&get("b"), &get("a")), shared, "{code}");
        });
    }
}

// --- Methods that read or write without a guard of the caller's ------------------------------

#[test]
fn methods_that_copy_are_refused_while_another_guard_conflicts() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let other = PyArray1::<f64>::zeros(py, 2, false);
        let writer = array.readwrite();
        assert!(panic_text(|| array.get_owned(0)).contains("AlreadyBorrowed"));
        assert!(panic_text(|| array.to_owned_array()).contains("AlreadyBorrowed"));
        assert_eq!(
            array.to_vec().unwrap_err().to_string(),
            "The given array is already borrowed"
        );
        refused::<ArrayBorrowError>(py, array.to_vec());
        refused::<ArrayBorrowError>(py, array.cast_array::<i32>(false));
        refused::<ArrayBorrowError>(py, array.copy_to(&other));
        refused::<ArrayBorrowError>(py, other.copy_to(&array));
        drop(writer);
        let reader = array.readonly();
        assert_eq!(array.to_vec().unwrap(), [1.0, 2.0]);
        array.copy_to(&other).unwrap();
        let text = refused::<ArrayBorrowError>(py, other.copy_to(&array));
        assert!(text.contains("one of the two uses writes"), "{text}");
        assert_eq!(reader.as_slice().unwrap(), [1.0, 2.0]);
        drop(reader);
        let scalar = PyArray0::<f64>::zeros(py, (), false);
        let writer = scalar.readwrite();
        assert!(panic_text(|| scalar.item()).contains("AlreadyBorrowed"));
        drop(writer);
        assert_eq!(scalar.item(), 0.0);
    });
}

#[test]
fn a_guard_does_not_conflict_with_itself() {
    Python::attach(|py| {
        let array = pyarray![py, [1.0, 2.0], [3.0, 4.0]];
        let guard = array.readwrite();
        assert_eq!(guard.get_owned([1, 0]), Some(3.0));
        assert_eq!(guard.to_vec().unwrap(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(guard.to_owned_array(), array![[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(
            guard.cast_array::<i32>(false).unwrap().to_vec().unwrap(),
            [1, 2, 3, 4]
        );
        let other = npyo::PyArray2::<f32>::zeros(py, [2, 2], false);
        guard.copy_to(&other).unwrap();
        assert_eq!(other.to_vec().unwrap(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(
            (guard.shape(), guard.strides()),
            (&[2, 2][..], &[16, 8][..])
        );
        assert!(guard.is_contiguous() && guard.is_aligned());
        assert_eq!(guard.as_array(), array![[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(guard.as_slice().unwrap().len(), guard.len());
        assert_eq!(guard.get([0, 1]), Some(&2.0));
        let scalar = PyArray0::<f64>::zeros(py, (), false).into_readwrite();
        assert_eq!(scalar.item(), 0.0);
        // What goes through the array itself, it does conflict with.
        assert!(guard.try_readonly().is_err());
        refused::<ArrayBorrowError>(py, guard.copy_to(&array));
    });
}

#[test]
fn copying_an_array_onto_itself_is_refused() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0, 3.0];
        refused::<ArrayBorrowError>(py, array.copy_to(&array));
        let tail = eval_on(&array, "a[1:]")
            .cast_into::<PyArray1<f64>>()
            .unwrap();
        let head = eval_on(&array, "a[:2]")
            .cast_into::<PyArray1<f64>>()
            .unwrap();
        refused::<ArrayBorrowError>(py, head.copy_to(&tail));
        assert_eq!(array.to_vec().unwrap(), [1.0, 2.0, 3.0]);
        drop(array.readwrite());
    });
}

#[test]
fn python_code_that_runs_during_a_copy_meets_the_borrow() {
    Python::attach(|py| {
        // An object whose conversion to a number asks for a guard of both arrays.
        let objects = made::<Py<PyAny>, Ix1>(py, "np.array([None, None])");
        let numbers = PyArray1::<f64>::zeros(py, 2, false);
        let (from, to) = (objects.clone().unbind(), numbers.clone().unbind());
        let look = PyCFunction::new_closure(py, None, None, move |args, _| {
            let py = args.py();
            let reads = from.bind(py).try_readonly().is_ok();
            let writes = from.bind(py).try_readwrite().is_ok();
            let other = to.bind(py).try_readonly().is_ok();
            (reads, writes, other)
        })
        .unwrap();
        let names = PyDict::new(py);
        names.set_item("look", &look).unwrap();
        names.set_item("a", &objects).unwrap();
        let code = c"
seen = []
class Number:
    def __float__(self):
        seen.append(look())
        return 1.5
a[0] = a[1] = Number()
";
        py.run(code, Some(&names), None).unwrap();
        let seen = || -> Vec<(bool, bool, bool)> {
            let seen = names.get_item("seen").unwrap().unwrap();
            let result = seen.extract().unwrap();
            seen.call_method0("clear").unwrap();
            result
        };
        objects.copy_to(&numbers).unwrap();
        assert_eq!(seen(), [(true, false, false); 2]);
        assert_eq!(numbers.to_vec().unwrap(), [1.5, 1.5]);
        assert_eq!(
            objects.cast_array::<f64>(false).unwrap().to_vec().unwrap(),
            [1.5, 1.5]
        );
        assert_eq!(seen(), [(true, false, true); 2]);
        exec_on(&objects, "a[:] = None");
    });
}

// --- What a guard sees while Python changes the array ---------------------------------------

#[test]
fn a_guard_keeps_the_shape_strides_and_dtype_that_it_was_given() {
    Python::attach(|py| {
        for change in [
            "a.shape = (3, 2)",
            "a.shape = (6,)",
            "a.dtype = 'i1'",
            "a.dtype = 'f4'",
            "a.dtype = 'u8'",
            "a.strides = (0, 0)",
            "a.strides = (8, 16)",
        ] {
            let array = made::<f64, Ix2>(py, "np.arange(6.0).reshape(2, 3).copy()");
            let numbers = array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]];
            let flat = eval_on(&array, "a.reshape(-1)")
                .cast_into::<PyArray1<f64>>()
                .unwrap();
            let mut guard = array.readwrite();
            exec_on(&array, change);
            assert_eq!(guard.shape(), [2, 3], "{change}");
            assert_eq!(guard.strides(), [24, 8]);
            assert_eq!((guard.ndim(), guard.len(), guard.is_empty()), (2, 6, false));
            assert_eq!(guard.dims(), npyo::ndarray::Dim([2, 3]));
            assert_eq!(guard.data(), guard.as_array().as_ptr().cast_mut());
            assert!(
                guard.dtype().is_equiv_to(&npyo::dtype::<f64>(py)),
                "{change}"
            );
            assert!(guard.is_c_contiguous() && !guard.is_fortran_contiguous());
            assert!(guard.is_contiguous() && guard.is_aligned());
            assert_eq!(guard.as_array(), numbers, "{change}");
            assert_eq!(guard.try_as_array().unwrap(), numbers);
            assert_eq!(guard.as_slice().unwrap(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
            assert_eq!(guard.get([1, 2]), Some(&5.0));
            assert_eq!(guard.get([2, 1]), None);
            assert_eq!(guard.get_owned([1, 2]), Some(5.0));
            assert_eq!(guard.to_vec().unwrap().len(), 6);
            assert_eq!(guard.to_owned_array(), numbers);
            assert_eq!(guard.cast_array::<i32>(false).unwrap().shape(), [2, 3]);
            let copy = npyo::PyArray2::<f64>::zeros(py, [2, 3], false);
            guard.copy_to(&copy).unwrap();
            assert_eq!(copy.to_owned_array(), numbers, "{change}");
            guard.as_array_mut()[[0, 0]] = 7.0;
            guard.as_slice_mut().unwrap()[5] = 8.0;
            *guard.get_mut([1, 1]).unwrap() = 9.0;
            assert_eq!(guard.to_vec().unwrap(), [7.0, 1.0, 2.0, 3.0, 9.0, 8.0]);
            drop(guard);
            // The memory is free again, all of it.
            drop(flat.readwrite());
        }
    });
}

#[test]
fn a_guard_taken_as_an_argument_keeps_what_it_was_given() {
    Python::attach(|py| {
        let array = eval(py, "np.arange(4, dtype='i2')");
        let guard = array.extract::<PyReadonlyArray1<'_, i16>>().unwrap();
        exec_on(&array, "a.dtype = 'i1'");
        assert_eq!(guard.as_slice().unwrap(), [0, 1, 2, 3]);
        assert_eq!(guard.clone().as_slice().unwrap(), [0, 1, 2, 3]);
        drop(guard);
        assert_eq!(
            array.extract::<PyReadonlyArray1<'_, i8>>().unwrap().len(),
            8
        );
    });
}

#[test]
fn a_guard_is_released_though_its_array_has_other_memory_by_then() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.zeros(4)");
        let guard = array.readwrite();
        let other = PyArray1::<f64>::zeros(py, 4, false);
        exec_on(&array, "a.resize(100_000, refcheck=False)");
        // The guard must not be looked through any more: this is the trusted part.
        drop(guard);
        drop(other.readwrite());
        drop(array.readwrite());
    });
}

#[test]
fn a_guard_keeps_its_array_alive() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.arange(3.0)");
        let weak = py
            .import("weakref")
            .unwrap()
            .call_method1("ref", (&array,))
            .unwrap();
        let guard = array.into_readonly();
        let weak_alive = || !weak.call0().unwrap().is_none();
        assert!(weak_alive());
        assert_eq!(guard.as_slice().unwrap(), [0.0, 1.0, 2.0]);
        drop(guard);
        assert!(!weak_alive());
    });
}

// --- From one guard to another ----------------------------------------------------------------

#[test]
fn a_reading_guard_can_be_cloned() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let first = array.readonly();
        let second = first.clone();
        drop(first);
        assert!(array.try_readwrite().is_err());
        assert_eq!(second.as_slice().unwrap(), [1.0, 2.0]);
        drop(second);
        drop(array.readwrite());
    });
}

#[test]
fn a_writing_guard_cannot_be_cloned_through_its_deref() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let guard = array.readwrite();
        let text = panic_text(|| PyReadonlyArray::clone(&guard));
        assert_eq!(text, "AlreadyBorrowed: The given array is already borrowed");
        assert!(array.try_readonly().is_err());
        drop(guard);
        drop(array.readwrite());
    });
}

#[test]
fn a_writing_guard_becomes_a_reading_one() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let mut writer = array.readwrite();
        writer.as_slice_mut().unwrap()[0] = 5.0;
        let reader = PyReadonlyArray1::from(writer);
        assert_eq!(reader.as_slice().unwrap(), [5.0, 2.0]);
        let second = array.readonly();
        drop(reader.clone());
        assert!(array.try_readwrite().is_err());
        drop(reader);
        assert!(array.try_readwrite().is_err());
        drop(second);
        drop(array.readwrite());
    });
}

#[test]
fn an_array_made_read_only_stays_so_for_python() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let view = eval_on(&array, "a[:]")
            .cast_into::<PyArray1<f64>>()
            .unwrap();
        let guard = array.readwrite().make_nonwriteable();
        assert_eq!(guard.as_slice().unwrap(), [1.0, 2.0]);
        assert!(!eval_on(&array, "a.flags.writeable").is_truthy().unwrap());
        drop(array.readonly());
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::NotWriteable
        );
        // Another view of the memory stays writeable, once the guard is gone.
        assert_eq!(
            view.try_readwrite().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        drop(guard);
        drop(view.readwrite());
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::NotWriteable
        );
    });
}

#[test]
fn resizing_under_a_guard_moves_the_borrow() {
    Python::attach(|py| {
        let guard = PyArray::arange(py, 0, 3, 1).into_readwrite();
        let mut guard = guard.resize(100_000).unwrap();
        assert_eq!((guard.len(), guard.as_slice().unwrap()[2]), (100_000, 2));
        guard.as_slice_mut().unwrap()[99_999] = 7;
        let view = eval_on(&guard, "a[99_999:]")
            .cast_into::<PyArray1<i32>>()
            .unwrap();
        assert!(view.try_readonly().is_err());
        drop(view);
        let guard = guard.resize(2).unwrap();
        assert_eq!(guard.as_slice().unwrap(), [0, 1]);
        let array = guard.as_bound().clone();
        assert!(array.try_readonly().is_err());
        drop(guard);
        drop(array.readwrite());
        assert_eq!(array.to_vec().unwrap(), [0, 1]);
        // To be as long as before needs no other memory.
        assert_eq!(array.readwrite().resize(2).unwrap().len(), 2);
    });
}

#[test]
fn a_refused_resize_gives_the_guard_up() {
    Python::attach(|py| {
        // Memory of Rust.
        let array = vec![1, 2, 3].into_pyarray(py);
        let text = refused::<PyValueError>(py, array.into_readwrite().resize(5));
        assert!(text.contains("does not own its data"), "{text}");
        // A second handle.
        let array = PyArray::arange(py, 0, 3, 1);
        let text = refused::<PyValueError>(py, array.readwrite().resize(5));
        assert!(
            text.contains("referenced by another array or variable"),
            "{text}"
        );
        drop(array.readwrite());
        // More dimensions would make the handle a lie.
        assert!(array.readwrite().resize([2, 2]).is_err());
        assert!(array.readwrite().resize(()).is_err());
        drop(array.readwrite());
        // More than there is memory for.
        let address = array.data();
        assert!(array.into_readwrite().resize(1 << 60).is_err());
        let other = PyArray::arange(py, 0, 3, 1);
        assert!(other.data() != address || other.try_readwrite().is_ok());
    });
}

#[test]
fn resizing_never_moves_memory_that_a_view_refers_to() {
    let path = "borrow::resizing_never_moves_memory_that_a_view_refers_to";
    in_child(path, "", |_| {
        Python::attach(|py| {
            let array = PyArray::arange(py, 0, 4, 1);
            let view = eval_on(&array, "a[1:3]")
                .cast_into::<PyArray1<i32>>()
                .unwrap();
            let guard = array.into_readwrite();
            // The view is the only other reference, if an indirect one.
            let old = guard.data();
            let resized = guard.resize(1_000_000);
            let moved = resized.is_ok_and(|guard| guard.data() != old);
            assert!(!moved, "the view refers to memory that is gone");
            assert_eq!(view.readonly().as_slice().unwrap(), [1, 2]);
        });
    });
}

// --- Lifetimes and threads --------------------------------------------------------------------

#[test]
fn a_guard_is_released_when_a_panic_unwinds() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let text = panic_text(|| {
            let _guard = array.readwrite();
            panic!("on purpose");
        });
        assert_eq!(text, "on purpose");
        drop(array.readwrite());
    });
}

#[test]
fn a_forgotten_guard_stays_borrowed() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        std::mem::forget(array.readonly());
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        drop(array.readonly());
        let array = pyarray![py, 1.0, 2.0];
        std::mem::forget(array.readwrite());
        assert_eq!(
            array.try_readonly().unwrap_err(),
            BorrowError::AlreadyBorrowed
        );
        // The guard held a reference, so the memory is not given to another array either.
        let other = pyarray![py, 1.0, 2.0];
        drop(other.readwrite());
    });
}

#[test]
fn a_borrow_spans_the_calls_in_between() {
    #[pyfunction]
    fn inner(array: PyReadwriteArray1<'_, f64>) -> usize {
        array.len()
    }
    #[pyfunction]
    fn outer(array: PyReadonlyArray1<'_, f64>, f: &Bound<'_, PyAny>) -> PyResult<usize> {
        let result = f.call1((array.as_bound(),))?.extract()?;
        assert_eq!(array.as_slice()?.len(), 3);
        Ok(result)
    }
    Python::attach(|py| {
        let inner = wrap_pyfunction!(inner)(py).unwrap();
        let outer = wrap_pyfunction!(outer)(py).unwrap();
        let array = PyArray1::<f64>::zeros(py, 3, false);
        refused::<ArrayBorrowError>(py, outer.call1((&array, &inner)));
        assert_eq!(
            inner.call1((&array,)).unwrap().extract::<usize>().unwrap(),
            3
        );
    });
}

#[test]
fn a_borrow_is_seen_by_other_threads() {
    Python::attach(|py| {
        let array = PyArray1::<f64>::zeros(py, 3, false);
        let handle = array.clone().unbind();
        let guard = array.readwrite();
        let seen = py.detach(|| {
            let thread = thread::spawn(move || {
                Python::attach(|py| {
                    let result = handle.bind(py).try_readonly().map(drop);
                    (result, handle)
                })
            });
            thread.join().unwrap()
        });
        assert_eq!(seen.0, Err(BorrowError::AlreadyBorrowed));
        drop(guard);
        let handle = seen.1;
        py.detach(|| {
            let thread = thread::spawn(move || {
                Python::attach(|py| drop(handle.bind(py).readwrite()));
            });
            thread.join().unwrap();
        });
    });
}

#[test]
fn a_view_can_be_used_while_detached() {
    Python::attach(|py| {
        let array = PyArray::arange(py, 0.0, 1000.0, 1.0);
        let guard = array.readonly();
        let view = guard.as_array();
        let (sender, receiver) = mpsc::channel();
        let sum = py.detach(move || {
            let other = thread::spawn(move || {
                Python::attach(|_| sender.send(()).unwrap());
            });
            receiver.recv().unwrap();
            other.join().unwrap();
            view.sum()
        });
        assert_eq!(sum, 499_500.0);
        assert!(array.try_readwrite().is_err());
    });
}

#[test]
fn writers_of_many_threads_exclude_each_other_and_all_readers() {
    const THREADS: usize = 4;
    const ROUNDS: usize = 500;
    let array = Python::attach(|py| PyArray1::<u64>::zeros(py, 64, false).unbind());
    let (torn, refusals) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    loop {
                        let done = Python::attach(|py| match array.bind(py).try_readwrite() {
                            Ok(mut guard) => {
                                for number in guard.as_slice_mut().unwrap() {
                                    *number += 1;
                                }
                                true
                            }
                            Err(_) => false,
                        });
                        if done {
                            break;
                        }
                        refusals.fetch_add(1, Ordering::Relaxed);
                        thread::yield_now();
                    }
                    Python::attach(|py| {
                        if let Ok(guard) = array.bind(py).try_readonly() {
                            let numbers = guard.as_slice().unwrap();
                            if numbers.iter().any(|number| *number != numbers[0]) {
                                torn.store(true, Ordering::Relaxed);
                            }
                        }
                    });
                }
            });
        }
    });
    assert!(!torn.into_inner());
    Python::attach(|py| {
        assert_eq!(
            array.bind(py).to_vec().unwrap(),
            [(THREADS * ROUNDS) as u64; 64]
        );
        drop(array.bind(py).readwrite());
    });
}

#[test]
fn a_thousand_borrows_at_once_are_kept_apart() {
    Python::attach(|py| {
        let matrix = npyo::PyArray2::<f64>::zeros(py, [1000, 3], false);
        let rows: Vec<Bound<'_, PyAny>> =
            matrix.try_iter().unwrap().collect::<PyResult<_>>().unwrap();
        let mut guards: Vec<_> = rows
            .iter()
            .map(|row| row.extract::<PyReadwriteArray1<'_, f64>>().unwrap())
            .collect();
        refused::<ArrayBorrowError>(py, rows[500].extract::<PyReadonlyArray1<'_, f64>>());
        assert!(matrix.try_readonly().is_err());
        guards.remove(500);
        drop(rows[500].extract::<PyReadwriteArray1<'_, f64>>().unwrap());
        assert!(matrix.try_readonly().is_err());
        drop(guards);
        drop(matrix.readwrite());
    });
}

#[test]
fn guards_say_what_they_are() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0];
        let text = format!("{:?}", array.readonly());
        assert!(
            text.starts_with("PyReadonlyArray<f64, ") && text.contains("Dim<[usize; 1]>"),
            "{text}"
        );
        let text = format!("{:?}", array.readwrite());
        assert!(text.starts_with("PyReadwriteArray<f64, "), "{text}");
        let any = array
            .to_dyn()
            .extract::<PyReadwriteArrayDyn<'_, f64>>()
            .unwrap();
        assert!(any.as_bound().is(&array));
    });
}
