//! Arrays that share memory, and the methods that read or write without a guard of the caller's.

use npyo::ndarray::{Ix1, array};
use npyo::{
    BorrowError, Complex64, PyArray0, PyArray1, PyReadonlyArray1, PyReadonlyArrayDyn,
    PyReadwriteArray1, prelude::*, pyarray,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::common::{array as made, eval_on, exec, numpy_version, refused};
use crate::survives;
use crate::ways::{are_apart, borrow_panic, exclude_each_other, handle, is_borrowed, pair};

// --- What shares memory -------------------------------------------------------------------------

#[test]
fn a5_a_complex_array_and_its_imaginary_part() {
    Python::attach(|py| {
        let (a, b) = pair(py, "a = np.zeros(4, 'c16'); b = a.imag");
        exclude_each_other::<Complex64, f64>(&a, &b);
        let (a, b) = pair(py, "x = np.zeros(4, 'c16'); a = x.real; b = x.imag");
        are_apart::<f64, f64>(&a, &b);
    });
}

#[test]
fn a5_an_array_and_every_other_number_of_its_reinterpretation() {
    Python::attach(|py| {
        let (a, b) = pair(py, "a = np.zeros(4, 'f8'); b = a.view('i4')[1::2]");
        exclude_each_other::<f64, i32>(&a, &b);
        let (a, b) = pair(
            py,
            "x = np.zeros(4, 'f8').view('i4'); a = x[::2]; b = x[1::2]",
        );
        are_apart::<i32, i32>(&a, &b);
    });
}

#[test]
fn a6_an_array_and_a_view_of_one_element_without_dimensions() {
    Python::attach(|py| {
        let (a, b) = pair(py, "a = np.zeros(3); b = a[0, ...]\nassert b.shape == ()");
        exclude_each_other::<f64, f64>(&a, &b);
        let (a, b) = pair(py, "a = np.array(1 + 2j); b = a.imag\nassert b.shape == ()");
        exclude_each_other::<Complex64, f64>(&a, &b);
        let (a, b) = pair(py, "x = np.zeros(3); a = x[0, ...]; b = x[1:]");
        are_apart::<f64, f64>(&a, &b);
    });
}

#[test]
fn s3_an_array_and_its_first_element_reshaped_to_no_dimensions() {
    Python::attach(|py| {
        let (a, b) = pair(py, "a = np.zeros(3); b = a[0:1].reshape(())");
        exclude_each_other::<f64, f64>(&a, &b);
    });
}

#[test]
fn a7_broadcast_views_of_a_complex_number_and_of_its_real_part() {
    let path = "borrows::a7_broadcast_views_of_a_complex_number_and_of_its_real_part";
    survives(path, |py| {
        let code = "z = np.array([1 + 2j]); a = np.broadcast_to(z, (3,)); \
                    b = np.broadcast_to(z.real, (3,))";
        broadcast_views_of_one_base::<Complex64, f64>(py, code, Complex64::new(1.0, 2.0), 1.0, "z");
    });
}

#[test]
fn s5_broadcast_views_of_two_item_sizes_on_one_base() {
    let path = "borrows::s5_broadcast_views_of_two_item_sizes_on_one_base";
    survives(path, |py| {
        let code = "z = np.array([1 + 2**40]); a = np.broadcast_to(z, (3,)); \
                    b = np.broadcast_to(z.view('u1')[:1], (5,))\n\
                    assert a.strides == b.strides == (0,)";
        if cfg!(target_endian = "big") {
            return;
        }
        broadcast_views_of_one_base::<i64, u8>(py, code, 1 + (1 << 40), 1, "z");
    });
}

/// Checks that the broadcast views `a` and `b` are read at the same time, see one number each,
/// and keep their base from being written to.
fn broadcast_views_of_one_base<A, B>(py: Python<'_>, code: &str, one: A, other: B, base: &str)
where
    A: npyo::Element + PartialEq,
    B: npyo::Element + PartialEq,
{
    let names = exec(py, code);
    let get = |name| names.get_item(name).unwrap().unwrap();
    let (a, b, base) = (get("a"), get("b"), get(base));
    let base = base.cast::<PyArray1<A>>().unwrap();
    for _ in 0..2 {
        let first = a.extract::<PyReadonlyArray1<'_, A>>().unwrap();
        let second = b.extract::<PyReadonlyArray1<'_, B>>().unwrap();
        assert!(first.as_array().iter().all(|number| *number == one));
        assert!(second.as_array().iter().all(|number| *number == other));
        is_borrowed(py, base.try_readwrite());
        drop(first);
        is_borrowed(py, base.try_readwrite());
        let first = handle::<A>(&a).try_readonly().unwrap();
        drop(second);
        is_borrowed(py, base.as_any().extract::<PyReadwriteArray1<'_, A>>());
        let second = handle::<B>(&b).try_readonly().unwrap();
        drop((first, second));
        let writer = base.try_readwrite().unwrap();
        is_borrowed(py, a.extract::<PyReadonlyArray1<'_, A>>());
        is_borrowed(py, b.extract::<PyReadonlyArray1<'_, B>>());
        is_borrowed(py, handle::<B>(&b).try_readonly());
        drop(writer);
    }
    // They are read-only to NumPy already.
    let err = handle::<B>(&b).try_readwrite().unwrap_err();
    assert_eq!(err, BorrowError::NotWriteable);
}

#[test]
fn a9_arrays_over_one_buffer() {
    Python::attach(|py| {
        for code in [
            "buf = bytearray(24); a = np.frombuffer(buf); b = np.frombuffer(buf)",
            "a = np.zeros(3); b = np.asarray(memoryview(a))",
            "a = np.zeros(3); b = np.asarray(type('Interface', (), \
             {'__array_interface__': a.__array_interface__, 'keep': a})())",
            "import ctypes; c = (ctypes.c_double * 3)(); a = np.ctypeslib.as_array(c); \
             b = np.ctypeslib.as_array(c)",
        ] {
            let (a, b) = pair(py, code);
            exclude_each_other::<f64, f64>(&a, &b);
        }
        let code = "buf = bytearray(24); a = np.frombuffer(buf, count=1); \
                    b = np.frombuffer(buf, offset=8)";
        let (a, b) = pair(py, code);
        are_apart::<f64, f64>(&a, &b);
    });
}

#[test]
fn a9_an_array_through_dlpack() {
    Python::attach(|py| {
        if numpy_version(py) < (1, 23) {
            return;
        }
        let (a, b) = pair(py, "a = np.zeros(3); b = np.from_dlpack(a)");
        exclude_each_other::<f64, f64>(&a, &b);
        let (a, b) = pair(py, "x = np.zeros(3); a = x[2:]; b = np.from_dlpack(x)");
        exclude_each_other::<f64, f64>(&a, &b);
    });
}

/// Two maps of one file lie at different addresses, as the memory of another process would.
#[test]
fn a9_arrays_over_one_memory_map() {
    Python::attach(|py| {
        let code = "import tempfile\n\
                    file = tempfile.TemporaryFile()\n\
                    a = np.memmap(file, 'f8', 'w+', shape=(3,))\n\
                    b = np.asarray(a)\n\
                    assert type(a) is not type(b)";
        let (a, b) = pair(py, code);
        exclude_each_other::<f64, f64>(&a, &b);
        let code = "import mmap\n\
                    m = mmap.mmap(-1, 4096)\n\
                    a = np.frombuffer(m)\n\
                    b = np.frombuffer(m, count=1, offset=4088)";
        let (a, b) = pair(py, code);
        exclude_each_other::<f64, f64>(&a, &b);
    });
}

#[test]
fn a14_two_buffers_with_one_base_object() {
    Python::attach(|py| {
        let code = "class Two:\n\
                    \x20   parts = [np.zeros(3), np.zeros(100_000)]\n\
                    \x20   turn = 0\n\
                    \x20   @property\n\
                    \x20   def __array_interface__(self):\n\
                    \x20       return self.parts[self.turn].__array_interface__\n\
                    two = Two()\n\
                    a = np.asarray(two)\n\
                    two.turn = 1\n\
                    b = np.asarray(two)\n\
                    assert a.base is two and b.base is two\n\
                    assert not np.shares_memory(a, b)";
        let (a, b) = pair(py, code);
        are_apart::<f64, f64>(&a, &b);
        are_apart::<f64, f64>(&eval_on(&a, "a[::2]"), &eval_on(&b, "a[::-3]"));
        let tail = eval_on(&b, "a[99_999:]");
        exclude_each_other::<f64, f64>(&b, &tail);
        are_apart::<f64, f64>(&a, &tail);
    });
}

// --- Methods that read or write without a guard of the caller's ---------------------------------

#[test]
fn a10_copying_to_an_array_that_is_read() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.zeros(3)");
        let nines = made::<f64, Ix1>(py, "np.full(3, 9.0)");
        let guard = array
            .as_any()
            .extract::<PyReadonlyArray1<'_, f64>>()
            .unwrap();
        let slice = guard.as_slice().unwrap();
        is_borrowed(py, nines.copy_to(&array));
        is_borrowed(py, nines.readonly().copy_to(&array));
        assert_eq!(slice, [0.0; 3]);
        drop(guard);
        let guard = array.try_readonly().unwrap();
        let view = guard.as_array();
        is_borrowed(py, nines.copy_to(&array));
        assert_eq!(view, array![0.0, 0.0, 0.0]);
        drop(guard);
        // Nor is it written through another array over the same memory.
        let tail = eval_on(&array, "a[1:]");
        let guard = array.readonly();
        is_borrowed(py, pyarray![py, 9.0, 9.0].copy_to(handle::<f64>(&tail)));
        assert_eq!(guard.as_slice().unwrap(), [0.0; 3]);
        drop(guard);
        nines.copy_to(&array).unwrap();
        assert_eq!(array.to_vec().unwrap(), [9.0; 3]);
    });
}

#[test]
fn a10_copying_from_an_array_that_is_written() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let scalar = PyArray0::<f64>::zeros(py, (), false);
        let other = PyArray1::<f64>::zeros(py, 2, false);
        let mut writer = array
            .as_any()
            .extract::<PyReadwriteArray1<'_, f64>>()
            .unwrap();
        let mut item = scalar.readwrite();
        let (slice, element) = (writer.as_slice_mut().unwrap(), item.get_mut(()).unwrap());
        borrow_panic(|| array.get_owned(0));
        is_borrowed(py, array.to_vec());
        borrow_panic(|| array.to_owned_array());
        borrow_panic(|| scalar.item());
        is_borrowed(py, array.cast_array::<i32>(false));
        is_borrowed(py, array.copy_to(&other));
        is_borrowed(py, other.copy_to(&array));
        slice[0] = 5.0;
        *element = 6.0;
        drop((writer, item));
        assert_eq!((array.get_owned(0), scalar.item()), (Some(5.0), 6.0));
        assert_eq!(
            array.cast_array::<i32>(false).unwrap().to_vec().unwrap(),
            [5, 2]
        );
        assert_eq!(other.to_vec().unwrap(), [0.0; 2]);
    });
}

