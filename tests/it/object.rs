//! Python objects and other elements that are not `Copy`: every reference is counted, every clone
//! dropped once.

use std::cell::Cell;

use npyo::ndarray::{Array1, Array2, ArrayD, Ix1, Ix2, IxDyn, ShapeBuilder, s};
use npyo::{
    AllowTypeChange, Element, PyArray, PyArray1, PyArray2, PyArrayDescr, PyArrayDyn, PyArrayLike1,
    PyReadonlyArray1, PyReadonlyArrayDyn, PyReadwriteArray1, dtype, prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use crate::common::{
    array as made, eval, eval_on, keeps_refcount, max_ndim, object, panic_text, refcount, refused,
};

type Objects<'py> = Bound<'py, PyArrayDyn<Py<PyAny>>>;

/// Arrays of four references to one object, in every layout.
fn layouts<'py>(ob: &Bound<'py, PyAny>) -> Vec<(&'static str, Objects<'py>)> {
    let codes = [
        ("C", "np.full((2, 2), ob)"),
        ("one axis", "np.full(4, ob)"),
        ("Fortran", "np.full((2, 2), ob, order='F')"),
        ("strided", "np.array([ob, None] * 4)[::2]"),
        ("backwards", "np.full(4, ob)[::-1]"),
        ("permuted", "np.full((1, 2, 2), ob).transpose(1, 0, 2)"),
        ("misaligned", "np.array([(0, ob)] * 4, 'i4, O')['f1']"),
        ("record", "np.array([(0, ob)] * 4, np.dtype('i8, O'))['f1']"),
        ("broadcast", "np.broadcast_to(np.array([ob]), (2, 2))"),
    ];
    let py = ob.py();
    let names = PyDict::new(py);
    names.set_item("np", py.import("numpy").unwrap()).unwrap();
    names.set_item("ob", ob).unwrap();
    codes
        .into_iter()
        .map(|(name, code)| {
            let code = std::ffi::CString::new(code).unwrap();
            let array = py.eval(&code, Some(&names), None).unwrap();
            (name, array.cast_into().unwrap())
        })
        .collect()
}

#[test]
fn copies_of_objects_hold_one_reference_each() {
    Python::attach(|py| {
        let ob = object(py);
        for (layout, array) in layouts(&ob) {
            let before = refcount(&ob);
            let check = |copies: usize| {
                assert_eq!(refcount(&ob), before + copies as isize, "{layout}");
            };
            let copies = array.to_vec().unwrap();
            check(4);
            assert!(copies.iter().all(|copy| copy.is(&ob)));
            drop(copies);
            let copies = array.to_owned_array();
            check(4);
            drop(copies);
            let index = IxDyn(&vec![0; array.ndim()]);
            let copy = array.get_owned(index.clone());
            check(1);
            drop(copy);
            let guard = array.readonly();
            let copies = (guard.to_vec().unwrap(), guard.to_owned_array());
            check(8);
            let copy = guard.get_owned(index);
            check(9);
            drop((copies, copy));
            drop(guard);
            check(0);
        }
    });
}

#[test]
fn guards_and_views_hold_no_references_to_objects() {
    Python::attach(|py| {
        let ob = object(py);
        for (layout, array) in layouts(&ob) {
            keeps_refcount(&ob, || {
                let inner = keeps_refcount(&ob, || {
                    array
                        .extract::<PyReadonlyArrayDyn<'_, Py<PyAny>>>()
                        .map(|guard| {
                            assert!(guard.as_array().iter().all(|element| element.is(&ob)));
                            let _ = guard.as_slice().map(<[_]>::len);
                            assert!(guard.get(IxDyn(&vec![0; guard.ndim()])).is_some());
                            drop(guard.clone());
                        })
                });
                assert_eq!(inner.is_err(), layout == "misaligned", "{layout}");
                let _ = array.extract::<npyo::PyReadwriteArrayDyn<'_, Py<PyAny>>>();
                let _ = array.extract::<npyo::PyReadonlyArrayDyn<'_, Py<PyString>>>();
                let _ = array.extract::<npyo::PyReadonlyArrayDyn<'_, f64>>();
            });
        }
    });
}

