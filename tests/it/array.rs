//! Arrays: how they are made, told apart, reshaped, converted and indexed.

use npyo::ndarray::{Array, Array1, Array2, ArrayD, Dim, Ix1, Ix2, IxDyn, array, s};
use npyo::npyffi::NPY_ORDER;
use npyo::{
    ArrayBorrowError, Complex64, Element, Order, PyArray, PyArray0, PyArray1, PyArray2, PyArray3,
    PyArray6, PyArrayDyn, PyReadonlyArray1, PyUntypedArray, get_array_module, prelude::*, pyarray,
};
use pyo3::exceptions::{PyTypeError, PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;

use crate::common::{
    array as made, eval, eval_on, exec_on, in_child, max_ndim, numpy_version, panic_text, refcount,
    refused, untyped,
};

fn is_memory_or_value_error(py: Python<'_>, err: PyErr) -> bool {
    err.is_instance_of::<pyo3::exceptions::PyMemoryError>(py)
        || err.is_instance_of::<PyValueError>(py)
}

// --- New arrays ---------------------------------------------------------------------------

#[test]
fn new_arrays_are_in_the_order_asked_for() {
    Python::attach(|py| {
        for order in [Order::C, Order::Fortran] {
            // SAFETY: the elements are not read.
            let array = unsafe { PyArray::<f64, _>::try_new(py, [3, 5], order) }.unwrap();
            let zeros = PyArray::<f64, _>::try_zeros(py, [3, 5], order).unwrap();
            let strides = if order == Order::C { [40, 8] } else { [8, 24] };
            for array in [array, zeros] {
                assert_eq!(
                    (array.shape(), array.strides()),
                    (&[3, 5][..], &strides[..])
                );
                assert_eq!(array.is_c_contiguous(), order == Order::C);
                assert_eq!(array.is_fortran_contiguous(), order == Order::Fortran);
                assert!(array.is_contiguous() && array.is_aligned());
                assert_eq!(
                    (array.ndim(), array.len(), array.is_empty()),
                    (2, 15, false)
                );
                assert_eq!(array.dims(), Dim([3, 5]));
                assert_eq!(
                    (array.to_shape(), array.to_strides()),
                    (vec![3, 5], strides.to_vec())
                );
            }
        }
        // The signatures of the numpy crate.
        // SAFETY: the elements are not read.
        let array = unsafe { PyArray::<u8, _>::new(py, (2, 3), true) };
        assert_eq!(array.strides(), [1, 2]);
        assert_eq!(PyArray2::<u8>::zeros(py, (2, 3), false).strides(), [3, 1]);
        assert_eq!(Order::default(), Order::C);
    });
}

#[test]
fn an_array_without_dimensions_has_one_element() {
    Python::attach(|py| {
        let array = PyArray0::<f64>::zeros(py, (), false);
        assert_eq!((array.ndim(), array.len(), array.is_empty()), (0, 1, false));
        assert_eq!((array.shape(), array.strides()), (&[][..], &[][..]));
        assert_eq!(array.dims(), Dim(()));
        assert_eq!(array.item(), 0.0);
        assert_eq!(array.get_owned(()), Some(0.0));
        *array.readwrite().get_mut(()).unwrap() = 4.5;
        assert_eq!(array.readonly().item(), 4.5);
        assert_eq!(array.readonly().as_array(), npyo::ndarray::arr0(4.5));
        assert_eq!(array.to_vec().unwrap(), [4.5]);
        assert_eq!(array.to_owned_array(), npyo::ndarray::arr0(4.5));
        let any = PyArrayDyn::<f64>::zeros(py, IxDyn(&[]), false);
        assert_eq!(any.get_owned(IxDyn(&[])), Some(0.0));
        assert_eq!(any.get_owned(IxDyn(&[0])), None);
    });
}

#[test]
fn an_array_without_elements_is_an_array() {
    Python::attach(|py| {
        for shape in [[0, 3], [3, 0], [0, 0]] {
            let array = PyArray2::<f64>::zeros(py, shape, false);
            assert_eq!(
                (array.shape(), array.len(), array.is_empty()),
                (&shape[..], 0, true)
            );
            assert_eq!(array.readonly().as_slice().unwrap(), [0.0; 0]);
            assert_eq!(array.readwrite().as_slice_mut().unwrap(), [0.0; 0]);
            assert_eq!(array.readonly().as_array().shape(), shape);
            assert_eq!(array.to_owned_array().shape(), shape);
            assert_eq!(array.to_vec().unwrap(), [0.0; 0]);
            assert_eq!(array.get_owned([0, 0]), None);
            assert_eq!(array.cast_array::<i32>(false).unwrap().shape(), shape);
        }
        assert_eq!(PyArray::<f64, _>::from_slice(py, &[]).len(), 0);
        assert_eq!(PyArray::<f64, _>::from_vec(py, vec![]).len(), 0);
        assert_eq!(PyArray::<Py<PyAny>, _>::from_vec(py, vec![]).len(), 0);
        assert_eq!(PyArray::<f64, _>::from_iter(py, None).len(), 0);
    });
}

#[test]
fn zeros_are_the_zeros_of_each_type() {
    Python::attach(|py| {
        assert!(PyArray1::<bool>::zeros(py, 2, false).to_vec().unwrap() == [false; 2]);
        let zero = Complex64::new(0.0, 0.0);
        assert_eq!(
            PyArray1::<Complex64>::zeros(py, 2, false).to_vec().unwrap(),
            [zero; 2]
        );
        let objects = PyArray1::<Py<PyAny>>::zeros(py, 2, false);
        assert_eq!(objects.to_string(), "[0 0]");
    });
}

#[test]
fn impossible_shapes_are_value_errors() {
    Python::attach(|py| {
        fn try_zeros<'py>(py: Python<'py>, shape: &[usize]) -> PyErr {
            PyArrayDyn::<f64>::try_zeros(py, shape, Order::C).unwrap_err()
        }
        fn try_new(py: Python<'_>, shape: &[usize]) -> PyErr {
            // SAFETY: no array is made.
            unsafe { PyArrayDyn::<f64>::try_new(py, shape, Order::C) }.unwrap_err()
        }
        for make in [try_zeros, try_new] {
            // NumPy's lengths are signed.
            for shape in [
                &[usize::MAX][..],
                &[2, usize::MAX / 2 + 1],
                &[usize::MAX, 0],
            ] {
                let err = make(py, shape);
                assert!(err.is_instance_of::<PyValueError>(py), "{shape:?}: {err}");
            }
            for shape in [
                &[1 << 40, 1 << 20][..],
                &[1 << 62],
                &[1 << 31, 1 << 31, 1 << 31],
            ] {
                let err = make(py, shape);
                assert!(err.is_instance_of::<PyValueError>(py), "{shape:?}: {err}");
                assert!(
                    err.to_string().contains("too big") || err.to_string().contains("larger"),
                    "{err}"
                );
            }
            let too_many = vec![1; max_ndim(py) + 1];
            let err = make(py, &too_many);
            assert!(err.is_instance_of::<PyValueError>(py), "{err}");
        }
        // No error is left behind.
        assert!(PyErr::take(py).is_none());
    });
}

