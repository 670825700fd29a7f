//! From collections of Rust to arrays: with a copy, and with none.

use npyo::ndarray::{
    Array, Array1, Array2, Array3, ArrayD, ArrayView, Axis, Dimension, IxDyn, ShapeBuilder,
    SliceInfoElem, array, s,
};
use npyo::{Complex64, Element, PyArray, PyArray1, PyArray2, PyArrayDyn, prelude::*, pyarray};
use proptest::prelude::*;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::common::{eval_on, exec_on, refcount, refused};

/// Checks what `to_pyarray` makes of a view against the view itself.
#[track_caller]
fn check_to<T, D>(py: Python<'_>, view: ArrayView<'_, T, D>)
where
    T: Element + Clone + PartialEq + std::fmt::Debug,
    D: Dimension,
{
    let array = view.to_pyarray(py);
    assert_eq!(array.shape(), view.shape());
    let in_fortran_order = view.t().is_standard_layout() && !view.is_standard_layout();
    assert_eq!(
        array.is_c_contiguous(),
        !in_fortran_order || view.len() <= 1
    );
    assert!(array.is_contiguous());
    assert!(
        eval_on(&array, "a.flags.owndata and a.flags.writeable")
            .is_truthy()
            .unwrap()
    );
    let guard = array.readonly();
    assert!(
        guard.as_array() == view,
        "{:?} is not {view:?}",
        guard.as_array()
    );
    assert_ne!(guard.data().cast_const(), view.as_ptr());
    // By way of NumPy's own reading.
    let listed = array.call_method1("ravel", ("C",)).unwrap();
    let listed = listed.cast_into::<PyArray1<T>>().unwrap();
    assert!(listed.to_vec().unwrap().iter().eq(view.iter()));
}

