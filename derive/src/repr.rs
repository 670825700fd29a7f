//! The attribute `#[repr(…)]`.

use proc_macro2::TokenStream;
use syn::{Attribute, Error, Ident, Result, parenthesized, token};

const INTEGERS: [&str; 10] = [
    "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize",
];

/// What stands in the `#[repr(…)]` of a type, without arguments: `C` and `packed` of
/// `#[repr(C, packed(4))]`.
pub(crate) struct Repr(Vec<Ident>);

impl Repr {
    pub(crate) fn of(attrs: &[Attribute]) -> Result<Self> {
        let mut hints = Vec::new();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("repr")) {
            attr.parse_nested_meta(|meta| {
                hints.push(meta.path.require_ident()?.clone());
                if meta.input.peek(token::Paren) {
                    let argument;
                    parenthesized!(argument in meta.input);
                    argument.parse::<TokenStream>()?;
                }
                Ok(())
            })?;
        }
        Ok(Self(hints))
    }

    pub(crate) fn has(&self, hint: &str) -> bool {
        self.0.iter().any(|found| found == hint)
    }

    /// The integer type of an enum.
    pub(crate) fn integer(&self) -> Option<&Ident> {
        let is_integer = |hint: &&Ident| INTEGERS.iter().any(|integer| hint == integer);
        self.0.iter().find(is_integer)
    }

    /// An error that points at what is there instead, or else at the name of the type.
    pub(crate) fn error(&self, ident: &Ident, message: &str) -> Error {
        Error::new_spanned(self.0.first().unwrap_or(ident), message)
    }
}
