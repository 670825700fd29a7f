//! [npyo] under the name of the numpy crate.
//!
//! A project whose dependencies use the numpy crate swaps npyo in for all of them:
//!
//! ```toml
//! [patch.crates-io]
//! numpy = { path = "…/npyo/compat/numpy" }
//! ```
//!
//! What is different then is listed in npyo's MIGRATING.md.

pub use npyo::*;
