//! Views and copies: what an array of each layout shows.

use npyo::ndarray::{ArrayD, Dimension, Ix1, Ix2, IxDyn, array, s};
use npyo::{
    Complex64, Element, PyArray1, PyArray2, PyArrayDyn, PyReadonlyArray1, PyReadonlyArrayDyn,
    PyReadwriteArray1, PyReadwriteArray2, PyReadwriteArrayDyn, prelude::*,
};
use proptest::prelude::*;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::fmt::Debug;

use crate::common::{array as made, eval, eval_on, in_child, panic_text, refused};

/// An element that Python's own numbers can be compared with.
trait Number: Element + Clone + PartialEq + Debug {
    fn from_python(number: &Bound<'_, PyAny>) -> Self;
}

macro_rules! number {
    ($($ty:ty)*) => {$(
        impl Number for $ty {
            fn from_python(number: &Bound<'_, PyAny>) -> Self {
                number.extract().unwrap()
            }
        }
    )*};
}
number!(f64 i8 i16 i32 u8 u32);

macro_rules! complex {
    ($($ty:ident)*) => {$(
        impl Number for npyo::$ty {
            fn from_python(number: &Bound<'_, PyAny>) -> Self {
                let part = |name| number.getattr(name).unwrap().extract().unwrap();
                Self::new(part("real"), part("imag"))
            }
        }
    )*};
}
complex!(Complex32 Complex64);

/// The elements as NumPy lists them, in C order.
fn listed<T: Number>(array: &Bound<'_, PyAny>) -> Vec<T> {
    let list = eval_on(array, "a.reshape(-1).tolist()");
    let numbers = list.try_iter().unwrap();
    numbers
        .map(|number| T::from_python(&number.unwrap()))
        .collect()
}

/// Checks every method that copies against the elements in C order.
#[track_caller]
fn check_copies<T: Element + Clone + PartialEq + Debug>(
    array: &Bound<'_, PyArrayDyn<T>>,
    wanted: &[T],
) {
    let py = array.py();
    let shape = array.to_shape();
    let wanted = ArrayD::from_shape_vec(shape.clone(), wanted.to_vec()).unwrap();
    let in_order = |array: &Bound<'_, PyArrayDyn<T>>| -> Vec<T> {
        // As `as_slice`, `to_vec` follows the memory of an array in Fortran order.
        if array.is_fortran_contiguous() && !array.is_c_contiguous() {
            wanted.t().iter().cloned().collect()
        } else {
            wanted.iter().cloned().collect()
        }
    };
    assert_eq!(array.to_owned_array(), wanted);
    assert_eq!(array.to_vec().unwrap(), in_order(array));
    let guard = array.readonly();
    assert_eq!(guard.to_owned_array(), wanted);
    assert_eq!(guard.try_to_owned_array().unwrap(), wanted);
    assert_eq!(guard.to_vec().unwrap(), in_order(array));
    for (index, element) in wanted.indexed_iter() {
        assert_eq!(guard.get_owned(index.clone()).as_ref(), Some(element));
        assert_eq!(
            guard.try_get_owned(index.clone()).unwrap().as_ref(),
            Some(element)
        );
        assert_eq!(array.get_owned(index).as_ref(), Some(element));
    }
    let copy = PyArrayDyn::<T>::zeros(py, shape.clone(), false);
    array.copy_to(&copy).unwrap();
    assert_eq!(copy.to_owned_array(), wanted);
    let copy = PyArrayDyn::<T>::zeros(py, shape, true);
    guard.copy_to(&copy).unwrap();
    assert_eq!(copy.to_owned_array(), wanted);
    for fortran in [false, true] {
        let cast = array.cast_array::<T>(fortran).unwrap();
        assert_eq!(cast.to_owned_array(), wanted);
    }
}

