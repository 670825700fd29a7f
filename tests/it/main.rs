//! The library from the outside, a module for each kind of behaviour.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that unwraps an error has failed, and says where"
)]

mod common;

mod array;
mod borrow;
mod broadcast;
mod convert;
mod dtype;
mod element;
mod errors;
mod exact;
mod gufuncs;
mod like;
mod linalg;
#[cfg(feature = "nalgebra")]
mod nalgebra;
mod object;
mod random;
#[cfg(feature = "derive")]
mod records;
mod stress;
#[cfg(feature = "derive")]
mod ufunc_attributes;
#[cfg(feature = "derive")]
mod ufunc_elements;
#[cfg(feature = "rayon")]
mod ufunc_parallel;
mod ufuncs;
mod view;
