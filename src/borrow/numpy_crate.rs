//! Borrows that are shared with extension modules built with the `numpy` crate.
//!
//! Those modules agree on one table of functions, which the first of them to borrow publishes in a
//! capsule. If a module built with npyo comes first, it publishes such a table, which leads to
//! npyo's borrows. If it comes later, each of its borrows is entered in the other table as well.
//!
//! The other table finds a borrow again by the fields of the array that it is given, computed anew
//! at the release, and aborts the process if it is not there or if the strides of two arrays are
//! all zero. So it is given arrays that no Python code can reach, with strides that are not zero.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::{CStr, c_int, c_void};
use std::ptr;
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::array::owner::array_within;
use crate::array::raw;
use crate::borrow::capsule;
use crate::borrow::memory::Memory;
use crate::borrow::shared::Api;
use crate::borrow::table::{Access, Conflict};
use crate::dtype::descr::PyArrayDescrMethods;
use crate::layout::{Axis, Layout, Span};
use crate::npyffi::{NPY_ARRAY_WRITEABLE, PyArray_BASE, PyArray_Check, PyArrayObject};

/// Name of the capsule, and of the attribute that holds it.
const NAME: &CStr = c"_RUST_NUMPY_BORROW_CHECKING_API";

/// The numpy crate's table of functions, in its first version.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Functions {
    version: u64,
    /// First argument of the functions.
    flags: *mut c_void,
    acquire: unsafe extern "C" fn(*mut c_void, *mut PyArrayObject) -> c_int,
    acquire_mut: unsafe extern "C" fn(*mut c_void, *mut PyArrayObject) -> c_int,
    release: unsafe extern "C" fn(*mut c_void, *mut PyArrayObject),
    release_mut: unsafe extern "C" fn(*mut c_void, *mut PyArrayObject),
}

// SAFETY: the fields are never changed, and the functions may be called by any attached thread.
unsafe impl Send for Functions {}
// SAFETY: as above.
unsafe impl Sync for Functions {}

const GRANTED: c_int = 0;
const CONFLICT: c_int = -1;
const NOT_WRITEABLE: c_int = -2;

impl Functions {
    /// Publishes functions that lead to `api`, unless there are some already. Returns the functions
    /// of a module built with the numpy crate if that came first.
    ///
    /// # Errors
    ///
    /// If the name is used for something else.
    pub(crate) fn join(
        namespace: &Bound<'_, PyDict>,
        api: &'static Api,
    ) -> PyResult<Option<&'static Self>> {
        static OURS: OnceLock<Functions> = OnceLock::new();
        let ours = OURS.get_or_init(|| Self {
            version: 1,
            flags: ptr::from_ref(api).cast_mut().cast(),
            acquire,
            acquire_mut,
            release,
            release_mut,
        });
        let published = capsule::publish(namespace, NAME, ours)?;
        // SAFETY: a capsule of this name holds such a struct, which is never freed; those of later
        // versions begin with it.
        let published = unsafe { &*published };
        // Another module built with npyo publishes functions that lead to the same borrows.
        let leads_to_api = ptr::eq(published.flags.cast_const(), ptr::from_ref(api).cast());
        Ok((!leads_to_api && published.version >= 1).then_some(published))
    }
}

/// The borrows that modules built with the numpy crate hold of one array.
#[derive(Default)]
struct Held {
    tokens: Vec<(Bytes, Token)>,
    /// How many of them have been given back. They are not told apart, so if Python code changed
    /// the array in between, all stay borrowed until all have been given back.
    returned: usize,
}

/// What a footprint consists of.
#[derive(PartialEq, Eq)]
struct Bytes {
    span: Span,
    width: usize,
    axes: Vec<Axis>,
}

/// A token of [`Api`]; NULL if the array had no elements.
struct Token(*const c_void);

// SAFETY: a token may be released by any thread.
unsafe impl Send for Token {}

/// The address of an array object, and how it is borrowed.
type Key = (usize, Access);

static HELD: LazyLock<Mutex<HashMap<Key, Held>>> = LazyLock::new(Mutex::default);

/// Nothing in here panics with the lock held, so a poisoned one is as good as any other. No Python
/// code runs with the lock held.
fn held() -> MutexGuard<'static, HashMap<Key, Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Borrows an array for another module.
///
/// # Safety
///
/// `flags` is that of [`Functions::join`], `array` is an array, and the thread is attached.
unsafe fn hold(flags: *mut c_void, array: *mut PyArrayObject, access: Access) -> c_int {
    // SAFETY: the thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: a live object.
    let object = unsafe { Borrowed::from_ptr(py, array.cast()) };
    // SAFETY: an array; no Python code runs while the fields are in use.
    let parts = unsafe { raw::parts(&object) };
    if access == Access::Exclusive && parts.flags & NPY_ARRAY_WRITEABLE == 0 {
        return NOT_WRITEABLE;
    }
    let layout = Layout {
        addr: parts.data.addr(),
        shape: parts.shape,
        strides: parts.strides,
        itemsize: parts.descr.itemsize(),
    };
    layout.footprint(|footprint| {
        let token = if footprint.is_empty() {
            ptr::null()
        } else {
            // SAFETY: `flags` is the address of a static.
            let api = unsafe { &*flags.cast_const().cast::<Api>() };
            match api.acquire(footprint, access) {
                Ok(token) => token,
                Err(Conflict) => return CONFLICT,
            }
        };
        let bytes = Bytes {
            span: footprint.span(),
            width: footprint.width(),
            axes: footprint.axes().to_vec(),
        };
        let mut held = held();
        let held = held.entry((array.addr(), access)).or_default();
        held.tokens.push((bytes, Token(token)));
        GRANTED
    })
}

