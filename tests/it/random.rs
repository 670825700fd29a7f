//! Bit generators: their numbers are NumPy's, and no two threads ever draw from one.

use std::thread;

use npyo::random::{BitGenerator, BitGeneratorKind, PyBitGenerator, PyBitGeneratorMethods};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{eval, exec, in_child, refused};

/// The generator that an expression makes.
fn parent<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyBitGenerator> {
    eval(py, code).cast_into().unwrap()
}

/// The instance that statements leave as `parent`.
fn defined<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyBitGenerator> {
    let left = exec(py, code).get_item("parent").unwrap();
    left.unwrap().cast_into().unwrap()
}

/// Why `spawn_one` fails.
#[track_caller]
fn refusal(py: Python<'_>, code: &str) -> PyErr {
    defined(py, code).spawn_one().unwrap_err()
}

#[test]
fn every_kind_draws_what_numpy_draws() {
    Python::attach(|py| {
        for kind in BitGeneratorKind::iter() {
            let name: &str = kind.into();
            let mut ours = BitGenerator::with_seed(py, kind, 12345).unwrap();
            let raw: Vec<u64> = (0..100).map(|_| ours.next_raw()).collect();
            let theirs = eval(py, &format!("np.random.{name}(12345).random_raw(100)"));
            assert_eq!(raw, theirs.extract::<Vec<u64>>().unwrap(), "{name}");

            let mut ours = BitGenerator::with_seed(py, kind, vec![1, 2, 3]).unwrap();
            let doubles: Vec<f64> = (0..100).map(|_| ours.next_double()).collect();
            let code = format!("np.random.Generator(np.random.{name}([1, 2, 3])).random(100)");
            assert_eq!(doubles, eval(py, &code).extract::<Vec<f64>>().unwrap());

            let mut ours = BitGenerator::with_seed(py, kind, 6).unwrap();
            let words: Vec<u64> = (0..100).map(|_| ours.next_u64()).collect();
            let code = format!(
                "np.random.Generator(np.random.{name}(6)).integers(2**64 - 1, size=100, \
                 dtype='u8', endpoint=True)"
            );
            assert_eq!(words, eval(py, &code).extract::<Vec<u64>>().unwrap());

            let mut ours = BitGenerator::with_seed(py, kind, 6).unwrap();
            let words: Vec<u32> = (0..100).map(|_| ours.next_u32()).collect();
            let code = code.replace("2**64", "2**32").replace("u8", "u4");
            assert_eq!(words, eval(py, &code).extract::<Vec<u32>>().unwrap());
        }
    });
}

#[test]
fn a_generator_is_of_the_kind_asked_for_and_seeded_anew() {
    Python::attach(|py| {
        for kind in BitGeneratorKind::iter() {
            let mut one = BitGenerator::new(py, kind).unwrap();
            let mut other = BitGenerator::new(py, kind).unwrap();
            assert_ne!(one.next_u64(), other.next_u64());
            let class = one.into_shared().bind(py).get_type().name().unwrap();
            assert_eq!(class, <&str>::from(kind));
        }
        assert_eq!(BitGeneratorKind::default(), BitGeneratorKind::PCG64);
    });
}

#[test]
fn a_seed_that_is_none_is_numpys_error() {
    Python::attach(|py| {
        let err = BitGenerator::with_seed(py, BitGeneratorKind::PCG64, -1).unwrap_err();
        assert!(err.is_instance_of::<PyValueError>(py), "{err}");
        let err = BitGenerator::with_seed(py, BitGeneratorKind::PCG64, "seed").unwrap_err();
        assert!(err.is_instance_of::<PyTypeError>(py), "{err}");
    });
}

