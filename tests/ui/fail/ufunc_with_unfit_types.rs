//! A generic function has the types that the attribute names, and no other has.
use std::ops::{Add, Mul};

#[npyo::ufunc]
fn sum<T: Add<Output = T>>(a: T, b: T) -> T {
    a + b
}

#[npyo::ufunc(types(f32, f64))]
fn twice(a: f64) -> f64 {
    2.0 * a
}

#[npyo::ufunc(types())]
fn same<T>(a: T) -> T {
    a
}

#[npyo::ufunc(types((f32, f32), f64))]
fn square<T: Mul<Output = T> + Copy>(a: T) -> T {
    a * a
}

#[npyo::ufunc(types(f32, (f32, f64), (f32, f32, f32)))]
fn product<T: Mul<U, Output = T>, U>(a: T, b: U) -> T {
    a * b
}

#[npyo::ufunc]
fn both<T, U>(a: T, b: U) -> (T, U) {
    (a, b)
}

fn main() {}
