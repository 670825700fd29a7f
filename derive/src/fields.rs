//! The fields of a struct.

use syn::{Field, Member};

use crate::types::is_phantom;

/// The fields of a struct, with what they are called in Rust: `price`, or `0`.
pub(crate) struct Fields<'a> {
    /// Those that hold a value.
    pub(crate) values: Vec<(Member, &'a Field)>,
    /// Those of type `PhantomData`.
    pub(crate) phantoms: Vec<(Member, &'a Field)>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(fields: &'a syn::Fields) -> Self {
        let (phantoms, values) = fields
            .members()
            .zip(fields)
            .partition(|(_, field)| is_phantom(&field.ty));
        Self { values, phantoms }
    }
}
