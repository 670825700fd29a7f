//! The twin of `_umath_tests`: generalised ufuncs, ufuncs that fail, and functions that look into ufuncs.

#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use npyo::PY_UFUNC_API;
use npyo::ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, LinalgScalar};
use npyo::npyffi::{
    self, _PyUFuncObject_GET_ITEM_DATA, NPY_ARRAYMETHOD_FLAGS, NPY_CASTING,
    NPY_METH_contiguous_indexed_loop, NPY_METH_strided_loop, NPY_TYPES, NpyAuxData, NpyDTypes,
    PyArrayMethod_Context, PyArrayMethod_Spec, PyArrayMethod_StridedLoop, PyUFunc_None,
    PyUFunc_Zero, PyUFuncGenericFunction, PyUFuncObject_fields, npy_intp,
};
use npyo::ufunc::GufuncBuilder;
use num_traits::Float;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi::PyType_Slot;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

pub(crate) fn fill(twin: &Bound<'_, PyModule>, original: &Bound<'_, PyModule>) -> PyResult<()> {
    npyo::add_ufuncs!(
        twin,
        inner1d,
        innerwt,
        cumsum,
        cross1d,
        euclidean_pdist,
        conv1d_full
    )?;
    npyo::add_ufuncs!(twin, always_error, always_error_unary, always_error_gufunc)?;
    GufuncBuilder::new("inner1d_no_doc", "(i),(i)->()")
        .function(inner1d::<isize>)
        .function(inner1d::<f64>)
        .add_to(twin)?;
    matrix_product("matrix_multiply", "(m,n),(n,p)->(m,p)").add_to(twin)?;
    matrix_product("matmul", "(m?,n),(n,p?)->(m?,p?)").add_to(twin)?;
    twin.add(
        "_pickleable_module_global_ufunc",
        ufunc_of_nothing(twin.py())?,
    )?;
    // How NumPy's C code is compiled is nothing that a ufunc has a part in.
    let mut left = vec!["test_dispatch"];
    // Array methods are public since 2.0.
    if npyffi::is_numpy_2(twin.py()) {
        twin.add("indexed_negative", indexed_negative(twin.py())?)?;
    } else {
        left.push("indexed_negative");
    }
    for name in left {
        if let Some(function) = original.getattr_opt(name)? {
            twin.add(name, function)?;
        }
    }
    add_functions!(twin: test_signature, replace_loop, restore_loop);
    Ok(())
}

// --- Ufuncs of this library ------------------------------------------------------------------------

/// The inner product.
#[npyo::gufunc("(i),(i)->()", types(isize, f64))]
fn inner1d<T: LinalgScalar>(a: ArrayView1<'_, T>, b: ArrayView1<'_, T>) -> T {
    a.iter().zip(b).fold(T::zero(), |sum, (&x, &y)| sum + x * y)
}

/// The inner product with weights.
#[npyo::gufunc("(i),(i),(i)->()", types(isize, f64))]
fn innerwt<T: LinalgScalar>(
    a: ArrayView1<'_, T>,
    b: ArrayView1<'_, T>,
    weights: ArrayView1<'_, T>,
) -> T {
    let products = a.iter().zip(b).zip(weights);
    products.fold(T::zero(), |sum, ((&x, &y), &w)| sum + x * y * w)
}

/// The sums up to each element.
#[npyo::gufunc("(i)->(i)", types(isize, f64))]
fn cumsum<T: LinalgScalar>(a: ArrayView1<'_, T>, mut out: ArrayViewMut1<'_, T>) {
    let mut sum = T::zero();
    for (place, &x) in out.iter_mut().zip(a) {
        sum = sum + x;
        *place = sum;
    }
}

/// The cross product of vectors of three.
#[npyo::gufunc("(3),(3)->(3)", types(isize, f64))]
fn cross1d<T: LinalgScalar>(
    a: ArrayView1<'_, T>,
    b: ArrayView1<'_, T>,
    mut out: ArrayViewMut1<'_, T>,
) {
    for i in 0..3 {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3);
        out[i] = a[j] * b[k] - a[k] * b[j];
    }
}

