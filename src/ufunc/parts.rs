//! What a ufunc refers to while it lives: its functions, and the tables and texts that NumPy borrows.

use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Arc;

use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::element::memory::TypeInfo;
use crate::npyffi::{
    _PyUFuncObject_GET_ITEM_DATA, NpyAuxData, PyArrayMethod_ResolveDescriptors,
    PyUFuncGenericFunction, PyUFuncObject,
};
use crate::ufunc::call::Kernel;
use crate::ufunc::core_function::CoreDims;
#[cfg(feature = "rayon")]
use crate::ufunc::parallel::Pool;
use crate::ufunc::signature::Signature;

/// A function of a ufunc to be.
pub(crate) struct Function {
    pub(crate) kernel: Box<dyn Kernel>,
    /// The types of the arguments, and behind them of the results.
    pub(crate) types: Vec<TypeInfo>,
    pub(crate) inputs: usize,
    /// Picks the descriptors of a call on NumPy 2.
    pub(crate) resolve: PyArrayMethod_ResolveDescriptors,
}

/// One function of a ufunc.
pub(crate) struct Loop {
    pub(crate) kernel: Box<dyn Kernel>,
    pub(crate) resolve: PyArrayMethod_ResolveDescriptors,
    /// The descriptors of the operands.
    pub(crate) descrs: Vec<Py<PyArrayDescr>>,
    /// Their numbers.
    pub(crate) type_nums: Vec<c_int>,
}

impl Loop {
    fn new(py: Python<'_>, function: Function) -> PyResult<Self> {
        let descrs = function.types.iter().map(|info| (info.dtype)(py));
        let descrs = descrs.collect::<PyResult<Vec<_>>>()?;
        Ok(Self {
            kernel: function.kernel,
            resolve: function.resolve,
            type_nums: descrs.iter().map(|descr| descr.num()).collect(),
            descrs: descrs.into_iter().map(Bound::unbind).collect(),
        })
    }

    /// Whether descriptors of an operand's type differ in more than their byte order, so that the one of the
    /// Rust type is to be picked.
    pub(crate) fn is_parametric(&self, py: Python<'_>) -> bool {
        let is_parametric = |descr: &Py<PyArrayDescr>| b"mMSUV".contains(&descr.bind(py).kind());
        self.descrs.iter().any(is_parametric)
    }

    /// Whether NumPy's table of loops has room for the numbers of the types.
    pub(crate) fn is_of_built_ins(&self) -> bool {
        self.type_nums.iter().all(|num| (0..24).contains(num))
    }
}

/// What NumPy hands to a loop.
#[repr(C)]
pub(crate) struct LoopData {
    /// For array methods.
    pub(crate) aux: NpyAuxData,
    pub(crate) run: *const Loop,
    pub(crate) parts: *const Parts,
    /// How many elements the call of the ufunc has computed so far, if it has such data of its own.
    pub(crate) done: Cell<usize>,
}

/// What a ufunc refers to while it lives.
pub(crate) struct Parts {
    pub(crate) name: CString,
    pub(crate) doc: CString,
    pub(crate) loops: Vec<Loop>,
    /// Those for each of the loops.
    pub(crate) data: Vec<LoopData>,
    /// NumPy's table of the loops of built-in types: the functions, their data and their types.
    pub(crate) functions: Vec<PyUFuncGenericFunction>,
    pub(crate) function_data: Vec<*mut c_void>,
    pub(crate) types: Vec<c_char>,
    /// Whether each loop clears the floating-point flags.
    pub(crate) clears_fp_errors: bool,
    #[cfg(feature = "rayon")]
    pub(crate) pool: Option<Pool>,
    /// Of a generalised one.
    pub(crate) core: Option<Arc<Signature>>,
    pub(crate) core_dims: Option<CoreDims>,
}

/// The name of the capsule that holds the parts of a ufunc.
const CAPSULE: &CStr = c"npyo.ufunc.Parts";

impl Parts {
    pub(crate) fn new(
        py: Python<'_>,
        name: CString,
        doc: CString,
        functions: Vec<Function>,
    ) -> PyResult<Box<Self>> {
        let loops = functions
            .into_iter()
            .map(|function| Loop::new(py, function));
        Ok(Box::new(Self {
            name,
            doc,
            loops: loops.collect::<PyResult<_>>()?,
            data: Vec::new(),
            functions: Vec::new(),
            function_data: Vec::new(),
            types: Vec::new(),
            clears_fp_errors: false,
            #[cfg(feature = "rayon")]
            pool: None,
            core: None,
            core_dims: None,
        }))
    }