#[test]
fn a_refused_copy_of_objects_leaves_no_references() {
    Python::attach(|py| {
        let ob = object(py);
        for (layout, array) in layouts(&ob) {
            let words = array.as_any().cast::<PyArrayDyn<Py<PyString>>>().unwrap();
            keeps_refcount(&ob, || {
                let text = refused::<PyTypeError>(py, words.to_vec());
                assert!(
                    text.contains("it is of type 'Thing', not 'str'"),
                    "{layout}: {text}"
                );
                assert!(words.readonly().try_to_owned_array().is_err());
                let index = IxDyn(&vec![0; array.ndim()]);
                assert!(words.readonly().try_get_owned(index).is_err());
            });
        }
        // The objects before the wrong one are given back, too.
        let word = eval(py, "'a word of some length'.upper()");
        let list = PyList::new(py, [&word, &word, &ob]).unwrap();
        let array = py
            .import("numpy")
            .unwrap()
            .call_method1("array", (list, "O"))
            .unwrap();
        let words = array.cast::<PyArray1<Py<PyString>>>().unwrap();
        keeps_refcount(&word, || {
            assert!(words.to_vec().unwrap_err().to_string().contains("[2]"));
            assert!(
                eval_on(&array, "a[::-1]")
                    .cast::<PyArray1<Py<PyString>>>()
                    .unwrap()
                    .to_vec()
                    .is_err()
            );
        });
    });
}

#[test]
fn arrays_made_of_objects_hold_one_reference_each() {
    Python::attach(|py| {
        let ob = object(py);
        let before = refcount(&ob);
        let objects =
            |len: usize| -> Vec<Py<PyAny>> { (0..len).map(|_| ob.clone().unbind()).collect() };
        let check = |copies: usize| assert_eq!(refcount(&ob), before + copies as isize);

        let six = objects(6);
        check(6);
        let array = PyArray::from_slice(py, &six);
        check(12);
        drop(array);
        check(6);
        let array = six.to_pyarray(py);
        check(12);
        drop(array);
        let matrix = Array2::from_shape_vec((2, 3), six).unwrap();
        type Matrix = Py<PyArray2<Py<PyAny>>>;
        let make: [&dyn Fn() -> PyResult<Matrix>; 4] = [
            &|| matrix.try_to_pyarray(py).map(Bound::unbind),
            &|| PyArray::try_from_array(py, &matrix).map(Bound::unbind),
            &|| matrix.t().try_to_pyarray(py).map(Bound::unbind),
            &|| {
                matrix
                    .slice(s![..;-1, ..])
                    .try_to_pyarray(py)
                    .map(Bound::unbind)
            },
        ];
        for make in make {
            let array = make().unwrap();
            check(12);
            drop(array);
            check(6);
        }
        let array = matrix.slice(s![.., ..;2]).to_pyarray(py);
        check(10);
        assert_eq!(array.shape(), [2, 2]);
        drop(array);
        check(6);
        let view = matrix.view().permuted_axes([1, 0]);
        let array = view.slice(s![1.., ..]).to_pyarray(py);
        check(10);
        drop(array);
        let array = matrix.into_pyarray(py);
        check(6);
        drop(array);
        check(0);

        let array = objects(3).into_pyarray(py);
        check(3);
        drop(array);
        let array = objects(3).into_boxed_slice().into_pyarray(py);
        check(3);
        drop(array);
        let array = PyArray::from_vec(py, objects(3));
        check(3);
        drop(array);
        let array = PyArray::from_iter(py, objects(7));
        check(7);
        drop(array);
        check(0);
        let rows = [objects(2), objects(2)];
        let array = PyArray::from_vec2(py, &rows).unwrap();
        check(8);
        drop((array, rows));
        let rows = [vec![objects(2)], vec![objects(2)]];
        let array = PyArray::from_vec3(py, &rows).unwrap();
        check(8);
        drop((array, rows));
        let rows = [objects(2), objects(3)];
        assert!(PyArray::from_vec2(py, &rows).is_err());
        check(5);
        drop(rows);
        check(0);
    });
}