#[test]
fn children_are_those_that_numpy_makes() {
    Python::attach(|py| {
        let ours = parent(py, "np.random.PCG64(42)").spawn(3).unwrap();
        let ours: Vec<u64> = ours.into_iter().map(|mut child| child.next_raw()).collect();
        let code = "[np.random.PCG64(s).random_raw() for s in np.random.SeedSequence(42).spawn(3)]";
        assert_eq!(ours, eval(py, code).extract::<Vec<u64>>().unwrap());
        assert!(
            parent(py, "np.random.PCG64(42)")
                .spawn(0)
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_borrowed_handle_spawns_as_well() {
    fn draw(parent: impl PyBitGeneratorMethods) -> u64 {
        parent.spawn_one().unwrap().next_u64()
    }
    Python::attach(|py| {
        let bound = parent(py, "np.random.SFC64(1)");
        let unbound = bound.clone().unbind();
        assert_ne!(draw(bound), draw(unbound.bind_borrowed(py)));
    });
}

#[test]
fn children_draw_in_threads_of_their_own() {
    let children = Python::attach(|py| parent(py, "np.random.Philox(8)").spawn(4).unwrap());
    let sums: Vec<f64> = thread::scope(|scope| {
        let draw = |mut child: BitGenerator| {
            scope.spawn(move || (0..10_000).map(|_| child.next_double()).sum::<f64>())
        };
        let threads: Vec<_> = children.into_iter().map(draw).collect();
        let results = threads.into_iter().map(|thread| thread.join());
        results.map(Result::unwrap).collect()
    });
    for sum in &sums {
        // Half of 10,000, by twelve standard deviations of 29.
        assert!((sum - 5000.0).abs() < 350.0, "{sums:?}");
    }
}

#[test]
fn a_generator_given_to_python_goes_on_where_it_was() {
    Python::attach(|py| {
        let mut generator = BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 3).unwrap();
        let first = generator.next_raw();
        let shared = generator.into_shared();
        let second = shared.bind(py).call_method0("random_raw").unwrap();
        let both = eval(py, "np.random.PCG64(3).random_raw(2)");
        let ours = [first, second.extract().unwrap()];
        assert_eq!(ours, both.extract::<[u64; 2]>().unwrap());
    });
}

#[test]
fn what_is_no_bit_generator_is_refused() {
    Python::attach(|py| {
        for code in [
            "np.random.default_rng()",
            "42",
            "None",
            "np.random.SeedSequence(1)",
        ] {
            assert!(!eval(py, code).is_instance_of::<PyBitGenerator>(), "{code}");
        }
    });
}

#[test]
fn children_that_python_keeps_are_refused() {
    let shared = [
        // One that has other users.
        "def spawn(self, n): return [self] * n",
        // One in a list somewhere.
        "kept = []
    def spawn(self, n):
        self.kept[:] = [np.random.PCG64(1)]
        return self.kept",
        // A generator that draws from it.
        "kept = []
    def spawn(self, n):
        child = np.random.PCG64(1)
        self.kept.append(np.random.Generator(child))
        return [child]",
        // A weak reference.
        "import weakref
    kept = []
    class Child(np.random.PCG64): pass
    def spawn(self, n):
        child = self.Child(1)
        self.kept.append(self.weakref.ref(child))
        return [child]",
        // A generator that was given another one, in vain, and still draws from this one.
        "kept = []
    def spawn(self, n):
        child = np.random.PCG64(1)
        generator = np.random.Generator(child)
        try: generator.__init__(type('Nothing', (), {'capsule': None, 'lock': None})())
        except Exception: pass
        self.kept.append(generator)
        return [child]",
        // All that it takes to make a generator of it.
        "kept = []
    def spawn(self, n):
        child = np.random.PCG64(1)
        self.kept.append(child.capsule)
        return [child]",
    ];
    Python::attach(|py| {
        for method in shared {
            let code = format!("class P(np.random.PCG64):\n    {method}\nparent = P()");
            let err = refusal(py, &code);
            assert!(
                err.is_instance_of::<PyRuntimeError>(py),
                "{err} in:\n{code}"
            );
            assert!(
                err.to_string().contains("something else refers to"),
                "{err}"
            );
        }
    });
}

#[test]
fn two_children_that_are_one_are_refused() {
    Python::attach(|py| {
        let code = "
class P(np.random.PCG64):
    def spawn(self, n): return [np.random.PCG64(1)] * n
parent = P()";
        let text = refused::<PyRuntimeError>(py, defined(py, code).spawn(2));
        assert!(text.contains("something else refers to"), "{text}");
    });
}

#[test]
fn children_that_are_no_generators_are_refused() {
    let returned = ["[1]", "[None]", "[np.random.default_rng(1)]", "7", "None"];
    Python::attach(|py| {
        for value in returned {
            let code = format!(
                "class P(np.random.PCG64):\n    def spawn(self, n): return {value}\nparent = P()"
            );
            let err = refusal(py, &code);
            assert!(err.is_instance_of::<PyTypeError>(py), "{err} in:\n{code}");
        }
    });
}

#[test]
fn there_are_as_many_children_as_were_asked_for() {
    let returned = [
        ("[]", "made 0"),
        (
            "[np.random.PCG64(i) for i in range(n + 3)]",
            "made more than 1",
        ),
        ("__import__('itertools').repeat(1)", "made more than 1"),
    ];
    Python::attach(|py| {
        for (value, found) in returned {
            let code = format!(
                "class P(np.random.PCG64):\n    def spawn(self, n): return {value}\nparent = P()"
            );
            let text = refused::<PyRuntimeError>(py, defined(py, &code).spawn_one());
            assert!(text.contains(found), "{text}");
        }
    });
}

#[test]
fn threads_that_spawn_from_one_generator_never_get_the_same_child() {
    let unbound = Python::attach(|py| parent(py, "np.random.PCG64(5)").unbind());
    let parent = &unbound;
    let mut numbers: Vec<u64> = thread::scope(|scope| {
        let spawn = move || {
            let draw = |_| Python::attach(|py| parent.bind(py).spawn(4).unwrap());
            let children = (0..100).flat_map(draw);
            children
                .map(|mut child| child.next_raw())
                .collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(spawn)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 1600);
}

#[test]
fn the_garbage_collector_does_not_know_of_a_generator_until_it_is_shared() {
    let path = "random::the_garbage_collector_does_not_know_of_a_generator_until_it_is_shared";
    // The generators of other tests come and go.
    in_child(path, "", |_| {
        Python::attach(|py| {
            let known = || -> usize {
                let code =
                    "sum(isinstance(x, np.random.Philox) for x in __import__('gc').get_objects())";
                eval(py, code).extract().unwrap()
            };
            let before = known();
            let held = BitGenerator::with_seed(py, BitGeneratorKind::Philox, 1).unwrap();
            assert_eq!(known(), before);
            let shared = held.into_shared();
            let is_tracked = eval(py, "__import__('gc').is_tracked(np.random.Philox(1))");
            assert_eq!(
                known() - before,
                usize::from(is_tracked.is_truthy().unwrap())
            );
            drop(shared);
        });
    });
}

#[test]
fn a_class_that_was_put_in_place_of_numpys_is_not_believed() {
    let path = "random::a_class_that_was_put_in_place_of_numpys_is_not_believed";
    in_child(path, "", |_| {
        Python::attach(|py| {
            let code = "
kept = np.random.PCG64(1)
class BitGenerator:
    lock = property(lambda self: object())
    capsule = property(lambda self: kept.capsule)
    def spawn(self, n): return [BitGenerator() for _ in range(n)]
class Child(BitGenerator):
    def spawn(self, n): return [Child() for _ in range(n)]
np.random.BitGenerator = BitGenerator
parent = Child()";
            let text = refused::<PyTypeError>(py, defined(py, code).spawn_one());
            assert!(text.contains("the capsule of another one"), "{text}");
        });
    });
}

#[test]
fn a_function_that_was_put_in_place_of_pythons_is_not_asked() {
    let path = "random::a_function_that_was_put_in_place_of_pythons_is_not_asked";
    in_child(path, "", |_| {
        Python::attach(|py| {
            exec(
                py,
                "import _weakref; _weakref.getweakrefcount = lambda ob: 0",
            );
            let new = BitGenerator::new(py, BitGeneratorKind::PCG64);
            refused::<PyTypeError>(py, new);
        });
    });
}

#[test]
fn generators_that_were_not_initialised_are_refused() {
    let initialisers = ["pass", "np.random.BitGenerator.__init__(self, 1)"];
    Python::attach(|py| {
        for statement in initialisers {
            let code = format!(
                "class C(np.random.PCG64):
    def __init__(self): {statement}
class P(np.random.PCG64):
    def spawn(self, n): return [C()]
parent = P()"
            );
            let err = refusal(py, &code);
            assert!(err.is_instance_of::<PyTypeError>(py), "{err} in:\n{code}");
            assert!(err.to_string().contains("is not initialised"), "{err}");
        }
    });
}

#[test]
fn the_capsule_of_a_subclass_is_not_believed() {
    Python::attach(|py| {
        let code = "
other = np.random.PCG64(1)
class C(np.random.PCG64):
    capsule = other.capsule
class P(np.random.PCG64):
    def spawn(self, n): return [C(7)]
parent = P()";
        let mut child = defined(py, code).spawn_one().unwrap();
        let theirs = eval(py, "np.random.PCG64(7).random_raw()");
        assert_eq!(child.next_raw(), theirs.extract::<u64>().unwrap());
    });
}

#[test]
fn an_exception_of_the_subclass_is_passed_on() {
    Python::attach(|py| {
        let code = "
class P(np.random.PCG64):
    def spawn(self, n): raise ValueError('no more children')
parent = P()";
        assert_eq!(
            refusal(py, code).to_string(),
            "ValueError: no more children"
        );
    });
}

#[test]
#[cfg(feature = "rand_core")]
fn the_distributions_of_rand_draw_from_it() {
    use rand::{Rng, RngCore};
    Python::attach(|py| {
        let seeded = || BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 42).unwrap();
        let mut generator = seeded();
        for _ in 0..1000 {
            assert!((10..20).contains(&generator.random_range(10..20)));
        }
        let mut bytes = [0; 19];
        seeded().fill_bytes(&mut bytes);
        let (mut words, first) = (seeded(), bytes.first_chunk().unwrap());
        assert_eq!(u64::from_le_bytes(*first), words.next_u64());
        assert_eq!(RngCore::next_u32(&mut seeded()), seeded().next_u32());
    });
}
