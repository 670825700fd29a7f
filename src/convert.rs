//! Conversions between Rust collections and arrays.

pub(crate) mod dims;
pub(crate) mod into;
#[cfg(feature = "nalgebra")]
pub(crate) mod matrix;
pub(crate) mod to;

pub use self::dims::ToNpyDims;
pub use self::into::IntoPyArray;
pub use self::to::ToPyArray;
pub use crate::index::NpyIndex;
