//! How many arrays a function of single elements takes.
#![forbid(unsafe_code)]

use crate::ufunc::function::Attached;

mod sealed {
    pub trait Sealed {}
}

/// The arguments of a function of `N` elements, which is called for `N` arrays.
///
/// ```
/// # use npyo::{broadcast::Broadcast, pyarray};
/// # pyo3::Python::attach(|py| {
/// let a = pyarray![py, 1.0, 2.0];
/// let sum = Broadcast::new().call([&a, &a], |a: f64, b: f64| a + b);
/// # assert!(sum.is_ok());
/// # });
/// ```
///
/// With another number of arrays it does not compile:
///
/// ```compile_fail,E0277
/// # use npyo::{broadcast::Broadcast, pyarray};
/// # pyo3::Python::attach(|py| {
/// let a = pyarray![py, 1.0, 2.0];
/// let sum = Broadcast::new().call([&a], |a: f64, b: f64| a + b);
/// # assert!(sum.is_ok());
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "the function does not take {N} elements",
    note = "there is an array for each element that the function takes"
)]
pub trait TakesArrays<const N: usize>: sealed::Sealed {}

impl<Args: sealed::Sealed> sealed::Sealed for Attached<Args> {}

impl<Args: TakesArrays<N>, const N: usize> TakesArrays<N> for Attached<Args> {}

macro_rules! impl_takes_arrays {
    ($($count:literal: $($ty:ident)*;)*) => {$(
        impl<$($ty),*> sealed::Sealed for ($($ty,)*) {}
        impl<$($ty),*> TakesArrays<$count> for ($($ty,)*) {}
    )*};
}

impl_takes_arrays! {
    1: A;
    2: A B;
    3: A B C;
    4: A B C D;
    5: A B C D E;
    6: A B C D E F;
    7: A B C D E F G;
    8: A B C D E F G H;
    9: A B C D E F G H I;
    10: A B C D E F G H I J;
    11: A B C D E F G H I J K;
    12: A B C D E F G H I J K L;
}
