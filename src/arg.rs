//! Arguments that accept more than arrays of exactly the right type.

pub(crate) mod coerce;
pub(crate) mod exact;
pub(crate) mod like;
pub(crate) mod records;
pub(crate) mod scalar;
pub(crate) mod unchanged;

pub use self::coerce::{AllowTypeChange, TypeMustMatch};
pub use self::exact::Exact;
pub use self::like::{
    PyArrayLike, PyArrayLike0, PyArrayLike1, PyArrayLike2, PyArrayLike3, PyArrayLike4,
    PyArrayLike5, PyArrayLike6, PyArrayLikeDyn,
};
pub use self::scalar::Scalar;