/// Checks that an array cannot be viewed, with an error that contains `problem`, but copied.
#[track_caller]
fn only_copied<T: Number>(py: Python<'_>, code: &str, problem: &str) {
    let array = made::<T, IxDyn>(py, code);
    let text = refused::<PyValueError>(py, array.extract::<PyReadonlyArrayDyn<'_, T>>());
    assert!(text.contains(problem), "{text}");
    let text = refused::<PyValueError>(py, array.extract::<PyReadwriteArrayDyn<'_, T>>());
    assert!(text.contains(problem), "{text}");

    let mut guard = array.readwrite();
    let err = guard.try_as_array().unwrap_err();
    assert!(err.is_layout());
    assert!(err.to_string().contains(problem), "{err}");
    assert_eq!(panic_text(|| guard.as_array().len()), err.to_string());
    let first = guard.dims();
    let first = IxDyn(&vec![0; first.ndim()]);
    assert_eq!(
        panic_text(|| guard.get(first.clone()).is_some()),
        err.to_string()
    );
    assert_eq!(
        panic_text(|| guard.get_mut(first).is_some()),
        err.to_string()
    );
    let err = guard.try_as_array_mut().unwrap_err();
    assert!(err.to_string().contains(problem), "{err}");
    assert_eq!(panic_text(|| guard.as_array_mut().len()), err.to_string());
    let text = "The given array is not contiguous or is misaligned.";
    assert_eq!(guard.as_slice().unwrap_err().to_string(), text);
    assert_eq!(guard.as_slice_mut().unwrap_err().to_string(), text);
    drop(guard);

    check_copies(&array, &listed::<T>(&array));
}

/// Checks that an array is viewed as NumPy lists it, to read and to write.
#[track_caller]
fn viewed<T: Number>(array: &Bound<'_, PyAny>) {
    let wanted = listed::<T>(array);
    let guard = array.extract::<PyReadonlyArrayDyn<'_, T>>().unwrap();
    let view = guard.as_array();
    assert_eq!(view.shape(), guard.shape());
    assert!(view.iter().eq(wanted.iter()), "{view:?} is not {wanted:?}");
    for (index, element) in view.indexed_iter() {
        assert_eq!(guard.get(index.clone()), Some(element));
    }
    match guard.as_slice() {
        Ok(slice) if guard.is_c_contiguous() => assert_eq!(slice, wanted),
        Ok(slice) => {
            assert!(guard.is_fortran_contiguous());
            assert!(slice.iter().eq(view.t().iter()));
        }
        Err(_) => assert!(!guard.is_contiguous()),
    }
    let array = array.cast::<PyArrayDyn<T>>().unwrap();
    check_copies(array, &wanted);
    drop(guard);
    let mut guard = array.extract::<PyReadwriteArrayDyn<'_, T>>().unwrap();
    assert!(guard.as_array_mut().iter().eq(wanted.iter()));
    drop(guard);
    // SAFETY: nothing else refers to the elements.
    let view = unsafe { PyArrayMethods::as_array(array) };
    assert!(view.iter().eq(wanted.iter()));
}

// --- Layouts that can be viewed -----------------------------------------------------------------

#[test]
fn arrays_of_every_ordinary_layout_are_viewed() {
    Python::attach(|py| {
        for code in [
            "np.arange(24.0)",
            "np.arange(24.0).reshape(2, 3, 4)",
            "np.arange(24.0).reshape(2, 3, 4).T",
            "np.asfortranarray(np.arange(24.0).reshape(4, 6))",
            "np.arange(24.0).reshape(2, 3, 4).transpose(1, 2, 0)",
            "np.arange(24.0)[::-1]",
            "np.arange(24.0).reshape(4, 6)[::-1, ::-2]",
            "np.arange(24.0).reshape(4, 6)[1:3, 4:0:-3].T",
            "np.arange(24.0).reshape(4, 6)[:, 2]",
            "np.arange(24.0)[5:6]",
            "np.array(7.0)",
            "np.arange(24.0)[5, ...]",
            "np.arange(24.0).reshape(1, 4, 1, 6, 1)[:, ::-1, ::-1, ::2, ::-1]",
            "np.arange(24.0)[:, np.newaxis][::3]",
        ] {
            viewed::<f64>(&eval(py, code));
        }
        viewed::<f64>(&eval(py, "(np.arange(6) * (1 + 2j)).imag"));
        viewed::<i32>(&eval(py, "np.zeros(5, 'i4, i4')['f1']"));
        viewed::<u8>(&eval(py, "np.zeros(5, 'i4, u1')['f1']"));
        viewed::<i16>(&eval(
            py,
            "np.zeros(5, np.dtype('i4, i2', align=True))['f1']",
        ));
    });
}

#[test]
fn arrays_without_elements_are_viewed() {
    Python::attach(|py| {
        for code in [
            "np.zeros(0)",
            "np.zeros((2, 0))",
            "np.zeros((0, 2))",
            "np.zeros((2, 0, 3))[::-1, :, ::-1]",
            "np.zeros((3, 4))[::-1, :0]",
            "np.zeros((3, 4))[:0, ::-1]",
            "np.zeros((0, 3))[:, ::-1].T",
            "np.zeros((0, 3))[::-1]",
            "np.zeros((0, 2**20))[:, ::-1]",
            "np.lib.stride_tricks.as_strided(np.zeros(3), (0, 4), (3, -5))",
            "np.lib.stride_tricks.as_strided(np.zeros(3), (4, 0), (0, 0))",
            // Misaligned, if there were elements.
            "np.zeros(9, 'u1')[1:].view('f8')[:0]",
            "np.frombuffer(bytearray(9), 'u1')[1:].view('f8')[1:]",
        ] {
            let array = eval(py, code);
            viewed::<f64>(&array);
            let mut guard = array.extract::<PyReadwriteArrayDyn<'_, f64>>().unwrap();
            assert_eq!(guard.as_slice().unwrap(), [0.0; 0]);
            assert_eq!(guard.as_slice_mut().unwrap(), [0.0; 0]);
            assert!(guard.get(IxDyn(&vec![0; guard.ndim()])).is_none());
        }
    });
}

#[test]
fn the_stride_of_an_axis_of_length_one_does_not_matter() {
    Python::attach(|py| {
        for strides in ["(7, 8)", "(0, 8)", "(-3, 8)", "(2**62, 8)", "(-2**63, 8)"] {
            let code =
                format!("np.lib.stride_tricks.as_strided(np.arange(3.0), (1, 3), {strides})");
            viewed::<f64>(&eval(py, &code));
        }
        viewed::<f64>(&eval(py, "np.arange(3.0)[::3]"));
    });
}

#[test]
fn a_view_keeps_the_strides_of_axes_of_length_one() {
    Python::attach(|py| {
        for shape in ["(1, 1)", "(1, 3)", "(3, 1)", "(1,)"] {
            for order in ["C", "F"] {
                let array = eval(py, &format!("np.zeros({shape}, order='{order}')"));
                let array: PyReadonlyArrayDyn<'_, f64> = array.extract().unwrap();
                let counted: Vec<_> = array.strides().iter().map(|stride| stride / 8).collect();
                assert_eq!(array.as_array().strides(), counted, "{shape} {order}");
            }
        }
    });
}

#[test]
fn a_view_has_as_many_axes_as_numpy_allows() {
    Python::attach(|py| {
        let max = crate::common::max_ndim(py);
        for ndim in [7, 20, 31, max - 1, max] {
            // Axes of length 2 among those of length 1, with strides of either sign.
            let shape: Vec<_> = (0..ndim)
                .map(|axis| 1 + usize::from(axis % 9 == 3))
                .collect();
            let code = format!("np.arange(float(np.prod({shape:?}))).reshape({shape:?})");
            viewed::<f64>(&eval(py, &code));
            viewed::<f64>(&eval_on(&eval(py, &code), "a.T"));
            viewed::<f64>(&eval_on(
                &eval(py, &code),
                "a[(slice(None, None, -1),) * a.ndim]",
            ));
        }
    });
}

#[test]
fn a_view_is_of_the_memory_of_the_array() {
    Python::attach(|py| {
        let array = made::<f64, Ix2>(py, "np.arange(12.0).reshape(3, 4)[::-1, 1::2]");
        assert_eq!(
            array.readonly().as_array().as_ptr(),
            array.data().cast_const()
        );
        let mut guard = array.readwrite();
        guard.as_array_mut().slice_mut(s![0, ..]).fill(-1.0);
        *guard.get_mut([2, 1]).unwrap() = 33.0;
        let base = eval_on(&array, "a.base.reshape(3, 4) if a.base is not None else a");
        assert_eq!(
            listed::<f64>(&base),
            [0., 1., 2., 33., 4., 5., 6., 7., 8., -1., 10., -1.]
        );
    });
}

#[test]
fn writing_to_a_slice_in_fortran_order_goes_down_the_columns() {
    Python::attach(|py| {
        let array = PyArray2::<f64>::zeros(py, [2, 3], true);
        for (i, number) in array
            .readwrite()
            .as_slice_mut()
            .unwrap()
            .iter_mut()
            .enumerate()
        {
            *number = i as f64;
        }
        assert_eq!(
            array.readonly().as_array(),
            array![[0., 2., 4.], [1., 3., 5.]]
        );
        assert_eq!(
            array.readonly().as_slice().unwrap(),
            [0., 1., 2., 3., 4., 5.]
        );
        assert_eq!(array.to_vec().unwrap(), [0., 1., 2., 3., 4., 5.]);
        assert_eq!(array.to_owned_array(), array![[0., 2., 4.], [1., 3., 5.]]);
        assert_eq!(array.to_owned_array().strides(), [1, 2]);
    });
}

#[test]
fn an_array_that_is_not_contiguous_is_no_slice() {
    Python::attach(|py| {
        let text = "The given array is not contiguous or is misaligned.";
        for code in [
            "np.zeros(6)[::2]",
            "np.zeros(6)[::-1]",
            "np.zeros((3, 4))[:, :3]",
            "np.zeros((2, 3, 4)).transpose(1, 0, 2)",
            "np.broadcast_to(np.zeros(1), 3)",
        ] {
            let array = made::<f64, IxDyn>(py, code);
            let guard = array.readonly();
            assert_eq!(guard.as_slice().unwrap_err().to_string(), text);
            let text = refused::<PyValueError>(py, guard.as_slice());
            assert!(
                text.ends_with("pass `numpy.ascontiguousarray(a)`"),
                "{text}"
            );
        }
    });
}

/// A view of some array, as Python writes it.
fn any_view() -> impl Strategy<Value = String> {
    let axis = (1..5_usize, -4..5_i32, 1..4_i32, any::<bool>());
    (proptest::collection::vec(axis, 0..5), any::<u64>()).prop_map(|(axes, seed)| {
        let shape: Vec<_> = axes.iter().map(|axis| axis.0).collect();
        let len: usize = shape.iter().product();
        let slices: Vec<_> = axes
            .iter()
            .map(|&(_, start, step, reversed)| {
                let step = if reversed { -step } else { step };
                format!(
                    "slice({}, None, {step})",
                    if start == 4 {
                        "None".into()
                    } else {
                        start.to_string()
                    }
                )
            })
            .collect();
        let mut order: Vec<_> = (0..shape.len()).collect();
        order.sort_by_key(|axis| (seed >> (8 * axis)) & 0xff);
        let slices = if slices.is_empty() {
            "...".to_owned()
        } else {
            slices.join(", ") + ","
        };
        format!("np.arange({len}.0).reshape({shape:?})[{slices}].transpose({order:?})")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..Default::default() })]

    #[test]
    fn any_slice_of_any_array_is_viewed(code in any_view()) {
        Python::attach(|py| viewed::<f64>(&eval(py, &code)));
    }
}

// --- Layouts that can only be copied ------------------------------------------------------------

#[test]
fn strides_that_are_no_multiple_of_the_item_size_are_refused_and_copied_right() {
    Python::attach(|py| {
        let code =
            "np.array([(0, n + 1j * n) for n in range(1, 6)], [('t', 'f8'), ('z', 'c16')])['z']";
        only_copied::<Complex64>(
            py,
            code,
            "strides [24] in bytes, not all of them multiples of its item size 16",
        );
        let code = "np.array([(0, n) for n in range(1, 6)], np.dtype('i4, c8'))['f1']";
        only_copied::<npyo::Complex32>(py, code, "strides [12] in bytes");
        // Beyond the length from which NumPy copies.
        let code =
            "np.repeat(np.array([(0, 1 + 2j), (0, 3j)], [('t', 'f8'), ('z', 'c16')]), 600)['z']";
        only_copied::<Complex64>(py, code, "strides [24] in bytes");
        let code =
            "np.array([[(0, 1), (0, 2)], [(0, 3), (0, 4)]], np.dtype('f4, c8'))['f1'].T[::-1]";
        only_copied::<npyo::Complex32>(py, code, "strides [-12, 24] in bytes");
    });
}

#[test]
fn misaligned_arrays_are_refused_and_copied_right() {
    Python::attach(|py| {
        let code = "np.array([(n, 0) for n in (10, 20, 30, 40)], [('a', 'u4'), ('b', 'u2')])['a']";
        only_copied::<u32>(
            py,
            code,
            "misaligned: its elements need addresses that are multiples of 4 bytes",
        );
        let code = "np.array([(n, n) for n in (10, 20, 30, 40)], 'i4, f8')['f1']";
        only_copied::<f64>(py, code, "multiples of 8 bytes");
        let buffer = "np.frombuffer(bytearray(1 + 8 * 12), 'u1')[1:].view('f8')";
        let fill = |code: &str| {
            format!(
                "(lambda a: (a.__setitem__(..., np.arange(a.size).reshape(a.shape)), a)[1])({code})"
            )
        };
        for tail in [
            "",
            "[::2]",
            "[::-1]",
            ".reshape(3, 4)",
            ".reshape(3, 4).T",
            ".reshape(2, 3, 2)[:, ::-1]",
            "[0, ...]",
        ] {
            only_copied::<f64>(py, &fill(&format!("{buffer}{tail}")), "misaligned");
        }
        let large = "np.frombuffer(bytearray(1 + 8 * 2000), 'u1')[1:].view('f8')";
        for tail in ["", "[::2]", ".reshape(40, 50).T"] {
            only_copied::<f64>(py, &fill(&format!("{large}{tail}")), "misaligned");
        }
    });
}

#[test]
fn an_item_of_a_misaligned_array_without_dimensions_is_read() {
    Python::attach(|py| {
        let code =
            "np.frombuffer(b'\\0' + np.float64(1.5).tobytes(), 'u1')[1:].view('f8').reshape(())";
        let array = made::<f64, npyo::ndarray::Ix0>(py, code);
        assert!(!array.is_aligned());
        assert_eq!(array.item(), 1.5);
        assert_eq!(array.readonly().item(), 1.5);
        assert_eq!(array.get_owned(()), Some(1.5));
    });
}

#[test]
fn types_without_alignment_are_viewed_at_any_address() {
    Python::attach(|py| {
        viewed::<u8>(&eval(py, "np.zeros(5, 'u1, f8')['f0']"));
        viewed::<i8>(&eval(py, "np.arange(9, dtype='i1')[1:]"));
        let words = made::<npyo::PyFixedString<3>, Ix1>(
            py,
            "np.array([(1, b'abc'), (2, b'de')], 'u1, S3')['f1']",
        );
        // Four bytes from word to word of three.
        let text = refused::<PyValueError>(
            py,
            words.extract::<PyReadonlyArray1<'_, npyo::PyFixedString<3>>>(),
        );
        assert!(text.contains("multiples of its item size 3"), "{text}");
        assert_eq!(words.get_owned(1).unwrap().as_bytes(), b"de");
        assert_eq!(words.to_vec().unwrap()[0].as_bytes(), b"abc");
    });
}

#[test]
fn arrays_that_overlap_themselves_are_read_but_not_written_through_views() {
    Python::attach(|py| {
        for code in [
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (2, 3), (0, 8))",
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (5,), (0,))",
            "np.lib.stride_tricks.as_strided(np.arange(6.0), (4, 3), (8, 8))",
            "np.lib.stride_tricks.as_strided(np.arange(6.0)[5:], (4, 3), (-8, -8))",
            "np.lib.stride_tricks.as_strided(np.arange(9.0), (3, 3), (16, 8))",
        ] {
            let array = made::<f64, IxDyn>(py, code);
            let guard = array.extract::<PyReadonlyArrayDyn<'_, f64>>().unwrap();
            assert!(
                guard.as_array().iter().eq(listed::<f64>(&array).iter()),
                "{code}"
            );
            drop(guard);
            check_copies(&array, &listed::<f64>(&array));

            let text = refused::<PyValueError>(py, array.extract::<PyReadwriteArrayDyn<'_, f64>>());
            assert!(text.starts_with("array overlaps itself"), "{text}");
            let mut guard = array.readwrite();
            let err = guard.try_as_array_mut().unwrap_err();
            assert!(err.is_layout());
            assert_eq!(err.to_string(), text);
            assert_eq!(panic_text(|| guard.as_array_mut().len()), text);
            assert!(guard.as_slice_mut().is_err());
            assert!(guard.try_as_array().is_ok());
            // One element at a time does no harm.
            *guard.get_mut(IxDyn(&vec![0; guard.ndim()])).unwrap() = 9.0;
            assert_eq!(guard.get(IxDyn(&vec![0; guard.ndim()])), Some(&9.0));
        }
        // The unsafe method checks as well.
        let array = made::<f64, Ix1>(
            py,
            "np.lib.stride_tricks.as_strided(np.zeros(1), (5,), (0,))",
        );
        // SAFETY: no view is made.
        let text = panic_text(|| unsafe { PyArrayMethods::as_array_mut(&array) }.len());
        assert!(text.starts_with("array overlaps itself"), "{text}");
    });
}

