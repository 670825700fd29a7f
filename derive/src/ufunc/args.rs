//! The arguments of the attribute.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, Ident, Lit, LitStr, Meta, MetaList, Path, Result, Token};

use crate::attrs;
use crate::errors::Errors;

#[derive(Default)]
pub(crate) struct Args {
    pub(crate) types: Option<MetaList>,
    /// The variant of `Identity`.
    pub(crate) identity: Option<Ident>,
    pub(crate) name: Option<LitStr>,
    /// Where npyo is.
    pub(crate) krate: Option<Path>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens)?;
        let mut errors = Errors::default();
        let mut args = Self::default();
        for meta in metas {
            errors.check(args.add(meta));
        }
        errors.finish(args)
    }

    fn add(&mut self, meta: Meta) -> Result<()> {
        let path = meta.path().clone();
        if path.is_ident("types") {
            let list = meta.require_list()?.clone();
            set(&mut self.types, &path, list)
        } else if path.is_ident("identity") {
            let identity = identity(&meta.require_name_value()?.value)?;
            set(&mut self.identity, &path, identity)
        } else if path.is_ident("name") {
            let name = string(meta)?;
            check_name(&name)?;
            set(&mut self.name, &path, name)
        } else if path.is_ident("crate") {
            let krate = attrs::path(&string(meta)?)?;
            set(&mut self.krate, &path, krate)
        } else {
            Err(Error::new_spanned(
                path,
                "there is no such argument: use `types(…)`, `identity = …`, `name = \"…\"` or \
                 `crate = \"…\"`",
            ))
        }
    }
}

fn set<T>(argument: &mut Option<T>, path: &Path, value: T) -> Result<()> {
    if argument.replace(value).is_none() {
        return Ok(());
    }
    Err(Error::new_spanned(
        path,
        "this is given twice: remove one of the two",
    ))
}

fn string(meta: Meta) -> Result<LitStr> {
    match &meta.require_name_value()?.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(string),
            ..
        }) => Ok(string.clone()),
        value => Err(Error::new_spanned(
            value,
            "this is no string literal: write it in quotation marks",
        )),
    }
}

fn identity(value: &Expr) -> Result<Ident> {
    let is = |name| matches!(value, Expr::Path(path) if path.path.is_ident(name));
    [
        ("zero", "Zero"),
        ("one", "One"),
        ("minus_one", "MinusOne"),
        ("reorderable", "Reorderable"),
    ]
    .into_iter()
    .find_map(|(name, variant)| is(name).then(|| Ident::new(variant, value.span())))
    .ok_or_else(|| {
        Error::new_spanned(
            value,
            "there is no such identity: write `zero`, `one`, `minus_one` or, if there is none but \
             the order of a reduction does not matter, `reorderable`",
        )
    })
}

fn check_name(name: &LitStr) -> Result<()> {
    let text = name.value();
    let fits = |c: char| c.is_alphanumeric() || c == '_';
    if text.chars().all(fits) && text.chars().next().is_some_and(|first| !first.is_numeric()) {
        return Ok(());
    }
    Err(Error::new(
        name.span(),
        "this is no name of a function in Python: use letters, digits and `_`, and no digit first",
    ))
}
