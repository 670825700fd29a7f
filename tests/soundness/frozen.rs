//! Arrays that Python is kept from writing to and from resizing while Rust reads them.

use std::mem;

use npyo::ndarray::{array, s};
use npyo::{
    BorrowError, PyArray1, PyFrozenArray0, PyFrozenArray1, PyFrozenArrayDyn, PyReadonlyArray1,
    PyReadwriteArray1, prelude::*, pyarray,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{eval, eval_on, exec, exec_on, numpy_version, object, panic_text, refused};
use crate::survives;
use crate::ways::{handle, is_borrowed, pair};

fn freeze<'py>(array: &Bound<'py, PyAny>) -> PyFrozenArray1<'py, f64> {
    handle::<f64>(array).readonly().freeze()
}

/// Checks that statements on an array, which they see as `a`, end in a `ValueError`.
#[track_caller]
fn is_refused(array: &Bound<'_, PyAny>, code: &str, text: &str) {
    let code = format!(
        "try:\n    {code}\nexcept ValueError as err:\n    assert {text:?} in str(err), err\n\
         else:\n    raise AssertionError({code:?} + ' was not refused')"
    );
    exec_on(array, &code);
}

#[track_caller]
fn is_frozen(array: &Bound<'_, PyAny>) {
    is_refused(array, "a[0] = 7", "read-only");
    is_refused(array, "a.resize(100_000, refcheck=False)", "does not own");
}

/// All flags of an array in one number.
#[track_caller]
fn flags(array: &Bound<'_, PyAny>) -> i32 {
    eval_on(array, "a.flags.num").extract().unwrap()
}

/// Whether an object lives on, by a weak reference to it.
#[track_caller]
fn lives(weak: &Bound<'_, PyAny>) -> bool {
    !weak.call0().unwrap().is_none()
}

// --- What NumPy refuses meanwhile ---------------------------------------------------------------

#[test]
fn s8_resize_without_reference_check_is_refused_while_an_array_is_frozen() {
    let path = "frozen::s8_resize_without_reference_check_is_refused_while_an_array_is_frozen";
    survives(path, |py| {
        for size in [100_000, 1, 0] {
            let any = eval(py, "np.arange(4.0)");
            let resize = format!("a.resize({size}, refcheck=False)");
            let guard = freeze(&any);
            let view = guard.as_array();
            let slice = guard.as_slice().unwrap();
            is_refused(&any, &resize, "does not own its data");
            is_refused(&any, "a.resize(5)", "does not own its data");
            assert_eq!(slice, [0.0, 1.0, 2.0, 3.0]);
            assert_eq!(view, array![0.0, 1.0, 2.0, 3.0]);
            drop(guard);
            exec_on(&any, &resize);
            assert_eq!(handle::<f64>(&any).len(), size);
        }
    });
}

/// Not among the writes is `numpy.add.at`, which NumPy lets write to any array.
#[test]
fn b_a_frozen_array_is_read_only_for_numpy() {
    Python::attach(|py| {
        let writes = [
            "a[0] = 1",
            "a[...] = 1",
            "a[[0, 2]] = 1",
            "a[a > 0] = 1",
            "a[1:][0] = 1",
            "a.view('i8')[1] = 1",
            "a.reshape(3, 1).T[0, 0] = 1",
            "a += 1",
            "np.add(a, 1, out=a)",
            "np.copyto(a, 1.0)",
            "a.fill(1)",
            "a.put(0, 1)",
            "a.sort()",
            "a.partition(1)",
            "a.byteswap(True)",
        ];
        let any = eval(py, "np.array([3.0, 2.0, 1.0])");
        let before = flags(&any);
        let guard = freeze(&any);
        for code in writes {
            is_refused(&any, code, "read-only");
        }
        exec_on(&any, "assert memoryview(a).readonly");
        assert_eq!(guard.as_slice().unwrap(), [3.0, 2.0, 1.0]);
        drop(guard);
        assert_eq!(flags(&any), before);
        for code in writes {
            exec_on(&any, code);
        }
        exec_on(&any, "a[0] = 1; assert a[0] == 1");
    });
}

