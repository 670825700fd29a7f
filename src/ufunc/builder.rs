//! Making a ufunc of its functions.

use std::ffi::{CString, c_char, c_int, c_void};
use std::fmt;
use std::ptr;
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::npyffi::{
    self, _PyUFuncObject_GET_ITEM_DATA, PY_UFUNC_API, PyUFunc_MinusOne, PyUFunc_None, PyUFunc_One,
    PyUFunc_ReorderableNone, PyUFunc_Zero, PyUFuncGenericFunction, npy_intp,
};
use crate::ufunc::function::ElementFunction;
use crate::ufunc::raise::run_loop;

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
pub struct UfuncBuilder {
    name: String,
    doc: String,
    identity: Identity,
    loops: Vec<Loop>,
}

/// A function, with what NumPy needs to know of it.
struct Loop {
    function: Arc<dyn Send + Sync>,
    data: *mut c_void,
    run: PyUFuncGenericFunction,
    type_nums: Vec<c_int>,
    inputs: usize,
    outputs: usize,
}

impl UfuncBuilder {
    /// A ufunc of this name, without functions yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            doc: String::new(),
            identity: Identity::None,
            loops: Vec::new(),
        }
    }

    /// Sets the text for `help`; NumPy puts the signature in front.
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }

    /// Sets what `reduce` gives for no elements; of functions of two elements with one result.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// Adds a function for the types that it has.
    pub fn function<Args, F: ElementFunction<Args>>(mut self, function: F) -> Self {
        let function = Arc::new(function);
        let data = Arc::as_ptr(&function).cast_mut().cast();
        self.loops.push(Loop {
            function,
            data,
            run: Some(run::<Args, F>),
            type_nums: F::type_nums(),
            inputs: F::INPUTS,
            outputs: F::OUTPUTS,
        });
        self
    }

    /// Makes the ufunc.
    ///
    /// # Errors
    ///
    /// A `ValueError` if there is no function, if two of them have other numbers of arguments or results,
    /// or the same arguments, or if the name or the text contains NUL; and NumPy's.
    pub fn build(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        npyffi::import(py)?;
        let (inputs, outputs) = self.check()?;
        let parts = Box::new(Parts::new(self)?);
        // SAFETY: as many functions, data and types as is said; they, the name and the text stay where
        // they are, in the box, until the ufunc is freed, as the capsule below sees to.
        let ufunc = unsafe {
            PY_UFUNC_API.PyUFunc_FromFuncAndData(
                py,
                parts.functions.as_ptr().cast_mut(),
                parts.data.as_ptr().cast_mut(),
                parts.types.as_ptr().cast_mut(),
                parts.functions.len() as c_int,
                inputs as c_int,
                outputs as c_int,
                parts.identity(),
                parts.name.as_ptr(),
                parts.doc.as_ptr(),
                0,
            )
        };
        // SAFETY: an owned reference, or NULL with an exception set.
        let ufunc = unsafe { Bound::from_owned_ptr_or_err(py, ufunc) }?;
        let parts = Box::into_raw(parts);
        // SAFETY: a pointer that is not NULL; no name is needed by our own destructor.
        let keeper = unsafe { ffi::PyCapsule_New(parts.cast(), ptr::null(), Some(drop_parts)) };
        if keeper.is_null() {
            // The ufunc still refers to the parts, so they are leaked with it.
            std::mem::forget(ufunc);
            return Err(PyErr::fetch(py));
        }
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc.as_ptr().cast()) };
        // SAFETY: the fields of a new ufunc, which nobody else has seen; its deallocation gives the
        // reference back.
        unsafe { (*fields).obj = keeper };
        Ok(ufunc)
    }

    /// Makes the ufunc and adds it to a module, under its name.
    ///
    /// That is where `pickle` looks for it, by the name and, since NumPy 2.2, by the module.
    ///
    /// # Errors
    ///
    /// As [`build`][Self::build].
    pub fn add_to(self, module: &Bound<'_, PyModule>) -> PyResult<()> {
        let name = self.name.clone();
        let ufunc = self.build(module.py())?;
        // Before NumPy 2.2, ufuncs have no attributes of their own.
        if ufunc.hasattr("__dict__")? {
            ufunc.setattr("__module__", module.name()?)?;
            ufunc.setattr("__qualname__", &name)?;
        }
        module.add(name, ufunc)
    }

    /// The numbers of arguments and results.
    fn check(&self) -> PyResult<(usize, usize)> {
        let refuse = |problem: String| {
            Err(PyValueError::new_err(format!(
                "ufunc '{}': {problem}",
                self.name
            )))
        };
        let Some(first) = self.loops.first() else {
            return refuse("there is no function; add one".to_owned());
        };
        for (i, one) in self.loops.iter().enumerate() {
            if (one.inputs, one.outputs) != (first.inputs, first.outputs) {
                return refuse(format!(
                    "one function has {} arguments and {} results, another {} and {}; \
                     all must have as many",
                    first.inputs, first.outputs, one.inputs, one.outputs
                ));
            }
            let inputs = &one.type_nums[..one.inputs];
            if self.loops[..i]
                .iter()
                .any(|other| other.type_nums.starts_with(inputs))
            {
                return refuse("two functions have arguments of the same types".to_owned());
            }
        }
        if self.identity != Identity::None && (first.inputs, first.outputs) != (2, 1) {
            return refuse(
                "only functions of two arguments with one result are reduced, so only they have \
                 an identity"
                    .to_owned(),
            );
        }
        Ok((first.inputs, first.outputs))
    }
}

