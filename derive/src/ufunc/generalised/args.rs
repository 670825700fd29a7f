//! The arguments of `#[gufunc]`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, LitStr, Meta, Path, Result, Token};

use crate::errors::Errors;
use crate::ufunc::args::{SharedArgs, set, unknown};

pub(crate) struct Args {
    pub(crate) signature: LitStr,
    pub(crate) shared: SharedArgs,
    /// The function that computes and checks the sizes of the core dimensions.
    pub(crate) core_dims: Option<Path>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        let (signature, metas) = parts.parse2(tokens)?;
        let mut errors = Errors::default();
        let mut args = Self {
            signature,
            shared: SharedArgs::default(),
            core_dims: None,
        };
        for meta in metas {
            errors.check(args.add(meta));
        }
        errors.finish(args)
    }

    fn add(&mut self, meta: Meta) -> Result<()> {
        let Some(meta) = self.shared.add(meta)? else {
            return Ok(());
        };
        if !meta.path().is_ident("core_dims") {
            return Err(unknown(&meta, "`core_dims = …`"));
        }
        let function = path(&meta.require_name_value()?.value)?;
        set(&mut self.core_dims, meta.path(), function)
    }
}

fn parts(input: ParseStream<'_>) -> Result<(LitStr, Punctuated<Meta, Token![,]>)> {
    if !input.peek(LitStr) {
        return Err(Error::new(
            input.span(),
            "the first argument is the signature, the core dimensions of inputs and outputs: write \
             it as a string, such as `\"(m,n),(n)->(m)\"`",
        ));
    }
    let signature = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((signature, Punctuated::parse_terminated(input)?))
}

fn path(value: &Expr) -> Result<Path> {
    match value {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
        _ => Err(Error::new_spanned(
            value,
            "this is no name of a function: write one that takes `&mut [Option<usize>]` and \
             returns `PyResult<()>`",
        )),
    }
}