#[test]
fn more_than_memory_holds_is_a_memory_error() {
    Python::attach(|py| {
        let len = (1 << 60) - 1;
        let err = PyArray1::<f64>::try_zeros(py, len, Order::C).unwrap_err();
        assert!(
            err.is_instance_of::<pyo3::exceptions::PyMemoryError>(py),
            "{err}"
        );
        // SAFETY: no array is made.
        let err = unsafe { PyArray1::<f64>::try_new(py, len, Order::C) }.unwrap_err();
        assert!(
            err.is_instance_of::<pyo3::exceptions::PyMemoryError>(py),
            "{err}"
        );
        let err = PyArray::try_arange(py, 0_i64, i64::MAX / 8, 1).unwrap_err();
        assert!(is_memory_or_value_error(py, err));
    });
}

#[test]
fn constructors_without_a_result_panic_with_the_text_of_the_error() {
    Python::attach(|py| {
        let err = PyArray2::<f64>::try_zeros(py, [1 << 40, 1 << 20], false).unwrap_err();
        let text = panic_text(|| PyArray2::<f64>::zeros(py, [1 << 40, 1 << 20], false));
        assert_eq!(text, err.to_string());
        // SAFETY: no array is made.
        let text = panic_text(|| unsafe { PyArray2::<f64>::new(py, [1 << 40, 1 << 20], false) });
        assert_eq!(text, err.to_string());
        let text = panic_text(|| PyArray::arange(py, 1, 5, 0));
        assert!(
            text.contains("division by zero") || text.contains("Maximum allowed size"),
            "{text}"
        );
        let many = Array::<f64, _>::zeros(IxDyn(&vec![1; max_ndim(py) + 1]));
        let text = panic_text(|| many.to_pyarray(py));
        assert!(text.contains("ValueError"), "{text}");
        let text = panic_text(|| many.into_pyarray(py));
        assert!(text.contains("ValueError"), "{text}");
        assert!(PyErr::take(py).is_none());
    });
}

#[test]
fn every_number_of_dimensions_that_numpy_allows_is_allowed() {
    Python::attach(|py| {
        let max = max_ndim(py);
        for ndim in 0..=max {
            let mut shape = vec![1; ndim];
            for axis in (0..ndim).step_by(13) {
                shape[axis] = 2;
            }
            let len: usize = shape.iter().product();
            let numbers = ArrayD::from_shape_vec(shape.clone(), (0..len).collect()).unwrap();
            for array in [numbers.to_pyarray(py), numbers.clone().into_pyarray(py)] {
                assert_eq!((array.ndim(), array.shape()), (ndim, &shape[..]));
                assert_eq!(array.readonly().as_array(), numbers);
                assert_eq!(array.readwrite().as_array_mut(), numbers);
                assert_eq!(array.to_owned_array(), numbers);
                let transposed = array.transpose().unwrap();
                assert_eq!(transposed.readonly().as_array(), numbers.t());
                assert_eq!(transposed.to_owned_array(), numbers.t());
                let flat = array.reshape([len]).unwrap();
                assert_eq!(
                    flat.reshape(shape.clone()).unwrap().to_owned_array(),
                    numbers
                );
                let cast = array.cast_array::<f64>(true).unwrap();
                assert_eq!(cast.to_owned_array(), numbers.mapv(|x| x as f64));
                let last: Vec<usize> = shape.iter().map(|len| len - 1).collect();
                assert_eq!(array.get_owned(IxDyn(&last)), Some(len - 1));
            }
        }
        let many = ArrayD::<f64>::zeros(vec![1; max + 1]);
        refused::<PyValueError>(py, many.try_to_pyarray(py));
        refused::<PyValueError>(py, many.try_into_pyarray(py));
    });
}

