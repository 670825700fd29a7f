//! Integers and floating-point numbers.

use std::ffi::{c_int, c_long, c_longlong, c_short};

use crate::element::trait_::Element;
use crate::npyffi::NPY_TYPES;

/// The signed C types, in the order in which NumPy looks for the one behind `int64` and its
/// like, with the numbers of their NumPy types. The unsigned ones have the next number.
const C_INTS: [(usize, c_int); 5] = [
    (size_of::<c_long>(), NPY_TYPES::NPY_LONG as c_int),
    (size_of::<c_longlong>(), NPY_TYPES::NPY_LONGLONG as c_int),
    (size_of::<c_int>(), NPY_TYPES::NPY_INT as c_int),
    (size_of::<c_short>(), NPY_TYPES::NPY_SHORT as c_int),
    (1, NPY_TYPES::NPY_BYTE as c_int),
];

/// The type numbers of the C integers of a size: NumPy's choice first, then, where C has two
/// types of that size, the other one.
const fn int_type_nums(size: usize, is_signed: bool) -> [c_int; 2] {
    let mut found = [-1, -1];
    let mut i = 0;
    while i < C_INTS.len() {
        if C_INTS[i].0 == size {
            let num = C_INTS[i].1 + !is_signed as c_int;
            if found[0] < 0 {
                found = [num, num];
            } else {
                found[1] = num;
            }
        }
        i += 1;
    }
    assert!(found[0] >= 0, "no C integer has this size");
    found
}

/// The items that a built-in type has in its implementation of `Element`, given the numbers of
/// the NumPy types with its layout.
macro_rules! built_in {
    ($type_nums:expr) => {
        const INTERNALS: $crate::element::internals::Internals = {
            static SLOT: $crate::dtype::cache::Slot = $crate::dtype::cache::Slot::new();
            $crate::element::internals::Internals::built_in(&SLOT, $type_nums)
        };

        #[inline]
        fn get_dtype(
            py: ::pyo3::Python<'_>,
        ) -> ::pyo3::Bound<'_, $crate::dtype::descr::PyArrayDescr> {
            Self::INTERNALS
                .descr(py)
                .expect("the type is built in")
                .to_owned()
        }
    };
}
pub(crate) use built_in;

/// The cloning items of an element type that is `Copy`.
macro_rules! copied {
    () => {
        const IS_COPY: bool = true;

        #[inline]
        fn clone_ref(&self, _py: ::pyo3::Python<'_>) -> Self {
            *self
        }

        #[inline]
        fn vec_from_slice(_py: ::pyo3::Python<'_>, slc: &[Self]) -> Vec<Self> {
            slc.to_vec()
        }

        #[inline]
        fn array_from_view<D>(
            _py: ::pyo3::Python<'_>,
            view: ::ndarray::ArrayView<'_, Self, D>,
        ) -> ::ndarray::Array<Self, D>
        where
            D: ::ndarray::Dimension,
        {
            view.to_owned()
        }
    };
}
pub(crate) use copied;

/// Converts a Python sequence with one of PyO3's extractions.
macro_rules! extracted {
    () => {
        fn extend_from_list(
            list: &::pyo3::Bound<'_, ::pyo3::PyAny>,
            elements: &mut Vec<Self>,
        ) -> Option<()> {
            $crate::element::trait_::for_each_item(list, |item| {
                elements.push(::pyo3::types::PyAnyMethods::extract(&item).ok()?);
                Some(())
            })
        }
    };
}
pub(crate) use extracted;

macro_rules! impl_int {
    ($($ty:ty)*) => {$(
        // SAFETY: the type numbers are those of C's integers of this size and signedness, every
        // bit pattern is a value and a bitwise copy a clone.
        unsafe impl Element for $ty {
            built_in!(&int_type_nums(size_of::<$ty>(), <$ty>::MIN != 0));
            copied!();
            extracted!();
        }
    )*};
}

impl_int!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

// SAFETY: NumPy's `float` is C's, every bit pattern is a value and a bitwise copy a clone.
unsafe impl Element for f32 {
    built_in!(&[NPY_TYPES::NPY_FLOAT as c_int]);
    copied!();
    extracted!();
}

// SAFETY: NumPy's `double` is C's, every bit pattern is a value and a bitwise copy a clone.
unsafe impl Element for f64 {
    built_in!(&[NPY_TYPES::NPY_DOUBLE as c_int]);
    copied!();
    extracted!();
}
