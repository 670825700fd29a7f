//! The macros find npyo where their attributes say.

pub mod arrays {
    //! Where npyo is.
    pub use arrays_of_python as npyo;
}

use crate::arrays::npyo::Element;
use crate::arrays::npyo::ndarray::{ArrayView1, LinalgScalar};

/// A record.
#[derive(Element, Debug)]
#[repr(C)]
#[npyo(crate = "crate::arrays::npyo")]
pub struct Trade {
    /// The price of one.
    pub price: Price,
    /// Who pays whom.
    pub side: Side,
}

/// A newtype.
#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(transparent)]
#[npyo(crate = "crate::arrays::npyo")]
pub struct Price(pub f64);

/// An enum.
#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(u8)]
#[npyo(crate = "crate::arrays::npyo")]
pub enum Side {
    /// The one who has the money.
    Buy,
    /// The one who has the rest.
    Sell,
}

/// Twice the number.
#[arrays::npyo::ufunc(types(f32, f64), crate = "crate::arrays::npyo")]
pub fn twice<T: std::ops::Add<Output = T> + Copy>(a: T) -> T {
    a + a
}

/// The scalar product.
#[arrays::npyo::gufunc("(n),(n)->()", types(f32, f64), crate = "crate::arrays::npyo")]
pub fn dot<T: LinalgScalar>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>) -> T {
    x.dot(&y)
}

#[cfg(test)]
mod tests {
    use crate::arrays::npyo::{PyArray1, dtype, prelude::*};
    use pyo3::prelude::*;

    use super::{Price, Side, Trade};

    #[test]
    fn elements_are_derived() {
        Python::attach(|py| {
            let (price, side) = (Price(0.5), Side::Sell);
            let array = PyArray1::from_vec(py, vec![Trade { price, side }]);
            assert_eq!(
                array.dtype().names(),
                Some(vec!["price".into(), "side".into()])
            );
            let guard = array.readonly();
            assert_eq!(guard.get(0).map(|trade| trade.price), Some(price));
            assert!(dtype::<Price>(py).is_equiv_to(&dtype::<f64>(py)));
            assert!(dtype::<Side>(py).is_equiv_to(&dtype::<u8>(py)));
        });
    }

    #[test]
    fn ufuncs_are_made() {
        Python::attach(|py| -> PyResult<()> {
            let module = PyModule::new(py, "names")?;
            crate::arrays::npyo::add_ufuncs!(&module, super::twice, super::dot)?;
            let result = module.getattr("twice")?.call1((super::twice(1.5_f32),))?;
            assert_eq!(result.extract::<f64>()?, 6.0);
            let result = module.getattr("dot")?.call1(([1, 2, 3], [4, 5, 6]))?;
            assert_eq!(result.extract::<f64>()?, 32.0);
            Ok(())
        })
        .expect("a ufunc is made and called");
    }
}