#[test]
fn an_array_over_borrowed_memory_keeps_its_container() {
    Python::attach(|py| {
        let numbers = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let container = eval(py, "[]");
        let before = crate::common::refcount(&container);
        let slice = numbers.slice(s![.., ..;-2]);
        // SAFETY: `numbers` lives longer than the array, and is only read.
        let array = unsafe { PyArray::borrow_from_array(&slice, container.clone()) };
        assert_eq!(array.data().cast_const(), slice.as_ptr());
        assert_eq!(array.strides(), [24, -16]);
        assert_eq!(array.readonly().as_array(), array![[3.0, 1.0], [6.0, 4.0]]);
        assert!(array.getattr("base").unwrap().is(&container));
        assert_eq!(crate::common::refcount(&container), before + 1);
        drop(array);
        assert_eq!(crate::common::refcount(&container), before);

        let many = ArrayD::<f64>::zeros(vec![1; max_ndim(py) + 1]);
        // SAFETY: no array is made.
        let err = unsafe { PyArray::try_borrow_from_array(&many, container.clone()) };
        refused::<PyValueError>(py, err);
        assert_eq!(crate::common::refcount(&container), before);
    });
}

#[test]
fn an_iterator_of_any_length_becomes_an_array() {
    Python::attach(|py| {
        assert_eq!(
            PyArray::from_iter(py, "añz".chars().map(u32::from)).len(),
            3
        );
        let long = PyArray::from_iter(py, (0..100_000_u64).filter(|n| n % 3 == 0));
        assert_eq!(long.len(), 33_334);
        assert_eq!(long.get_owned(33_333), Some(99_999));
        // An iterator whose hint is wrong.
        struct Liar(usize);
        impl Iterator for Liar {
            type Item = u8;
            fn next(&mut self) -> Option<u8> {
                self.0 = self.0.checked_sub(1)?;
                Some(7)
            }
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.0 / 2, Some(self.0 / 2))
            }
        }
        assert_eq!(
            PyArray::from_iter(py, Liar(100)).to_vec().unwrap(),
            [7; 100]
        );
    });
}

