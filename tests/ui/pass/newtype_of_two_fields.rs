//! A newtype is an element like its one field.
use std::marker::PhantomData;

use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Complex(f64, f64);

#[derive(Element)]
#[repr(transparent)]
struct Marker(f64, PhantomData<f64>);

fn main() {}
