//! Random numbers from the bit generators of `numpy.random`, in threads that need no Python.
//!
//! A [`BitGenerator`] is one that Rust has to itself. It comes from NumPy, fresh
//! ([`BitGenerator::new`]) or with a seed ([`BitGenerator::with_seed`]), or it is a child of one
//! that Python passed in: children are what NumPy has for [parallel
//! programs](https://numpy.org/doc/stable/reference/random/parallel.html), and their numbers depend
//! on nothing but the parent's seed and how many children it had before.
//!
//! ```
//! use npyo::PyArray1;
//! use npyo::prelude::*;
//! use npyo::random::{PyBitGenerator, PyBitGeneratorMethods};
//! use pyo3::prelude::*;
//!
//! /// Numbers between 0 and 1, made in four threads.
//! #[pyfunction]
//! fn uniform<'py>(
//!     py: Python<'py>,
//!     parent: &Bound<'py, PyBitGenerator>,
//! ) -> PyResult<Bound<'py, PyArray1<f64>>> {
//!     let generators = parent.spawn(4)?;
//!     let mut numbers = vec![0.0; 1000];
//!     py.detach(|| {
//!         std::thread::scope(|scope| {
//!             for (chunk, mut generator) in numbers.chunks_mut(250).zip(generators) {
//!                 scope.spawn(move || chunk.fill_with(|| generator.next_double()));
//!             }
//!         });
//!     });
//!     Ok(numbers.into_pyarray(py))
//! }
//! # use npyo::random::{BitGenerator, BitGeneratorKind};
//! # Python::attach(|py| {
//! #     let uniform = wrap_pyfunction!(uniform)(py).unwrap();
//! #     let parent = || BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 7).unwrap().into_shared();
//! #     let numbers: Vec<f64> = uniform.call1((parent(),)).unwrap().extract().unwrap();
//! #     assert!(numbers.len() == 1000 && numbers.iter().all(|x| (0.0..1.0).contains(x)));
//! #     assert_eq!(uniform.call1((parent(),)).unwrap().extract::<Vec<f64>>().unwrap(), numbers);
//! # });
//! ```
//!
//! With the feature `rand_core`, a [`BitGenerator`] is a source for the distributions of the `rand`
//! crates, version 0.9:
//!
#![cfg_attr(feature = "rand_core", doc = "```")]
#![cfg_attr(not(feature = "rand_core"), doc = "```ignore")]
//! use npyo::random::{BitGenerator, BitGeneratorKind};
//! use pyo3::Python;
//! use rand::Rng;
//!
//! let mut generator = Python::attach(|py| BitGenerator::new(py, BitGeneratorKind::SFC64)).unwrap();
//! let throw = generator.random_range(1..=6);
//! assert!((1..=6).contains(&throw));
//! ```
//!
//! A generator that Python uses as well is not drawn from, since that would take its lock for each
//! number: [`PyBitGeneratorMethods::spawn`] is the way.

use std::fmt;
use std::ptr::NonNull;

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{DerefToPyAny, PyCapsule, PyType};
use pyo3::{Borrowed, PyTypeInfo, ffi, intern};

use crate::npyffi::bitgen_t;

/// A `numpy.random.BitGenerator`.
///
/// ```
/// use npyo::random::{PyBitGenerator, PyBitGeneratorMethods};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn draw(generator: &Bound<'_, PyBitGenerator>) -> PyResult<u64> {
///     Ok(generator.spawn_one()?.next_u64())
/// }
/// # Python::attach(|py| {
/// #     let draw = wrap_pyfunction!(draw)(py).unwrap();
/// #     let random = py.import("numpy.random").unwrap();
/// #     let generator = random.call_method1("PCG64", (42,)).unwrap();
/// #     assert!(draw.call1((generator,)).is_ok());
/// #     assert!(draw.call1((random.call_method0("default_rng").unwrap(),)).is_err());
/// # });
/// ```
///
/// The bit generator of a `numpy.random.Generator` is its attribute `bit_generator`.
#[repr(transparent)]
pub struct PyBitGenerator(PyAny);

impl fmt::Debug for PyBitGenerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PyBitGenerator")
    }
}

impl DerefToPyAny for PyBitGenerator {}

