//! The builder of generalised ufuncs, whose functions take arrays.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use pyo3::prelude::*;

use crate::element::memory::TypeInfo;
use crate::npyffi::{
    self, NPY_CASTING, PyArray_DTypeMeta, PyArray_Descr, PyArrayMethodObject, npy_intp,
};
use crate::ufunc::core_dims::are_computed;
use crate::ufunc::core_function::{CoreDims, CoreFunction, Generalised, Parameter};
use crate::ufunc::descriptors::resolve_descriptors;
use crate::ufunc::make::Recipe;
use crate::ufunc::parts::Function;
use crate::ufunc::results::Results;
use crate::ufunc::signature::Signature;

/// Builds a generalised `numpy.ufunc` of Rust functions; see [`npyo::ufunc`][mod@crate::ufunc].
///
/// Its functions work on sub-arrays of their operands. The signature tells of which dimensions, in
/// [NumPy's notation][signature]: `(n),(n)->()` takes two vectors of one length and gives an element, for each
/// pair of vectors along the last axes of the arguments.
///
/// ```
/// use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2};
/// use npyo::ufunc::GufuncBuilder;
/// use pyo3::prelude::*;
///
/// fn distance(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
///     x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
/// }
///
/// fn matmul(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
///     ndarray::linalg::general_mat_mul(1.0, &a, &b, 0.0, &mut out);
/// }
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let distance = GufuncBuilder::new("distance", "(n),(n)->()").function(distance).build(py)?;
///     let found: Vec<f64> = distance.call1((vec![[3.0, 4.0], [0.0, 1.0]], [0.0, 0.0]))?.extract()?;
///     assert_eq!(found, [5.0, 1.0]);
///
///     let matmul = GufuncBuilder::new("matmul", "(m,n),(n,p)->(m,p)").function(matmul).build(py)?;
///     let found = matmul.call1(([[1.0, 2.0]], [[3.0], [4.0]]))?;
///     assert_eq!(found.extract::<Vec<Vec<f64>>>()?, [[11.0]]);
///     Ok(())
/// })
/// # }
/// ```
///
/// [signature]: https://numpy.org/doc/stable/reference/c-api/generalized-ufuncs.html
#[must_use]
pub struct GufuncBuilder {
    recipe: Recipe,
    functions: Vec<CoreLoop>,
    core_dims: Option<CoreDims>,
}

/// A function, which becomes a kernel when the signature has been read.
struct CoreLoop {
    parameters: Vec<Parameter>,
    /// How many elements it returns.
    returned: usize,
    finish: Box<dyn FnOnce(Arc<Signature>, Option<CoreDims>) -> Function + Send + Sync>,
}

impl GufuncBuilder {
    /// A generalised ufunc of this name and signature, without functions yet.
    pub fn new(name: impl Into<String>, signature: impl Into<String>) -> Self {
        Self {
            recipe: Recipe::new(name.into(), Some(signature.into())),
            functions: Vec::new(),
            core_dims: None,
        }
    }

