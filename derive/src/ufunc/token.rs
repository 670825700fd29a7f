//! The token, `Python<'_>`, which only a function that runs attached has.

use syn::{GenericArgument, Lifetime, Type};

use crate::ufunc::ty;

pub(crate) fn is_token(ty: &Type) -> bool {
    ty::last_segment(ty).is_some_and(|segment| segment.ident == "Python")
}

/// The lifetime of a token, as of `Python<'py>`.
pub(crate) fn lifetime(token: &Type) -> Option<&Lifetime> {
    ty::arguments(ty::last_segment(token)?).find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime),
        _ => None,
    })
}