// SAFETY: `type_object_raw` returns a type object that is never freed, and `PyBitGenerator` is a
// transparent wrapper of `PyAny`, so any instance is one.
unsafe impl PyTypeInfo for PyBitGenerator {
    fn type_object_raw(py: Python<'_>) -> *mut ffi::PyTypeObject {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        match CLASS.import(py, "numpy.random", "BitGenerator") {
            Ok(class) => class.as_type_ptr(),
            Err(err) => panic!("numpy.random.BitGenerator is needed here: {err}"),
        }
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for pyo3::Bound<'_, super::PyBitGenerator> {}
    impl Sealed for pyo3::Borrowed<'_, '_, super::PyBitGenerator> {}
}

/// The methods of [`PyBitGenerator`].
pub trait PyBitGeneratorMethods: sealed::Sealed {
    /// Makes generators whose numbers are independent of each other's and of this one's.
    ///
    /// # Errors
    ///
    /// What NumPy raises, such as a `TypeError` if the generator was seeded with something that
    /// cannot spawn. A `RuntimeError` if a Python subclass returns something that it keeps.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind, PyBitGeneratorMethods};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let parent = BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 42)?.into_shared();
    ///     let mut children = parent.bind(py).spawn(2)?;
    ///     assert_ne!(children[0].next_u64(), children[1].next_u64());
    ///     # pyo3::PyResult::Ok(())
    /// }).unwrap();
    /// ```
    fn spawn(&self, n_children: usize) -> PyResult<Vec<BitGenerator>>;

    /// Makes one generator whose numbers are independent of this one's.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn).
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind, PyBitGeneratorMethods};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let parent = BitGenerator::new(py, BitGeneratorKind::default())?.into_shared();
    ///     let number = parent.bind(py).spawn_one()?.next_double();
    ///     assert!((0.0..1.0).contains(&number));
    ///     # pyo3::PyResult::Ok(())
    /// }).unwrap();
    /// ```
    fn spawn_one(&self) -> PyResult<BitGenerator> {
        let child = self.spawn(1)?.pop();
        child.ok_or_else(|| PyRuntimeError::new_err("`spawn(1)` returned no bit generator"))
    }
}

impl PyBitGeneratorMethods for Bound<'_, PyBitGenerator> {
    fn spawn(&self, n_children: usize) -> PyResult<Vec<BitGenerator>> {
        let py = self.py();
        // The container that the children come in holds references to them.
        let children: Vec<Bound<'_, PyAny>> = if self.hasattr(intern!(py, "spawn"))? {
            let children = self.call_method1(intern!(py, "spawn"), (n_children,))?;
            children.try_iter()?.collect::<PyResult<_>>()?
        } else {
            // NumPy before 1.25 leaves it to the seeds.
            let seeds = self.getattr(intern!(py, "_seed_seq"))?;
            let seeds = seeds.call_method1(intern!(py, "spawn"), (n_children,))?;
            let class = self.get_type();
            let child = |seed| class.call1((seed?,));
            seeds.try_iter()?.map(child).collect::<PyResult<_>>()?
        };
        children.into_iter().map(BitGenerator::take).collect()
    }
}

impl PyBitGeneratorMethods for Borrowed<'_, '_, PyBitGenerator> {
    fn spawn(&self, n_children: usize) -> PyResult<Vec<BitGenerator>> {
        Bound::spawn(self, n_children)
    }
}

/// Which of NumPy's bit generators [`BitGenerator::new`] makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BitGeneratorKind {
    /// The Mersenne Twister.
    MT19937,
    /// A permuted congruential generator, NumPy's default.
    #[default]
    PCG64,
    /// PCG64 with a better output function.
    PCG64DXSM,
    /// A generator that encrypts a counter.
    Philox,
    /// Small, fast and chaotic.
    SFC64,
}

impl BitGeneratorKind {
    /// All kinds.
    ///
    /// ```
    /// use npyo::random::BitGeneratorKind;
    ///
    /// let names: Vec<&str> = BitGeneratorKind::iter().map(Into::into).collect();
    /// assert_eq!(names, ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]);
    /// ```
    pub fn iter() -> std::iter::Copied<std::slice::Iter<'static, Self>> {
        const {
            &[
                Self::MT19937,
                Self::PCG64,
                Self::PCG64DXSM,
                Self::Philox,
                Self::SFC64,
            ]
        }
        .iter()
        .copied()
    }
}

