//! From guards to Rust references: the one place where they are made.

pub(crate) mod build;
pub(crate) mod extract;
pub(crate) mod guard;
pub(crate) mod iter;
#[cfg(feature = "nalgebra")]
pub(crate) mod matrix;
pub(crate) mod read;
pub(crate) mod rows;
pub(crate) mod write;
