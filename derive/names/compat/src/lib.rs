//! The macros find npyo as the package `numpy`.

#[path = "../../as_numpy.rs"]
pub mod as_numpy;