#[test]
fn b_an_array_without_elements_or_dimensions_is_frozen_as_others_are() {
    Python::attach(|py| {
        let empty = eval(py, "np.zeros(0)");
        let guard = freeze(&empty);
        let resize = "a.resize(100_000, refcheck=False)";
        is_refused(&empty, resize, "does not own its data");
        assert_eq!(guard.as_slice().unwrap(), [0.0; 0]);
        drop(guard);
        exec_on(&empty, resize);

        let scalar = eval(py, "np.array(1.5)");
        let guard = scalar.extract::<PyFrozenArray0<'_, f64>>().unwrap();
        is_refused(&scalar, "a[()] = 2.0", "read-only");
        assert_eq!(guard.get(()), Some(&1.5));
        drop(guard);
        exec_on(&scalar, "a[()] = 2.0");
    });
}

#[test]
fn b_a_flag_that_is_set_while_an_array_is_frozen_does_not_last() {
    Python::attach(|py| {
        for (before, during) in [(true, false), (true, true), (false, true), (false, false)] {
            let code = format!(
                "a = np.zeros(3); a.flags.writeable = {}",
                if before { "True" } else { "False" }
            );
            let any = exec(py, &code).get_item("a").unwrap().unwrap();
            let wanted = flags(&any);
            let guard = freeze(&any);
            // NumPy warns of it where an array does not own its memory, or may refuse it.
            let code = format!(
                "import warnings\nwarnings.simplefilter('ignore')\ntry:\n    \
                 a.flags.writeable = {}\nexcept ValueError:\n    pass",
                if during { "True" } else { "False" }
            );
            exec_on(&any, &code);
            is_refused(&any, "a.resize(5, refcheck=False)", "does not own");
            drop(guard);
            assert_eq!(flags(&any), wanted);
        }
    });
}

// --- What is restored ---------------------------------------------------------------------------

#[test]
fn b_freezing_a_view_freezes_all_that_it_is_a_view_of() {
    Python::attach(|py| {
        // NumPy leaves out views in between only where they are of one class.
        let names = exec(
            py,
            "class A(np.ndarray): pass\n\
             class B(np.ndarray): pass\n\
             base = np.arange(6.0)\n\
             first = base.view(A)\n\
             second = first.view(B)\n\
             a = second.view(np.ndarray)\n\
             other = base[:2]\n\
             assert a.base is second and second.base is first and first.base is base",
        );
        let get = |name| names.get_item(name).unwrap().unwrap();
        let chain = ["base", "first", "second", "a"].map(get);
        let other = get("other");
        let before: Vec<_> = chain.iter().map(flags).collect();
        let guard = freeze(&chain[3]);
        chain.iter().for_each(is_frozen);
        // A view of the memory that is none of these stays as it is.
        exec_on(&other, "a[0] = 5");
        assert_eq!(
            guard.as_array().slice(s![1..]),
            array![1.0, 2.0, 3.0, 4.0, 5.0]
        );
        // One that comes from a frozen array is read-only, and stays so.
        let later = eval_on(&chain[0], "a[1:]");
        is_frozen(&later);
        drop(guard);
        assert_eq!(chain.iter().map(flags).collect::<Vec<_>>(), before);
        is_refused(&later, "a[0] = 7", "read-only");
        for array in &chain {
            exec_on(array, "a[0] = 7");
        }
        exec_on(&chain[0], "a.resize(100_000, refcheck=False)");
    });
}

