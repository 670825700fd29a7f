//! The comment of a function, which is the text for `help` in Python.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

/// An expression of the lines, joined, unless there are none.
pub(crate) fn text(attrs: &[Attribute]) -> Option<TokenStream> {
    let lines: Vec<_> = attrs.iter().filter_map(line).collect();
    match &lines[..] {
        [] => None,
        [line] => Some(line.clone()),
        lines => Some(quote!([#(#lines),*].join("\n"))),
    }
}

/// `/// text` is `#[doc = " text"]`; there is also `#[doc = include_str!("file")]`.
fn line(attr: &Attribute) -> Option<TokenStream> {
    let Meta::NameValue(meta) = &attr.meta else {
        return None;
    };
    meta.path.is_ident("doc").then(|| match &meta.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(line),
            ..
        }) => {
            let text = line.value();
            LitStr::new(text.strip_prefix(' ').unwrap_or(&text), line.span()).into_token_stream()
        }
        value => value.into_token_stream(),
    })
}