#[test]
fn nested_vectors_become_arrays() {
    Python::attach(|py| {
        let rows = [vec![1, 2, 3], vec![4, 5, 6]];
        let array = PyArray::from_vec2(py, &rows).unwrap();
        assert_eq!(array.readonly().as_array(), array![[1, 2, 3], [4, 5, 6]]);
        let array = PyArray::try_from_vec2(py, &rows).unwrap();
        assert!(array.is_c_contiguous());
        let cube = [vec![vec![1, 2], vec![3, 4]], vec![vec![5, 6], vec![7, 8]]];
        let array = PyArray::from_vec3(py, &cube).unwrap();
        assert_eq!(
            array.readonly().as_array(),
            array![[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
        );
        assert_eq!(
            PyArray::try_from_vec3(py, &cube).unwrap().shape(),
            [2, 2, 2]
        );
    });
}

#[test]
fn empty_nested_vectors_become_empty_arrays() {
    Python::attach(|py| {
        let shape2 = |v: &[Vec<f64>]| PyArray::from_vec2(py, v).unwrap().to_shape();
        assert_eq!(shape2(&[]), [0, 0]);
        assert_eq!(shape2(&[vec![]]), [1, 0]);
        assert_eq!(shape2(&[vec![], vec![], vec![]]), [3, 0]);
        let shape3 = |v: &[Vec<Vec<f64>>]| PyArray::from_vec3(py, v).unwrap().to_shape();
        assert_eq!(shape3(&[]), [0, 0, 0]);
        assert_eq!(shape3(&[vec![], vec![]]), [2, 0, 0]);
        assert_eq!(shape3(&[vec![vec![], vec![]]]), [1, 2, 0]);
    });
}

#[test]
fn ragged_vectors_are_refused() {
    Python::attach(|py| {
        let text = |err: npyo::FromVecError| err.to_string();
        let ragged = [vec![1, 2], vec![3]];
        let wanted = "invalid length: 1, but expected 2";
        assert_eq!(text(PyArray::from_vec2(py, &ragged).unwrap_err()), wanted);
        assert_eq!(
            refused::<PyValueError>(py, PyArray::try_from_vec2(py, &ragged)),
            wanted
        );
        let ragged = [vec![], vec![3]];
        let wanted = "invalid length: 1, but expected 0";
        assert_eq!(text(PyArray::from_vec2(py, &ragged).unwrap_err()), wanted);

        let ragged = [vec![vec![1, 2], vec![3, 4]], vec![vec![5, 6]]];
        let wanted = "invalid length: 1, but expected 2";
        assert_eq!(text(PyArray::from_vec3(py, &ragged).unwrap_err()), wanted);
        assert_eq!(
            refused::<PyValueError>(py, PyArray::try_from_vec3(py, &ragged)),
            wanted
        );
        let ragged = [
            vec![vec![1, 2], vec![3, 4]],
            vec![vec![5, 6], vec![7, 8, 9]],
        ];
        let wanted = "invalid length: 3, but expected 2";
        assert_eq!(text(PyArray::from_vec3(py, &ragged).unwrap_err()), wanted);
        let ragged = [vec![], vec![vec![1]]];
        assert!(PyArray::from_vec3(py, &ragged).is_err());
    });
}

// --- Ranges -------------------------------------------------------------------------------

#[test]
fn a_range_goes_from_start_up_to_but_without_stop() {
    Python::attach(|py| {
        let range = |start, stop, step| PyArray::arange(py, start, stop, step).to_vec().unwrap();
        assert_eq!(range(0, 5, 1), [0, 1, 2, 3, 4]);
        assert_eq!(range(0, 5, 2), [0, 2, 4]);
        assert_eq!(range(5, 0, -2), [5, 3, 1]);
        assert_eq!(range(5, 0, 1), [0; 0]);
        assert_eq!(range(3, 3, 1), [0; 0]);
        assert_eq!(range(3, 4, 100), [3]);
        assert_eq!(
            PyArray::arange(py, 0.0, 1.0, 0.25).to_vec().unwrap(),
            [0.0, 0.25, 0.5, 0.75]
        );
        assert_eq!(
            PyArray::arange(py, 0_u8, 255, 1).to_vec().unwrap(),
            (0..255).collect::<Vec<u8>>()
        );
        assert_eq!(
            PyArray::arange(py, -128_i8, 127, 100).to_vec().unwrap(),
            [-128, -28, 72]
        );
        assert_eq!(
            PyArray::arange(py, 127_i8, -128, -100).to_vec().unwrap(),
            [127, 27, -73]
        );
        assert_eq!(
            PyArray::arange(py, 0_f32, 3.0, 1.0).to_vec().unwrap(),
            [0.0, 1.0, 2.0]
        );
    });
}

#[test]
fn a_range_of_integers_is_exact_beyond_the_integers_of_a_double() {
    Python::attach(|py| {
        let start = (1_i64 << 53) + 1;
        let wanted: Vec<i64> = (start..start + 4).collect();
        assert_eq!(
            PyArray::arange(py, start, start + 4, 1).to_vec().unwrap(),
            wanted
        );
        let wanted: Vec<u64> = (u64::MAX - 3..u64::MAX).collect();
        assert_eq!(
            PyArray::arange(py, u64::MAX - 3, u64::MAX, 1)
                .to_vec()
                .unwrap(),
            wanted
        );
        let step = 1_i64 << 62;
        let wanted = [i64::MIN, i64::MIN + step, 0, step];
        assert_eq!(
            PyArray::arange(py, i64::MIN, i64::MAX, step)
                .to_vec()
                .unwrap(),
            wanted
        );
    });
}

#[test]
fn the_length_of_a_range_of_integers_is_exact_too() {
    Python::attach(|py| {
        // The quotient, 2 + 2⁻⁵⁹, rounds to 2.
        let (step, stop) = (1_i64 << 59, (1 << 60) + 1);
        assert_eq!(
            PyArray::arange(py, 0, stop, step).to_vec().unwrap(),
            [0, step, 2 * step]
        );
        // The quotient, 3 - 2⁻⁶⁰, rounds to 3, which is right.
        let (step, stop) = (1_i64 << 60, 3 * (1 << 60) - 1);
        assert_eq!(
            PyArray::arange(py, 0, stop, step).to_vec().unwrap(),
            [0, step, 2 * step]
        );
    });
}

#[test]
fn a_range_that_cannot_be_is_an_error() {
    Python::attach(|py| {
        for err in [
            PyArray::try_arange(py, 0, 5, 0).unwrap_err(),
            PyArray::try_arange(py, 0.0, 5.0, 0.0).unwrap_err(),
            PyArray::try_arange(py, 0.0, f64::INFINITY, 1.0).unwrap_err(),
            PyArray::try_arange(py, 0.0, f64::NAN, 1.0).unwrap_err(),
        ] {
            let named = err.is_instance_of::<PyZeroDivisionError>(py)
                || err.is_instance_of::<PyValueError>(py)
                || err.is_instance_of::<pyo3::exceptions::PyOverflowError>(py);
            assert!(named, "{err}");
        }
    });
}

// --- Types --------------------------------------------------------------------------------

#[test]
fn a_handle_is_cast_only_if_dtype_and_dimensions_fit() {
    Python::attach(|py| {
        let array = untyped(py, "np.zeros((2, 3))").into_any();
        assert!(array.cast::<PyArray2<f64>>().is_ok());
        assert!(array.cast::<PyArrayDyn<f64>>().is_ok());
        assert!(array.cast::<PyUntypedArray>().is_ok());
        assert!(array.cast::<PyArray2<f32>>().is_err());
        assert!(array.cast::<PyArray2<i64>>().is_err());
        assert!(array.cast::<PyArray1<f64>>().is_err());
        assert!(array.cast::<PyArray3<f64>>().is_err());
        assert!(array.cast::<PyArray6<f64>>().is_err());
        assert!(array.is_instance_of::<PyArray2<f64>>());
        assert!(!array.is_instance_of::<PyArray1<f64>>());
        assert!(array.extract::<Bound<'_, PyArray2<f64>>>().is_ok());
        assert!(array.extract::<Py<PyArray2<f64>>>().is_ok());
        refused::<PyTypeError>(py, array.extract::<Bound<'_, PyArray1<f64>>>());
        refused::<PyTypeError>(py, array.cast::<PyArray1<f64>>());
        for code in [
            "[1.0]",
            "1.0",
            "np.float64(1)",
            "None",
            "memoryview(b'12345678')",
        ] {
            let ob = eval(py, code);
            refused::<PyTypeError>(py, ob.cast::<PyArrayDyn<f64>>());
            refused::<PyTypeError>(py, ob.cast::<PyUntypedArray>());
        }
    });
}

#[test]
fn a_subclass_is_an_array_but_not_exactly() {
    Python::attach(|py| {
        let code = "np.zeros((2, 2)).view(type('Mine', (np.ndarray,), {}))";
        let array = eval(py, code);
        assert!(array.cast::<PyArray2<f64>>().is_ok());
        assert!(array.cast::<PyUntypedArray>().is_ok());
        assert!(array.cast_exact::<PyArray2<f64>>().is_err());
        assert!(array.cast_exact::<PyUntypedArray>().is_err());
        assert!(array.extract::<npyo::PyReadonlyArray2<'_, f64>>().is_ok());
        assert!(
            eval(py, "np.matrix('1. 2.')")
                .extract::<npyo::PyReadonlyArray2<'_, f64>>()
                .is_ok()
        );
        let array = eval(py, "np.zeros((2, 2))");
        assert!(array.cast_exact::<PyArray2<f64>>().is_ok());
        assert!(array.cast_exact::<PyArray1<f64>>().is_err());
        assert!(array.cast_exact::<PyArray2<f32>>().is_err());
    });
}

#[test]
fn a_handle_can_be_kept_unbound() {
    let array: Py<PyArray1<f64>> = Python::attach(|py| pyarray![py, 1.0, 2.0].unbind());
    Python::attach(|py| assert_eq!(array.bind(py).readonly().as_slice().unwrap(), [1.0, 2.0]));
}

#[test]
fn an_array_goes_between_its_typed_and_untyped_handles() {
    Python::attach(|py| {
        let array = pyarray![py, [1, 2], [3, 4]];
        let untyped = array.as_untyped();
        assert!(untyped.is(&array));
        assert_eq!(
            (untyped.ndim(), untyped.shape(), untyped.len()),
            (2, &[2, 2][..], 4)
        );
        assert_eq!(untyped.strides(), [8, 4]);
        assert!(untyped.dtype().is_equiv_to(&npyo::dtype::<i32>(py)));
        assert!(array.to_dyn().is(&array));
        assert_eq!(array.to_dyn().get_owned(IxDyn(&[1, 0])), Some(3));
        assert_eq!(untyped.as_array_ptr(), array.as_array_ptr());
        assert!(untyped.is_aligned() && untyped.is_contiguous() && !untyped.is_empty());
    });
}

#[test]
fn the_array_module_is_the_one_of_the_running_numpy() {
    Python::attach(|py| {
        let module = get_array_module(py).unwrap();
        let core = if numpy_version(py).0 >= 2 {
            "numpy._core"
        } else {
            "numpy.core"
        };
        assert_eq!(
            module.name().unwrap().to_string(),
            format!("{core}.multiarray")
        );
    });
}

// --- Shapes -------------------------------------------------------------------------------

#[test]
fn permuting_and_transposing_make_views() {
    Python::attach(|py| {
        let array = PyArray::arange(py, 0, 24, 1).reshape([2, 3, 4]).unwrap();
        let numbers = array.to_owned_array();
        let view = array.permute(Some([2, 0, 1])).unwrap();
        assert_eq!(
            view.readonly().as_array(),
            numbers.view().permuted_axes([2, 0, 1])
        );
        assert_eq!(view.data(), array.data());
        let view = array.transpose().unwrap();
        assert_eq!(view.readonly().as_array(), numbers.t());
        assert_eq!(view.shape(), [4, 3, 2]);
        for axes in [&[0, 1][..], &[0, 1, 1], &[0, 1, 3], &[0, 1, 2, 3], &[]] {
            let err = array.permute(Some(axes)).unwrap_err();
            assert!(err.is_instance_of::<PyValueError>(py), "{axes:?}: {err}");
        }
    });
}

#[test]
fn axes_that_are_no_axes_are_refused_however_large() {
    Python::attach(|py| {
        let array = PyArray2::<f64>::zeros(py, [2, 3], false);
        for axes in [[0, 2], [1 << 32, 1], [usize::MAX, 0]] {
            let permuted = array.permute(Some(axes));
            assert!(permuted.is_err(), "{axes:?}");
        }
    });
}

#[test]
fn reshaping_makes_a_view_where_it_can() {
    Python::attach(|py| {
        let array = PyArray::arange(py, 0, 6, 1);
        let matrix = array.reshape((2, 3)).unwrap();
        assert_eq!(matrix.data(), array.data());
        assert_eq!(matrix.readonly().as_array(), array![[0, 1, 2], [3, 4, 5]]);
        let fortran = array
            .reshape_with_order([2, 3], NPY_ORDER::NPY_FORTRANORDER)
            .unwrap();
        assert_eq!(fortran.readonly().as_array(), array![[0, 2, 4], [1, 3, 5]]);
        // C order of a transposed array takes a copy, "any" order follows the array.
        let transposed = matrix.transpose().unwrap();
        let copy = transposed
            .reshape_with_order([6], NPY_ORDER::NPY_CORDER)
            .unwrap();
        assert_ne!(copy.data(), array.data());
        assert_eq!(copy.to_vec().unwrap(), [0, 3, 1, 4, 2, 5]);
        let view = transposed.reshape([6]).unwrap();
        assert_eq!(view.data(), array.data());
        assert_eq!(view.to_vec().unwrap(), [0, 1, 2, 3, 4, 5]);
        // A copy reads the elements, a view does not.
        let guard = transposed.readwrite();
        let order = NPY_ORDER::NPY_CORDER;
        refused::<ArrayBorrowError>(py, transposed.reshape_with_order([6], order));
        assert!(transposed.reshape([6]).is_ok() && array.reshape([2, 3]).is_ok());
        drop(guard);
        assert!(transposed.reshape_with_order([6], order).is_ok());
        let scalar = PyArray1::<f64>::zeros(py, 1, false).reshape(()).unwrap();
        assert_eq!(scalar.item(), 0.0);
        for shape in [[5], [7], [0]] {
            refused::<PyValueError>(py, array.reshape(shape));
        }
        refused::<PyValueError>(py, array.reshape(()));
    });
}

#[test]
fn a_length_that_numpy_would_take_for_minus_one_is_refused() {
    Python::attach(|py| {
        let array = PyArray::arange(py, 0, 6, 1);
        for shape in [&[usize::MAX][..], &[2, usize::MAX], &[usize::MAX - 1, 3]] {
            assert!(array.reshape(shape).is_err(), "{shape:?}");
        }
    });
}

#[test]
fn reshaping_to_more_dimensions_than_numpy_allows_is_refused() {
    let path = "array::reshaping_to_more_dimensions_than_numpy_allows_is_refused";
    in_child(path, "", |_| {
        Python::attach(|py| {
            for extra in [1, 100] {
                let shape = vec![1; max_ndim(py) + extra];
                // Not contiguous, so that NumPy has to think about strides.
                let array = made::<f64, npyo::ndarray::Ix3>(py, "np.zeros((1, 4, 1))[:, 1::3, :]");
                let array = array.permute(Some([2, 0, 1])).unwrap();
                let mut shape_of_two = shape.clone();
                shape_of_two[0] = 2;
                refused::<PyValueError>(py, array.reshape(shape_of_two));
                let one = PyArray1::<f64>::zeros(py, 1, false);
                refused::<PyValueError>(py, one.reshape(shape));
            }
        });
    });
}

#[test]
fn resizing_to_more_dimensions_than_numpy_allows_is_refused() {
    let path = "array::resizing_to_more_dimensions_than_numpy_allows_is_refused";
    in_child(path, "", |_| {
        Python::attach(|py| {
            for extra in [1, 100] {
                let array = PyArray1::<f64>::zeros(py, 1, false).into_readwrite();
                let shape = vec![1; max_ndim(py) + extra];
                refused::<PyValueError>(py, array.resize(shape));
            }
        });
    });
}

#[test]
fn resizing_changes_the_length_of_memory_that_the_array_owns() {
    Python::attach(|py| {
        let array = PyArray::arange(py, 0, 3, 1);
        // SAFETY: there are no references to the elements.
        unsafe { array.resize(5) }.unwrap();
        assert_eq!(array.to_vec().unwrap(), [0, 1, 2, 0, 0]);
        let owned = vec![1, 2, 3].into_pyarray(py);
        // SAFETY: as above.
        refused::<PyValueError>(py, unsafe { owned.resize(5) });
        // SAFETY: as above.
        unsafe { array.resize(2) }.unwrap();
        assert_eq!(array.to_vec().unwrap(), [0, 1]);
    });
}

// --- Conversions --------------------------------------------------------------------------

#[test]
fn casting_converts_as_astype_does() {
    Python::attach(|py| {
        let array = pyarray![py, [1.5, -2.5, 300.0], [0.0, f64::from(u8::MAX), 7.9]];
        let cast = array.cast_array::<i32>(false).unwrap();
        assert_eq!(
            cast.readonly().as_array(),
            array![[1, -2, 300], [0, 255, 7]]
        );
        assert!(cast.is_c_contiguous());
        let cast = array.cast_array::<bool>(true).unwrap();
        assert_eq!(
            cast.readonly().as_array(),
            array![[true, true, true], [false, true, true]]
        );
        assert!(cast.is_fortran_contiguous());
        let same = array.cast_array::<f64>(false).unwrap();
        assert_ne!(same.data(), array.data());
        #[allow(deprecated)]
        let old = PyArrayMethods::cast::<f32>(&array, false).unwrap();
        assert_eq!(old.to_vec().unwrap()[0], 1.5);

        let words = made::<npyo::PyFixedUnicode<3>, _>(py, "np.array(['1', '-22', 'x'])");
        let words: Bound<'_, PyArray1<_>> = words;
        refused::<PyValueError>(py, words.cast_array::<i32>(false));
        let numbers =
            made::<npyo::PyFixedUnicode<3>, npyo::ndarray::Ix1>(py, "np.array(['1', '-22'])");
        assert_eq!(
            numbers.cast_array::<i16>(false).unwrap().to_vec().unwrap(),
            [1, -22]
        );
    });
}

#[test]
fn copying_to_another_array_converts_and_broadcasts() {
    Python::attach(|py| {
        let from = pyarray![py, [1.5, 2.5, 3.5]];
        let to = PyArray2::<i64>::zeros(py, [2, 3], true);
        from.copy_to(&to).unwrap();
        assert_eq!(to.readonly().as_array(), array![[1, 2, 3], [1, 2, 3]]);
        let one = PyArray2::<f64>::zeros(py, [2, 2], false);
        let text = refused::<PyValueError>(py, one.copy_to(&to));
        assert!(
            text.contains("could not broadcast input array from shape (2,2)"),
            "{text}"
        );
        exec_on(&to, "a.flags.writeable = False");
        let text = refused::<PyValueError>(py, from.copy_to(&to));
        assert!(text.contains("read-only"), "{text}");
        // To and from any layout.
        let to = made::<f32, Ix2>(py, "np.zeros((3, 4), 'f4')[::-1, ::2]");
        let from = PyArray::arange(py, 0, 6, 1)
            .reshape([2, 3])
            .unwrap()
            .transpose()
            .unwrap();
        from.copy_to(&to).unwrap();
        assert_eq!(
            to.readonly().as_array(),
            array![[0., 3.], [1., 4.], [2., 5.]]
        );
    });
}

// --- Elements -----------------------------------------------------------------------------

#[test]
fn an_index_within_bounds_is_an_element_and_any_other_is_none() {
    Python::attach(|py| {
        let array = made::<i64, Ix2>(py, "np.arange(12).reshape(3, 4)[::-1, ::3]");
        assert_eq!(array.shape(), [3, 2]);
        assert_eq!(array.get_owned([0, 0]), Some(8));
        assert_eq!(array.get_owned((2, 1)), Some(3));
        for index in [
            [3, 0],
            [0, 2],
            [usize::MAX, 0],
            [0, usize::MAX],
            [1 << 63, 1],
        ] {
            assert_eq!(array.get_owned(index), None);
            assert_eq!(array.readonly().get(index), None);
            assert_eq!(array.readwrite().get_mut(index), None);
            // SAFETY: nothing else refers to the elements.
            assert_eq!(unsafe { array.get(index) }, None);
        }
        // SAFETY: nothing else refers to the elements.
        assert_eq!(unsafe { array.get([1, 1]) }, Some(&7));
        // SAFETY: as above, and within bounds.
        assert_eq!(unsafe { array.uget([1, 0]) }, &4);
        // SAFETY: as above.
        *unsafe { array.get_mut([1, 0]) }.unwrap() = 40;
        // SAFETY: as above.
        *unsafe { array.uget_mut([2, 0]) } += 50;
        // SAFETY: within bounds.
        let place = unsafe { array.uget_raw([0, 1]) };
        // SAFETY: the address of an element that nothing else refers to.
        unsafe { place.write(60) };
        assert_eq!(array.to_vec().unwrap(), [8, 60, 40, 7, 50, 3]);
        let any = array.to_dyn();
        assert_eq!(any.get_owned(IxDyn(&[0, 1])), Some(60));
        assert_eq!(any.get_owned(IxDyn(&[0])), None);
        assert_eq!(any.get_owned(IxDyn(&[0, 0, 0])), None);
    });
}

#[test]
fn the_unsafe_methods_see_the_elements_without_a_guard() {
    Python::attach(|py| {
        let array = pyarray![py, [1.0, 2.0], [3.0, 4.0]];
        // SAFETY: nothing else refers to the elements while the view lives.
        let view = unsafe { PyArrayMethods::as_array(&array) };
        assert_eq!(view, array![[1.0, 2.0], [3.0, 4.0]]);
        // SAFETY: as above.
        let mut view = unsafe { PyArrayMethods::as_array_mut(&array) };
        view[[0, 0]] = 10.0;
        // SAFETY: as above.
        let slice = unsafe { PyArrayMethods::as_slice(&array) }.unwrap();
        assert_eq!(slice, [10.0, 2.0, 3.0, 4.0]);
        // SAFETY: as above.
        unsafe { PyArrayMethods::as_slice_mut(&array) }.unwrap()[1] = 20.0;
        let raw = array.as_raw_array();
        // SAFETY: as above.
        let view = unsafe { raw.deref_into_view() };
        assert_eq!(view, array![[10.0, 20.0], [3.0, 4.0]]);
        let mut raw = array.as_raw_array_mut();
        assert_eq!(raw.as_mut_ptr(), array.data());
        let strided = made::<f64, Ix2>(py, "np.zeros((4, 4))[::2]");
        // SAFETY: as above.
        let slice = unsafe { PyArrayMethods::as_slice(&strided) };
        let text = "The given array is not contiguous or is misaligned.";
        assert_eq!(slice.unwrap_err().to_string(), text);
        // SAFETY: as above.
        let slice = unsafe { PyArrayMethods::as_slice_mut(&strided) };
        assert_eq!(slice.unwrap_err().to_string(), text);
    });
}

#[test]
fn the_unsafe_methods_refuse_layouts_that_no_view_has() {
    Python::attach(|py| {
        let field = made::<f64, _>(py, "np.zeros(3, 'i4, f8')['f1']");
        let field: Bound<'_, PyArray1<f64>> = field;
        // SAFETY: no view is made.
        let text = panic_text(|| unsafe { PyArrayMethods::as_array(&field) }.sum());
        assert!(text.contains("misaligned"), "{text}");
        assert!(panic_text(|| field.as_raw_array()).contains("misaligned"));
        // SAFETY: no slice is made.
        assert!(unsafe { PyArrayMethods::as_slice(&field) }.is_err());
        let code = "np.lib.stride_tricks.as_strided(np.zeros(3), (2, 3), (0, 8))";
        let overlap = made::<f64, Ix2>(py, code);
        assert!(panic_text(|| overlap.as_raw_array_mut()).contains("overlaps itself"));
        assert_eq!(overlap.as_raw_array().shape(), [2, 3]);
    });
}

#[test]
fn a_handle_whose_array_python_changed_is_no_longer_trusted() {
    Python::attach(|py| {
        fn changed<'py, T: Element>(py: Python<'py>, change: &str) -> Bound<'py, PyArray1<T>> {
            let array = PyArray1::<T>::zeros(py, 8, false);
            exec_on(&array, change);
            array
        }
        let array = changed::<i16>(py, "a.dtype = 'i1'");
        let text = "the dtype or the number of dimensions of the array was changed after it was \
                    checked; pass the array again";
        assert_eq!(array.try_readonly().unwrap_err().to_string(), text);
        assert_eq!(refused::<PyTypeError>(py, array.try_readwrite()), text);
        assert_eq!(array.to_vec().unwrap_err().to_string(), text);
        assert_eq!(
            refused::<PyTypeError>(py, array.cast_array::<f64>(false)),
            text
        );
        let other = PyArray1::<f64>::zeros(py, 8, false);
        assert_eq!(refused::<PyTypeError>(py, array.copy_to(&other)), text);
        assert_eq!(refused::<PyTypeError>(py, other.copy_to(&array)), text);
        assert!(panic_text(|| array.get_owned(0)).contains(text));
        assert!(panic_text(|| array.to_owned_array()).contains(text));
        assert!(panic_text(|| array.as_raw_array()).contains(text));
        // SAFETY: nothing else refers to the elements.
        let slice = unsafe { PyArrayMethods::as_slice(&array) };
        assert_eq!(slice.unwrap_err().to_string(), text);

        let array = changed::<f64>(py, "a.shape = (2, 4)");
        assert_eq!(array.try_readonly().unwrap_err().to_string(), text);
        assert!(panic_text(|| array.to_owned_array()).contains(text));
        let any = array.to_dyn();
        assert_eq!(any.readonly().shape(), [2, 4]);
    });
}

#[test]
fn arrays_are_what_the_functions_of_numpy_make_of_them() {
    Python::attach(|py| {
        let array = Array2::from_shape_fn((3, 4), |(i, j)| (10 * i + j) as f64).into_pyarray(py);
        let sum: f64 = py
            .import("numpy")
            .unwrap()
            .call_method1("sum", (&array,))
            .unwrap()
            .extract()
            .unwrap();
        assert_eq!(sum, array.to_owned_array().sum());
        let column: PyReadonlyArray1<'_, f64> = eval_on(&array, "a[:, 2]").extract().unwrap();
        assert_eq!(column.as_array(), Array1::from_vec(vec![2.0, 12.0, 22.0]));
    });
}

// --- Handles that are only borrowed -------------------------------------------------------

/// What generic code sees of any kind of handle.
fn described<'py>(array: impl PyArrayMethods<'py, i32, Ix1>) -> (usize, Vec<i32>, i32) {
    assert!(
        array
            .dtype()
            .is_equiv_to(&npyo::dtype::<i32>(array.as_untyped().py()))
    );
    assert_eq!(array.to_dyn().shape(), array.shape());
    let mut guard = array.try_readwrite().unwrap();
    guard.as_slice_mut().unwrap()[0] += 1;
    drop(guard);
    let sum = array.readonly().as_array().sum();
    (array.len(), array.into_readonly().to_vec().unwrap(), sum)
}

#[test]
fn the_methods_are_those_of_borrowed_handles_too() {
    Python::attach(|py| {
        let array = pyarray![py, 1, 2, 3];
        let kept = array.clone().unbind();
        let before = refcount(&array);
        assert_eq!(described(kept.bind_borrowed(py)), (3, vec![2, 2, 3], 7));
        assert_eq!(refcount(&array), before);
        assert_eq!(described(array), (3, vec![3, 2, 3], 8));

        let scalar = PyArray::<f64, _>::zeros(py, (), false);
        fn item<'py>(array: impl PyArray0Methods<'py, f64>) -> f64 {
            array.item()
        }
        assert_eq!(item(scalar.as_borrowed()), item(scalar.clone()));

        fn size<'py>(descr: impl PyArrayDescrMethods<'py>) -> usize {
            descr.itemsize()
        }
        let descr = npyo::dtype::<f64>(py);
        assert_eq!((size(descr.as_borrowed()), size(descr)), (8, 8));
        fn ndim<'py>(array: impl PyUntypedArrayMethods<'py>) -> usize {
            array.ndim()
        }
        assert_eq!(ndim(scalar.as_untyped().as_borrowed()), 0);
        assert_eq!((ndim(scalar.readonly()), ndim(scalar)), (0, 0));
    });
}