    /// Fills the tables, for a function that NumPy calls with the data of a loop. Neither the parts nor their
    /// tables may move from now on.
    pub(crate) fn fill_tables(self: &mut Box<Self>, function: PyUFuncGenericFunction) {
        let parts: *const Self = &**self;
        let data = |run| LoopData {
            aux: NpyAuxData {
                free: Some(keep),
                clone: Some(share),
                reserved: [ptr::null_mut(); 2],
            },
            run,
            parts,
            done: Cell::new(0),
        };
        self.data = self.loops.iter().map(|run| data(run)).collect();
        for (run, data) in self.loops.iter().zip(&self.data) {
            if run.is_of_built_ins() {
                self.functions.push(function);
                self.function_data
                    .push((&raw const *data).cast_mut().cast());
                self.types
                    .extend(run.type_nums.iter().map(|&num| num as c_char));
            }
        }
    }

    /// Makes the ufunc keep the parts as long as it lives.
    ///
    /// # Safety
    ///
    /// The ufunc refers to these parts only, nobody else has seen it, and it outlives `'a`.
    pub(crate) unsafe fn attach_to<'a, 'py>(
        self: Box<Self>,
        ufunc: Bound<'py, PyAny>,
    ) -> PyResult<(Bound<'py, PyAny>, &'a Self)> {
        let parts = Box::into_raw(self);
        // SAFETY: a pointer that is not NULL, and a name that lives for ever.
        let keeper =
            unsafe { ffi::PyCapsule_New(parts.cast(), CAPSULE.as_ptr(), Some(drop_parts)) };
        if keeper.is_null() {
            // The ufunc still refers to the parts, so they are leaked with it.
            let py = ufunc.py();
            std::mem::forget(ufunc);
            return Err(PyErr::fetch(py));
        }
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc.as_ptr().cast()) };
        // SAFETY: the fields of a new ufunc, which nobody else has seen; its deallocation gives the
        // reference back.
        unsafe { (*fields).obj = keeper };
        // SAFETY: they live as long as the ufunc.
        Ok((ufunc, unsafe { &*parts }))
    }

    /// The parts of a ufunc; they live as long as it does.
    ///
    /// # Errors
    ///
    /// If the ufunc has none.
    ///
    /// # Safety
    ///
    /// `ufunc` is NULL or points to a live ufunc, which outlives `'a`.
    pub(crate) unsafe fn of<'a>(ufunc: *const PyUFuncObject) -> PyResult<&'a Self> {
        let error = || PySystemError::new_err("the loop was called for a ufunc that it is not of");
        if ufunc.is_null() {
            return Err(error());
        }
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc) };
        // SAFETY: the fields of a live ufunc, which are not written any more.
        let keeper = unsafe { (*fields).obj };
        // SAFETY: any object, or NULL, may be asked.
        if unsafe { ffi::PyCapsule_IsValid(keeper, CAPSULE.as_ptr()) } == 0 {
            return Err(error());
        }
        // SAFETY: a capsule of that name.
        let parts = unsafe { ffi::PyCapsule_GetPointer(keeper, CAPSULE.as_ptr()) };
        // SAFETY: what `attach_to` put there, which lives as long as the ufunc.
        Ok(unsafe { &*parts.cast::<Self>() })
    }
}

/// Frees the data of a loop that belongs to the ufunc: nothing to do.
unsafe extern "C" fn keep(_data: *mut NpyAuxData) {}

/// Another reference to the data of a loop that belongs to the ufunc.
unsafe extern "C" fn share(data: *mut NpyAuxData) -> *mut NpyAuxData {
    data
}

/// The destructor of the capsule that a ufunc keeps.
///
/// # Safety
///
/// Called once, by Python, with such a capsule.
unsafe extern "C" fn drop_parts(capsule: *mut ffi::PyObject) {
    // SAFETY: the capsule is live and has this name.
    let parts = unsafe { ffi::PyCapsule_GetPointer(capsule, CAPSULE.as_ptr()) };
    // SAFETY: the pointer is that of a box of `Parts`, which nothing else owns.
    let parts = unsafe { Box::from_raw(parts.cast::<Parts>()) };
    // A captured value may panic when it is dropped, which must not unwind into Python.
    // PyO3 may not know that the thread is attached, and would put off what is dropped.
    let release = || {
        // SAFETY: attached, as it is Python that calls.
        unsafe { Python::attach_unchecked(|_| drop(parts)) }
    };
    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(release));
    if let Err(payload) = dropped {
        std::mem::forget(payload);
    }
}
