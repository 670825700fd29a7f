//! What a function must look like, as far as its syntax tells. Of the types the compiler says whether
//! they are elements.

use syn::{Error, FnArg, GenericParam, Result, ReturnType, Safety, Signature, Type};

use crate::errors::Errors;
use crate::ufunc::args::Args;

/// Most arguments and results that a function can have.
const MOST_INPUTS: usize = 6;
const MOST_OUTPUTS: usize = 4;

/// # Errors
///
/// Everything that is wrong.
pub(crate) fn check(sig: &Signature) -> Result<()> {
    let mut errors = Errors::default();
    errors.check(check_qualifiers(sig));
    for param in &sig.generics.params {
        errors.check(check_param(param));
    }
    for input in &sig.inputs {
        errors.check(check_input(input));
    }
    errors.check(check_inputs(sig));
    errors.check(check_output(sig));
    errors.finish(())
}

/// # Errors
///
/// For an identity of what is not reduced.
pub(crate) fn check_identity(sig: &Signature, args: &Args) -> Result<()> {
    let is_binary = sig.inputs.len() == 2 && results(sig).is_none();
    match &args.identity {
        Some(identity) if !is_binary => Err(Error::new(
            identity.span(),
            "only functions of two arguments with one result are reduced: remove `identity`",
        )),
        _ => Ok(()),
    }
}

fn check_qualifiers(sig: &Signature) -> Result<()> {
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

fn check_param(param: &GenericParam) -> Result<()> {
    let problem = match param {
        GenericParam::Type(_) => return Ok(()),
        GenericParam::Lifetime(_) => "elements are passed by value: remove the lifetime",
        GenericParam::Const(_) => {
            "only types can be parameters of the function: make the number an argument, or a constant"
        }
    };
    Err(Error::new_spanned(param, problem))
}

fn check_input(input: &FnArg) -> Result<()> {
    let FnArg::Typed(input) = input else {
        return Err(Error::new_spanned(
            input,
            "a ufunc is made of a function, not of a method: move the function out of the `impl`, \
             and have arguments with names and types",
        ));
    };
    let problem = match &*input.ty {
        Type::Reference(_) => {
            "elements are passed by value, one of each array: write its type, such as `f64`"
        }
        Type::ImplTrait(_) => {
            "`impl` hides which types there are: make it a type parameter, and name the types with \
             `types(…)`"
        }
        _ => return Ok(()),
    };
    Err(Error::new_spanned(&input.ty, problem))
}

fn check_inputs(sig: &Signature) -> Result<()> {
    let Some(last) = sig.inputs.last() else {
        return Err(Error::new_spanned(
            &sig.ident,
            "a ufunc has at least one argument, an element of an array: add one",
        ));
    };
    if sig.inputs.len() <= MOST_INPUTS {
        return Ok(());
    }
    Err(Error::new_spanned(
        last,
        format!(
            "a ufunc has at most {MOST_INPUTS} arguments, and here are {}: have fewer",
            sig.inputs.len()
        ),
    ))
}

fn check_output(sig: &Signature) -> Result<()> {
    if let ReturnType::Default = sig.output {
        return Err(Error::new_spanned(
            &sig.ident,
            "a ufunc has a result, an element of an array: add a type, such as `-> f64`",
        ));
    }
    match results(sig) {
        Some(count) if !(2..=MOST_OUTPUTS).contains(&count) => Err(Error::new_spanned(
            &sig.output,
            format!(
                "a ufunc has one result, or a tuple of 2 to {MOST_OUTPUTS}, and this is one of \
                 {count}: return an element, or another tuple"
            ),
        )),
        _ => Ok(()),
    }
}

/// How many results, if the function returns a tuple.
fn results(sig: &Signature) -> Option<usize> {
    match &sig.output {
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(tuple) => Some(tuple.elems.len()),
            _ => None,
        },
        ReturnType::Default => None,
    }
}
