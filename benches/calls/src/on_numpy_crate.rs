use numpy as library;

#[path = "arrays.rs"]
pub(crate) mod arrays;
#[path = "calls.rs"]
pub(crate) mod calls;