    /// Sets the text for `help`; NumPy puts the signature in front.
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.recipe.doc = doc.into();
        self
    }

    /// Adds a function for the types that it has.
    ///
    /// It takes, for each argument, an [`ArrayView`][ndarray::ArrayView] of as many dimensions as the signature
    /// gives that argument; where those are none, the element itself will do. Then comes, for each result, an
    /// [`ArrayViewMut`][ndarray::ArrayViewMut] to write it to; it has any content before. If all results are
    /// single elements, the function may return them instead: one, a tuple, or a `Result` of these.
    pub fn function<Args, F>(mut self, function: F) -> Self
    where
        Args: 'static,
        F: CoreFunction<Args>,
    {
        self.functions.push(CoreLoop {
            parameters: F::parameters(),
            returned: F::Results::COUNT,
            finish: Box::new(|signature, check| Function {
                types: types::<Args, F>(),
                inputs: signature.inputs,
                resolve: resolve::<Args, F>,
                kernel: Box::new(Generalised {
                    function,
                    signature,
                    check,
                    sizes: types::<Args, F>().iter().map(|info| info.size).collect(),
                    args: PhantomData::<fn(Args)>,
                }),
            }),
        });
        self
    }

    /// Computes sizes of dimensions that only results have, and checks others.
    ///
    /// `sizes` has those of the dimensions in the order in which the signature first names them, and `None`
    /// where nothing tells; the function puts numbers there. NumPy asks for them from 2.1 on. An older one wants
    /// `out` for such a result, and the function is called with all sizes, to check them.
    ///
    /// ```
    /// # use ndarray::{ArrayView1, ArrayViewMut1};
    /// # use npyo::ufunc::GufuncBuilder;
    /// # use pyo3::exceptions::PyValueError;
    /// # use pyo3::prelude::*;
    /// fn full_length(sizes: &mut [Option<usize>]) -> PyResult<()> {
    ///     let [Some(m), Some(n), p] = sizes else { unreachable!("arguments have sizes") };
    ///     let wanted = (*m + *n).saturating_sub(1);
    ///     match *p.get_or_insert(wanted) == wanted {
    ///         true => Ok(()),
    ///         false => Err(PyValueError::new_err("the result of a full convolution has m + n - 1 elements")),
    ///     }
    /// }
    ///
    /// fn convolve(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    ///     out.fill(0.0);
    ///     for (i, a) in a.iter().enumerate() {
    ///         for (j, b) in b.iter().enumerate() {
    ///             out[i + j] += a * b;
    ///         }
    ///     }
    /// }
    ///
    /// # fn main() -> PyResult<()> {
    /// # Python::attach(|py| {
    /// let convolve = GufuncBuilder::new("convolve", "(m),(n)->(p)")
    ///     .function(convolve)
    ///     .core_dims(full_length)
    ///     .build(py)?;
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    pub fn core_dims<F>(mut self, function: F) -> Self
    where
        F: Fn(&mut [Option<usize>]) -> PyResult<()> + Send + Sync + 'static,
    {
        self.core_dims = Some(Arc::new(function));
        self
    }

    /// Computes large arrays on all threads of a pool; see
    /// [`UfuncBuilder::parallel`][super::UfuncBuilder::parallel].
    #[cfg(feature = "rayon")]
    pub fn parallel(mut self) -> Self {
        self.recipe.is_parallel = true;
        self
    }

    /// Keeps NumPy from looking at the processor's floating-point flags; see
    /// [`UfuncBuilder::without_fp_errors`][super::UfuncBuilder::without_fp_errors].
    pub fn without_fp_errors(mut self) -> Self {
        self.recipe.clears_fp_errors = true;
        self
    }

    /// Makes the ufunc.
    ///
    /// # Errors
    ///
    /// A `ValueError` if the signature is none, if there is no function, if one does not fit the signature or
    /// two have arguments of the same types, or if the name or the text contains NUL; what keeps a dtype from
    /// being made; and NumPy's.
    pub fn build(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.finish(py)?.make(py)
    }

    /// Makes the ufunc and adds it to a module, under its name.
    ///
    /// # Errors
    ///
    /// As [`build`][Self::build].
    pub fn add_to(self, module: &Bound<'_, PyModule>) -> PyResult<()> {
        self.finish(module.py())?.add_to(module)
    }

    fn finish(self, py: Python<'_>) -> PyResult<Recipe> {
        npyffi::import(py)?;
        let Self {
            mut recipe,
            functions,
            core_dims,
        } = self;
        let text = recipe.signature.clone().unwrap_or_default();
        let signature = Signature::parse(&text).ok_or_else(|| {
            recipe.refusal(format_args!(
                "'{text}' is no signature; write the core dimensions of each argument and, behind '->', of \
                 each result, as in '(m,n),(n)->(m)'"
            ))
        })?;
        let signature = Arc::new(signature);
        let check_dims = core_dims.clone().filter(|_| !are_computed(py));
        for one in functions {
            check(&signature, &one).map_err(|problem| recipe.refusal(problem))?;
            let finished = (one.finish)(Arc::clone(&signature), check_dims.clone());
            recipe.functions.push(finished);
        }
        recipe.core = Some(signature);
        recipe.core_dims = core_dims;
        Ok(recipe)
    }
}

impl fmt::Debug for GufuncBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GufuncBuilder")
            .field("name", &self.recipe.name)
            .field("signature", &self.recipe.signature)
            .field("functions", &self.functions.len())
            .finish_non_exhaustive()
    }
}

/// What does not fit between a signature and a function.
fn check(signature: &Signature, function: &CoreLoop) -> Result<(), String> {
    let inputs = signature.inputs;
    let outputs = signature.operands.len() - inputs;
    let parameters = &function.parameters;
    let views = parameters.iter().filter(|one| one.is_output).count();
    let found = parameters.len() - views;
    if found != inputs {
        return Err(format!(
            "the signature has {inputs} arguments, the function {found}; both must have as many"
        ));
    }
    if parameters[..inputs].iter().any(|one| one.is_output) {
        return Err(
            "the function takes a result before an argument; put the results last".to_owned(),
        );
    }
    let returned = function.returned;
    if (views, returned) != (outputs, 0) && (views, returned) != (0, outputs) {
        return Err(format!(
            "the signature has {outputs} results, and the function takes {views} to write to and returns \
             {returned}; it must take all of them, or return all"
        ));
    }
    if returned > 0
        && signature.operands[inputs..]
            .iter()
            .any(|dims| !dims.is_empty())
    {
        return Err(
            "a function can return single elements only; let it take an ArrayViewMut for each \
                    result"
                .to_owned(),
        );
    }
    for (n, (parameter, dims)) in parameters.iter().zip(&signature.operands).enumerate() {
        let ndim = parameter.ndim.unwrap_or(dims.len());
        if ndim != dims.len() {
            return Err(format!(
                "operand {n} has {} dimensions in the signature, and {ndim} in the function; both must have \
                 as many",
                dims.len()
            ));
        }
    }
    Ok(())
}

/// The types of the operands of a function.
fn types<Args, F: CoreFunction<Args>>() -> Vec<TypeInfo> {
    let mut types: Vec<_> = F::parameters().iter().map(|one| one.info).collect();
    types.append(&mut F::Results::types());
    types
}

/// Picks the descriptors of a call of function `F`.
///
/// # Safety
///
/// As NumPy calls this function of an array method with as many operands.
unsafe extern "C" fn resolve<Args, F: CoreFunction<Args>>(
    _method: *mut PyArrayMethodObject,
    _classes: *const *mut PyArray_DTypeMeta,
    given: *const *mut PyArray_Descr,
    picked: *mut *mut PyArray_Descr,
    _view_offset: *mut npy_intp,
) -> NPY_CASTING {
    let inputs = F::parameters().iter().filter(|one| !one.is_output).count();
    // SAFETY: NumPy's promise.
    unsafe { resolve_descriptors(&types::<Args, F>(), inputs, given, picked) }
}
