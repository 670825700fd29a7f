//! `#[gufunc]`, of a function of arrays.

mod args;
mod argument;
mod fit;
mod function;
mod signature;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Result};

use self::args::Args;
use self::signature::Signature;
use crate::errors::Errors;
use crate::ufunc::expansion::Expansion;
use crate::ufunc::function::parse;

/// What stands beside the function, unless it says where npyo is, in the crate that `find` finds.
pub(crate) fn expand(
    args: TokenStream,
    item: TokenStream,
    find: fn() -> Result<Path>,
) -> Result<TokenStream> {
    let item = parse(item, "fn sum(x: ArrayView1<'_, f64>) -> f64 { x.sum() }")?;
    let mut errors = Errors::default();
    let types = errors.check(function::check(&item.sig));
    let Some(args) = errors.check(Args::parse(args)) else {
        return errors.finish(TokenStream::new());
    };
    let signature = errors.check(Signature::parse(&args.signature));
    if let (Some(types), Some(signature)) = (types, signature) {
        errors.check(fit::check(&item.sig, &types, &signature));
    }
    let Some(expansion) = errors.check(Expansion::new(&item, args.shared, find)) else {
        return errors.finish(TokenStream::new());
    };

    let krate = &expansion.krate;
    let builder = quote!(#krate::ufunc::GufuncBuilder);
    let core_dims = args.core_dims.map(|function| quote!(.core_dims(#function)));
    errors.finish(expansion.finish(&builder, Some(&args.signature), core_dims.as_ref()))
}
