//! The arguments that both attributes have.

use syn::{Error, Expr, ExprLit, Lit, LitStr, Meta, MetaList, Path, Result};

use crate::attrs;

#[derive(Default)]
pub(crate) struct SharedArgs {
    pub(crate) types: Option<MetaList>,
    pub(crate) name: Option<LitStr>,
    /// Where npyo is.
    pub(crate) krate: Option<Path>,
    /// The word, if it is there.
    pub(crate) parallel: Option<Path>,
    /// The word, if it is there.
    pub(crate) without_fp_errors: Option<Path>,
}

impl SharedArgs {
    /// Takes the argument if it is one of these, and else gives it back.
    pub(crate) fn add(&mut self, meta: Meta) -> Result<Option<Meta>> {
        let path = meta.path().clone();
        if path.is_ident("types") {
            let list = meta.require_list()?.clone();
            set(&mut self.types, &path, list)?;
        } else if path.is_ident("name") {
            let name = string(&meta)?;
            check_name(&name)?;
            set(&mut self.name, &path, name)?;
        } else if path.is_ident("crate") {
            let krate = attrs::path(&string(&meta)?)?;
            set(&mut self.krate, &path, krate)?;
        } else if path.is_ident("parallel") {
            let word = word(&meta)?;
            check_parallel(&word)?;
            set(&mut self.parallel, &path, word)?;
        } else if path.is_ident("without_fp_errors") {
            set(&mut self.without_fp_errors, &path, word(&meta)?)?;
        } else {
            return Ok(Some(meta));
        }
        Ok(None)
    }
}

/// The error of an argument that an attribute does not have, which has one of its `own`.
pub(crate) fn unknown(meta: &Meta, own: &str) -> Error {
    Error::new_spanned(
        meta.path(),
        format!(
            "there is no such argument: use `types(…)`, {own}, `name = \"…\"`, `crate = \"…\"`, \
             `parallel` or `without_fp_errors`"
        ),
    )
}

pub(crate) fn set<T>(argument: &mut Option<T>, path: &Path, value: T) -> Result<()> {
    if argument.replace(value).is_none() {
        return Ok(());
    }
    Err(Error::new_spanned(
        path,
        "this is given twice: remove one of the two",
    ))
}

fn word(meta: &Meta) -> Result<Path> {
    match meta {
        Meta::Path(path) => Ok(path.clone()),
        _ => Err(Error::new_spanned(
            meta,
            "this argument has no value: write the word alone, or remove it",
        )),
    }
}

/// Without the feature, the builder has no such method.
fn check_parallel(word: &Path) -> Result<()> {
    if cfg!(any(feature = "rayon", test)) {
        return Ok(());
    }
    Err(Error::new_spanned(
        word,
        "there are no threads without the feature `rayon` of npyo: add it in Cargo.toml, as in \
         `features = [\"rayon\"]`, or remove `parallel`",
    ))
}

fn string(meta: &Meta) -> Result<LitStr> {
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