#[test]
fn b_what_was_read_only_before_it_was_frozen_stays_so() {
    Python::attach(|py| {
        let (base, view) = pair(py, "a = np.zeros(3); b = a[1:]; b.flags.writeable = False");
        let before = (flags(&base), flags(&view));
        let guard = freeze(&view);
        is_frozen(&base);
        is_frozen(&view);
        drop(guard);
        assert_eq!((flags(&base), flags(&view)), before);
        is_refused(&view, "a[0] = 7", "read-only");
        exec_on(&base, "a[0] = 7");

        let (base, view) = pair(py, "a = np.zeros(3); b = a[1:]; a.flags.writeable = False");
        let before = (flags(&base), flags(&view));
        drop(freeze(&view));
        assert_eq!((flags(&base), flags(&view)), before);
        let text = eval(py, "np.frombuffer(bytes(16))");
        let before = flags(&text);
        drop(freeze(&text));
        assert_eq!(flags(&text), before);
    });
}

#[test]
fn b_guards_that_freeze_one_array_are_dropped_in_any_order() {
    Python::attach(|py| {
        let orders = [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ];
        for order in orders {
            let (base, view) = pair(py, "a = np.arange(3.0); b = a[1:]");
            let before = (flags(&base), flags(&view));
            let mut guards = [
                Some(freeze(&base)),
                Some(freeze(&view)),
                Some(base.extract::<PyFrozenArray1<'_, f64>>().unwrap()),
            ];
            for (done, index) in order.into_iter().enumerate() {
                is_frozen(&base);
                if guards[1].is_some() {
                    is_frozen(&view);
                } else {
                    // It is no part of what the other guards are for.
                    assert_eq!(flags(&view), before.1);
                }
                guards[index] = None;
                assert_eq!(flags(&base) == before.0, done == 2, "{order:?}, {done}");
            }
            assert_eq!((flags(&base), flags(&view)), before);
        }
    });
}

#[test]
fn b_an_array_object_that_takes_the_place_of_a_frozen_one_is_not_frozen() {
    Python::attach(|py| {
        let mut addresses = Vec::new();
        for _ in 0..200 {
            let any = eval(py, "np.zeros(3)");
            addresses.push(any.as_ptr().addr());
            exec_on(&any, "a[0] = 1");
            drop(freeze(&any));
            exec_on(&any, "a[0] = 2; a.resize(4, refcheck=False)");
        }
        addresses.sort_unstable();
        addresses.dedup();
        assert!(addresses.len() < 200);
    });
}

#[test]
fn b_a_panic_thaws_what_was_frozen() {
    Python::attach(|py| {
        let any = eval(py, "np.zeros(3)");
        let before = flags(&any);
        panic_text(|| {
            let _guard = freeze(&any);
            panic!("on purpose");
        });
        assert_eq!(flags(&any), before);
        drop(handle::<f64>(&any).readwrite());
    });
}

// --- Memory that Python code replaces -----------------------------------------------------------

/// Gives an array other memory, and overwrites what is freed.
const SETSTATE: &str = "a.__setstate__((1, (5,), np.dtype('f8'), False, bytes(40)))\n\
                        keep = [np.full(100_000, 7.0) for _ in range(20)]\n\
                        assert a.shape == (5,) and not a.any()";

#[test]
fn b_memory_that_is_replaced_by_setstate_is_not_freed_while_it_is_frozen() {
    let path = "frozen::b_memory_that_is_replaced_by_setstate_is_not_freed_while_it_is_frozen";
    survives(path, |py| {
        for len in [4, 100_000] {
            let any = eval(py, &format!("np.arange({len}.0)"));
            let guard = freeze(&any);
            let slice = guard.as_slice().unwrap();
            exec_on(&any, SETSTATE);
            let is_right = |slice: &[f64]| slice.iter().enumerate().all(|(i, x)| *x == i as f64);
            assert!(slice.len() == len && is_right(slice));
            assert!(is_right(&guard.to_vec().unwrap()));
            // The array is an ordinary one, of other memory.
            exec_on(&any, "a[0] = 3");
            let next = freeze(&any);
            assert_eq!(next.as_slice().unwrap(), [3.0, 0.0, 0.0, 0.0, 0.0]);
            drop(guard);
            assert_eq!(next.as_slice().unwrap(), [3.0, 0.0, 0.0, 0.0, 0.0]);
            drop(next);
            exec_on(&any, "a[0] = 4; a = a.copy(); a.resize(9, refcheck=False)");
            drop(handle::<f64>(&any).readwrite());
        }
    });
}

#[test]
fn b_memory_of_a_view_that_setstate_replaces_is_kept_by_what_it_was_a_view_of() {
    let path = "frozen::b_memory_of_a_view_that_setstate_replaces_is_kept_by_what_it_was_a_view_of";
    survives(path, |py| {
        let any = eval(py, "np.arange(100_000.0)[1:]");
        let guard = freeze(&any);
        let slice = guard.as_slice().unwrap();
        exec_on(&any, SETSTATE);
        assert_eq!(slice.len(), 99_999);
        assert!(slice.iter().enumerate().all(|(i, x)| *x == i as f64 + 1.0));
        drop(guard);
        exec_on(&any, "a[0] = 4");
        drop(handle::<f64>(&any).readwrite());
    });
}

#[test]
fn b_memory_of_another_owner_that_setstate_replaces_is_not_freed_while_it_is_frozen() {
    let path =
        "frozen::b_memory_of_another_owner_that_setstate_replaces_is_not_freed_while_it_is_frozen";
    survives(path, |py| {
        let names = exec(
            py,
            "import weakref\n\
             class Owner:\n\
             \x20   def __init__(self):\n\
             \x20       self.memory = np.arange(4.0)\n\
             \x20       self.__array_interface__ = self.memory.__array_interface__\n\
             owner = Owner()\n\
             weak = weakref.ref(owner)\n\
             a = np.asarray(owner)\n\
             assert a.base is owner\n\
             del owner",
        );
        let get = |name| names.get_item(name).unwrap().unwrap();
        let (any, weak) = (get("a"), get("weak"));
        let guard = freeze(&any);
        exec_on(&any, SETSTATE);
        assert!(lives(&weak), "the memory was freed under the guard");
        assert_eq!(guard.as_slice().unwrap(), [0.0, 1.0, 2.0, 3.0]);
        drop(guard);
        assert!(!lives(&weak), "the memory is never freed");

        let any = vec![1.5; 100_000].into_pyarray(py).into_any();
        let guard = freeze(&any);
        exec_on(&any, SETSTATE);
        let slice = guard.as_slice().unwrap();
        assert!(slice.len() == 100_000 && slice.iter().all(|x| *x == 1.5));
    });
}

#[test]
fn b_objects_that_setstate_replaces_stay_alive_while_they_are_frozen() {
    let path = "frozen::b_objects_that_setstate_replaces_stay_alive_while_they_are_frozen";
    survives(path, |py| {
        let any = eval(py, "np.array([type('Thing', (), {})() for _ in range(3)])");
        let guard = any.extract::<PyFrozenArray1<'_, Py<PyAny>>>().unwrap();
        is_refused(&any, "a[0] = None", "read-only");
        let state = "a.__setstate__((1, (2,), np.dtype('O'), False, [1, 2]))";
        exec_on(&any, state);
        for thing in guard.as_slice().unwrap() {
            let name = thing.bind(py).get_type().name().unwrap();
            assert_eq!(name, "Thing");
        }
        drop(guard);
        exec_on(&any, "assert a.tolist() == [1, 2]; a[0] = 3");
    });
}

/// NumPy 2 does not let the attribute be set any more.
#[test]
fn b_memory_that_is_replaced_by_the_attribute_data_is_not_freed_while_it_is_frozen() {
    let path =
        "frozen::b_memory_that_is_replaced_by_the_attribute_data_is_not_freed_while_it_is_frozen";
    survives(path, |py| {
        if numpy_version(py) >= (2, 0) {
            return;
        }
        let any = eval(py, "np.arange(100_000.0)");
        let guard = freeze(&any);
        let slice = guard.as_slice().unwrap();
        exec_on(
            &any,
            "import warnings\n\
             warnings.simplefilter('ignore')\n\
             new = np.zeros(100_000)\n\
             a.data = new.data\n\
             keep = [np.full(100_000, 7.0) for _ in range(20)]",
        );
        assert!(slice.iter().enumerate().all(|(i, x)| *x == i as f64));
        drop(guard);
        exec_on(&any, "assert not a.any(); a[0] = 1");
        drop(handle::<f64>(&any).readwrite());
    });
}

// --- The guard beside others --------------------------------------------------------------------

#[test]
fn b_a_frozen_array_is_an_argument() {
    Python::attach(|py| {
        let any = eval(py, "np.arange(3.0)");
        let before = flags(&any);
        let guard = any.extract::<PyFrozenArray1<'_, f64>>().unwrap();
        is_frozen(&any);
        assert_eq!(guard.as_slice().unwrap(), [0.0, 1.0, 2.0]);
        assert!(guard.as_bound().is(&any));
        let text = format!("{guard:?}");
        assert!(
            text.starts_with("PyFrozenArray(PyReadonlyArray<f64, "),
            "{text}"
        );
        drop(guard);
        assert_eq!(flags(&any), before);
        // What is read-only or of any layout is an argument as well.
        for code in ["np.frombuffer(bytes(16))", "np.zeros((4, 3))[::2, ::-1]"] {
            eval(py, code)
                .extract::<PyFrozenArrayDyn<'_, f64>>()
                .unwrap();
        }
    });
}

#[test]
fn b_an_argument_that_is_refused_is_not_frozen() {
    Python::attach(|py| {
        let ints = eval(py, "np.arange(3, dtype='i4')");
        let before = flags(&ints);
        refused::<PyTypeError>(py, ints.extract::<PyFrozenArray1<'_, f64>>());
        assert_eq!(flags(&ints), before);
        let masked = eval(py, "np.ma.masked_less(np.arange(3.0), 1)");
        refused::<PyTypeError>(py, masked.extract::<PyFrozenArray1<'_, f64>>());
        exec_on(&masked, "a[0] = 5");
        refused::<PyTypeError>(py, object(py).extract::<PyFrozenArray1<'_, f64>>());

        // Found after the array was frozen.
        let odd = eval(py, "np.zeros(17, 'u1')[1:].view('f8')");
        let before = flags(&odd);
        let text = refused::<PyValueError>(py, odd.extract::<PyFrozenArray1<'_, f64>>());
        assert!(text.contains("misaligned"), "{text}");
        assert_eq!(flags(&odd), before);
        let bytes = eval(py, "np.array([0, 1, 2], 'u1').view('?')");
        let before = flags(&bytes);
        refused::<PyValueError>(py, bytes.extract::<PyFrozenArray1<'_, bool>>());
        assert_eq!(flags(&bytes), before);

        let any = eval(py, "np.arange(3.0)");
        let before = flags(&any);
        let writer = handle::<f64>(&any).readwrite();
        is_borrowed(py, any.extract::<PyFrozenArray1<'_, f64>>());
        assert_eq!(flags(&any), before);
        drop(writer);
        drop(any.extract::<PyFrozenArray1<'_, f64>>().unwrap());
    });
}

#[test]
fn b_a_frozen_array_excludes_writers_and_nobody_else() {
    Python::attach(|py| {
        let (any, view) = pair(py, "a = np.arange(3.0); b = a[1:]");
        let guard = freeze(&any);
        // The array itself is read-only; the view, which was there before, is not.
        let err = handle::<f64>(&any).try_readwrite().unwrap_err();
        assert_eq!(err, BorrowError::NotWriteable);
        exec_on(&view, "assert a.flags.writeable");
        is_borrowed(py, handle::<f64>(&view).try_readwrite());
        is_borrowed(py, view.extract::<PyReadwriteArray1<'_, f64>>());
        is_borrowed(py, pyarray![py, 1.0, 2.0].copy_to(handle::<f64>(&view)));
        let reader = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        let second = freeze(&any);
        let third = freeze(&view);
        let clone = guard.clone();
        for guard in [&*guard, &*second, &reader, &clone] {
            assert_eq!(guard.as_slice().unwrap(), [0.0, 1.0, 2.0]);
        }
        assert_eq!(third.as_slice().unwrap(), [1.0, 2.0]);
        drop((guard, second, third));
        // Those to read go on.
        exec_on(&any, "assert a.flags.writeable");
        is_borrowed(py, handle::<f64>(&any).try_readwrite());
        drop((reader, clone));
        drop(handle::<f64>(&any).readwrite());
    });
}

#[test]
fn b_a_frozen_array_becomes_one_that_is_only_borrowed() {
    Python::attach(|py| {
        let any = eval(py, "np.arange(3.0)");
        let before = flags(&any);
        let guard = PyReadonlyArray1::from(freeze(&any));
        assert_eq!(flags(&any), before);
        exec_on(&any, "a[0] = 5");
        assert_eq!(guard.as_slice().unwrap(), [5.0, 1.0, 2.0]);
        is_borrowed(py, handle::<f64>(&any).try_readwrite());
        let guard: PyReadonlyArray1<'_, f64> = guard.freeze().into();
        is_borrowed(py, handle::<f64>(&any).try_readwrite());
        drop(guard);
        drop(handle::<f64>(&any).readwrite());
    });
}

// --- Guards that are never dropped --------------------------------------------------------------

#[test]
fn b_a_frozen_guard_that_is_forgotten_leaves_its_array_frozen_and_alive() {
    let path = "frozen::b_a_frozen_guard_that_is_forgotten_leaves_its_array_frozen_and_alive";
    survives(path, |py| {
        let any = eval(py, "np.arange(4.0)[1:]");
        let base = eval_on(&any, "a.base");
        let weak = eval_on(&any, "__import__('weakref').ref(a)");
        let guard = freeze(&any);
        let data = guard.data();
        mem::forget(guard);
        is_frozen(&any);
        is_frozen(&base);
        let second = freeze(&any);
        assert_eq!(second.as_slice().unwrap(), [1.0, 2.0, 3.0]);
        drop(second);
        is_frozen(&any);
        drop((any, base));
        assert!(lives(&weak));
        // SAFETY: the memory is alive, and nobody writes to it.
        assert_eq!(unsafe { data.read() }, 1.0);
        let array = weak.call0().unwrap();
        drop(handle::<f64>(&array).readonly());

        let array = PyArray1::from_vec(py, vec![1.5; 3]).into_any();
        mem::forget(freeze(&array));
        is_refused(&array, "a[0] = 7", "read-only");
    });
}

#[test]
fn b_a_flag_that_python_sets_again_is_taken_by_the_next_guard() {
    Python::attach(|py| {
        let any = eval(py, "np.frombuffer(bytearray(32))");
        let outer = freeze(&any);
        exec_on(&any, "a.flags.writeable = True");
        let inner = freeze(&any);
        is_refused(&any, "a[0] = 1", "read-only");
        assert_eq!(inner.as_slice().unwrap(), [0.0; 4]);
        drop((inner, outer));
        exec_on(&any, "a[0] = 1");
    });
}

#[test]
fn b_memory_that_setstate_gives_an_array_is_frozen_by_the_next_guard() {
    let path = "frozen::b_memory_that_setstate_gives_an_array_is_frozen_by_the_next_guard";
    survives(path, |py| {
        let any = eval(py, "np.zeros(4)");
        let outer = freeze(&any);
        // Of the other byte order, so that NumPy allocates.
        exec_on(
            &any,
            "a.__setstate__(np.arange(1000.0).astype('>f8').__reduce__()[2])\n\
             a.dtype = 'f8'\n\
             assert a.flags.owndata",
        );
        let inner = freeze(&any);
        is_refused(&any, "a.resize(1, refcheck=False)", "own");
        assert_eq!(inner.as_slice().unwrap().len(), 1000);
        assert_eq!(outer.as_slice().unwrap(), [0.0; 4]);
        drop((outer, inner));
        exec_on(
            &any,
            "assert a.flags.owndata and a.flags.writeable; a[0] = 1",
        );
    });
}
