//! Bit generators: their numbers are NumPy's, and no two threads ever draw from one.

use std::thread;

use npyo::random::{BitGenerator, BitGeneratorKind, PyBitGenerator, PyBitGeneratorMethods};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{eval, exec};

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
        // Two of the same.
        "def spawn(self, n): return [np.random.PCG64(1)] * 2",
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
                err.to_string().contains("referred to by something else"),
                "{err}"
            );
        }
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
        let code = "class P(np.random.PCG64):\n    def spawn(self, n): return []\nparent = P()";
        assert!(refusal(py, code).is_instance_of::<PyRuntimeError>(py));
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
            assert!(err.to_string().contains("has no functions"), "{err}");
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
