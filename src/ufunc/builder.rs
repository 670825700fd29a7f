//! The builder of ufuncs of functions of single elements.

use std::ffi::c_int;
use std::fmt;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;

use crate::npyffi::{
    NPY_CASTING, PyArray_DTypeMeta, PyArray_Descr, PyArrayMethodObject, PyUFunc_IdentityValue,
    PyUFunc_MinusOne, PyUFunc_None, PyUFunc_One, PyUFunc_ReorderableNone, PyUFunc_Zero, npy_intp,
};
use crate::ufunc::descriptors::resolve_descriptors;
use crate::ufunc::function::{ElementFunction, Elementwise};
use crate::ufunc::make::Recipe;
use crate::ufunc::parts::Function;

/// What a reduction of nothing gives, and whether its order matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identity {
    /// There is none: `reduce` of nothing is an error, and it goes along one axis only.
    #[default]
    None,
    /// There is none, but the order does not matter, so that `reduce` goes along several axes.
    Reorderable,
    /// Zero, as of a sum.
    Zero,
    /// One, as of a product.
    One,
    /// All bits, as of `bitwise_and`.
    MinusOne,
}

/// Builds a `numpy.ufunc` of Rust functions; see [`npyo::ufunc`][mod@crate::ufunc].
///
/// ```
/// use npyo::ufunc::{Identity, UfuncBuilder};
/// use pyo3::{exceptions::PyZeroDivisionError, prelude::*};
///
/// fn gcd(a: i64, b: i64) -> i64 {
///     let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
///     while b != 0 {
///         (a, b) = (b, a % b);
///     }
///     a as i64
/// }
///
/// fn div_rem(a: i64, b: i64) -> PyResult<(i64, i64)> {
///     match (a.checked_div_euclid(b), a.checked_rem_euclid(b)) {
///         (Some(quotient), Some(remainder)) => Ok((quotient, remainder)),
///         _ => Err(PyZeroDivisionError::new_err(format!("{a} cannot be divided by {b}"))),
///     }
/// }
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let gcd = UfuncBuilder::new("gcd").function(gcd).identity(Identity::Zero).build(py)?;
///     assert_eq!(gcd.call_method1("reduce", (vec![12, 18, 30],))?.extract::<i64>()?, 6);
///
///     let div_rem = UfuncBuilder::new("div_rem").function(div_rem).build(py)?;
///     let (quotient, remainder): (i64, i64) = div_rem.call1((-7, 2))?.extract()?;
///     assert_eq!((quotient, remainder), (-4, 1));
///     assert!(div_rem.call1((1, 0)).is_err());
///     Ok(())
/// })
/// # }
/// ```
#[must_use]
pub struct UfuncBuilder(Recipe);

impl UfuncBuilder {
    /// A ufunc of this name, without functions yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self(Recipe::new(name.into(), None))
    }

    /// Sets the text for `help`; NumPy puts the signature in front.
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.0.doc = doc.into();
        self
    }

    /// Sets what `reduce` gives for no elements; of functions of two elements with one result.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.0.identity = identity.number();
        self.0.identity_value = None;
        self
    }

    /// Sets what `reduce` gives for no elements to a value, such as minus infinity for a maximum. Its order does
    /// not matter, so that `reduce` goes along several axes.
    ///
    /// ```
    /// # use npyo::ufunc::UfuncBuilder;
    /// # use pyo3::prelude::*;
    /// # fn main() -> PyResult<()> {
    /// # Python::attach(|py| {
    /// let largest = UfuncBuilder::new("largest").function(f64::max).identity_value(f64::NEG_INFINITY);
    /// let largest = largest.build(py)?;
    /// assert_eq!(largest.call_method1("reduce", ([0.0; 0],))?.extract::<f64>()?, f64::NEG_INFINITY);
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    pub fn identity_value<T>(mut self, value: T) -> Self
    where
        T: for<'py> IntoPyObject<'py> + Send + Sync + 'static,
    {
        self.0.identity = PyUFunc_IdentityValue;
        self.0.identity_value = Some(Box::new(|py| value.into_py_any(py)));
        self
    }

    /// Adds a function for the types that it has.
    pub fn function<Args, F>(mut self, function: F) -> Self
    where
        Args: 'static,
        F: ElementFunction<Args> + 'static,
    {
        self.0.functions.push(Function {
            kernel: Box::new(Elementwise::<Args, F>::new(function)),
            types: F::types(),
            inputs: F::INPUTS,
            resolve: resolve::<Args, F>,
        });
        self
    }

    /// Computes large arrays on all threads of [rayon]'s pool.
    ///
    /// The results are the very same. It pays where a function takes longer than the memory for its arguments,
    /// from some ten operations on. NumPy hands over whole arrays if their elements lie one behind the other
    /// and need no conversion, else one row, or piece, after the other. Calls from a process that was forked
    /// after the ufunc was made, reductions, and functions that run attached, stay on their thread.
    ///
    /// [rayon]: https://docs.rs/rayon
    #[cfg(feature = "rayon")]
    pub fn parallel(mut self) -> Self {
        self.0.is_parallel = true;
        self
    }

    /// Keeps NumPy from looking at the processor's floating-point flags after it, so that there are no
    /// warnings, whatever `numpy.errstate` says.
    ///
    /// For functions of which the compiler may compute more than is needed, such as both sides of an `if`, and
    /// for those that handle infinities and NaN by themselves.
    pub fn without_fp_errors(mut self) -> Self {
        self.0.clears_fp_errors = true;
        self
    }

    /// Makes the ufunc.
    ///
    /// # Errors
    ///
    /// A `ValueError` if there is no function, if two of them have other numbers of arguments or results,
    /// or the same arguments, or if the name or the text contains NUL; what keeps a dtype from being made; and
    /// NumPy's.
    pub fn build(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.check()?;
        self.0.make(py)
    }

    /// Makes the ufunc and adds it to a module, under its name.
    ///
    /// That is where `pickle` looks for it, by the name and, since NumPy 2.2, by the module.
    ///
    /// # Errors
    ///
    /// As [`build`][Self::build].
    pub fn add_to(self, module: &Bound<'_, PyModule>) -> PyResult<()> {
        self.check()?;
        self.0.add_to(module)
    }

    fn check(&self) -> PyResult<()> {
        if self.0.counts()? != (2, 1) && self.0.identity != PyUFunc_None {
            return Err(self.0.refusal(
                "only functions of two arguments with one result are reduced, so only they have an \
                 identity",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for UfuncBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UfuncBuilder")
            .field("name", &self.0.name)
            .field("functions", &self.0.functions.len())
            .finish_non_exhaustive()
    }
}

impl Identity {
    /// NumPy's number for it.
    fn number(self) -> c_int {
        match self {
            Self::None => PyUFunc_None,
            Self::Reorderable => PyUFunc_ReorderableNone,
            Self::Zero => PyUFunc_Zero,
            Self::One => PyUFunc_One,
            Self::MinusOne => PyUFunc_MinusOne,
        }
    }
}

/// Picks the descriptors of a call of function `F`.
///
/// # Safety
///
/// As NumPy calls this function of an array method with as many operands.
unsafe extern "C" fn resolve<Args, F: ElementFunction<Args>>(
    _method: *mut PyArrayMethodObject,
    _classes: *const *mut PyArray_DTypeMeta,
    given: *const *mut PyArray_Descr,
    picked: *mut *mut PyArray_Descr,
    _view_offset: *mut npy_intp,
) -> NPY_CASTING {
    // SAFETY: NumPy's promise.
    unsafe { resolve_descriptors(&F::types(), F::INPUTS, given, picked) }
}