#[test]
fn an_array_over_typed_objects_gives_its_references_back() {
    Python::attach(|py| {
        let word = eval(py, "'a word of some length'.upper()")
            .cast_into::<PyString>()
            .unwrap();
        let before = refcount(&word);
        let words = || Array1::from_iter((0..4).map(|_| word.clone().unbind()));
        let array = PyArray::from_owned_object_array(py, words());
        assert_eq!(refcount(&word), before + 4);
        assert!(
            array
                .extract::<PyReadonlyArray1<'_, Py<PyString>>>()
                .is_ok()
        );
        assert_eq!(array.to_vec().unwrap().len(), 4);
        assert_eq!(refcount(&word), before + 4);
        drop(array);
        assert_eq!(refcount(&word), before);
        // Negative strides.
        let mut reversed = words();
        reversed.invert_axis(npyo::ndarray::Axis(0));
        let array = PyArray::from_owned_object_array(py, reversed);
        assert_eq!(array.to_vec().unwrap().len(), 4);
        drop(array);
        assert_eq!(refcount(&word), before);
        // A collapsed array owns more than it shows.
        let part = words().slice_move(s![1..2]);
        let array = PyArray::from_owned_object_array(py, part);
        assert_eq!((array.len(), refcount(&word)), (1, before + 4));
        drop(array);
        assert_eq!(refcount(&word), before);
    });
}

#[test]
fn an_array_that_cannot_be_made_gives_its_references_back() {
    Python::attach(|py| {
        let ob = object(py);
        let before = refcount(&ob);
        let shape = vec![1; max_ndim(py) + 1];
        let many = || ArrayD::from_shape_fn(shape.clone(), |_| ob.clone().unbind());
        refused::<PyValueError>(py, many().try_into_pyarray(py));
        refused::<PyValueError>(py, many().try_to_pyarray(py));
        refused::<PyValueError>(py, PyArray::try_from_owned_object_array(py, many()));
        assert!(panic_text(|| many().into_pyarray(py)).contains("ValueError"));
        assert_eq!(refcount(&ob), before);
    });
}

#[test]
fn python_replaces_objects_in_memory_of_rust() {
    Python::attach(|py| {
        let (old, new) = (object(py), object(py));
        let (old_count, new_count) = (refcount(&old), refcount(&new));
        let array = vec![old.clone().unbind(), old.clone().unbind()].into_pyarray(py);
        array.set_item(0, &new).unwrap();
        assert_eq!(
            (refcount(&old), refcount(&new)),
            (old_count + 1, new_count + 1)
        );
        *array.readwrite().get_mut(1).unwrap() = new.clone().unbind();
        assert_eq!((refcount(&old), refcount(&new)), (old_count, new_count + 2));
        array
            .readwrite()
            .as_array_mut()
            .map_inplace(|slot| *slot = old.clone().unbind());
        assert_eq!((refcount(&old), refcount(&new)), (old_count + 2, new_count));
        drop(array);
        assert_eq!((refcount(&old), refcount(&new)), (old_count, new_count));
    });
}

#[test]
fn a_view_keeps_the_objects_of_its_base_alive() {
    Python::attach(|py| {
        let ob = object(py);
        let before = refcount(&ob);
        let array = vec![
            ob.clone().unbind(),
            ob.clone().unbind(),
            ob.clone().unbind(),
        ]
        .into_pyarray(py);
        let view = eval_on(&array, "a[1:]");
        drop(array);
        assert_eq!(refcount(&ob), before + 3);
        assert!(view.get_item(1).unwrap().is(&ob));
        drop(view);
        assert_eq!(refcount(&ob), before);
    });
}

#[test]
fn copying_objects_to_another_array_replaces_its_references() {
    Python::attach(|py| {
        let (from, to) = (object(py), object(py));
        for (layout, array) in layouts(&from) {
            let (from_before, to_before) = (refcount(&from), refcount(&to));
            let target: Vec<_> = (0..array.len()).map(|_| to.clone().unbind()).collect();
            let target = target.into_pyarray(py).reshape(array.to_shape()).unwrap();
            array.copy_to(&target).unwrap();
            assert_eq!(refcount(&from), from_before + 4, "{layout}");
            assert_eq!(refcount(&to), to_before, "{layout}");
            drop(target);
            let cast = array.cast_array::<Py<PyAny>>(false).unwrap();
            assert_eq!(refcount(&from), from_before + 4, "{layout}");
            drop(cast);
            assert_eq!(refcount(&from), from_before, "{layout}");
        }
    });
}

