//! The attributes `#[ufunc]` and `#[gufunc]`: beside the function, a module of its name that makes a
//! ufunc of it.

mod args;
mod doc;
pub(crate) mod elementwise;
mod expansion;
mod function;
pub(crate) mod generalised;
mod output;
mod token;
mod ty;
mod types;

use proc_macro2::TokenStream;
use syn::{Path, Result};

/// One of the attributes: what it expands to beside the function, given its arguments, the function, and how
/// to find out where npyo is.
pub(crate) type Expand = fn(TokenStream, TokenStream, fn() -> Result<Path>) -> Result<TokenStream>;
