use numpy as library;

#[path = "calls.rs"]
pub(crate) mod calls;
