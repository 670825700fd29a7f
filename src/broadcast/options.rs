//! How to broadcast.
#![forbid(unsafe_code)]

use crate::array::order::Order;
use crate::broadcast::plan::Axes;
use crate::npyffi::{NPY_CASTING, NPY_ORDER};
#[cfg(feature = "rayon")]
use crate::pool;

/// Which conversions of elements are allowed, as `casting` of NumPy's functions says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Casting {
    /// None: the arrays have the very types of the function.
    No,
    /// Changes of the byte order.
    Equivalent,
    /// Those that no value is lost by, as from `float32` to `float64`, and from `int64` to `float64`.
    #[default]
    Safe,
    /// Also those within a kind, as from `float64` to `float32`.
    SameKind,
    /// All: values that do not fit are truncated, or wrapped.
    Unsafe,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    pub(crate) casting: Casting,
    pub(crate) order: Option<Order>,
    #[cfg(feature = "rayon")]
    pub(crate) is_parallel: bool,
}

impl Options {
    /// How many threads are to compute so many elements.
    #[cfg(feature = "rayon")]
    pub(crate) fn threads(self, len: usize) -> usize {
        if self.is_parallel {
            pool::threads(len)
        } else {
            1
        }
    }

    /// How many threads are to compute.
    #[cfg(not(feature = "rayon"))]
    pub(crate) fn threads(self, _len: usize) -> usize {
        1
    }

    pub(crate) fn axes(self) -> Axes {
        match self.order {
            None => Axes::Keep,
            Some(Order::C) => Axes::C,
            Some(Order::Fortran) => Axes::Fortran,
        }
    }

    pub(crate) fn order_of_numpy(self) -> NPY_ORDER {
        match self.order {
            None => NPY_ORDER::NPY_KEEPORDER,
            Some(Order::C) => NPY_ORDER::NPY_CORDER,
            Some(Order::Fortran) => NPY_ORDER::NPY_FORTRANORDER,
        }
    }

    pub(crate) fn rule(self) -> NPY_CASTING {
        match self.casting {
            Casting::No => NPY_CASTING::NPY_NO_CASTING,
            Casting::Equivalent => NPY_CASTING::NPY_EQUIV_CASTING,
            Casting::Safe => NPY_CASTING::NPY_SAFE_CASTING,
            Casting::SameKind => NPY_CASTING::NPY_SAME_KIND_CASTING,
            Casting::Unsafe => NPY_CASTING::NPY_UNSAFE_CASTING,
        }
    }

    /// The name of the rule.
    pub(crate) fn rule_name(self) -> &'static str {
        match self.casting {
            Casting::No => "no",
            Casting::Equivalent => "equiv",
            Casting::Safe => "safe",
            Casting::SameKind => "same_kind",
            Casting::Unsafe => "unsafe",
        }
    }
}
