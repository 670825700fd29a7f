//! The macros find npyo under the name that `Cargo.toml` gives it.
#![forbid(unsafe_code)]

#[path = "../../as_numpy.rs"]
pub mod as_numpy;
