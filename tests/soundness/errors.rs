//! Errors where the numpy crate panics, hides the cause, or accepts what it should not.

use npyo::ndarray::{Array, ArrayD, Ix1, IxDyn};
use npyo::{
    AllowTypeChange, Order, PyArray, PyArray1, PyArray2, PyArrayDescr, PyArrayDyn, PyArrayLike1,
    PyReadonlyArray, PyReadonlyArray1, PyReadwriteArray1, prelude::*, pyarray,
};
use pyo3::exceptions::{
    PyException, PyImportError, PyMemoryError, PyModuleNotFoundError, PyOverflowError, PyTypeError,
    PyValueError, PyZeroDivisionError,
};
use pyo3::prelude::*;

use crate::common::{array as made, eval, exec_on, max_ndim, panic_text, refused, text_of};
use crate::survives;
use crate::ways::{borrow_panic, handle, is_borrowed};

// --- Arrays that cannot be made -----------------------------------------------------------------

#[test]
fn a13_an_array_over_memory_of_rust_that_numpy_cannot_make() {
    let path = "errors::a13_an_array_over_memory_of_rust_that_numpy_cannot_make";
    survives(path, |py| {
        // NumPy refuses the dimensions of an array whose memory there is already.
        let too_many = vec![1; max_ndim(py) + 1];
        let many = || ArrayD::<f64>::zeros(too_many.clone());
        refused::<PyValueError>(py, many().try_into_pyarray(py));
        refused::<PyValueError>(py, PyArray::try_from_owned_array(py, many()));
        refused::<PyValueError>(py, many().try_to_pyarray(py));
        refused::<PyValueError>(py, PyArray::try_from_array(py, &many()));
        let objects = ArrayD::from_shape_fn(too_many.clone(), |_| py.None());
        refused::<PyValueError>(py, objects.try_into_pyarray(py));
        let container = pyarray![py, 0.0].into_any();
        let elements = many();
        // SAFETY: no array is made.
        let borrowed = unsafe { PyArray::try_borrow_from_array(&elements, container) };
        refused::<PyValueError>(py, borrowed);
        assert!(panic_text(|| many().into_pyarray(py)).starts_with("ValueError"));
        assert!(panic_text(|| many().to_pyarray(py)).starts_with("ValueError"));
        assert!(PyErr::take(py).is_none());
    });
}

#[test]
fn a13_an_array_that_there_is_no_memory_for() {
    let path = "errors::a13_an_array_that_there_is_no_memory_for";
    survives(path, |py| {
        let len = (1 << 60) - 1;
        refused_for_memory(py, PyArray1::<f64>::try_zeros(py, len, false));
        refused_for_memory(py, PyArray1::<Py<PyAny>>::try_zeros(py, len, false));
        // SAFETY: no array is made.
        refused_for_memory(py, unsafe { PyArray1::<f64>::try_new(py, len, false) });
        // A copy of what is broadcast to more than there is memory for.
        let any = eval(py, "np.broadcast_to(np.ones(1), (2**58,))");
        let guard = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        refused::<PyMemoryError>(py, guard.try_to_owned_array());
        refused::<PyMemoryError>(py, guard.to_vec());
        refused_for_memory(py, guard.cast_array::<f32>(false));
        assert_eq!(guard.get(1 << 57), Some(&1.0));
        let text = panic_text(|| PyArray1::<f64>::zeros(py, len, false));
        assert!(text.contains("MemoryError"), "{text}");
        assert!(PyErr::take(py).is_none());
    });
}

/// Checks for a `MemoryError`, which NumPy has a subclass of.
#[track_caller]
fn refused_for_memory<R>(py: Python<'_>, result: PyResult<R>) {
    match result {
        Ok(_) => panic!("there was memory"),
        Err(err) => assert!(err.is_instance_of::<PyMemoryError>(py), "{err}"),
    }
}

#[test]
fn s10_a_shape_too_large_for_any_memory() {
    let path = "errors::s10_a_shape_too_large_for_any_memory";
    survives(path, |py| {
        let shape = [1 << 40, 1 << 20];
        let err = PyArray2::<f64>::try_zeros(py, shape, false).unwrap_err();
        let wanted = err.to_string();
        let text = text_of::<PyValueError>(py, err);
        assert!(
            text.contains("too big") || text.contains("larger"),
            "{text}"
        );
        assert_eq!(
            panic_text(|| PyArray2::<f64>::zeros(py, shape, false)),
            wanted
        );
        // SAFETY: no array is made.
        let err = unsafe { PyArray2::<f64>::try_new(py, shape, Order::Fortran) };
        assert_eq!(refused::<PyValueError>(py, err), text);
        // SAFETY: no array is made.
        let panic = panic_text(|| unsafe { PyArray2::<f64>::new(py, shape, false) });
        assert_eq!(panic, wanted);
        assert!(PyErr::take(py).is_none());
    });
}

