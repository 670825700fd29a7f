//! A newtype is an element like its one field.
use std::marker::PhantomData;

use npyo::Element;

#[derive(Element)]
#[repr(transparent)]
struct Complex(f64, f64);

#[derive(Element)]
#[repr(transparent)]
struct Marker(PhantomData<f64>);

fn main() {}