/// The distances of each row from the ones behind it.
#[npyo::gufunc("(n,d)->(p)", types(f32, f64))]
fn euclidean_pdist<T: Float>(
    points: ArrayView2<'_, T>,
    mut out: ArrayViewMut1<'_, T>,
) -> PyResult<()> {
    let n = points.nrows();
    if 2 * out.len() != n * n.saturating_sub(1) {
        return Err(PyValueError::new_err(format!(
            "{n} points do not have {} distances",
            out.len()
        )));
    }
    let mut places = out.iter_mut();
    for (i, one) in points.rows().into_iter().enumerate() {
        for (other, place) in points.rows().into_iter().skip(i + 1).zip(&mut places) {
            let squares = one.iter().zip(other).map(|(&x, &y)| (x - y).powi(2));
            *place = squares.fold(T::zero(), |sum, square| sum + square).sqrt();
        }
    }
    Ok(())
}

/// A product of matrices for each of the types.
fn matrix_product(name: &str, signature: &str) -> GufuncBuilder {
    GufuncBuilder::new(name, signature)
        .doc("The product of matrices.")
        .function(multiply::<isize>)
        .function(multiply::<f32>)
        .function(multiply::<f64>)
}

fn multiply<T: LinalgScalar>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut out: ArrayViewMut2<'_, T>,
) {
    npyo::ndarray::linalg::general_mat_mul(T::one(), &a, &b, T::zero(), &mut out);
}

/// The convolution of two vectors, in full length.
#[npyo::gufunc("(m),(n)->(p)", core_dims = full_length)]
fn conv1d_full(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.fill(0.0);
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            out[i + j] += x * y;
        }
    }
}

fn full_length(sizes: &mut [Option<usize>]) -> PyResult<()> {
    let [Some(m), Some(n), p] = sizes else {
        return Err(PyRuntimeError::new_err("the inputs have no lengths"));
    };
    if (*m, *n) == (0, 0) {
        return Err(PyValueError::new_err(
            "conv1d_full: both inputs have core dimension 0",
        ));
    }
    let length = *m + *n - 1;
    match p.replace(length) {
        Some(p) if p != length => Err(PyValueError::new_err(format!(
            "conv1d_full: the core dimension of out, {p}, does not equal m + n - 1 = {length}",
        ))),
        _ => Ok(()),
    }
}

fn unexpected<T>() -> PyResult<T> {
    Err(PyRuntimeError::new_err("How unexpected :)!"))
}

/// Fails.
#[npyo::ufunc]
fn always_error(_: f64, _: f64) -> PyResult<f64> {
    unexpected()
}

/// Fails.
#[npyo::ufunc]
fn always_error_unary(_: f64) -> PyResult<f64> {
    unexpected()
}

/// Fails.
#[npyo::gufunc("(i),()->()")]
fn always_error_gufunc(_: ArrayView1<'_, f64>, _: f64) -> PyResult<f64> {
    unexpected()
}

// --- Ufuncs of the C API ---------------------------------------------------------------------------

/// A ufunc of no arguments and no results, whose name has a dot.
fn ufunc_of_nothing(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: no loops, and static texts.
    let ufunc = unsafe {
        PY_UFUNC_API.PyUFunc_FromFuncAndData(
            py,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            0,
            0,
            PyUFunc_None,
            c"_pickleable_module_global.ufunc".as_ptr(),
            c"For pickle to find by a name with a dot.".as_ptr(),
            0,
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, ufunc) }
}