/// Checks that `into_pyarray` uses the memory of `array` with no copy.
#[track_caller]
fn check_into<T, D>(py: Python<'_>, array: Array<T, D>)
where
    T: Element + Clone + PartialEq + std::fmt::Debug,
    D: Dimension,
{
    let copy = array.clone();
    let (address, shape) = (array.as_ptr(), array.shape().to_vec());
    let strides: Vec<_> = array
        .strides()
        .iter()
        .map(|s| s * size_of::<T>() as isize)
        .collect();
    let made = array.into_pyarray(py);
    assert_eq!(made.data().cast_const(), address);
    assert_eq!(made.shape(), shape);
    if made.len() > 1 {
        assert_eq!(made.strides(), strides);
    }
    assert!(made.readonly().as_array() == copy);
    assert!(
        eval_on(&made, "not a.flags.owndata and a.flags.writeable")
            .is_truthy()
            .unwrap()
    );
    refused::<PyValueError>(py, eval_on(&made, "a.resize").call1((1_000_003,)));
}

#[test]
fn slices_and_vectors_become_arrays() {
    Python::attach(|py| {
        let numbers = [1, 2, 3];
        let array = numbers.to_pyarray(py);
        assert_eq!(array.readonly().as_slice().unwrap(), numbers);
        assert_ne!(array.data().cast_const(), numbers.as_ptr());
        let array = numbers.to_vec().to_pyarray(py);
        assert_eq!(array.to_vec().unwrap(), numbers);
        assert_eq!(
            numbers.try_to_pyarray(py).unwrap().to_vec().unwrap(),
            numbers
        );
        let long: Vec<u64> = (0..10_000).collect();
        assert_eq!(long.to_pyarray(py).to_vec().unwrap(), long);
    });
}

#[test]
fn a_vector_becomes_an_array_with_no_copy() {
    Python::attach(|py| {
        let numbers = vec![1.5, 2.5, 3.5];
        let address = numbers.as_ptr();
        let array = numbers.into_pyarray(py);
        assert_eq!(array.data().cast_const(), address);
        assert_eq!(array.readonly().as_slice().unwrap(), [1.5, 2.5, 3.5]);
        let mut roomy = Vec::with_capacity(100);
        roomy.push(7_u8);
        let address = roomy.as_ptr();
        let array = PyArray::from_vec(py, roomy);
        assert_eq!((array.data().cast_const(), array.len()), (address, 1));
        let boxed = vec![1_i16, 2].into_boxed_slice();
        let address = boxed.as_ptr();
        let array = boxed.try_into_pyarray(py).unwrap();
        assert_eq!(array.data().cast_const(), address);
        assert_eq!(Vec::<f64>::new().try_into_pyarray(py).unwrap().len(), 0);
    });
}

#[test]
fn owned_arrays_of_every_layout_become_arrays_with_no_copy() {
    Python::attach(|py| {
        let cube = || Array3::from_shape_fn((3, 4, 5), |(i, j, k)| (100 * i + 10 * j + k) as f64);
        check_into(py, cube());
        check_into(py, cube().reversed_axes());
        check_into(py, cube().permuted_axes([1, 2, 0]));
        check_into(py, cube().slice_move(s![.., ..;-1, ..;2]));
        check_into(py, cube().slice_move(s![1, 1.., ..]));
        check_into(py, cube().slice_move(s![1, 2, 3]));
        check_into(py, cube().slice_move(s![..;-1, ..;-1, ..;-1]));
        check_into(py, cube().index_axis_move(Axis(1), 2));
        check_into(py, Array2::<f64>::zeros((3, 4).f()));
        check_into(py, Array2::<f64>::zeros((0, 4)));
        check_into(py, Array2::<u8>::zeros((4, 0).f()));
        check_into(py, npyo::ndarray::arr0(7.5));
        check_into(py, ArrayD::<i16>::zeros(IxDyn(&[1, 2, 1, 3, 1, 2, 1, 1])));
        check_into(
            py,
            Array1::from_elem(5, Complex64::new(1.0, 2.0)).slice_move(s![..;-2]),
        );
    });
}

#[test]
fn a_collapsed_array_keeps_all_of_its_memory() {
    Python::attach(|py| {
        let array = Array2::from_shape_fn((1000, 3), |(i, j)| i * 10 + j);
        let last = array.slice_move(s![999.., 2..]).into_pyarray(py);
        assert_eq!(
            (last.to_shape(), last.get_owned([0, 0])),
            (vec![1, 1], Some(9992))
        );
        assert!(last.readwrite().as_array_mut().iter().eq(&[9992]));
    });
}

#[test]
fn the_owner_of_the_memory_lives_as_long_as_the_last_array_over_it() {
    Python::attach(|py| {
        let array = vec![1, 2, 3, 4].into_pyarray(py);
        let base = array.getattr("base").unwrap();
        assert!(!base.is_none());
        let before = refcount(&base);
        let view = eval_on(&array, "a[::2][1:]")
            .cast_into::<PyArray1<i32>>()
            .unwrap();
        drop(array);
        assert_eq!(view.readonly().as_array(), array![3]);
        exec_on(&view, "a[0] = 30");
        assert_eq!(view.get_owned(0), Some(30));
        drop(view);
        assert_eq!(refcount(&base), before - 1);
        assert_eq!(refcount(&base), 1);
    });
}

#[test]
fn python_writes_to_memory_of_rust() {
    Python::attach(|py| {
        let array = Array2::<f64>::zeros((2, 3)).into_pyarray(py);
        exec_on(&array, "a[1] = [1, 2, 3]; a += 1");
        assert_eq!(
            array.readonly().as_array(),
            array![[1.0, 1.0, 1.0], [2.0, 3.0, 4.0]]
        );
    });
}

#[test]
fn borrowed_arrays_of_every_layout_are_copied() {
    Python::attach(|py| {
        // Both below and above the size from which NumPy copies.
        for scale in [1, 4] {
            let cube = Array3::from_shape_fn((3 * scale, 4 * scale, 5 * scale), |(i, j, k)| {
                (10_000 * i + 100 * j + k) as f64
            });
            check_to(py, cube.view());
            check_to(py, cube.t());
            for axes in [
                [0, 1, 2],
                [0, 2, 1],
                [1, 0, 2],
                [1, 2, 0],
                [2, 0, 1],
                [2, 1, 0],
            ] {
                let view = cube.view().permuted_axes(axes);
                check_to(py, view.view());
                check_to(py, view.slice(s![..;2, .., ..]));
                check_to(py, view.slice(s![.., ..;-1, ..]));
                check_to(py, view.slice(s![1.., ..;-2, ..-1]));
                check_to(py, view.slice(s![.., 1, ..]));
            }
            check_to(py, cube.slice(s![..;-1, ..;-1, ..;-1]));
            check_to(py, cube.slice(s![.., 2..2, ..]));
            check_to(py, cube.slice(s![1, 2, 3]));
            check_to(py, cube.slice(s![1, 2, 3..4]));
            check_to(py, cube.slice(s![1, 2, ..]));
            check_to(
                py,
                cube.slice(s![1, 2, ..]).broadcast((30, 5 * scale)).unwrap(),
            );
            check_to(py, cube.view().insert_axis(Axis(1)));
            check_to(py, cube.mapv(|x| x as u8).slice(s![..;2, .., ..;3]));
            check_to(
                py,
                cube.mapv(|x| Complex64::new(x, -x))
                    .slice(s![.., ..;-3, ..]),
            );
            check_to(py, cube.mapv(|x| x > 5.0).t().slice(s![..;2, .., ..]));
        }
        check_to(py, npyo::ndarray::arr0(7.5).view());
    });
}

#[test]
fn a_large_permuted_array_is_copied_right() {
    Python::attach(|py| {
        let mut next = 0_u32;
        let cube = Array3::from_shape_simple_fn((70, 60, 50), || {
            next += 1;
            next
        });
        for axes in [[2, 1, 0], [1, 2, 0], [0, 2, 1], [2, 0, 1]] {
            let view = cube.view().permuted_axes(axes);
            check_to(py, view.view());
            // And back, in each of the orders.
            let array = view.to_pyarray(py).transpose().unwrap();
            assert_eq!(array.to_owned_array(), view.t());
            let array = cube.clone().into_pyarray(py).permute(Some(axes)).unwrap();
            assert_eq!(array.to_owned_array(), view);
            assert!(
                array.to_vec().unwrap().iter().eq(view.iter()) || array.is_fortran_contiguous()
            );
        }
    });
}

#[test]
fn views_are_made_to_arrays_through_the_named_constructors_too() {
    Python::attach(|py| {
        let matrix = array![[1, 2, 3], [4, 5, 6]];
        let part = matrix.slice(s![.., ..;2]);
        let array: Bound<'_, PyArray2<i32>> = PyArray::from_array(py, &part);
        assert_eq!(array.readonly().as_array(), part);
        let array = PyArray::try_from_array(py, &matrix.t()).unwrap();
        assert!(array.is_fortran_contiguous());
        let array = PyArray::from_owned_array(py, matrix.clone());
        assert_eq!(array.readonly().as_array(), matrix);
        let array: Bound<'_, PyArrayDyn<i32>> = matrix.into_dyn().try_into_pyarray(py).unwrap();
        assert_eq!(array.ndim(), 2);
    });
}

#[test]
fn an_array_literal_has_one_two_or_three_dimensions() {
    Python::attach(|py| {
        assert_eq!(pyarray![py, 1, 2, 3].shape(), [3]);
        assert_eq!(
            pyarray![py, 1, 2, 3,].readonly().as_array(),
            array![1, 2, 3]
        );
        assert_eq!(
            pyarray![py, [1, 2], [3, 4]].readonly().as_array(),
            array![[1, 2], [3, 4]]
        );
        assert_eq!(pyarray![py, [1, 2], [3, 4],].shape(), [2, 2]);
        let cube = pyarray![py, [[1, 2]], [[3, 4]], [[5, 6]]];
        assert_eq!(
            cube.readonly().as_array(),
            array![[[1, 2]], [[3, 4]], [[5, 6]]]
        );
        assert_eq!(pyarray![py, [[1.0], [2.0]]].shape(), [1, 2, 1]);
        let words = pyarray![py, "a".into_pyobject(py).unwrap().into_any().unbind()];
        assert_eq!(words.to_string(), "['a']");
    });
}

/// An array of at most four axes, a slice of each and an order of them.
fn any_view() -> impl Strategy<Value = (Vec<usize>, Vec<(isize, isize)>, u64)> {
    proptest::collection::vec((1..9_usize, 0..9_isize, -3..4_isize), 0..5).prop_flat_map(|axes| {
        let shape: Vec<_> = axes.iter().map(|axis| axis.0).collect();
        let slices: Vec<_> = axes
            .iter()
            .map(|&(len, start, step)| (start.min(len as isize), if step == 0 { 1 } else { step }))
            .collect();
        (Just(shape), Just(slices), any::<u64>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..Default::default() })]

    #[test]
    fn any_slice_of_any_array_is_copied((shape, slices, seed) in any_view()) {
        let mut next = 0;
        let array = ArrayD::from_shape_simple_fn(shape.clone(), || {
            next += 1;
            next
        });
        let mut view = array.view();
        view.slice_each_axis_inplace(|axis| npyo::ndarray::Slice {
            start: slices[axis.axis.index()].0,
            end: None,
            step: slices[axis.axis.index()].1,
        });
        let mut order: Vec<_> = (0..shape.len()).collect();
        order.sort_by_key(|axis| (seed >> (8 * axis)) & 0xff);
        let view = view.permuted_axes(order);
        Python::attach(|py| {
            check_to(py, view.view());
            let owned = view.to_owned();
            let back = view.to_pyarray(py);
            assert_eq!(back.to_owned_array(), owned);
            let mut all: Vec<SliceInfoElem> = Vec::new();
            all.resize(view.ndim(), (..).into());
            check_into(py, owned.slice_move(all.as_slice()));
        });
    }
}
