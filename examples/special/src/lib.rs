//! A Python extension module on npyo: special functions and formulas as `numpy.ufunc`s.
//!
//! Each function is one of single numbers. NumPy makes it one of arrays.

mod along;
mod combined;
mod entropy;
mod erf;
mod logistic;
mod options;
mod sphere;

/// Special functions and formulas, computed in Rust.
///
/// All functions are ufuncs: they broadcast, and have out, where, dtype, reduce, outer and at.
#[pyo3::pymodule(gil_used = false)]
mod npyo_special {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::along::{logsumexp, polyval, softmax, weighted_mean};
    #[pymodule_export]
    use super::combined::{either, logaddexp};
    #[pymodule_export]
    use super::entropy::{entr, rel_entr};
    #[pymodule_export]
    use super::erf::{erf, erfc};
    #[pymodule_export]
    use super::logistic::{expit, log1mexp, logit, sinc, softplus};
    #[pymodule_export]
    use super::options::{black_scholes, implied_volatility};
    #[pymodule_export]
    use super::sphere::{haversine, initial_bearing};

    #[pymodule_export]
    const EARTH_RADIUS_KM: f64 = super::sphere::EARTH_RADIUS_KM;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        npyo::init(module.py())
    }
}
