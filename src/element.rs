//! Element types: the Rust types that arrays can hold.

pub(crate) mod bool;
pub(crate) mod builder;
pub(crate) mod bytes;
pub(crate) mod complex;
pub(crate) mod copy;
pub(crate) mod datetime;
pub(crate) mod descr;
pub(crate) mod field;
#[cfg(feature = "half")]
pub(crate) mod half;
pub(crate) mod internals;
pub(crate) mod invalid;
pub(crate) mod memory;
pub(crate) mod num;
pub(crate) mod object;
pub(crate) mod padding;
pub(crate) mod record;
pub(crate) mod trait_;
pub(crate) mod unicode;
pub(crate) mod validity;
pub(crate) mod variants;

pub use self::builder::RecordBuilder;
pub use self::bytes::PyFixedString;
pub use self::complex::{Complex32, Complex64};
pub use self::descr::dtype;
pub use self::invalid::InvalidElement;
pub use self::trait_::Element;
pub use self::unicode::PyFixedUnicode;