#[test]
fn a_broadcast_array_of_more_elements_than_memory_holds_is_viewed_but_not_copied() {
    let path =
        "view::a_broadcast_array_of_more_elements_than_memory_holds_is_viewed_but_not_copied";
    in_child(path, "", |_| {
        Python::attach(|py| {
            let array = made::<f64, Ix1>(py, "np.broadcast_to(np.ones(1), (2**58,))");
            let guard = array.readonly();
            assert_eq!(guard.as_array()[(1 << 58) - 1], 1.0);
            assert_eq!(guard.get_owned(1 << 57), Some(1.0));
            assert!(guard.try_to_owned_array().is_err());
            assert!(guard.to_vec().is_err());
            assert!(guard.cast_array::<f32>(false).is_err());
            let array = made::<Py<PyAny>, Ix1>(py, "np.broadcast_to(np.array([None]), (2**58,))");
            assert!(array.to_vec().is_err());
            assert!(array.readonly().try_to_owned_array().is_err());
        });
    });
}

#[test]
fn sliding_windows_are_read_only_views() {
    Python::attach(|py| {
        let code =
            "np.lib.stride_tricks.as_strided(np.arange(6.0), (4, 3), (8, 8), writeable=False)";
        let windows = made::<f64, Ix2>(py, code);
        assert_eq!(windows.readonly().as_array().row(2), array![2.0, 3.0, 4.0]);
        assert_eq!(
            windows.try_readwrite().unwrap_err(),
            npyo::BorrowError::NotWriteable
        );
    });
}

