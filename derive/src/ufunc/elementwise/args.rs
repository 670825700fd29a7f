//! The arguments of `#[ufunc]`.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Expr, Ident, LitStr, Meta, Result, Token};

use crate::errors::Errors;
use crate::ufunc::args::{SharedArgs, set, unknown};

#[derive(Default)]
pub(crate) struct Args {
    pub(crate) shared: SharedArgs,
    pub(crate) identity: Option<Identity>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        let mut errors = Errors::default();
        let mut args = Self::default();
        for meta in metas.parse2(tokens)? {
            errors.check(args.add(meta));
        }
        errors.finish(args)
    }

    fn add(&mut self, meta: Meta) -> Result<()> {
        let Some(meta) = self.shared.add(meta)? else {
            return Ok(());
        };
        if !meta.path().is_ident("identity") {
            return Err(unknown(&meta, "`identity = …`"));
        }
        let identity = identity(&meta.require_name_value()?.value)?;
        set(&mut self.identity, meta.path(), identity)
    }
}

fn metas(input: ParseStream<'_>) -> Result<Punctuated<Meta, Token![,]>> {
    if input.peek(LitStr) {
        return Err(input.error(
            "a function of elements has no signature: remove it, or use `#[npyo::gufunc(…)]` for a \
             function of arrays",
        ));
    }
    Punctuated::parse_terminated(input)
}

/// What `reduce` gives for no elements.
pub(crate) enum Identity {
    /// A variant of npyo's `Identity`.
    Known(Ident),
    /// The value of an expression.
    Value(Expr),
}

impl Identity {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Known(ident) => ident.span(),
            Self::Value(expr) => expr.span(),
        }
    }
}

fn identity(value: &Expr) -> Result<Identity> {
    if !matches!(value, Expr::Path(path) if path.path.get_ident().is_some()) {
        return Ok(Identity::Value(value.clone()));
    }
    let is = |name| matches!(value, Expr::Path(path) if path.path.is_ident(name));
    [
        ("zero", "Zero"),
        ("one", "One"),
        ("minus_one", "MinusOne"),
        ("reorderable", "Reorderable"),
    ]
    .into_iter()
    .find_map(|(name, variant)| is(name).then(|| Ident::new(variant, value.span())))
    .map(Identity::Known)
    .ok_or_else(|| {
        Error::new_spanned(
            value,
            "there is no such identity: write `zero`, `one`, `minus_one` or, if there is none but \
             the order of a reduction does not matter, `reorderable`, or a value such as `f64::INFINITY`",
        )
    })
}
