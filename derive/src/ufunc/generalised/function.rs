//! What a function of arrays must look like, whatever the signature is.

use syn::{Error, GenericArgument, LifetimeParam, Result, Signature, Type};

use crate::errors::Errors;
use crate::ufunc::{function, token, ty};

/// The types of the arguments.
///
/// # Errors
///
/// Everything that is wrong.
pub(crate) fn check(sig: &Signature) -> Result<Vec<&Type>> {
    let mut errors = Errors::default();
    errors.check(function::check_qualifiers(sig));
    errors.check(function::check_params(sig, check_lifetime));
    let types = errors.check(function::arguments(sig, problem));
    errors.finish(types.unwrap_or_default())
}

/// A lifetime with bounds is chosen once, not for each call.
fn check_lifetime(param: &LifetimeParam) -> Result<()> {
    if param.bounds.is_empty() {
        return Ok(());
    }
    Err(Error::new_spanned(
        &param.bounds,
        "the arrays are borrowed for one call, and outlive nothing: remove the bounds, and write \
         `'_` for the lifetimes of views",
    ))
}

fn problem(ty: &Type) -> Option<&'static str> {
    if token::is_token(ty) {
        Some(
            "a function of arrays gets no token: remove this argument, and use `Python::attach` \
             where Python is needed",
        )
    } else if is_static(ty) {
        Some("the arrays are borrowed for one call: write `'_` for the lifetime of the view")
    } else {
        None
    }
}

/// Whether it is a type such as `ArrayView1<'static, f64>`.
fn is_static(ty: &Type) -> bool {
    let is_static = |argument: &GenericArgument| match argument {
        GenericArgument::Lifetime(lifetime) => lifetime.ident == "static",
        _ => false,
    };
    ty::last_segment(ty).is_some_and(|segment| ty::arguments(segment).any(is_static))
}
