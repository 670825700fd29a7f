use npyo as library;

#[path = "calls.rs"]
pub(crate) mod calls;