/// Gives an array back for another module.
///
/// # Safety
///
/// As [`hold`].
unsafe fn give_back(flags: *mut c_void, array: *mut PyArrayObject, access: Access) {
    let mut all = held();
    let Entry::Occupied(mut entry) = all.entry((array.addr(), access)) else {
        return;
    };
    let held = entry.get_mut();
    held.returned += 1;
    let equal = held.tokens.windows(2).all(|pair| pair[0].0 == pair[1].0);
    if equal || held.returned >= held.tokens.len() {
        let keep = held.tokens.len().saturating_sub(held.returned);
        held.returned = 0;
        for (_, Token(token)) in held.tokens.drain(keep..) {
            if !token.is_null() {
                // SAFETY: `flags` is the address of a static.
                let api = unsafe { &*flags.cast_const().cast::<Api>() };
                // SAFETY: a token of this table, which is forgotten with this.
                unsafe { api.release(token) };
            }
        }
    }
    if held.tokens.is_empty() {
        entry.remove();
    }
}

/// # Safety
///
/// As [`hold`].
unsafe extern "C" fn acquire(flags: *mut c_void, array: *mut PyArrayObject) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { hold(flags, array, Access::Shared) }
}

/// # Safety
///
/// As [`hold`].
unsafe extern "C" fn acquire_mut(flags: *mut c_void, array: *mut PyArrayObject) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { hold(flags, array, Access::Exclusive) }
}

/// # Safety
///
/// As [`hold`].
unsafe extern "C" fn release(flags: *mut c_void, array: *mut PyArrayObject) {
    // SAFETY: the caller's promise.
    unsafe { give_back(flags, array, Access::Shared) }
}

/// # Safety
///
/// As [`hold`].
unsafe extern "C" fn release_mut(flags: *mut c_void, array: *mut PyArrayObject) {
    // SAFETY: the caller's promise.
    unsafe { give_back(flags, array, Access::Exclusive) }
}

/// A borrow that is entered in the table of another module.
#[derive(Debug)]
pub(crate) struct Foreign {
    functions: &'static Functions,
    /// How it is borrowed, if it is.
    access: Option<Access>,
    /// An array of our own over the memory.
    array: Py<PyAny>,
    /// The object by which the other table knows the memory.
    root: usize,
}

impl Foreign {
    /// Enters a borrow.
    ///
    /// # Errors
    ///
    /// A conflict, or that there is no memory for an array object.
    pub(crate) fn enter(
        functions: &'static Functions,
        memory: &Memory<'_, '_>,
        access: Access,
    ) -> Result<Self, Conflict> {
        let array = private_array(memory).map_err(|_| Conflict)?;
        let mut foreign = Self {
            functions,
            access: None,
            // SAFETY: an array.
            root: unsafe { root(&array) },
            array: array.unbind(),
        };
        foreign.acquire(access)?;
        Ok(foreign)
    }

    /// Turns an exclusive borrow into a shared one, by way of none.
    pub(crate) fn share(&mut self) -> Result<(), Conflict> {
        self.release();
        self.acquire(Access::Shared)
    }

    /// Only attached threads call this.
    fn acquire(&mut self, access: Access) -> Result<(), Conflict> {
        let acquire = match access {
            Access::Shared => self.functions.acquire,
            Access::Exclusive => self.functions.acquire_mut,
        };
        // SAFETY: the thread is attached, and this is an array.
        if unsafe { acquire(self.functions.flags, self.array.as_ptr().cast()) } != GRANTED {
            return Err(Conflict);
        }
        self.access = Some(access);
        Ok(())
    }

    fn release(&mut self) {
        let Some(access) = self.access.take() else {
            return;
        };
        // A thread that cannot attach any more leaves the memory borrowed.
        Python::try_attach(|py| {
            let array = self.array.bind(py);
            // Python code can give the array that owns the memory another base. The other table
            // would then not find the borrow, and abort; so it keeps it.
            // SAFETY: an array.
            if unsafe { root(array) } == self.root {
                let release = match access {
                    Access::Shared => self.functions.release,
                    Access::Exclusive => self.functions.release_mut,
                };
                // SAFETY: the thread is attached, and this is the array that was acquired.
                unsafe { release(self.functions.flags, array.as_ptr().cast()) };
            }
        });
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.release();
    }
}

/// An array for the same memory whose fields no Python code can change, without axes that lead
/// nowhere.
fn private_array<'py>(memory: &Memory<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let layout = &memory.layout;
    let axes = layout.shape.iter().zip(layout.strides);
    let (mut shape, mut strides): (Vec<usize>, Vec<isize>) = axes
        .filter(|&(&len, &stride)| len != 1 && stride != 0)
        .unzip();
    if shape.is_empty() {
        shape.push(1);
        strides.push(layout.itemsize as isize);
    }
    // SAFETY: the elements are those of an array, which becomes the base.
    unsafe {
        array_within(
            (memory.descr)(),
            &shape,
            &strides,
            memory.data,
            memory.array.clone(),
        )
    }
}

/// The address of the object that owns an array's memory, as the numpy crate determines it.
///
/// # Safety
///
/// `array` is an array.
unsafe fn root(array: &Bound<'_, PyAny>) -> usize {
    let mut object = array.as_ptr();
    loop {
        // SAFETY: an array, by the caller's promise or the check below.
        let base = unsafe { PyArray_BASE(object.cast()) };
        if base.is_null() {
            return object.addr();
        }
        object = base;
        // SAFETY: an array holds a reference to its base.
        if unsafe { PyArray_Check(array.py(), object) } == 0 {
            return object.addr();
        }
    }
}