#[test]
fn c_every_constructor_has_a_twin_that_returns_the_error() {
    Python::attach(|py| {
        // A length that is negative to NumPy.
        for shape in [&[usize::MAX][..], &[3, usize::MAX], &[usize::MAX, 0]] {
            let err = PyArrayDyn::<f64>::try_zeros(py, shape, false).unwrap_err();
            let wanted = err.to_string();
            text_of::<PyValueError>(py, err);
            let text = panic_text(|| PyArrayDyn::<f64>::zeros(py, shape, false));
            assert_eq!(text, wanted);
        }
        // One that the shape has no elements for.
        let none = PyArray2::<f64>::try_zeros(py, [0, 1 << 62], false);
        match none {
            Ok(array) => assert_eq!((array.len(), array.shape()), (0, &[0, 1 << 62][..])),
            Err(err) => assert!(err.is_instance_of::<PyValueError>(py), "{err}"),
        }
        for err in [
            PyArray::try_arange(py, 0, 5, 0).unwrap_err(),
            PyArray::try_arange(py, 0.0, 5.0, 0.0).unwrap_err(),
            PyArray::try_arange(py, 0.0, f64::INFINITY, 1.0).unwrap_err(),
            PyArray::try_arange(py, 0.0, f64::NAN, 1.0).unwrap_err(),
            PyArray::try_arange(py, 0, i64::MAX / 8, 1).unwrap_err(),
        ] {
            let is_named = err.is_instance_of::<PyValueError>(py)
                || err.is_instance_of::<PyZeroDivisionError>(py)
                || err.is_instance_of::<PyOverflowError>(py)
                || err.is_instance_of::<PyMemoryError>(py);
            assert!(is_named, "{err}");
        }
        let ragged = [vec![1, 2], vec![3]];
        refused::<PyValueError>(py, PyArray::try_from_vec2(py, &ragged));
        refused::<PyValueError>(py, PyArray::try_from_vec3(py, &[ragged.to_vec(), vec![]]));
        assert!(PyErr::take(py).is_none());

        assert_eq!(PyArray::try_from_slice(py, &[1, 2]).unwrap().len(), 2);
        assert_eq!(PyArray::try_from_vec(py, vec![1, 2]).unwrap().len(), 2);
        assert_eq!(PyArray::try_from_iter(py, 0..2).unwrap().len(), 2);
        assert_eq!([1, 2].try_to_pyarray(py).unwrap().len(), 2);
        assert_eq!(vec![1, 2].try_into_pyarray(py).unwrap().len(), 2);
        let owned = Array::from_vec(vec![py.None()]);
        let array = PyArray::try_from_owned_object_array(py, owned).unwrap();
        assert_eq!(array.len(), 1);
    });
}

// --- Guards that are not granted ----------------------------------------------------------------

#[test]
fn c_an_array_like_argument_that_is_borrowed_is_an_error() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let writer = array.readwrite();
        is_borrowed(py, array.extract::<PyArrayLike1<'_, f64>>());
        is_borrowed(
            py,
            array.extract::<PyArrayLike1<'_, f64, AllowTypeChange>>(),
        );
        is_borrowed(
            py,
            array.extract::<PyArrayLike1<'_, i32, AllowTypeChange>>(),
        );
        drop(writer);
        let like = array.extract::<PyArrayLike1<'_, f64>>().unwrap();
        assert_eq!(like.as_slice().unwrap(), [1.0, 2.0]);
        is_borrowed(py, array.extract::<PyReadwriteArray1<'_, f64>>());
    });
}

#[test]
fn c_every_guard_has_a_way_that_returns_the_error() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let writer = array.try_readwrite().unwrap();
        is_borrowed(py, array.try_readonly());
        is_borrowed(py, array.clone().try_into_readonly());
        borrow_panic(|| array.readonly());
        borrow_panic(|| array.clone().into_readonly());
        drop(writer);
        let reader = array.try_readonly().unwrap();
        is_borrowed(py, array.try_readwrite());
        is_borrowed(py, array.clone().try_into_readwrite());
        borrow_panic(|| array.readwrite());
        borrow_panic(|| array.clone().into_readwrite());
        drop(reader);
        drop(array.try_into_readwrite().unwrap());
    });
}