/// The name of the class in `numpy.random`.
impl From<BitGeneratorKind> for &'static str {
    fn from(kind: BitGeneratorKind) -> Self {
        match kind {
            BitGeneratorKind::MT19937 => "MT19937",
            BitGeneratorKind::PCG64 => "PCG64",
            BitGeneratorKind::PCG64DXSM => "PCG64DXSM",
            BitGeneratorKind::Philox => "Philox",
            BitGeneratorKind::SFC64 => "SFC64",
        }
    }
}

/// A bit generator that nothing else uses, to draw from with or without an attached thread.
///
/// See [`random`][crate::random] for where it comes from.
pub struct BitGenerator {
    /// A part of `owner`.
    bitgen: NonNull<bitgen_t>,
    owner: Py<PyBitGenerator>,
}

// SAFETY: the functions of a bit generator run without Python on any thread, one at a time; they
// are called with `&mut self` only, and nothing else refers to the generator.
unsafe impl Send for BitGenerator {}

impl BitGenerator {
    /// A generator that the operating system seeds.
    ///
    /// # Errors
    ///
    /// If `numpy.random` cannot be imported.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::Python;
    ///
    /// let mut generator =
    ///     Python::attach(|py| BitGenerator::new(py, BitGeneratorKind::default())).unwrap();
    /// assert_ne!(generator.next_u64(), generator.next_u64());
    /// ```
    pub fn new(py: Python<'_>, kind: BitGeneratorKind) -> PyResult<Self> {
        Self::take(
            py.import("numpy.random")?
                .call_method0::<&str>(kind.into())?,
        )
    }

