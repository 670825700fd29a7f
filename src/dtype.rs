//! Type descriptors: what NumPy calls `dtype`.

pub(crate) mod cache;
pub(crate) mod descr;
pub(crate) mod fields;
pub(crate) mod mismatch;
pub(crate) mod record;
pub(crate) mod side_by_side;

pub use self::descr::{PyArrayDescr, PyArrayDescrMethods};
pub use self::mismatch::DtypeMismatch;
