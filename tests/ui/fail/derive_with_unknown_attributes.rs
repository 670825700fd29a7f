//! Attributes say something, and are where it makes a difference.
use std::marker::PhantomData;

use npyo::Element;

#[derive(Element)]
#[repr(C)]
#[npyo(rename = "trade")]
struct Record {
    #[npyo(name = "px")]
    price: f64,
    #[npyo(rename = "a", rename = "b")]
    volume: f64,
    #[npyo(rename = 3)]
    third: f64,
    #[npyo(rename)]
    fourth: f64,
    #[npyo]
    fifth: f64,
    #[npyo(rename = "unit")]
    unit: PhantomData<f64>,
}

#[derive(Element)]
#[repr(transparent)]
#[npyo(crate = "n p y o")]
struct Newtype(#[npyo(rename = "value")] f64);

#[derive(Element)]
#[repr(u8)]
enum Side {
    #[npyo(rename = "buy")]
    Buy,
}

fn main() {}