#[test]
fn c_a_guard_to_read_can_always_be_cloned() {
    Python::attach(|py| {
        let any = eval(py, "np.arange(4.0)");
        let guard = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        for change in [
            "a.dtype = 'i2'",
            "a.shape = (2, 8)",
            "a.flags.writeable = False",
        ] {
            exec_on(&any, change);
            let clone = guard.clone();
            assert_eq!(clone.as_slice().unwrap(), [0.0, 1.0, 2.0, 3.0]);
        }
        let clone = guard.clone();
        drop(guard);
        exec_on(&any, "a.flags.writeable = True; a.shape = (16,)");
        is_borrowed(py, any.extract::<PyReadwriteArray1<'_, i16>>());
        drop(clone);
        drop(any.extract::<PyReadwriteArray1<'_, i16>>().unwrap());
        // Of a guard to write there is none: what looks like one is refused.
        let writer = handle::<i16>(&any).readwrite();
        borrow_panic(|| PyReadonlyArray::clone(&writer));
    });
}

// --- Arguments of the wrong sort ----------------------------------------------------------------

#[test]
fn s11_a_masked_array_is_refused() {
    Python::attach(|py| {
        let any = eval(py, "np.ma.array([1., 2.], mask=[0, 1])");
        let told = |text: String| assert!(text.contains("its mask would be lost"), "{text}");
        told(refused::<PyTypeError>(
            py,
            any.extract::<PyReadonlyArray1<'_, f64>>(),
        ));
        told(refused::<PyTypeError>(
            py,
            any.extract::<PyReadwriteArray1<'_, f64>>(),
        ));
        told(refused::<PyTypeError>(
            py,
            any.extract::<PyArrayLike1<'_, f64>>(),
        ));
        let like = any.extract::<PyArrayLike1<'_, f32, AllowTypeChange>>();
        told(refused::<PyTypeError>(py, like));
        let array = handle::<f64>(&any);
        told(refused::<PyTypeError>(py, array.try_readonly()));
        told(refused::<PyTypeError>(py, array.try_readwrite()));
        told(refused::<PyTypeError>(py, array.to_vec()));
        told(panic_text(|| array.to_owned_array()));
        told(panic_text(|| array.get_owned(0)));
        told(refused::<PyTypeError>(py, array.cast_array::<f32>(false)));
        told(refused::<PyTypeError>(
            py,
            pyarray![py, 3.0, 4.0].copy_to(array),
        ));
        let filled = made::<f64, Ix1>(py, "np.ma.array([1., 2.], mask=[0, 1]).filled(9)");
        assert_eq!(filled.readonly().as_slice().unwrap(), [1.0, 9.0]);
    });
}

#[test]
fn s12_an_array_of_another_dtype_is_refused_with_both_dtypes() {
    Python::attach(|py| {
        let any = eval(py, "np.zeros(3)");
        let wanted = "type mismatch:\n from=float64, to=float32";
        let text = refused::<PyTypeError>(py, any.extract::<PyReadonlyArray1<'_, f32>>());
        assert_eq!(text, wanted);
        let text = refused::<PyTypeError>(py, any.extract::<PyReadwriteArray1<'_, f32>>());
        assert_eq!(text, wanted);
        let text = refused::<PyTypeError>(py, any.extract::<PyArrayLike1<'_, f32>>());
        assert_eq!(text, wanted);
        // Of a handle PyO3 words the error, which has no place for a dtype.
        refused::<PyTypeError>(py, any.cast::<PyArray1<f32>>());
        refused::<PyTypeError>(py, any.extract::<Bound<'_, PyArray1<f32>>>());
        assert!(any.cast::<PyArray1<f64>>().is_ok());
        assert!(any.cast::<PyArray<f64, IxDyn>>().is_ok());
    });
}

// --- No NumPy -----------------------------------------------------------------------------------

#[test]
fn c_a_missing_numpy_is_an_error_that_python_catches() {
    let path = "errors::c_a_missing_numpy_is_an_error_that_python_catches";
    survives(path, |py| {
        py.run(c"import sys; sys.modules['numpy'] = None", None, None)
            .unwrap();
        let err = npyo::init(py).unwrap_err();
        assert!(err.is_instance_of::<PyException>(py));
        let cause = err.cause(py).unwrap();
        assert!(cause.is_instance_of::<PyModuleNotFoundError>(py), "{cause}");
        let text = text_of::<PyImportError>(py, err);
        assert!(
            text.starts_with("npyo needs NumPy 1.21 or newer, but NumPy is not installed"),
            "{text}"
        );
        // Once it can be imported, it is.
        py.run(c"import sys; del sys.modules['numpy']", None, None)
            .unwrap();
        npyo::init(py).unwrap();
        assert_eq!(PyArray1::<f64>::zeros(py, 3, false).len(), 3);
    });
}

#[test]
fn c_a_missing_numpy_is_an_error_wherever_there_is_a_result() {
    let path = "errors::c_a_missing_numpy_is_an_error_wherever_there_is_a_result";
    survives(path, |py| {
        py.run(c"import sys; sys.modules['numpy'] = None", None, None)
            .unwrap();
        // With no call of `npyo::init` before.
        refused::<PyImportError>(py, PyArrayDescr::try_of::<f64>(py));
        refused::<PyImportError>(py, PyArrayDescr::new(py, "f8"));
        refused::<PyImportError>(py, PyArray1::<f64>::try_zeros(py, 3, false));
        refused::<PyImportError>(py, vec![1.0].try_into_pyarray(py));
        refused::<PyImportError>(py, [1.0].try_to_pyarray(py));
        refused::<PyImportError>(py, PyArray::try_arange(py, 0, 3, 1));
        let list = py.eval(c"[1.0]", None, None).unwrap();
        refused::<PyImportError>(py, list.extract::<PyReadonlyArray1<'_, f64>>());
        refused::<PyImportError>(py, list.extract::<PyReadwriteArray1<'_, f64>>());
        refused::<PyImportError>(py, list.extract::<PyArrayLike1<'_, f64>>());
    });
}
