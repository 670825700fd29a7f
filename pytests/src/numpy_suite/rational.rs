//! The twin of `_rational_tests`: NumPy's user dtype `rational`, with ufuncs in Rust.

#![allow(unsafe_code)]

use npyo::ndarray::{ArrayView2, ArrayViewMut2};
use npyo::{Element, PyArrayDescr};
use pyo3::exceptions::{PyOverflowError, PyZeroDivisionError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// An element of arrays of `rational`: a fraction in lowest terms.
#[derive(Clone, Copy)]
#[repr(C)]
struct Rational {
    numerator: i32,
    /// So that zeroed memory is 0 / 1.
    denominator_less_one: i32,
}

/// The dtype, which NumPy's own module defines.
static DTYPE: PyOnceLock<Py<PyArrayDescr>> = PyOnceLock::new();

// SAFETY: an element of the dtype is two C integers of 32 bits in this order, without padding or objects;
// any bits are a value, and a bitwise copy is a clone.
unsafe impl Element for Rational {
    const IS_COPY: bool = true;

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        let dtype = DTYPE
            .get(py)
            .expect("the twin of `_rational_tests` is made");
        dtype.bind(py).clone()
    }

    fn clone_ref(&self, _py: Python<'_>) -> Self {
        *self
    }
}

impl Rational {
    const ZERO: Self = Self {
        numerator: 0,
        denominator_less_one: 0,
    };

    fn denominator(self) -> i64 {
        i64::from(self.denominator_less_one) + 1
    }

    /// The fraction in lowest terms.
    fn new(numerator: i128, denominator: i128) -> PyResult<Self> {
        if denominator == 0 {
            return Err(PyZeroDivisionError::new_err("zero denominator in rational"));
        }
        let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = denominator.signum() * a as i128;
        let fit = |part: i128| {
            i32::try_from(part / divisor)
                .map_err(|_| PyOverflowError::new_err("overflow in rational arithmetic"))
        };
        Ok(Self {
            numerator: fit(numerator)?,
            denominator_less_one: fit(denominator)? - 1,
        })
    }

    fn add(self, other: Self) -> PyResult<Self> {
        let denominators = [self, other].map(|x| i128::from(x.denominator()));
        let numerators = [self, other].map(|x| i128::from(x.numerator));
        Self::new(
            numerators[0] * denominators[1] + numerators[1] * denominators[0],
            denominators[0] * denominators[1],
        )
    }

    fn multiply(self, other: Self) -> PyResult<Self> {
        Self::new(
            i128::from(self.numerator) * i128::from(other.numerator),
            i128::from(self.denominator()) * i128::from(other.denominator()),
        )
    }
}

/// The numerator of a fraction.
#[npyo::ufunc]
fn numerator(x: Rational) -> i64 {
    x.numerator.into()
}

/// The denominator of a fraction.
#[npyo::ufunc]
fn denominator(x: Rational) -> i64 {
    x.denominator()
}

/// The sum of two fractions.
#[npyo::ufunc]
fn test_add_rationals(a: Rational, b: Rational) -> PyResult<Rational> {
    a.add(b)
}

/// The sum of two integers, as a fraction.
#[npyo::ufunc]
fn test_add(a: i64, b: i64) -> PyResult<Rational> {
    Rational::new(i128::from(a) + i128::from(b), 1)
}

/// The greatest common divisor of two integers.
#[npyo::ufunc(identity = one)]
fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a as i64
}

/// The least common multiple of two integers.
#[npyo::ufunc(identity = one)]
fn lcm(a: i64, b: i64) -> i64 {
    match gcd(a, b) {
        0 => 0,
        divisor => (a / divisor).wrapping_mul(b).wrapping_abs(),
    }
}

/// The product of two matrices of fractions.
#[npyo::gufunc("(m,n),(n,p)->(m,p)")]
fn matrix_multiply(
    a: ArrayView2<'_, Rational>,
    b: ArrayView2<'_, Rational>,
    mut out: ArrayViewMut2<'_, Rational>,
) -> PyResult<()> {
    for ((m, p), sum) in out.indexed_iter_mut() {
        *sum = Rational::ZERO;
        for (&x, &y) in a.row(m).iter().zip(b.column(p)) {
            *sum = sum.add(x.multiply(y)?)?;
        }
    }
    Ok(())
}

pub(crate) fn fill(twin: &Bound<'_, PyModule>, original: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = twin.py();
    let rational = original.getattr("rational")?;
    let dtype = PyArrayDescr::new(py, &rational)?;
    DTYPE.get_or_init(py, || dtype.unbind());
    twin.add("rational", rational)?;
    for name in ["rational2", "Rational2DType"] {
        if let Some(dtype) = original.getattr_opt(name)? {
            twin.add(name, dtype)?;
        }
    }
    npyo::add_ufuncs!(
        twin,
        numerator,
        denominator,
        gcd,
        lcm,
        test_add,
        test_add_rationals
    )?;
    npyo::add_ufuncs!(twin, matrix_multiply)
}
