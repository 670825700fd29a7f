//! Shapes.

use ndarray::Dimension;

mod sealed {
    pub trait Sealed {}
    impl<D: ndarray::Dimension> Sealed for D {}
}

/// The shapes that arrays can have, which are those of [`ndarray`].
pub trait ToNpyDims: Dimension + sealed::Sealed {}

impl<D: Dimension> ToNpyDims for D {}
