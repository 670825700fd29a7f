//! Python code that changes an array while it is borrowed.

use npyo::ndarray::Ix1;
use npyo::{
    BorrowError, Element, InvalidElement, PyArray1, PyArrayDescr, PyReadonlyArray1,
    PyReadonlyArray2, PyReadonlyArrayDyn, PyReadwriteArray1, dtype, prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{array as made, eval, eval_on, exec_on, panic_text, refused};
use crate::survives;
use crate::ways::{handle, is_borrowed};

// --- Another dtype ------------------------------------------------------------------------------

#[test]
fn b_another_dtype_leaves_a_guard_as_it_was() {
    let path = "changes::b_another_dtype_leaves_a_guard_as_it_was";
    survives(path, |py| {
        // Four numbers in 32 bytes, of which the new dtype makes sixteen.
        let any = eval(py, "np.arange(4.0)");
        let wanted = [0.0, 1.0, 2.0, 3.0];
        let guard = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        exec_on(&any, "a.dtype = 'i2'; assert a.shape == (16,)");
        assert_eq!(guard.as_slice().unwrap(), wanted);
        assert_eq!((guard.len(), guard.shape()), (4, &[4][..]));
        assert!(guard.as_array().iter().eq(&wanted));
        assert_eq!(guard.to_vec().unwrap(), wanted);
        assert_eq!((guard.get(3), guard.get(4)), (Some(&3.0), None));
        drop(guard);
        // The next guard looks anew, and the one before has left nothing borrowed.
        refused::<PyTypeError>(py, any.extract::<PyReadonlyArray1<'_, f64>>());
        drop(any.extract::<PyReadwriteArray1<'_, i16>>().unwrap());

        let array = made::<f64, Ix1>(py, "np.arange(4.0)");
        let mut guard = array.try_readwrite().unwrap();
        exec_on(&array, "a.dtype = 'i2'");
        assert_eq!(guard.as_slice_mut().unwrap(), wanted);
        *guard.get_mut(0).unwrap() = 8.0;
        assert_eq!(guard.to_vec().unwrap(), [8.0, 1.0, 2.0, 3.0]);
        drop(guard);
        // The type of the handle is no longer true.
        assert_eq!(array.try_readonly().unwrap_err(), BorrowError::Changed);
        let text = refused::<PyTypeError>(py, array.try_readwrite());
        assert!(text.contains("was changed after it was checked"), "{text}");
        exec_on(&array, "a.dtype = 'f8'");
        assert_eq!(array.readwrite().as_slice().unwrap(), [8.0, 1.0, 2.0, 3.0]);
    });
}

#[test]
fn s4_a_guard_is_released_after_its_array_got_another_dtype() {
    let path = "changes::s4_a_guard_is_released_after_its_array_got_another_dtype";
    survives(path, |py| {
        let any = eval(py, "np.zeros(4)");
        for _ in 0..2 {
            let argument = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
            let handle = handle::<f64>(&any).clone();
            let second = handle.try_readonly().unwrap();
            exec_on(&any, "a.dtype = 'f4'");
            // What is borrowed are the same bytes.
            is_borrowed(py, any.extract::<PyReadwriteArray1<'_, f32>>());
            drop(argument);
            is_borrowed(py, any.extract::<PyReadwriteArray1<'_, f32>>());
            drop(second);
            drop(any.extract::<PyReadwriteArray1<'_, f32>>().unwrap());
            exec_on(&any, "a.dtype = 'f8'");
            let writer = any.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
            exec_on(&any, "a.dtype = 'f4'");
            is_borrowed(py, any.extract::<PyReadonlyArray1<'_, f32>>());
            drop(writer);
            drop(any.extract::<PyReadwriteArray1<'_, f32>>().unwrap());
            exec_on(&any, "a.dtype = 'f8'");
        }
    });
}

#[test]
fn s7_a_slice_is_as_long_as_the_array_was_when_it_was_borrowed() {
    let path = "changes::s7_a_slice_is_as_long_as_the_array_was_when_it_was_borrowed";
    survives(path, |py| {
        let any = eval(py, "np.arange(8, dtype='i2')");
        let wanted: [i16; 8] = [0, 1, 2, 3, 4, 5, 6, 7];
        let guard = any.extract::<PyReadonlyArray1<'_, i16>>().unwrap();
        let second = handle::<i16>(&any).try_readonly().unwrap();
        exec_on(&any, "a.dtype = 'i1'; assert a.size == 16");
        for guard in [&guard, &second, &guard.clone()] {
            assert_eq!(guard.as_slice().unwrap(), wanted);
            assert_eq!(guard.as_array().len(), 8);
            assert_eq!(guard.to_owned_array().len(), 8);
            assert!(guard.dtype().is_equiv_to(&dtype::<i16>(py)));
        }
        drop((guard, second));
        assert_eq!(any.extract::<PyReadonlyArray1<'_, i8>>().unwrap().len(), 16);
    });
}

// --- Another shape ------------------------------------------------------------------------------

#[test]
fn s9_a_guard_keeps_its_dimensions_when_the_array_gets_more() {
    Python::attach(|py| {
        let any = eval(py, "np.arange(6.0)");
        let wanted = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        let guard = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        let second = handle::<f64>(&any).try_readonly().unwrap();
        exec_on(&any, "a.shape = (2, 3)");
        for guard in [&guard, &second] {
            assert_eq!((guard.shape(), guard.strides()), (&[6][..], &[8][..]));
            assert_eq!((guard.ndim(), guard.len()), (1, 6));
            assert_eq!(guard.as_array().shape(), [6]);
            assert!(guard.try_as_array().unwrap().iter().eq(&wanted));
            assert_eq!(guard.as_slice().unwrap(), wanted);
            assert_eq!(guard.get(5), Some(&5.0));
            assert!(guard.to_owned_array().iter().eq(&wanted));
        }
        let array = guard.as_bound().clone();
        drop((guard, second));
        let text = refused::<PyTypeError>(py, any.extract::<PyReadonlyArray1<'_, f64>>());
        assert_eq!(text, "dimensionality mismatch:\n from=2, to=1");
        assert_eq!(array.try_readonly().unwrap_err(), BorrowError::Changed);
        let matrix = any.extract::<PyReadonlyArray2<'_, f64>>().unwrap();
        assert_eq!(matrix.as_array()[[1, 2]], 5.0);
    });
}

// --- Other memory -------------------------------------------------------------------------------

/// The elements must not be looked at after the resize, which is trusted code: see SOUNDNESS.md.
#[test]
fn b_a_guard_is_released_after_its_array_was_resized() {
    let path = "changes::b_a_guard_is_released_after_its_array_was_resized";
    survives(path, |py| {
        for size in [100_000, 1, 0] {
            let any = eval(py, "np.zeros(4)");
            let resize = format!("a.resize({size}, refcheck=False)");
            let argument = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
            let second = handle::<f64>(&any).try_readonly().unwrap();
            exec_on(&any, &resize);
            drop((argument, second));
            drop(any.extract::<PyReadwriteArray1<'_, f64>>().unwrap());

            let any = eval(py, "np.zeros(4)");
            let writer = any.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
            exec_on(&any, &resize);
            drop(writer);
            let guard = any.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
            assert_eq!(guard.to_vec().unwrap(), vec![0.0; size]);
        }
    });
}

// --- Another flag -------------------------------------------------------------------------------

#[test]
fn b_the_writeable_flag_is_that_of_the_moment_of_the_borrow() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.zeros(3)");
        let mut writer = array.try_readwrite().unwrap();
        exec_on(&array, "a.flags.writeable = False");
        // The guard that was granted keeps what it was granted.
        writer.as_slice_mut().unwrap()[0] = 1.0;
        writer.as_array_mut()[1] = 2.0;
        *writer.get_mut(2).unwrap() = 3.0;
        drop(writer);
        // Those after it are not granted any more, nor is the array copied to.
        assert_eq!(
            array.try_readwrite().unwrap_err(),
            BorrowError::NotWriteable
        );
        let argument = array.as_any().extract::<PyReadwriteArray1<'_, f64>>();
        let text = refused::<PyValueError>(py, argument);
        assert!(
            text.starts_with("assignment destination is read-only"),
            "{text}"
        );
        let from = PyArray1::<f64>::zeros(py, 3, false);
        let text = refused::<PyValueError>(py, from.copy_to(&array));
        assert!(
            text.starts_with("assignment destination is read-only"),
            "{text}"
        );
        assert_eq!(array.readonly().as_slice().unwrap(), [1.0, 2.0, 3.0]);
        // A guard to read does not become one to write with the flag.
        let reader = array.readonly();
        exec_on(&array, "a.flags.writeable = True");
        is_borrowed(py, array.try_readwrite());
        is_borrowed(py, from.copy_to(&array));
        drop(reader);
        from.copy_to(&array).unwrap();
        assert_eq!(array.to_vec().unwrap(), [0.0; 3]);
    });
}

// --- Panics -------------------------------------------------------------------------------------

/// An element type of another crate whose every function panics once it is asked to do its work.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
struct Panics(u8);

// SAFETY: a byte, all of whose bit patterns are values; a panic breaks no promise.
unsafe impl Element for Panics {
    const IS_COPY: bool = false;
    const ALL_BITS_VALID: bool = false;

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        dtype::<u8>(py)
    }

    fn clone_ref(&self, _py: Python<'_>) -> Self {
        panic!("cloned on purpose: {}", self.0)
    }

    unsafe fn first_invalid(
        _py: Python<'_>,
        data: *const u8,
        _len: usize,
        _stride: isize,
    ) -> Option<InvalidElement> {
        // SAFETY: the elements are readable, and here there always are some.
        let first = unsafe { data.read() };
        assert_ne!(first, 7, "checked on purpose");
        None
    }
}

#[test]
fn b_a_panic_leaves_no_lock_poisoned_and_nothing_borrowed() {
    let path = "changes::b_a_panic_leaves_no_lock_poisoned_and_nothing_borrowed";
    survives(path, |py| {
        let any = eval(py, "np.array([1, 2, 3], 'u1')");
        let bytes = handle::<u8>(&any);
        let array = handle::<Panics>(&any);
        let guard = array.try_readonly().unwrap();
        assert!(panic_text(|| guard.to_vec().is_ok()).starts_with("cloned on purpose: 1"));
        assert!(panic_text(|| guard.get_owned(2)).starts_with("cloned on purpose: 3"));
        drop(guard);
        assert!(panic_text(|| array.to_owned_array()).starts_with("cloned on purpose: 1"));
        bytes.readwrite().as_slice_mut().unwrap()[0] = 7;
        let extract = || any.extract::<PyReadonlyArray1<'_, Panics>>().is_ok();
        assert!(panic_text(extract).contains("checked on purpose"));
        let extract = || any.extract::<PyReadwriteArray1<'_, Panics>>().is_ok();
        assert!(panic_text(extract).contains("checked on purpose"));
        drop(bytes.readwrite());

        // On another thread, with guards in hand.
        let sent = array.clone().unbind();
        py.detach(|| {
            let thread = std::thread::spawn(move || {
                Python::attach(|py| {
                    let _guards = (sent.bind(py).readonly(), sent.bind(py).readonly());
                    panic!("on purpose");
                })
            });
            thread.join().unwrap_err()
        });
        assert_eq!(bytes.readwrite().as_slice().unwrap(), [7, 2, 3]);
        let other = eval_on(&any, "a[1:]");
        drop(other.extract::<PyReadonlyArrayDyn<'_, u8>>().unwrap());
    });
}