impl fmt::Debug for UfuncBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UfuncBuilder")
            .field("name", &self.name)
            .field("functions", &self.loops.len())
            .finish_non_exhaustive()
    }
}

/// What a ufunc refers to while it lives.
struct Parts {
    functions: Vec<PyUFuncGenericFunction>,
    data: Vec<*mut c_void>,
    types: Vec<c_char>,
    name: CString,
    doc: CString,
    identity: Identity,
    _owned: Vec<Arc<dyn Send + Sync>>,
}

impl Parts {
    fn new(builder: UfuncBuilder) -> PyResult<Self> {
        let loops = builder.loops;
        let text = |text: String| {
            CString::new(text).map_err(|_| PyValueError::new_err("a name or a text contains NUL"))
        };
        Ok(Self {
            functions: loops.iter().map(|one| one.run).collect(),
            data: loops.iter().map(|one| one.data).collect(),
            // The numbers of built-in types are below 32.
            types: loops
                .iter()
                .flat_map(|one| &one.type_nums)
                .map(|&num| num as c_char)
                .collect(),
            name: text(builder.name)?,
            doc: text(builder.doc)?,
            identity: builder.identity,
            _owned: loops.into_iter().map(|one| one.function).collect(),
        })
    }

    fn identity(&self) -> c_int {
        match self.identity {
            Identity::None => PyUFunc_None,
            Identity::Reorderable => PyUFunc_ReorderableNone,
            Identity::Zero => PyUFunc_Zero,
            Identity::One => PyUFunc_One,
            Identity::MinusOne => PyUFunc_MinusOne,
        }
    }
}

/// The destructor of the capsule that a ufunc keeps.
///
/// # Safety
///
/// Called once, by Python, with such a capsule.
unsafe extern "C" fn drop_parts(capsule: *mut ffi::PyObject) {
    // SAFETY: the capsule is live and has no name.
    let parts = unsafe { ffi::PyCapsule_GetPointer(capsule, ptr::null()) };
    // SAFETY: the pointer is that of a box of `Parts`, which nothing else owns.
    let parts = unsafe { Box::from_raw(parts.cast::<Parts>()) };
    // A captured value may panic when it is dropped, which must not unwind into Python.
    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(parts)));
    if let Err(payload) = dropped {
        std::mem::forget(payload);
    }
}

/// The loop that NumPy calls for function `F`.
///
/// # Safety
///
/// As NumPy calls the loops of a ufunc: `data` is the pointer that belongs to this function, `dims` has
/// the number of elements, and `args` and `steps` a pointer and a step for each operand.
unsafe extern "C" fn run<Args, F: ElementFunction<Args>>(
    args: *mut *mut c_char,
    dims: *mut npy_intp,
    steps: *mut npy_intp,
    data: *mut c_void,
) {
    // SAFETY: a value of `F`, which lives as long as the ufunc.
    let function = unsafe { &*data.cast::<F>() };
    // SAFETY: the first dimension is the number of elements, which is not negative.
    let len = unsafe { *dims } as usize;
    // SAFETY: what NumPy promises.
    run_loop(len, || unsafe { function.run(args.cast(), len, steps) });
}
