//! The children of a bit generator.

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::{Borrowed, intern};

use super::generator::BitGenerator;
use super::handle::{PyBitGenerator, attribute, class};

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
    /// A `TypeError` if the generator was seeded with something that cannot spawn, and whatever else
    /// NumPy raises. If a subclass has a `spawn` of its own: a `RuntimeError` if that keeps what it
    /// returns or does not return as many, and a `TypeError` if it returns something else.
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
        let children = children(self, n_children)?;
        children.into_iter().map(BitGenerator::take).collect()
    }
}

impl PyBitGeneratorMethods for Borrowed<'_, '_, PyBitGenerator> {
    fn spawn(&self, n_children: usize) -> PyResult<Vec<BitGenerator>> {
        Bound::spawn(self, n_children)
    }
}

/// Makes so many generators from the seeds of one.
///
/// As `numpy.random.BitGenerator.spawn` does it, which came with NumPy 1.25, but with the
/// generator's lock: two threads could be given the same seeds else. The `spawn` of a subclass is
/// called as it is.
fn children<'py>(
    parent: &Bound<'py, PyBitGenerator>,
    count: usize,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let spawn = intern!(parent.py(), "spawn");
    let of_parent = parent.get_type().getattr_opt(spawn)?;
    let of_base = class(parent.py())?.getattr_opt(spawn)?;
    let children = match (of_parent, of_base) {
        (Some(own), Some(base)) if own.is(&base) => from_seeds(parent, count)?,
        (None, _) => from_seeds(parent, count)?,
        (Some(_), _) => some_of(&parent.call_method1(spawn, (count,))?, count)?,
    };
    if children.len() == count {
        return Ok(children);
    }
    let found = if children.len() > count {
        format!("more than {count}")
    } else {
        children.len().to_string()
    };
    Err(PyRuntimeError::new_err(format!(
        "asked for {count} bit generators, `spawn` made {found}; was it called from two threads at \
         once?"
    )))
}

fn from_seeds<'py>(
    parent: &Bound<'py, PyBitGenerator>,
    count: usize,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let py = parent.py();
    let seeds = attribute(parent, intern!(py, "_seed_seq"))?;
    if !seeds.hasattr(intern!(py, "spawn"))? {
        return Err(PyTypeError::new_err(
            "The underlying SeedSequence does not implement spawning.",
        ));
    }
    let lock = attribute(parent, intern!(py, "lock"))?;
    lock.call_method0(intern!(py, "acquire"))?;
    let spawned = seeds.call_method1(intern!(py, "spawn"), (count,));
    lock.call_method0(intern!(py, "release"))?;
    let class = parent.get_type();
    let seeds = some_of(&spawned?, count)?;
    seeds.into_iter().map(|seed| class.call1((seed,))).collect()
}

/// What is in an iterable, up to one more than there should be.
fn some_of<'py>(iterable: &Bound<'py, PyAny>, count: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
    iterable.try_iter()?.take(count.saturating_add(1)).collect()
}