/// A ufunc of 32 bit integers with a loop for `at` of its own. Each loop shows by the fourth of its results
/// which of them it is.
fn indexed_negative(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: no loops yet, and static texts.
    let ufunc = unsafe {
        PY_UFUNC_API.PyUFunc_FromFuncAndData(
            py,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            1,
            1,
            PyUFunc_Zero,
            c"indexed_negative".as_ptr(),
            ptr::null(),
            0,
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let ufunc = unsafe { Bound::from_owned_ptr_or_err(py, ufunc) }?;
    let class = npyffi::get_dtype_class(py, NpyDTypes::PyArray_Int32DType)?;
    let mut classes = [class; 2];
    let slot = |slot, function: PyArrayMethod_StridedLoop| PyType_Slot {
        slot,
        pfunc: function as *mut c_void,
    };
    let mut slots = [
        slot(NPY_METH_strided_loop, negative),
        slot(NPY_METH_contiguous_indexed_loop, negative_at),
        PyType_Slot {
            slot: 0,
            pfunc: ptr::null_mut(),
        },
    ];
    let mut spec = PyArrayMethod_Spec {
        name: c"indexed_negative".as_ptr(),
        nin: 1,
        nout: 1,
        casting: NPY_CASTING::NPY_NO_CASTING,
        flags: NPY_ARRAYMETHOD_FLAGS::NPY_METH_NO_FLOATINGPOINT_ERRORS,
        dtypes: classes.as_mut_ptr(),
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: a live ufunc, and a description of loops for it, which NumPy copies.
    if unsafe { PY_UFUNC_API.PyUFunc_AddLoopFromSpec(py, ufunc.as_ptr(), &mut spec) }? < 0 {
        return Err(PyErr::fetch(py));
    }
    Ok(ufunc)
}

/// # Safety
///
/// As NumPy calls a loop of an array method with one argument and one result of type `i32`.
unsafe extern "C" fn negative(
    _context: *mut PyArrayMethod_Context,
    data: *const *mut c_char,
    dims: *const npy_intp,
    steps: *const npy_intp,
    _aux: *mut NpyAuxData,
) -> c_int {
    // SAFETY: the argument and the result.
    let [from, to] = unsafe { *data.cast::<[*mut c_char; 2]>() };
    // SAFETY: the steps between their elements.
    let steps = unsafe { *steps.cast::<[npy_intp; 2]>() };
    // SAFETY: the number of elements.
    for i in 0..unsafe { *dims } {
        let from = from.wrapping_offset(i * steps[0]).cast::<i32>();
        // SAFETY: an element of the argument, which NumPy aligns.
        let value = unsafe { *from };
        let result = if i == 3 { -100 } else { value.wrapping_neg() };
        // SAFETY: an element of the result.
        unsafe { *to.wrapping_offset(i * steps[1]).cast::<i32>() = result };
    }
    0
}

/// # Safety
///
/// As NumPy calls a loop for `at` with elements of type `i32`: the data are those of the array and the
/// indices, the steps those of the array, of the indices and of nothing, and then the array's length.
unsafe extern "C" fn negative_at(
    _context: *mut PyArrayMethod_Context,
    data: *const *mut c_char,
    dims: *const npy_intp,
    steps: *const npy_intp,
    _aux: *mut NpyAuxData,
) -> c_int {
    // SAFETY: the array and the indices.
    let [array, indices] = unsafe { *data.cast::<[*mut c_char; 2]>() };
    // SAFETY: the steps, and the length of the array.
    let [step, index_step, _, len] = unsafe { *steps.cast::<[npy_intp; 4]>() };
    // SAFETY: the number of indices.
    for i in 0..unsafe { *dims } {
        let index = indices.wrapping_offset(i * index_step).cast::<npy_intp>();
        // SAFETY: one of the indices, which NumPy has checked, aligned and converted.
        let index = unsafe { *index };
        let index = if index < 0 { index + len } else { index };
        let place = array.wrapping_offset(index * step).cast::<i32>();
        // SAFETY: an element of the array, which NumPy aligns.
        let value = unsafe { *place };
        let result = if i == 3 { -200 } else { value.wrapping_neg() };
        // SAFETY: the same.
        unsafe { *place = result };
    }
    0
}

// --- Functions -------------------------------------------------------------------------------------

/// How NumPy reads a signature: whether it is a generalised one, the number of dimensions of each operand,
/// the number of each of these dimensions, and the flags and the fixed sizes of the different ones.
#[pyfunction]
#[pyo3(signature = (nin, nout, signature, /))]
fn test_signature<'py>(
    py: Python<'py>,
    nin: c_int,
    nout: c_int,
    signature: &str,
) -> PyResult<Bound<'py, PyTuple>> {
    let signature = CString::new(signature)?;
    // SAFETY: no loops, static texts, and a signature, which NumPy copies.
    let ufunc = unsafe {
        PY_UFUNC_API.PyUFunc_FromFuncAndDataAndSignature(
            py,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            nin,
            nout,
            PyUFunc_None,
            c"no name".as_ptr(),
            c"no text".as_ptr(),
            1,
            signature.as_ptr(),
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let ufunc = unsafe { Bound::<PyAny>::from_owned_ptr_or_err(py, ufunc) }?;
    let fields = fields(&ufunc);
    // SAFETY: one for each operand.
    let dims = unsafe { numbers(fields.core_num_dims, fields.nargs) };
    let total = dims.unwrap_or_default().iter().sum();
    // SAFETY: one for each dimension of an operand.
    let indices = unsafe { numbers(fields.core_dim_ixs, total) };
    // SAFETY: one for each of the different dimensions.
    let flags = unsafe { numbers(fields.core_dim_flags, fields.core_num_dim_ix) };
    // SAFETY: one for each of the different dimensions.
    let sizes = unsafe { numbers(fields.core_dim_sizes, fields.core_num_dim_ix) };
    let tuple = |numbers: Option<&[c_int]>| numbers.map(|n| PyTuple::new(py, n)).transpose();
    (
        fields.core_enabled,
        tuple(dims)?,
        tuple(indices)?,
        flags.map(|n| PyTuple::new(py, n)).transpose()?,
        sizes.map(|n| PyTuple::new(py, n)).transpose()?,
    )
        .into_pyobject(py)
}

/// The fields of a ufunc that nobody changes.
fn fields<'a>(ufunc: &'a Bound<'_, PyAny>) -> &'a PyUFuncObject_fields {
    // SAFETY: a live ufunc.
    let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc.as_ptr().cast()) };
    // SAFETY: its fields, which live as long as it does.
    unsafe { &*fields }
}

/// Some numbers of a ufunc's, if it has any.
///
/// # Safety
///
/// `first` is NULL or points to `len` numbers, which outlive `'a`.
unsafe fn numbers<'a, T>(first: *const T, len: c_int) -> Option<&'a [T]> {
    // SAFETY: the caller's promise.
    (!first.is_null()).then(|| unsafe { std::slice::from_raw_parts(first, len as usize) })
}

/// The loop that a ufunc had.
#[pyclass(frozen)]
struct SavedLoop(PyUFuncGenericFunction);

/// Puts a loop whose results are 42 in the place of the one for `float64` of a ufunc with one argument and
/// one result.
#[pyfunction]
#[pyo3(signature = (ufunc, /))]
fn replace_loop(ufunc: &Bound<'_, PyAny>) -> PyResult<SavedLoop> {
    swap_loop(ufunc, Some(forty_two)).map(SavedLoop)
}

/// Undoes `replace_loop`.
#[pyfunction]
#[pyo3(signature = (ufunc, saved, /))]
fn restore_loop(ufunc: &Bound<'_, PyAny>, saved: &Bound<'_, SavedLoop>) -> PyResult<()> {
    swap_loop(ufunc, saved.get().0).map(drop)
}

/// Replaces the loop for `float64` by one of the same operands, and returns it.
fn swap_loop(
    ufunc: &Bound<'_, PyAny>,
    new: PyUFuncGenericFunction,
) -> PyResult<PyUFuncGenericFunction> {
    let py = ufunc.py();
    // SAFETY: every NumPy has it.
    let class = unsafe { npyffi::get_type_object(py, npyffi::NpyTypes::PyUFunc_Type) };
    let is_unary = || {
        let fields = fields(ufunc);
        (fields.nin, fields.nout) == (1, 1)
    };
    // SAFETY: a type, which lives for ever.
    let is_ufunc = unsafe { pyo3::ffi::PyObject_TypeCheck(ufunc.as_ptr(), class) } != 0;
    if !is_ufunc || !is_unary() {
        return Err(PyTypeError::new_err(
            "this is no ufunc of one argument and one result",
        ));
    }
    let mut types = [NPY_TYPES::NPY_DOUBLE as c_int; 2];
    let mut old = None;
    // SAFETY: a live ufunc with one argument and one result, and a loop for that.
    let status = unsafe {
        PY_UFUNC_API.PyUFunc_ReplaceLoopBySignature(
            py,
            ufunc.as_ptr().cast(),
            new,
            types.as_mut_ptr(),
            &mut old,
        )
    };
    match status {
        0 => Ok(old),
        _ => Err(PyErr::take(py)
            .unwrap_or_else(|| PyRuntimeError::new_err("the ufunc has no such loop"))),
    }
}

/// # Safety
///
/// As NumPy calls the loop of a ufunc with one argument and a result of type `f64`.
unsafe extern "C" fn forty_two(
    args: *mut *mut c_char,
    dims: *mut npy_intp,
    steps: *mut npy_intp,
    _data: *mut c_void,
) {
    // SAFETY: the argument and the result.
    let [_, to] = unsafe { *args.cast::<[*mut c_char; 2]>() };
    // SAFETY: the steps between their elements.
    let [_, step] = unsafe { *steps.cast::<[npy_intp; 2]>() };
    // SAFETY: the number of elements.
    for i in 0..unsafe { *dims } {
        // SAFETY: an element of the result, which NumPy aligns.
        unsafe { *to.wrapping_offset(i * step).cast::<f64>() = 42.0 };
    }
}