#[test]
fn a10_the_handle_that_a_writing_guard_leads_to() {
    Python::attach(|py| {
        let mut guard = pyarray![py, 1.0, 2.0].into_readwrite();
        // The methods of the guard read what it has borrowed, between two views of it.
        guard.as_slice_mut().unwrap()[0] = 5.0;
        assert_eq!(guard.get_owned(0), Some(5.0));
        assert_eq!(guard.to_vec().unwrap(), [5.0, 2.0]);
        assert_eq!(guard.to_owned_array(), array![5.0, 2.0]);
        assert_eq!(
            guard.cast_array::<i32>(false).unwrap().to_vec().unwrap(),
            [5, 2]
        );
        // Those of the handle take a guard of their own, and do not get it.
        let array = guard.as_bound().clone();
        let slice = guard.as_slice_mut().unwrap();
        is_borrowed(py, array.to_vec());
        borrow_panic(|| array.get_owned(0));
        is_borrowed(py, array.try_readonly());
        is_borrowed(
            py,
            array
                .to_dyn()
                .as_any()
                .extract::<PyReadonlyArrayDyn<'_, f64>>(),
        );
        slice[1] = 7.0;
        assert_eq!(guard.to_vec().unwrap(), [5.0, 7.0]);
        is_borrowed(py, guard.copy_to(&array));
    });
}

#[test]
fn a10_copying_to_an_array_that_is_read_only() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.frombuffer(bytes(16))");
        let text = refused::<PyValueError>(py, pyarray![py, 1.0, 2.0].copy_to(&array));
        assert!(
            text.starts_with("assignment destination is read-only"),
            "{text}"
        );
        assert_eq!(array.to_vec().unwrap(), [0.0; 2]);
    });
}
