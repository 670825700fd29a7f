//! Bit generators that Rust has to itself.

use std::ffi::c_void;
use std::fmt;
use std::ptr::NonNull;

use pyo3::prelude::*;

use super::exclusive;
use super::handle::{PyBitGenerator, class};
use crate::npyffi::bitgen_t;

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

// SAFETY: the functions of a bit generator run without Python on any thread, one at a time. They
// are called with `&mut self` only, and `exclusive::claim` found that nothing else can call them.
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

    /// A generator with a seed: an integer, a sequence of them, a `SeedSequence`; with `None` the
    /// operating system seeds it.
    ///
    /// Its numbers are those of NumPy's generator of that seed.
    ///
    /// # Errors
    ///
    /// If NumPy does not take the value for a seed, or if `numpy.random` cannot be imported.
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
    pub(super) fn take(generator: Bound<'_, PyAny>) -> PyResult<Self> {
        class(generator.py())?;
        let generator = generator.cast_into::<PyBitGenerator>()?;
        let bitgen = exclusive::claim(&generator)?;
        Ok(Self {
            bitgen,
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
    pub fn into_shared(self) -> Py<PyBitGenerator> {
        Python::attach(|py| exclusive::share(self.owner.bind(py)));
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

    /// The next number of [0, 1). NumPy's own generators draw multiples of 2⁻⁵³, each with the same
    /// probability.
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
    fn part<F>(&mut self, function: impl FnOnce(&bitgen_t) -> F) -> (F, *mut c_void) {
        // SAFETY: `exclusive::claim` found it within the owner, which lives as long as `self`, and no
        // pointer of it zero; it is not written to once the generator has been initialised.
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
