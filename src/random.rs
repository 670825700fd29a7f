//! Random numbers from the bit generators of `numpy.random`, in threads that need no Python.
//!
//! A [`BitGenerator`] is one that Rust has to itself. It comes from NumPy, fresh
//! ([`BitGenerator::new`]) or with a seed ([`BitGenerator::with_seed`]), or it is a child of one
//! that Python passed in: children are what NumPy has for [parallel
//! programs](https://numpy.org/doc/stable/reference/random/parallel.html). Their numbers depend on the
//! parent's seed and on how many children were made of that seed before. Threads may spawn from one
//! generator at once; Python code that calls its `spawn` at that moment, or generators that were
//! given one and the same `SeedSequence`, can lead to the same child twice, as NumPy counts without a
//! lock.
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

mod exclusive;
mod generator;
mod handle;
mod spawn;

pub use self::{
    generator::{BitGenerator, BitGeneratorKind},
    handle::PyBitGenerator,
    spawn::PyBitGeneratorMethods,
};
