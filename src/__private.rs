//! What derives expand to. Nothing here is for other code, and all of it may change at any time.

/// The functions that the methods of a record call.
pub mod record {
    pub use crate::element::record::{
        all_bits_valid, canonicalize, first_invalid, is_copy, stays_valid, try_dtype,
    };
}

/// The functions that the methods of an enumeration call.
pub mod variants {
    pub use crate::element::variants::{Discriminant, first_invalid};
}

pub use pyo3;

pub use crate::element::field::Field;
pub use crate::element::internals::Internals;
pub use crate::element::memory::FieldInfo;
pub use crate::element::record::{Record, clone_field};
