//! `#[ufunc]`, of a function of elements.

mod args;
mod function;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Path, Result, Signature};

use self::args::{Args, Identity};
use crate::errors::Errors;
use crate::ufunc::expansion::Expansion;
use crate::ufunc::function::parse;

/// What stands beside the function, unless it says where npyo is, in the crate that `find` finds.
pub(crate) fn expand(
    args: TokenStream,
    item: TokenStream,
    find: fn() -> Result<Path>,
) -> Result<TokenStream> {
    let item = parse(item, "fn twice(a: f64) -> f64 { 2.0 * a }")?;
    let mut errors = Errors::default();
    errors.check(function::check(&item.sig));
    let Some(args) = errors.check(Args::parse(args)) else {
        return errors.finish(TokenStream::new());
    };
    errors.check(check_args(&args, &item.sig));
    let Some(expansion) = errors.check(Expansion::new(&item, args.shared, find)) else {
        return errors.finish(TokenStream::new());
    };

    let krate = &expansion.krate;
    let builder = quote!(#krate::ufunc::UfuncBuilder);
    let identity = args.identity.map(|identity| match identity {
        Identity::Known(variant) => quote!(.identity(#krate::ufunc::Identity::#variant)),
        Identity::Value(value) => quote!(.identity_value(#value)),
    });
    errors.finish(expansion.finish(&builder, None, identity.as_ref()))
}

/// # Errors
///
/// For arguments of the attribute that do not fit the function.
fn check_args(args: &Args, sig: &Signature) -> Result<()> {
    let mut errors = Errors::default();
    if !function::is_binary(sig) {
        errors.extend(args.identity.as_ref().map(|identity| {
            Error::new(
                identity.span(),
                "only functions of two arguments with one result are reduced: remove `identity`",
            )
        }));
    }
    if function::token(sig).is_some() {
        errors.extend(args.shared.parallel.as_ref().map(|parallel| {
            Error::new_spanned(
                parallel,
                "a function with a token, `Python<'_>`, stays attached, on the thread that called \
                 the ufunc: remove `parallel`, or the token",
            )
        }));
    }
    errors.finish(())
}
