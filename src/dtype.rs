//! Type descriptors: what NumPy calls `dtype`.

pub(crate) mod cache;
pub(crate) mod descr;
pub(crate) mod mismatch;

pub use self::descr::{PyArrayDescr, PyArrayDescrMethods};
pub use self::mismatch::DtypeMismatch;
