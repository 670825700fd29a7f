//! What a function of elements must look like.

use syn::{Error, FnArg, LifetimeParam, Result, Signature, Type};

use crate::errors::Errors;
use crate::ufunc::function::{self, MOST_ARGUMENTS};
use crate::ufunc::output::{MOST_RESULTS, Output};
use crate::ufunc::token;

/// # Errors
///
/// Everything that is wrong.
pub(crate) fn check(sig: &Signature) -> Result<()> {
    let mut errors = Errors::default();
    errors.check(function::check_qualifiers(sig));
    let token = token(sig);
    errors.check(function::check_params(sig, |param| {
        check_lifetime(param, token)
    }));
    if let Some(types) = errors.check(function::arguments(sig, problem)) {
        let misplaced = types.into_iter().skip(1).filter(|ty| token::is_token(ty));
        errors.extend(misplaced.map(|token| {
            Error::new_spanned(
                token,
                "there is one token at most, which is the first argument: move it to the front, or \
                 remove it",
            )
        }));
    }
    errors.check(check_count(sig));
    errors.check(check_output(sig));
    errors.finish(())
}

/// The token, which is the first argument if there is one.
pub(crate) fn token(sig: &Signature) -> Option<&Type> {
    match sig.inputs.first()? {
        FnArg::Typed(first) if token::is_token(&first.ty) => Some(&first.ty),
        _ => None,
    }
}

/// Whether it is of two elements with one result.
pub(crate) fn is_binary(sig: &Signature) -> bool {
    elements(sig) == 2 && !matches!(Output::of(&sig.output), Output::Tuple(_))
}

/// The number of arguments without the token.
fn elements(sig: &Signature) -> usize {
    sig.inputs.len() - usize::from(token(sig).is_some())
}

fn check_lifetime(param: &LifetimeParam, token: Option<&Type>) -> Result<()> {
    if token.and_then(token::lifetime) == Some(&param.lifetime) {
        return Ok(());
    }
    Err(Error::new_spanned(
        param,
        "elements are passed by value: remove the lifetime",
    ))
}

fn problem(ty: &Type) -> Option<&'static str> {
    matches!(ty, Type::Reference(_))
        .then_some("elements are passed by value, one of each array: write its type, such as `f64`")
}

fn check_count(sig: &Signature) -> Result<()> {
    let elements = elements(sig);
    match sig.inputs.last() {
        Some(last) if elements > MOST_ARGUMENTS => Err(Error::new_spanned(
            last,
            format!(
                "a ufunc has at most {MOST_ARGUMENTS} arguments, and here are {elements}: have \
                 fewer"
            ),
        )),
        Some(token) if elements == 0 => Err(Error::new_spanned(
            token,
            "a ufunc has at least one argument beside the token, an element of an array: add one",
        )),
        Some(_) => Ok(()),
        None => Err(Error::new_spanned(
            &sig.ident,
            "a ufunc has at least one argument, an element of an array: add one",
        )),
    }
}

fn check_output(sig: &Signature) -> Result<()> {
    match Output::of(&sig.output) {
        Output::Nothing => Err(Error::new_spanned(
            &sig.ident,
            "a ufunc has a result, an element of an array: add a type, such as `-> f64`",
        )),
        Output::Tuple(count) if !(2..=MOST_RESULTS).contains(&count) => Err(Error::new_spanned(
            &sig.output,
            format!(
                "a ufunc has one result, or a tuple of 2 to {MOST_RESULTS}, and this is one of \
                 {count}: return an element, or another tuple"
            ),
        )),
        _ => Ok(()),
    }
}
