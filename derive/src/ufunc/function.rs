//! What a function must be, whichever of the attributes it has, as far as its syntax tells. Of the
//! types the compiler says whether they fit.

use proc_macro2::{Span, TokenStream};
use syn::{
    Error, FnArg, GenericParam, Item, ItemFn, LifetimeParam, Result, Safety, Signature, Type,
    parse2,
};

use crate::errors::Errors;
use crate::ufunc::ty;

/// Most arguments that a function can have, without the token.
pub(crate) const MOST_ARGUMENTS: usize = 12;

/// The function that an attribute is on; the `example` is of one that it can be on.
pub(crate) fn parse(item: TokenStream, example: &str) -> Result<ItemFn> {
    match parse2(item)? {
        Item::Fn(function) => Ok(function),
        _ => Err(Error::new(
            Span::call_site(),
            format!(
                "a ufunc is made of a function with a body, such as `{example}`: move the \
                 attribute to one"
            ),
        )),
    }
}

pub(crate) fn check_qualifiers(sig: &Signature) -> Result<()> {
    let mut errors = Errors::default();
    if let Some(asyncness) = &sig.asyncness {
        errors.add(Error::new_spanned(
            asyncness,
            "NumPy waits for each result, so the function cannot be asynchronous: remove `async`",
        ));
    }
    if let Safety::Unsafe(unsafety) = &sig.safety {
        errors.add(Error::new_spanned(
            unsafety,
            "Python calls the function with any values, so it must be safe: remove `unsafe`",
        ));
    }
    if let Some(abi) = &sig.abi {
        errors.add(Error::new_spanned(
            abi,
            "the function is called from Rust, not from C: remove `extern`",
        ));
    }
    if let Some(variadic) = &sig.variadic {
        errors.add(Error::new_spanned(
            variadic,
            "a ufunc has a fixed number of arguments: name each of them",
        ));
    }
    errors.finish(())
}

/// Looks at the parameters of a generic function; those that are lifetimes are left to `check`.
pub(crate) fn check_params(
    sig: &Signature,
    check: impl Fn(&LifetimeParam) -> Result<()>,
) -> Result<()> {
    let mut errors = Errors::default();
    for param in &sig.generics.params {
        errors.check(match param {
            GenericParam::Type(_) => Ok(()),
            GenericParam::Lifetime(param) => check(param),
            GenericParam::Const(param) => Err(Error::new_spanned(
                param,
                "only types can be parameters of the function: make the number an argument, or a \
                 constant",
            )),
        });
    }
    errors.finish(())
}

/// The types of the arguments, for each of which `check` can have a problem.
pub(crate) fn arguments(
    sig: &Signature,
    check: impl Fn(&Type) -> Option<&'static str>,
) -> Result<Vec<&Type>> {
    let mut errors = Errors::default();
    let mut types = Vec::with_capacity(sig.inputs.len());
    for input in &sig.inputs {
        let FnArg::Typed(input) = input else {
            errors.add(Error::new_spanned(
                input,
                "a ufunc is made of a function, not of a method: move the function out of the \
                 `impl`, and have arguments with names and types",
            ));
            continue;
        };
        let problem = match ty::bare(&input.ty) {
            Type::ImplTrait(_) => Some(
                "`impl` hides which types there are: make it a type parameter, and name the types \
                 with `types(…)`",
            ),
            ty => check(ty),
        };
        if let Some(problem) = problem {
            errors.add(Error::new_spanned(&input.ty, problem));
        }
        types.push(&*input.ty);
    }
    errors.finish(types)
}
