//! One table of borrows for all extension modules of a process.
//!
//! The first module to borrow publishes functions on its table in a capsule, in the namespace of
//! NumPy's module `multiarray`; the others call what they find there, whichever version of npyo they
//! were built with. So the layout of [`Api`] stays: later versions append fields, and have a higher
//! [`Api::version`].

use std::ffi::{CStr, c_int, c_void};
use std::sync::atomic::AtomicUsize;
use std::{ptr, slice};

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::borrow::freezing::{freeze, thaw};
use crate::borrow::table::{Access, Conflict};
use crate::borrow::{capsule, own};
use crate::layout::{Axis, Footprint, Span};
use crate::npyffi::PyArrayObject;

/// Name of the capsule, and of the attribute that holds it.
const NAME: &CStr = c"_NPYO_BORROW_API";

/// Most axes that are looked at.
const MAX_AXES: usize = 64;

/// What a module offers to others.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Api {
    /// 1; a higher version has all fields of the lower ones, and begins with them.
    version: u32,
    /// Size of this struct in bytes.
    size: u32,
    /// Borrows bytes: `fn(start, end, width, axes, count, exclusive)`.
    ///
    /// A block of `width` bytes that begins at `start` is repeated along `count` axes, each a
    /// distance in bytes and a number of repetitions, so that the last byte comes right before
    /// `end`. If `exclusive` is not 0, the bytes are borrowed to write. Returns a token, or NULL if
    /// the bytes are borrowed already. Any thread may call this, attached or not.
    acquire: unsafe extern "C" fn(usize, usize, usize, *const Axis, usize, c_int) -> *const c_void,
    /// Ends a borrow. To be called once with each token, by any thread.
    release: unsafe extern "C" fn(*const c_void),
    /// Turns a borrow to write into one to read. Any thread may call this.
    share: unsafe extern "C" fn(*const c_void),
    /// Keeps NumPy from writing to an array and from freeing its memory until [`Api::thaw`] has been
    /// called as often. The array has to live until then. An attached thread may call this.
    freeze: unsafe extern "C" fn(*mut PyArrayObject),
    /// See [`Api::freeze`].
    thaw: unsafe extern "C" fn(*mut PyArrayObject),
}

/// What other modules use if this one comes first.
static OWN: Api = Api {
    version: 1,
    size: size_of::<Api>() as u32,
    acquire,
    release,
    share,
    freeze,
    thaw,
};

impl Api {
    /// The functions that all modules use, published if this is the first of them.
    ///
    /// # Errors
    ///
    /// If the name is used for something else.
    pub(crate) fn join(namespace: &Bound<'_, PyDict>) -> PyResult<&'static Self> {
        let api = capsule::publish(namespace, NAME, &OWN)?;
        // SAFETY: a capsule of this name holds such a struct, which is never freed; both begin with
        // the version.
        let api = unsafe { &*api };
        Ok(if api.version >= 1 { api } else { &OWN })
    }

    /// The functions of this module.
    pub(crate) fn own() -> &'static Self {
        &OWN
    }

    /// Whether the table is that of this module.
    #[inline]
    fn is_own(&self) -> bool {
        ptr::eq(self, &OWN)
    }

    /// Borrows bytes; the token, which is not NULL.
    #[inline]
    pub(crate) fn acquire(
        &self,
        footprint: &Footprint<'_>,
        access: Access,
    ) -> Result<*const c_void, Conflict> {
        if self.is_own() {
            return own::acquire(footprint, access).map(<*const AtomicUsize>::cast);
        }
        let Span { start, end } = footprint.span();
        let axes = footprint.axes();
        let exclusive = c_int::from(access == Access::Exclusive);
        // SAFETY: the numbers are those of a footprint.
        let token = unsafe {
            (self.acquire)(
                start,
                end,
                footprint.width(),
                axes.as_ptr(),
                axes.len(),
                exclusive,
            )
        };
        if token.is_null() {
            Err(Conflict)
        } else {
            Ok(token)
        }
    }

    /// Ends a borrow.
    ///
    /// # Safety
    ///
    /// The token is one of [`acquire`][Self::acquire], and this is the one time that it is released.
    #[inline]
    pub(crate) unsafe fn release(&self, token: *const c_void) {
        if self.is_own() {
            // SAFETY: the caller's promise.
            unsafe { own::release(token.cast()) }
        } else {
            // SAFETY: the caller's promise.
            unsafe { (self.release)(token) }
        }
    }

    /// Turns a borrow to write into one to read.
    ///
    /// # Safety
    ///
    /// The token is one of [`acquire`][Self::acquire] and has not been released.
    pub(crate) unsafe fn share(&self, token: *const c_void) {
        // SAFETY: the caller's promise.
        unsafe { (self.share)(token) }
    }

    /// Keeps NumPy from writing to an array and from freeing its memory.
    ///
    /// # Safety
    ///
    /// An array that lives until as many calls of [`thaw`][Self::thaw]. The thread is attached.
    pub(crate) unsafe fn freeze(&self, array: *mut PyArrayObject) {
        // SAFETY: the caller's promise.
        unsafe { (self.freeze)(array) }
    }

    /// Ends a [`freeze`][Self::freeze].
    ///
    /// # Safety
    ///
    /// An array that was frozen. The thread is attached.
    pub(crate) unsafe fn thaw(&self, array: *mut PyArrayObject) {
        // SAFETY: the caller's promise.
        unsafe { (self.thaw)(array) }
    }
}

/// See [`Api::acquire`]. Nothing in here panics.
///
/// # Safety
///
/// `axes` points to `count` axes.
unsafe extern "C" fn acquire(
    start: usize,
    end: usize,
    width: usize,
    axes: *const Axis,
    count: usize,
    exclusive: c_int,
) -> *const c_void {
    let access = if exclusive == 0 {
        Access::Shared
    } else {
        Access::Exclusive
    };
    let span = Span { start, end };
    let mut room = [Axis::NONE; MAX_AXES];
    let footprint = match room.get_mut(..count) {
        None => Footprint::filling(span),
        Some([]) => Footprint::from_parts(span, width, &mut []),
        Some(copy) => {
            // SAFETY: the caller's promise.
            copy.copy_from_slice(unsafe { slice::from_raw_parts(axes, count) });
            Footprint::from_parts(span, width, copy)
        }
    };
    match own::acquire(&footprint, access) {
        Ok(token) => token.cast(),
        Err(Conflict) => ptr::null(),
    }
}

/// See [`Api::release`].
///
/// # Safety
///
/// The token is one of [`acquire`], and this is the one time that it is released.
unsafe extern "C" fn release(token: *const c_void) {
    // SAFETY: the caller's promise.
    unsafe { own::release(token.cast()) }
}

/// See [`Api::share`].
///
/// # Safety
///
/// The token is one of [`acquire`] and has not been released.
unsafe extern "C" fn share(token: *const c_void) {
    // SAFETY: the caller's promise.
    unsafe { own::share(token.cast()) }
}
