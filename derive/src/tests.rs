//! What types and functions expand to: for each `golden/*.rs` the formatted expansion is `*.expanded.rs` beside it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that unwraps an error has failed, and says where"
)]

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, ItemFn, Meta, Path as Krate, Result, parse_quote};

use crate::{expand, ufunc};

fn formatted_expansion(source: &str) -> String {
    let find = || Ok(parse_quote!(::npyo));
    let expansion = match syn::parse_str(source).unwrap() {
        Item::Fn(function) => expand_function(function, find),
        item => expand(&parse_quote!(#item), find),
    };
    prettyplease::unparse(&syn::parse2(expansion.unwrap()).unwrap())
}

/// What stands beside a function with the attribute `#[npyo::ufunc]` or `#[npyo::gufunc]`.
fn expand_function(mut function: ItemFn, find: fn() -> Result<Krate>) -> Result<TokenStream> {
    let (position, expand) = (function.attrs.iter().enumerate())
        .find_map(|(position, attr)| Some((position, expansion_of(attr)?)))
        .unwrap();
    let args = match function.attrs.remove(position).meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    expand(args, function.into_token_stream(), find)
}

fn expansion_of(attr: &Attribute) -> Option<ufunc::Expand> {
    match attr.path().segments.last()?.ident.to_string().as_str() {
        "ufunc" => Some(ufunc::elementwise::expand),
        "gufunc" => Some(ufunc::generalised::expand),
        _ => None,
    }
}

/// With `NPYO_BLESS` set, the files are written anew.
#[test]
fn types_and_functions_expand_to_the_golden_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut differing = Vec::new();
    for file in folder.read_dir().unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(stem) = name.strip_suffix(".rs").filter(|stem| !stem.contains('.')) else {
            continue;
        };
        let expansion = formatted_expansion(&fs::read_to_string(&path).unwrap());
        let golden = folder.join(format!("{stem}.expanded.rs"));
        if std::env::var_os("NPYO_BLESS").is_some() {
            fs::write(golden, expansion).unwrap();
        } else if fs::read_to_string(golden).ok() != Some(expansion) {
            differing.push(stem.to_owned());
        }
    }
    assert!(
        differing.is_empty(),
        "what {differing:?} expand to has changed: set NPYO_BLESS=1 and review the difference"
    );
}
