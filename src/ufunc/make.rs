//! Making a ufunc of its functions.

use std::ffi::{CString, c_int};
use std::ptr;
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::borrow::registry::Registry;
use crate::npyffi::{self, PY_UFUNC_API, PyUFunc_None, is_numpy_2};
use crate::ufunc::core_function::CoreDims;
#[cfg(feature = "rayon")]
use crate::ufunc::parallel::Pool;
use crate::ufunc::parts::{Function, Loop, Parts};
use crate::ufunc::signature::Signature;
use crate::ufunc::{core_dims, legacy, method};

/// Makes a Python object when there is a token.
pub(crate) type MakeObject = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send + Sync>;

/// What a ufunc is made of.
pub(crate) struct Recipe {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) functions: Vec<Function>,
    /// One of NumPy's numbers for it.
    pub(crate) identity: c_int,
    /// The object, if it is none that has a number.
    pub(crate) identity_value: Option<MakeObject>,
    /// The core dimensions of a generalised one.
    pub(crate) signature: Option<String>,
    #[cfg(feature = "rayon")]
    pub(crate) is_parallel: bool,
    pub(crate) clears_fp_errors: bool,
    /// The same, read.
    pub(crate) core: Option<Arc<Signature>>,
    pub(crate) core_dims: Option<CoreDims>,
}

impl Recipe {
    pub(crate) fn new(name: String, signature: Option<String>) -> Self {
        Self {
            name,
            doc: String::new(),
            functions: Vec::new(),
            identity: PyUFunc_None,
            identity_value: None,
            signature,
            #[cfg(feature = "rayon")]
            is_parallel: false,
            clears_fp_errors: false,
            core: None,
            core_dims: None,
        }
    }

    /// A `ValueError` that names the ufunc.
    pub(crate) fn refusal(&self, problem: impl std::fmt::Display) -> PyErr {
        PyValueError::new_err(format!("ufunc '{}': {problem}", self.name))
    }

    /// The numbers of arguments and results, which all functions have.
    ///
    /// # Errors
    ///
    /// A `ValueError` if there is no function, if two of them differ, or if one has no results.
    pub(crate) fn counts(&self) -> PyResult<(usize, usize)> {
        let counts = |one: &Function| (one.inputs, one.types.len() - one.inputs);
        let Some(first) = self.functions.first().map(counts) else {
            return Err(self.refusal("there is no function; add one"));
        };
        for (inputs, outputs) in self.functions.iter().map(counts) {
            if (inputs, outputs) != first {
                return Err(self.refusal(format_args!(
                    "one function has {} arguments and {} results, another {inputs} and {outputs}; \
                     all must have as many",
                    first.0, first.1,
                )));
            }
            if outputs == 0 {
                return Err(self.refusal("the function returns nothing; return an element"));
            }
        }
        Ok(first)
    }

    /// Makes the ufunc.
    pub(crate) fn make(mut self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        npyffi::import(py)?;
        let (inputs, outputs) = self.counts()?;
        let text = |text: &str| {
            CString::new(text).map_err(|_| self.refusal("a name or a text contains NUL; remove it"))
        };
        let (name, doc) = (text(&self.name)?, text(&self.doc)?);
        let signature = self.signature.as_deref().map(text).transpose()?;
        let functions = std::mem::take(&mut self.functions);
        let mut parts = Parts::new(py, name, doc, functions)?;
        #[cfg(feature = "rayon")]
        {
            parts.pool = self.is_parallel.then(|| Pool::new(py));
        }
        parts.clears_fp_errors = self.clears_fp_errors;
        parts.core = self.core.take();
        parts.core_dims = self.core_dims.take();
        if has_twins(&parts.loops, inputs) {
            return Err(self.refusal("two functions have arguments of the same types; remove one"));
        }
        let identity_value = self.identity_value.take();
        let identity_value = identity_value.map(|make| make(py)).transpose()?;
        parts.fill_tables(Some(legacy::run_loop));

        let is_of_methods = is_numpy_2(py);
        let count = if is_of_methods {
            0
        } else {
            parts.functions.len()
        };
        let table = |pointer| {
            if is_of_methods {
                ptr::null_mut()
            } else {
                pointer
            }
        };
        // SAFETY: as many functions, data and types as is said; they, the name and the text stay where
        // they are until the ufunc is freed, as it keeps the parts.
        let ufunc = unsafe {
            PY_UFUNC_API.PyUFunc_FromFuncAndDataAndSignatureAndIdentity(
                py,
                table(parts.functions.as_mut_ptr().cast::<u8>()).cast(),
                table(parts.function_data.as_mut_ptr().cast::<u8>()).cast(),
                table(parts.types.as_mut_ptr().cast::<u8>()).cast(),
                count as c_int,
                inputs as c_int,
                outputs as c_int,
                self.identity,
                parts.name.as_ptr(),
                // With an empty text, NumPy would put blank lines behind the signature.
                match parts.doc.is_empty() {
                    true => ptr::null(),
                    false => parts.doc.as_ptr(),
                },
                0,
                signature.as_ref().map_or(ptr::null(), |text| text.as_ptr()),
                identity_value.as_ref().map_or(ptr::null_mut(), Py::as_ptr),
            )
        };
        // SAFETY: an owned reference, or NULL with an exception set.
        let ufunc = unsafe { Bound::from_owned_ptr_or_err(py, ufunc) }?;
        // SAFETY: the ufunc refers to these parts, and nobody else has seen it.
        let (ufunc, parts) = unsafe { parts.attach_to(ufunc) }?;
        if let Some(signature) = &parts.core {
            // The functions get views of memory that they borrow, maybe when they are detached.
            Registry::get(py);
            // SAFETY: made with that signature.
            unsafe { core_dims::check(&ufunc, signature) }?;
        }
        if parts.core_dims.is_some() && core_dims::are_computed(py) {
            // SAFETY: as above.
            unsafe { core_dims::compute(&ufunc) }?;
        }
        if is_of_methods {
            // SAFETY: as above.
            unsafe { method::complete(&ufunc, parts) }?;
        } else {
            // SAFETY: as above.
            unsafe { legacy::complete(&ufunc, parts) }?;
        }
        Ok(ufunc)
    }

    /// Makes the ufunc and adds it to a module, under its name.
    pub(crate) fn add_to(self, module: &Bound<'_, PyModule>) -> PyResult<()> {
        let name = self.name.clone();
        let ufunc = self.make(module.py())?;
        // Before NumPy 2.2, ufuncs have no attributes of their own.
        if ufunc.hasattr("__dict__")? {
            ufunc.setattr("__module__", module.name()?)?;
            ufunc.setattr("__qualname__", &name)?;
        }
        module.add(name, ufunc)
    }
}

/// Whether there are two functions whose arguments have the same types.
fn has_twins(loops: &[Loop], inputs: usize) -> bool {
    let arguments = |one: &Loop| one.type_nums[..inputs].to_vec();
    (0..loops.len()).any(|n| {
        loops[..n]
            .iter()
            .any(|one| arguments(one) == arguments(&loops[n]))
    })
}
