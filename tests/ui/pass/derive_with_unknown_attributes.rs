//! Attributes say something, and are where it makes a difference.
use std::marker::PhantomData;

use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    #[npyo(rename = "px")]
    price: f64,
    #[npyo(rename = "a")]
    volume: f64,
    #[npyo(rename = "3")]
    third: f64,
    fourth: f64,
    fifth: f64,
    unit: PhantomData<f64>,
}

#[derive(Element)]
#[repr(transparent)]
#[npyo(crate = "npyo")]
struct Newtype(f64);

#[derive(Element)]
#[repr(u8)]
enum Side {
    Buy,
}

fn main() {}