#[test]
fn a_single_element_does_not_overlap_itself() {
    Python::attach(|py| {
        for code in ["(1,), (0,)", "(1, 1), (0, 3)", "(), ()"] {
            let code = format!("np.lib.stride_tricks.as_strided(np.zeros(1), {code})");
            let array = eval(py, &code);
            let mut guard = array.extract::<PyReadwriteArrayDyn<'_, f64>>().unwrap();
            assert_eq!(guard.as_array_mut().len(), 1);
            assert_eq!(guard.as_slice_mut().unwrap(), [0.0]);
        }
    });
}

#[test]
fn axes_that_interleave_are_read_but_not_written_through_views() {
    Python::attach(|py| {
        // Strides in no order, yet each steps over what the smaller ones reach.
        let code = "np.lib.stride_tricks.as_strided(np.arange(12.0), (2, 3, 2), (8, 32, 16))";
        viewed::<f64>(&eval(py, code));
        // Every element has its own memory, but ndarray has no such views.
        let code = "np.lib.stride_tricks.as_strided(np.arange(20.0), (3, 2), (16, 24))";
        let array = made::<f64, Ix2>(py, code);
        let view = array![[0.0, 3.0], [2.0, 5.0], [4.0, 7.0]];
        assert_eq!(array.readonly().as_array(), view);
        assert_eq!(array.to_owned_array(), view);
        let text = refused::<PyValueError>(py, array.extract::<PyReadwriteArray2<'_, f64>>());
        assert!(
            text.starts_with("array has axes that interleave: with shape [3, 2]"),
            "{text}"
        );
        let mut guard = array.readwrite();
        assert_eq!(guard.try_as_array_mut().unwrap_err().to_string(), text);
        assert_eq!(panic_text(|| guard.as_array_mut().len()), text);
        *guard.get_mut([2, 1]).unwrap() = 70.0;
        assert_eq!(guard.get_owned([2, 1]), Some(70.0));
    });
}

#[test]
fn the_layout_is_checked_before_the_first_reference_and_only_then() {
    Python::attach(|py| {
        // A guard of `readonly` is granted for any layout; only its views are refused.
        let array = made::<f64, Ix1>(py, "np.zeros(3, 'i4, f8')['f1']");
        let guard = array.readonly();
        assert!(guard.try_as_array().is_err());
        assert!(guard.clone().try_as_array().is_err());
        assert_eq!(guard.to_vec().unwrap(), [0.0; 3]);
        assert!(guard.try_as_array().is_err());
        let array = made::<f64, Ix1>(py, "np.zeros(3)");
        let guard = array.readonly();
        assert_eq!(guard.as_array().len() + guard.clone().as_array().len(), 6);
    });
}

#[test]
fn elements_of_an_array_that_was_written_through_a_view_are_seen_by_python() {
    #[pyfunction]
    fn double(mut array: PyReadwriteArray1<'_, f64>) {
        array.as_array_mut().map_inplace(|x| *x *= 2.0);
    }
    Python::attach(|py| {
        let double = wrap_pyfunction!(double)(py).unwrap();
        let array = made::<f64, Ix1>(py, "np.arange(8.0)");
        double.call1((eval_on(&array, "a[::-3]"),)).unwrap();
        assert_eq!(array.to_vec().unwrap(), [0., 2., 2., 3., 8., 5., 6., 14.]);
        let _: Bound<'_, PyArray1<f64>> = array;
    });
}
