//! The arrays that are read and written, borrowed.

use std::ffi::c_int;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::array::handle::not_an_array;
use crate::array::raw;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::borrow::memory::Memory;
use crate::borrow::registry::{Borrow, Registry};
use crate::borrow::table::Access;
use crate::borrow::untyped::refuse_masked;
use crate::broadcast::convert::as_array;
use crate::broadcast::plan::Extent;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::fields::has_same_layout;
use crate::error::{BorrowError, ViewError, ViewProblem};
use crate::layout::Layout;
use crate::npyffi::{
    NPY_ARRAY_WARN_ON_WRITE, NPY_ARRAY_WRITEABLE, NPY_CASTING, NPY_ORDER, PY_ARRAY_API,
};

/// Address, shape, strides, dtype and flags of an array, read in one go.
struct Snapshot<'py> {
    data: *mut u8,
    shape: Vec<usize>,
    strides: Vec<isize>,
    flags: c_int,
    /// The wanted descriptor, if the elements are the same bytes.
    descr: Bound<'py, PyArrayDescr>,
    itemsize: usize,
    is_cast: bool,
}

impl<'py> Snapshot<'py> {
    /// # Errors
    ///
    /// If the elements have no bytes, or another layout than the wanted ones although NumPy takes them for the
    /// same, or if another thread changes the array meanwhile.
    fn of(array: &Bound<'py, PyUntypedArray>, wanted: &Bound<'py, PyArrayDescr>) -> PyResult<Self> {
        // SAFETY: an array; the reference is not kept.
        let found = unsafe { raw::descr(array) }.to_owned();
        let is_cast = !has_same_layout(found.as_borrowed(), wanted.as_borrowed());
        if is_cast && (found.itemsize() == 0 || found.is_equiv_to(wanted)) {
            // NumPy would make them longer, or not convert them.
            return Err(PyTypeError::new_err(format!(
                "the elements of the array, of dtype {found}, cannot be converted to {wanted} piece by \
                 piece; pass `a.astype(…)`"
            )));
        }
        // To compare descriptors may run Python code. From here on none does.
        // SAFETY: an array; its fields are copied, and not in use any more when something may change them.
        let parts = unsafe { raw::parts(array) };
        if !parts.descr.is(&found) {
            return Err(BorrowError::Changed.into());
        }
        let snapshot = Self {
            data: parts.data,
            shape: parts.shape.to_vec(),
            strides: parts.strides.to_vec(),
            flags: parts.flags,
            itemsize: found.itemsize(),
            descr: if is_cast { found } else { wanted.clone() },
            is_cast,
        };
        #[cfg(Py_GIL_DISABLED)]
        if !snapshot.still_holds(array, parts.descr) {
            return Err(BorrowError::Changed.into());
        }
        Ok(snapshot)
    }

    /// Whether the array's fields are still what they were. Without a GIL, another thread may change some of
    /// them while they are read.
    #[cfg(Py_GIL_DISABLED)]
    fn still_holds(
        &self,
        array: &Bound<'py, PyUntypedArray>,
        descr: pyo3::Borrowed<'_, 'py, PyArrayDescr>,
    ) -> bool {
        // SAFETY: an array; what is read here is compared and not kept.
        let parts = unsafe { raw::parts(array) };
        parts.data == self.data
            && parts.shape == self.shape
            && parts.strides == self.strides
            && parts.flags == self.flags
            && parts.descr.as_ptr() == descr.as_ptr()
    }