    /// A generator with a seed: an integer, a sequence of them, a `SeedSequence`.
    ///
    /// Its numbers are those of NumPy's generator of that seed.
    ///
    /// # Errors
    ///
    /// If the seed is none, or if `numpy.random` cannot be imported.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::Python;
    ///
    /// let mut generator =
    ///     Python::attach(|py| BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 42)).unwrap();
    /// // numpy.random.default_rng(42).random()
    /// assert_eq!(generator.next_double(), 0.7739560485559633);
    /// ```
    pub fn with_seed<'py>(
        py: Python<'py>,
        kind: BitGeneratorKind,
        seed: impl IntoPyObject<'py>,
    ) -> PyResult<Self> {
        let random = py.import("numpy.random")?;
        Self::take(random.call_method1::<&str, _>(kind.into(), (seed,))?)
    }

    /// Takes a bit generator that nothing else refers to.
    fn take(generator: Bound<'_, PyAny>) -> PyResult<Self> {
        let py = generator.py();
        let generator = generator.cast_into::<PyBitGenerator>()?;
        refuse_shared(&generator)?;
        // By the class's own descriptor, since a subclass can have another attribute of that name.
        static CAPSULE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = PyBitGenerator::type_object(py);
        let capsule = CAPSULE
            .get_or_try_init(py, || class.getattr("capsule").map(Bound::unbind))?
            .bind(py)
            .call_method1(intern!(py, "__get__"), (&generator,))?
            .cast_into::<PyCapsule>()
            .map_err(|_| incomplete(&generator))?;
        let bitgen = capsule.pointer_checked(Some(c"BitGenerator"))?;
        // SAFETY: a capsule of this name holds a `bitgen_t`, which is five pointers; what has not
        // been initialised is zero, as in all objects of Python.
        let pointers = unsafe { bitgen.cast::<[usize; 5]>().read() };
        if pointers.contains(&0) {
            return Err(incomplete(&generator));
        }
        Ok(Self {
            bitgen: bitgen.cast(),
            owner: generator.unbind(),
        })
    }

    /// Gives the generator to Python.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::{Python, types::PyAnyMethods};
    ///
    /// Python::attach(|py| {
    ///     let generator = BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 42)?.into_shared();
    ///     let generator = py.import("numpy.random")?.call_method1("Generator", (generator,))?;
    ///     let number: f64 = generator.call_method0("random")?.extract()?;
    ///     assert_eq!(number, 0.7739560485559633);
    ///     # pyo3::PyResult::Ok(())
    /// }).unwrap();
    /// ```
    #[must_use]
    pub fn into_shared(self) -> Py<PyBitGenerator> {
        self.owner
    }

    /// The next 64 random bits.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::Python;
    ///
    /// let mut generator =
    ///     Python::attach(|py| BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 42)).unwrap();
    /// // int(numpy.random.PCG64(42).random_raw())
    /// assert_eq!(generator.next_u64(), 14276969152011380360);
    /// ```
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let (next, state) = self.part(|bitgen| bitgen.next_uint64);
        // SAFETY: the generator's function and its state, which only `self` uses.
        unsafe { next(state) }
    }

    /// The next 32 random bits.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::Python;
    ///
    /// let mut generator =
    ///     Python::attach(|py| BitGenerator::with_seed(py, BitGeneratorKind::PCG64, 42)).unwrap();
    /// assert_eq!(generator.next_u32(), 383329928);
    /// ```
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        let (next, state) = self.part(|bitgen| bitgen.next_uint32);
        // SAFETY: as in `next_u64`.
        unsafe { next(state) }
    }

    /// The next number of [0, 1), a multiple of 2⁻⁵³, each with the same probability.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::Python;
    ///
    /// let mut generator =
    ///     Python::attach(|py| BitGenerator::with_seed(py, BitGeneratorKind::MT19937, 1)).unwrap();
    /// assert!((0.0..1.0).contains(&generator.next_double()));
    /// ```
    #[inline]
    pub fn next_double(&mut self) -> f64 {
        let (next, state) = self.part(|bitgen| bitgen.next_double);
        // SAFETY: as in `next_u64`.
        unsafe { next(state) }
    }

    /// The next output of the algorithm as it comes, which has 32 or 64 bits.
    ///
    /// ```
    /// use npyo::random::{BitGenerator, BitGeneratorKind};
    /// use pyo3::Python;
    ///
    /// let mut generator =
    ///     Python::attach(|py| BitGenerator::with_seed(py, BitGeneratorKind::MT19937, 1)).unwrap();
    /// assert!(generator.next_raw() < 1 << 32);
    /// ```
    #[inline]
    pub fn next_raw(&mut self) -> u64 {
        let (next, state) = self.part(|bitgen| bitgen.next_raw);
        // SAFETY: as in `next_u64`.
        unsafe { next(state) }
    }

    /// One of the functions, and what it is to be called with.
    #[inline]
    fn part<F>(&mut self, function: impl FnOnce(&bitgen_t) -> F) -> (F, *mut std::ffi::c_void) {
        // SAFETY: a part of the owner, which lives as long as `self`, and of which no pointer is
        // zero; it is not written to once the generator has been made.
        let bitgen = unsafe { self.bitgen.as_ref() };
        (function(bitgen), bitgen.state)
    }
}

impl fmt::Debug for BitGenerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BitGenerator").finish_non_exhaustive()
    }
}

#[cfg(feature = "rand_core")]
impl rand_core::RngCore for BitGenerator {
    #[inline]
    fn next_u32(&mut self) -> u32 {
        Self::next_u32(self)
    }

    #[inline]
    fn next_u64(&mut self) -> u64 {
        Self::next_u64(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        rand_core::impls::fill_bytes_via_next(self, bytes);
    }
}

/// Refuses a generator that Python code can reach.
fn refuse_shared(generator: &Bound<'_, PyBitGenerator>) -> PyResult<()> {
    let py = generator.py();
    let weak: usize = py
        .import(intern!(py, "weakref"))?
        .call_method1(intern!(py, "getweakrefcount"), (generator,))?
        .extract()?;
    // SAFETY: a live object.
    let references = unsafe { ffi::Py_REFCNT(generator.as_ptr()) };
    if references == 1 && weak == 0 {
        return Ok(());
    }
    Err(PyRuntimeError::new_err(format!(
        "the new bit generator is referred to by something else, so Rust cannot have it to itself; \
         {} must not keep what it makes",
        generator.get_type(),
    )))
}

fn incomplete(generator: &Bound<'_, PyBitGenerator>) -> PyErr {
    PyTypeError::new_err(format!(
        "the bit generator has no functions; `__init__` of {} must call that of its base class",
        generator.get_type(),
    ))
}