#[test]
fn a_copy_that_fails_half_way_leaks_no_reference() {
    Python::attach(|py| {
        let number = eval(py, "type('N', (), {'__float__': lambda self: 1.5})()");
        let names = PyDict::new(py);
        names.set_item("np", py.import("numpy").unwrap()).unwrap();
        names.set_item("n", &number).unwrap();
        for code in [
            c"np.array([n, n, 'x', n])",
            c"np.array([(0, n), (0, n), (0, 'x')], 'i4, O')['f1']",
        ] {
            let array = py.eval(code, Some(&names), None).unwrap();
            let array = array.cast_into::<PyArray1<Py<PyAny>>>().unwrap();
            keeps_refcount(&number, || {
                let to = PyArray1::<f64>::zeros(py, array.len(), false);
                assert!(array.copy_to(&to).is_err());
                assert!(array.cast_array::<f64>(false).is_err());
                assert!(
                    array
                        .extract::<PyArrayLike1<'_, f64, AllowTypeChange>>()
                        .is_err()
                );
                // Nothing is left borrowed, nor an exception set.
                drop((array.readwrite(), to.readwrite()));
                assert!(PyErr::take(py).is_none());
            });
        }
    });
}

#[test]
fn casting_to_and_from_objects_keeps_references_in_balance() {
    Python::attach(|py| {
        let number = eval(py, "10.0 ** 20");
        let list = PyList::new(py, vec![&number; 5]).unwrap();
        let array = py
            .import("numpy")
            .unwrap()
            .call_method1("array", (list, "O"))
            .unwrap();
        let array = array.cast_into::<PyArray1<Py<PyAny>>>().unwrap();
        keeps_refcount(&number, || {
            let numbers = array.cast_array::<f64>(false).unwrap();
            assert_eq!(numbers.to_vec().unwrap(), [1e20; 5]);
            let objects = numbers.cast_array::<Py<PyAny>>(true).unwrap();
            assert!(objects.get_owned(4).unwrap().bind(py).eq(&number).unwrap());
            numbers.copy_to(&objects).unwrap();
            let like = array
                .extract::<PyArrayLike1<'_, f64, AllowTypeChange>>()
                .unwrap();
            assert_eq!(like.as_array().len(), 5);
        });
        // The array itself: guards and casts give their references to it back.
        keeps_refcount(&array, || {
            drop(array.readonly());
            drop(array.readwrite());
            drop(array.readonly().clone());
            drop(array.cast_array::<f64>(false));
            drop(array.to_vec());
            drop(array.extract::<PyReadonlyArray1<'_, Py<PyAny>>>());
            drop(array.extract::<PyReadonlyArray1<'_, f64>>());
            drop(array.extract::<PyReadwriteArray1<'_, Py<PyAny>>>());
            drop(array.extract::<PyArrayLike1<'_, Py<PyAny>>>());
            drop(array.transpose());
            drop(array.reshape([5, 1]));
            drop(array.reshape([7]));
            drop(array.dtype());
        });
    });
}

#[test]
fn lists_of_objects_become_arrays_that_hold_one_reference_each() {
    Python::attach(|py| {
        let ob = object(py);
        let list = PyList::new(py, vec![&ob; 3]).unwrap();
        let before = refcount(&ob);
        let like = list.extract::<PyArrayLike1<'_, Py<PyAny>>>().unwrap();
        assert_eq!(refcount(&ob), before + 3);
        assert!(like.as_array().iter().all(|element| element.is(&ob)));
        drop(like);
        assert_eq!(refcount(&ob), before);
        assert!(list.extract::<PyArrayLike1<'_, Py<PyString>>>().is_err());
        assert!(list.extract::<PyArrayLike1<'_, f64>>().is_err());
        assert_eq!(refcount(&ob), before);
    });
}

#[test]
fn dtypes_of_arrays_are_not_used_up() {
    Python::attach(|py| {
        // Of this dtype there is no immortal singleton.
        let array = made::<npyo::PyFixedString<31>, Ix1>(py, "np.zeros(600, 'S31')[::2]");
        let descr = array.dtype();
        let kept = dtype::<npyo::PyFixedString<31>>(py);
        keeps_refcount(descr.as_any(), || {
            keeps_refcount(kept.as_any(), || {
                for _ in 0..10 {
                    let guard = array
                        .extract::<PyReadonlyArray1<'_, npyo::PyFixedString<31>>>()
                        .unwrap();
                    drop((guard.clone(), guard.dtype()));
                    let copy = guard.to_vec().unwrap();
                    drop((copy.to_pyarray(py), copy.into_pyarray(py)));
                    drop(guard.cast_array::<npyo::PyFixedString<31>>(false));
                    drop(
                        guard.copy_to(&PyArray1::<npyo::PyFixedString<31>>::zeros(py, 300, false)),
                    );
                    drop(array.extract::<PyReadonlyArray1<'_, f64>>());
                    drop(PyArray1::<npyo::PyFixedString<31>>::try_zeros(
                        py,
                        usize::MAX,
                        false,
                    ));
                    // SAFETY: no array is made.
                    drop(unsafe {
                        PyArray1::<npyo::PyFixedString<31>>::try_new(py, usize::MAX, false)
                    });
                    drop(array.transpose());
                }
            });
        });
    });
}

// --- Clones that panic ------------------------------------------------------------------------

thread_local! {
    /// How many clones and originals there are.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// How many clones may be made before one panics.
    static BUDGET: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// An element that is counted, and whose cloning panics when the budget is used up.
#[derive(Debug, PartialEq)]
#[repr(transparent)]
struct Counted(u64);

impl Counted {
    fn new(number: u64) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self(number)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

// SAFETY: `Counted` has the layout of `u64`; every bit pattern is a value. That there is something
// to drop is no matter, as it is for counting only.
unsafe impl Element for Counted {
    const IS_COPY: bool = false;

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        dtype::<u64>(py)
    }

    fn clone_ref(&self, _py: Python<'_>) -> Self {
        let budget = BUDGET.get();
        assert!(budget > 0, "no more clones");
        BUDGET.set(budget - 1);
        Self::new(self.0)
    }
}

/// Runs `work` with room for so many clones, and returns whether it panicked and how many clones
/// it left.
fn with_budget<R>(budget: usize, work: impl FnOnce() -> R) -> (bool, isize) {
    let before = LIVE.get();
    BUDGET.set(budget);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(work()))).is_err();
    BUDGET.set(usize::MAX);
    (panicked, LIVE.get() - before)
}

/// Arrays of twelve numbers in every layout.
fn counted(py: Python<'_>) -> Vec<(&'static str, Bound<'_, PyArray2<Counted>>)> {
    [
        ("C", "np.arange(12, dtype='u8').reshape(3, 4)"),
        ("Fortran", "np.arange(12, dtype='u8').reshape(4, 3).T"),
        (
            "strided",
            "np.arange(48, dtype='u8').reshape(6, 8)[::2, ::-2]",
        ),
        (
            "misaligned",
            "np.frombuffer(bytearray(97), 'u1')[1:].view('u8').reshape(3, 4)",
        ),
        (
            "misaligned Fortran",
            "np.frombuffer(bytearray(97), 'u1')[1:].view('u8').reshape(4, 3).T",
        ),
        ("record", "np.zeros((3, 4), 'i4, u8')['f1']"),
        (
            "broadcast",
            "np.broadcast_to(np.arange(4, dtype='u8'), (3, 4))",
        ),
    ]
    .into_iter()
    .map(|(name, code)| (name, made::<Counted, Ix2>(py, code)))
    .collect()
}

#[test]
fn a_clone_that_panics_half_way_through_an_array_leaks_and_repeats_no_drop() {
    Python::attach(|py| {
        for (layout, array) in counted(py) {
            for budget in [0, 1, 5, 11] {
                for (name, outcome) in [
                    ("to_vec", with_budget(budget, || array.to_vec())),
                    (
                        "to_owned_array",
                        with_budget(budget, || array.to_owned_array()),
                    ),
                    (
                        "try_to_owned_array",
                        with_budget(budget, || array.readonly().try_to_owned_array()),
                    ),
                    (
                        "writer",
                        with_budget(budget, || array.try_readwrite().map(|guard| guard.to_vec())),
                    ),
                ] {
                    let panics = !(name == "writer" && layout == "broadcast");
                    assert_eq!(outcome, (panics, 0), "{name}, {layout}, {budget}");
                }
            }
            assert_eq!(
                with_budget(0, || array.get_owned([1, 1])),
                (true, 0),
                "{layout}"
            );
            for budget in [12, 13] {
                assert_eq!(
                    with_budget(budget, || array.to_vec()),
                    (false, 0),
                    "{layout}"
                );
                assert_eq!(
                    with_budget(budget, || array.to_owned_array()),
                    (false, 0),
                    "{layout}"
                );
            }
            // The guards of the panicking methods are gone.
            if layout != "broadcast" {
                drop(array.readwrite());
            }
            // The memory of the array is not touched by reading it.
            let copies = array.to_owned_array();
            let again = array.to_owned_array();
            assert_eq!(copies, again);
            drop((copies, again));
            assert_eq!(LIVE.get(), 0, "{layout}");
        }
    });
}

#[test]
fn a_clone_that_panics_half_way_into_an_array_is_dropped_at_most_once() {
    Python::attach(|py| {
        let numbers: Vec<_> = (0..12).map(Counted::new).collect();
        let rows = [
            (0..6).map(Counted::new).collect::<Vec<_>>(),
            (6..12).map(Counted::new).collect(),
        ];
        let matrix = Array2::from_shape_fn((3, 4), |(i, j)| Counted::new((10 * i + j) as u64));
        let fortran = Array2::from_shape_fn((3, 4).f(), |(i, j)| Counted::new((10 * i + j) as u64));
        let live = LIVE.get();
        for budget in [0, 1, 5, 11] {
            for (name, (panicked, left)) in [
                (
                    "slice",
                    with_budget(budget, || PyArray::from_slice(py, &numbers)),
                ),
                ("to_pyarray", with_budget(budget, || numbers.to_pyarray(py))),
                (
                    "vec2",
                    with_budget(budget, || PyArray::from_vec2(py, &rows)),
                ),
                ("array", with_budget(budget, || matrix.to_pyarray(py))),
                ("fortran", with_budget(budget, || fortran.to_pyarray(py))),
                (
                    "strided",
                    with_budget(budget / 2, || matrix.slice(s![..;-1, ..;2]).to_pyarray(py)),
                ),
                (
                    "inner fortran",
                    with_budget(budget / 2, || fortran.slice(s![1.., ..]).to_pyarray(py)),
                ),
            ] {
                assert!(panicked, "{name}, {budget}");
                // NumPy frees the memory and drops nothing in it: at worst, clones are leaked.
                assert!(
                    left >= 0 && left <= budget as isize,
                    "{name}, {budget}: {left}"
                );
            }
        }
        LIVE.set(live);
        drop((numbers, rows, matrix, fortran));
        assert_eq!(LIVE.get(), 0);
    });
}

#[test]
fn elements_that_an_array_owns_are_dropped_with_it_once() {
    Python::attach(|py| {
        let numbers = |len| (0..len).map(Counted::new).collect::<Vec<_>>();
        let array = numbers(5).into_pyarray(py);
        assert_eq!(LIVE.get(), 5);
        let view = eval_on(&array, "a[2:]");
        drop(array);
        assert_eq!(LIVE.get(), 5);
        drop(view);
        assert_eq!(LIVE.get(), 0);
        drop(PyArray::from_iter(py, numbers(7)));
        drop(numbers(7).into_boxed_slice().into_pyarray(py));
        drop(
            Array1::from_vec(numbers(4))
                .slice_move(s![1..3])
                .into_pyarray(py),
        );
        assert_eq!(LIVE.get(), 0);
        let many = ArrayD::from_shape_vec(vec![1; max_ndim(py) + 1], numbers(1)).unwrap();
        assert!(many.try_into_pyarray(py).is_err());
        assert_eq!(LIVE.get(), 0);
        // An iterator that panics.
        let outcome = with_budget(usize::MAX, || {
            PyArray::from_iter(
                py,
                (0..9).map(|n| {
                    if n < 5 {
                        Counted::new(n)
                    } else {
                        panic!("no more")
                    }
                }),
            )
        });
        assert_eq!(outcome, (true, 0));
    });
}

#[test]
fn a_drop_that_panics_does_not_abort_the_process() {
    #[repr(transparent)]
    struct Bomb(#[allow(dead_code)] u64);
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose, when dropped");
        }
    }
    // SAFETY: the layout of `u64`, of which every bit pattern is a value.
    unsafe impl Element for Bomb {
        const IS_COPY: bool = false;
        fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
            dtype::<u64>(py)
        }
        fn clone_ref(&self, _py: Python<'_>) -> Self {
            Self(self.0)
        }
    }
    Python::attach(|py| {
        let array = vec![Bomb(7)].into_pyarray(py);
        assert_eq!(array.to_string(), "[7]");
        drop(array);
        assert!(PyErr::take(py).is_none());
        assert_eq!(eval(py, "1 + 1").extract::<i32>().unwrap(), 2);
    });
}