    fn layout(&self) -> Layout<'_> {
        Layout {
            addr: self.data.addr(),
            shape: &self.shape,
            strides: &self.strides,
            itemsize: self.itemsize,
        }
    }

    fn borrow(
        &self,
        owner: &Bound<'py, PyUntypedArray>,
        access: Access,
    ) -> Result<Borrow, BorrowError> {
        let memory = Memory {
            array: owner.as_any(),
            data: self.data,
            layout: self.layout(),
            descr: &|| self.descr.clone(),
        };
        Registry::get(owner.py()).borrow(&memory, access)
    }

    /// An array object of our own for the same memory, whose fields no Python code can change.
    ///
    /// # Safety
    ///
    /// It must not be used after the memory is gone, nor be written to without an exclusive borrow.
    unsafe fn array(&self) -> PyResult<Bound<'py, PyUntypedArray>> {
        // SAFETY: the caller's promise.
        let array = unsafe {
            raw::from_parts(
                self.descr.clone(),
                &self.shape,
                self.strides.as_ptr(),
                self.data.cast(),
                self.flags & NPY_ARRAY_WRITEABLE,
            )
        }?;
        // SAFETY: the function returns arrays.
        Ok(unsafe { array.cast_into_unchecked() })
    }
}

/// An array that is read, or written to, while the function runs.
pub(crate) struct Operand<'py> {
    snapshot: Snapshot<'py>,
    /// Whether all of it is covered by a borrow.
    _borrow: Option<Borrow>,
    /// What keeps the memory alive.
    _owner: Bound<'py, PyUntypedArray>,
}

impl<'py> Operand<'py> {
    /// Borrows what the user gave for an argument, unless it is the very memory of one of the arrays that are
    /// written to. Memory of which they have a part is copied.
    ///
    /// # Errors
    ///
    /// If the object cannot be made an array, or is a masked one or borrowed to write; and those of
    /// [`Snapshot::of`].
    pub(crate) fn to_read(
        ob: &Bound<'py, PyAny>,
        wanted: &Bound<'py, PyArrayDescr>,
        written: &[Target<'py>],
    ) -> PyResult<Self> {
        let (owner, is_new) = as_array(ob, wanted)?;
        refuse_masked(&owner)?;
        let snapshot = Snapshot::of(&owner, wanted)?;
        let is_covered = |target: &Target<'_>| target.is_at(&snapshot.layout());
        if is_new || written.iter().any(is_covered) {
            return Ok(Self {
                snapshot,
                _borrow: None,
                _owner: owner,
            });
        }
        let borrow = snapshot.borrow(&owner, Access::Shared)?;
        if written
            .iter()
            .any(|target| target.overlaps(&snapshot.layout()))
        {
            // SAFETY: the memory is borrowed, and not used any more afterwards.
            let copy = copy(&unsafe { snapshot.array() }?)?;
            return Ok(Self {
                snapshot: Snapshot::of(&copy, wanted)?,
                _borrow: None,
                _owner: copy,
            });
        }
        Ok(Self {
            snapshot,
            _borrow: Some(borrow),
            _owner: owner,
        })
    }

    /// Whether its elements are of another dtype than those of the function.
    pub(crate) fn is_cast(&self) -> bool {
        self.snapshot.is_cast
    }

    /// Refuses an argument whose elements may not be converted by the rule, whatever their values are, at
    /// which NumPy 1 looks where there is only one.
    pub(crate) fn check_cast(
        &self,
        number: usize,
        wanted: &Bound<'py, PyArrayDescr>,
        rule: NPY_CASTING,
        name: &str,
    ) -> PyResult<()> {
        let (py, found) = (wanted.py(), &self.snapshot.descr);
        if !self.snapshot.is_cast {
            return Ok(());
        }
        let (from, to) = (found.as_dtype_ptr(), wanted.as_dtype_ptr());
        // SAFETY: both are live descriptors.
        if unsafe { PY_ARRAY_API.PyArray_CanCastTypeTo(py, from, to, rule) } != 0 {
            return Ok(());
        }
        Err(PyErr::take(py).unwrap_or_else(|| {
            PyTypeError::new_err(format!(
                "argument {number} has elements of dtype {found}, which cannot be converted to {wanted} \
                 according to the rule '{name}'; pass `a.astype(…)`"
            ))
        }))
    }

    /// The kind of its dtype.
    pub(crate) fn kind(&self) -> u8 {
        self.snapshot.descr.kind()
    }

    pub(crate) fn data(&self) -> *mut u8 {
        self.snapshot.data
    }

    pub(crate) fn extent(&self) -> Extent<'_> {
        Extent {
            shape: &self.snapshot.shape,
            strides: &self.snapshot.strides,
        }
    }

