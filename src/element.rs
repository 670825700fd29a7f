//! Element types: the Rust types that arrays can hold.

pub(crate) mod bool;
pub(crate) mod bytes;
pub(crate) mod complex;
pub(crate) mod copy;
pub(crate) mod datetime;
pub(crate) mod descr;
#[cfg(feature = "half")]
pub(crate) mod half;
pub(crate) mod internals;
pub(crate) mod invalid;
pub(crate) mod num;
pub(crate) mod object;
pub(crate) mod trait_;
pub(crate) mod unicode;
pub(crate) mod validity;

pub use self::bytes::PyFixedString;
pub use self::complex::{Complex32, Complex64};
pub use self::descr::dtype;
pub use self::invalid::InvalidElement;
pub use self::trait_::Element;
pub use self::unicode::PyFixedUnicode;
