//! The types of a generic function: `types(f32, f64)`, or `types((f32, i32), (f64, i64))`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, MetaList, Result, Signature, Token, Type};

use crate::errors::Errors;
use crate::target::at;
use crate::ufunc::ty;

/// The function, or for each of the types one, such as `logit::<f32>`.
pub(crate) fn functions(sig: &Signature, types: Option<&MetaList>) -> Result<Vec<TokenStream>> {
    let ident = &sig.ident;
    let count = sig.generics.type_params().count();
    let Some(types) = types else {
        return match count {
            0 => Ok(vec![quote!(#ident)]),
            _ => Err(Error::new_spanned(
                &sig.generics,
                format!(
                    "a ufunc has functions of certain types: name those for `{ident}` in the \
                     attribute, as in `{}`",
                    example(count)
                ),
            )),
        };
    };
    if count == 0 {
        return Err(Error::new_spanned(
            &types.path,
            format!("`{ident}` has no type parameter: add one, or remove `types(…)`"),
        ));
    }
    let entries = Punctuated::<Type, Token![,]>::parse_terminated.parse2(types.tokens.clone())?;
    if entries.is_empty() {
        return Err(Error::new_spanned(
            types,
            format!(
                "a ufunc has at least one function: name types, as in `{}`",
                example(count)
            ),
        ));
    }
    let mut errors = Errors::default();
    let mut functions = Vec::with_capacity(entries.len());
    for entry in &entries {
        let arguments = errors.check(arguments(entry, count));
        // Errors shall point at the types that the function does not have.
        let place = at(entry.span());
        let mut ident = ident.clone();
        ident.set_span(place);
        functions.push(quote_spanned!(place=> #ident::<#arguments>));
    }
    errors.finish(functions)
}

/// The types for the parameters: the one, or those of a tuple.
fn arguments(entry: &Type, count: usize) -> Result<TokenStream> {
    let entry = ty::bare(entry);
    let (found, arguments) = match entry {
        Type::Tuple(tuple) => {
            let types = &tuple.elems;
            (types.len(), quote!(#types))
        }
        ty => (1, quote!(#ty)),
    };
    let is_tuple = matches!(entry, Type::Tuple(_));
    if found == count && is_tuple == (count > 1) {
        return Ok(arguments);
    }
    let wanted = match count {
        1 => "one type parameter: write one type".to_owned(),
        _ => format!("{count} type parameters: write a tuple of as many types"),
    };
    Err(Error::new_spanned(
        entry,
        format!("the function has {wanted}, as in `{}`", example(count)),
    ))
}

fn example(count: usize) -> String {
    let types = |ty: &str| match count {
        1 => ty.to_owned(),
        _ => format!("({})", vec![ty; count].join(", ")),
    };
    format!("types({}, {})", types("f32"), types("f64"))
}
