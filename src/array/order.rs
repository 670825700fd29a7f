//! Memory orders.

use std::ffi::c_int;

/// The order of an array's elements in memory.
///
/// ```
/// use npyo::{Order, PyArray, prelude::*};
/// use pyo3::{PyResult, Python};
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let array = PyArray::<f32, _>::try_zeros(py, [2, 3], Order::Fortran)?;
///     assert_eq!(array.strides(), [4, 8]);
///     Ok(())
/// })
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last index varies fastest, as in C.
    #[default]
    C,
    /// The first index varies fastest, as in Fortran.
    Fortran,
}

impl Order {
    /// The flag by which NumPy's functions ask for Fortran order.
    pub(crate) fn is_fortran(self) -> c_int {
        c_int::from(self == Self::Fortran)
    }
}

/// The meaning of the `is_fortran` parameters of other functions.
impl From<bool> for Order {
    fn from(is_fortran: bool) -> Self {
        if is_fortran { Self::Fortran } else { Self::C }
    }
}
