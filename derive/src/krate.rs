//! How the user's crate calls npyo.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::Span;
use syn::{Error, Ident, Path, Result, parse_quote};

/// The packages that the macros come with: npyo, and npyo under the name of the numpy crate.
const PACKAGES: [&str; 2] = ["npyo", "numpy"];

/// The path to the crate, as the user's `Cargo.toml` has it.
pub(crate) fn find() -> Result<Path> {
    PACKAGES
        .iter()
        .find_map(|package| match crate_name(package).ok()? {
            FoundCrate::Itself => Some(absolute(package)),
            FoundCrate::Name(name) => Some(absolute(&name)),
        })
        .ok_or_else(|| {
            Error::new(
                Span::call_site(),
                "there is no `npyo` among the dependencies in Cargo.toml: add it, or say where \
                 the crate is with `#[npyo(crate = \"path\")]` of a type, or `crate = \"path\"` \
                 in the attribute of a function",
            )
        })
}

fn absolute(name: &str) -> Path {
    let name = Ident::new(name, Span::call_site());
    parse_quote!(::#name)
}