    /// An array object of our own for the same memory, whose fields no Python code can change.
    ///
    /// # Safety
    ///
    /// It must not be used after the operand is gone, nor written to unless the operand is
    /// [one to write][Target::into_operand].
    pub(crate) unsafe fn array(&self) -> PyResult<Bound<'py, PyUntypedArray>> {
        // SAFETY: the operand keeps the memory alive, and has the borrow; else the caller's promise.
        unsafe { self.snapshot.array() }
    }
}

/// An array that is to be written to, not yet borrowed.
pub(crate) struct Target<'py> {
    snapshot: Snapshot<'py>,
    owner: Bound<'py, PyUntypedArray>,
}

impl<'py> Target<'py> {
    /// # Errors
    ///
    /// If the object is no array or a masked one, if it is read-only or overlaps itself; and those of
    /// [`Snapshot::of`].
    pub(crate) fn new(ob: &Bound<'py, PyAny>, wanted: &Bound<'py, PyArrayDescr>) -> PyResult<Self> {
        let owner = ob
            .cast::<PyUntypedArray>()
            .map_err(|_| not_an_array(ob))?
            .clone();
        refuse_masked(&owner)?;
        // SAFETY: an array.
        let flags = unsafe { raw::flags(&owner) };
        if flags & NPY_ARRAY_WRITEABLE != 0 && flags & NPY_ARRAY_WARN_ON_WRITE != 0 {
            warn(&owner)?;
        }
        let snapshot = Snapshot::of(&owner, wanted)?;
        if snapshot.flags & NPY_ARRAY_WRITEABLE == 0 {
            return Err(BorrowError::NotWriteable.into());
        }
        if snapshot.layout().overlaps_itself() {
            return Err(ViewError::from(ViewProblem::SelfOverlap {
                shape: snapshot.shape,
                strides: snapshot.strides,
            })
            .into());
        }
        Ok(Self { snapshot, owner })
    }

    /// Borrows it.
    pub(crate) fn into_operand(self) -> Result<Operand<'py>, BorrowError> {
        Ok(Operand {
            _borrow: Some(self.snapshot.borrow(&self.owner, Access::Exclusive)?),
            snapshot: self.snapshot,
            _owner: self.owner,
        })
    }

    /// Whether each element is where that of the array with the same indices is.
    fn is_at(&self, other: &Layout<'_>) -> bool {
        let layout = self.snapshot.layout();
        layout.addr == other.addr
            && layout.shape == other.shape
            && layout.strides == other.strides
            && layout.itemsize == other.itemsize
    }

    fn overlaps(&self, other: &Layout<'_>) -> bool {
        let layout = self.snapshot.layout();
        layout.footprint(|ours| other.footprint(|theirs| ours.overlaps(theirs)))
    }
}

/// Lets NumPy warn of a write.
#[cold]
fn warn(array: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
    let py = array.py();
    let name = c"output array";
    // SAFETY: an array and a C string.
    let rc = unsafe {
        PY_ARRAY_API.PyArray_FailUnlessWriteable(py, array.as_array_ptr(), name.as_ptr())
    };
    if rc < 0 {
        return Err(PyErr::fetch(py));
    }
    Ok(())
}

/// A copy of an array, in the same order of memory.
fn copy<'py>(array: &Bound<'py, PyUntypedArray>) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = array.py();
    // SAFETY: an array.
    let copy =
        unsafe { PY_ARRAY_API.PyArray_NewCopy(py, array.as_array_ptr(), NPY_ORDER::NPY_KEEPORDER) };
    // SAFETY: an owned reference, or NULL with an exception set.
    let copy = unsafe { Bound::from_owned_ptr_or_err(py, copy) }?;
    // SAFETY: the function returns arrays.
    Ok(unsafe { copy.cast_into_unchecked() })
}
