//! Borrows that all extension modules of the process know of.

use std::ffi::c_void;
use std::ptr;
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::borrow::memory::Memory;
use crate::borrow::numpy_crate::{Foreign, Functions};
use crate::borrow::shared::Api;
use crate::borrow::table::{Access, Conflict};
use crate::error::BorrowError;
use crate::layout::{Footprint, Layout, Span};
use crate::npyffi::multiarray_module_name;

static REGISTRY: OnceLock<Registry> = OnceLock::new();

/// Where borrows are entered.
#[derive(Debug)]
pub(crate) struct Registry {
    api: &'static Api,
    /// If a module built with the numpy crate was there first.
    numpy_crate: Option<&'static Functions>,
}

impl Registry {
    /// The registry that all modules share. The first call runs Python code.
    ///
    /// Without NumPy, or if Python code took the name of a capsule for something else, it is one of
    /// this module alone.
    #[inline(always)]
    pub(crate) fn get(py: Python<'_>) -> &'static Self {
        match REGISTRY.get() {
            Some(registry) => registry,
            None => Self::join(py),
        }
    }

    #[cold]
    fn join(py: Python<'_>) -> &'static Self {
        let module = multiarray_module_name(py).and_then(|name| py.import(name));
        // Python code can put anything there instead of a module.
        let namespace = match module
            .as_ref()
            .map(|module| module.as_any().cast::<PyModule>())
        {
            Ok(Ok(module)) => module.dict(),
            _ => PyDict::new(py),
        };
        let api = Api::join(&namespace).unwrap_or_else(|_| Api::own());
        let numpy_crate = Functions::join(&namespace, api).unwrap_or_default();
        // Two threads that come here at once find the same.
        REGISTRY.get_or_init(|| Self { api, numpy_crate })
    }

    /// The functions behind it.
    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// Borrows all bytes of a range, if there is only one table to enter it in.
    #[inline(always)]
    pub(crate) fn borrow_range(
        &'static self,
        range: Span,
        access: Access,
    ) -> Option<Result<Borrow, BorrowError>> {
        if self.numpy_crate.is_some() {
            return None;
        }
        let footprint = Footprint::filling(range);
        let token = if footprint.is_empty() {
            ptr::null()
        } else {
            match self.api.acquire(&footprint, access) {
                Ok(token) => token,
                Err(Conflict) => return Some(Err(BorrowError::AlreadyBorrowed)),
            }
        };
        let foreign = None;
        Some(Ok(Borrow { token, foreign }))
    }

    /// Borrows memory. No Python code runs.
    pub(crate) fn borrow(
        &'static self,
        memory: &Memory<'_, '_>,
        access: Access,
    ) -> Result<Borrow, BorrowError> {
        let token = memory.layout.footprint(|footprint| {
            if footprint.is_empty() {
                return Ok(ptr::null());
            }
            self.api.acquire(footprint, access)
        });
        let Ok(token) = token else {
            return Err(BorrowError::AlreadyBorrowed);
        };
        let foreign = match self.numpy_crate {
            None => None,
            Some(functions) => self.enter_foreign(functions, token, memory, access)?,
        };
        Ok(Borrow { token, foreign })
    }

    /// Borrows memory of which no more is known than its layout. Modules built with the numpy crate, which
    /// look at arrays, do not see it. No Python code runs, and the thread need not be attached.
    ///
    /// # Errors
    ///
    /// If it is borrowed in a way that does not go together with this one.
    pub(crate) fn borrow_layout(
        layout: &Layout<'_>,
        access: Access,
    ) -> Result<Borrow, BorrowError> {
        let registry = REGISTRY.get();
        let token = layout.footprint(|footprint| match registry {
            Some(registry) if !footprint.is_empty() => registry.api.acquire(footprint, access),
            _ => Ok(ptr::null()),
        });
        let token = token.map_err(|Conflict| BorrowError::AlreadyBorrowed)?;
        let foreign = None;
        Ok(Borrow { token, foreign })
    }

    /// Enters a borrow in the table of the numpy crate's modules as well, or gives it up.
    #[cold]
    fn enter_foreign(
        &self,
        functions: &'static Functions,
        token: *const c_void,
        memory: &Memory<'_, '_>,
        access: Access,
    ) -> Result<Option<Box<Foreign>>, BorrowError> {
        if token.is_null() {
            return Ok(None);
        }
        match Foreign::enter(functions, memory, access) {
            Ok(foreign) => Ok(Some(Box::new(foreign))),
            Err(Conflict) => {
                // SAFETY: the token is not used after this.
                unsafe { self.api.release(token) };
                Err(BorrowError::AlreadyBorrowed)
            }
        }
    }
}

/// A granted borrow, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Borrow {
    /// NULL for an array without elements, which conflicts with nothing.
    token: *const c_void,
    foreign: Option<Box<Foreign>>,
}

impl Borrow {
    /// Turns an exclusive borrow into a shared one, with no moment in between at which another
    /// could be granted.
    ///
    /// The numpy crate's table has no such step. There is a moment, then, in which a module built
    /// with it may borrow the memory, if it runs on another thread without a GIL.
    ///
    /// # Errors
    ///
    /// If that happened; the borrow must be dropped then.
    pub(crate) fn share(&mut self) -> Result<(), BorrowError> {
        if let Some(foreign) = &mut self.foreign {
            foreign.share().map_err(|_| BorrowError::AlreadyBorrowed)?;
        }
        if let Some(api) = self.api() {
            // SAFETY: the token is released in `drop` only.
            unsafe { api.share(self.token) };
        }
        Ok(())
    }

    /// Goes on without the table of the numpy crate's modules, whose entry refers to the array.
    pub(crate) fn leave_numpy_crate(&mut self) {
        self.foreign = None;
    }

    /// Where the token is from, if there is one.
    #[inline]
    fn api(&self) -> Option<&'static Api> {
        if self.token.is_null() {
            return None;
        }
        REGISTRY.get().map(|registry| registry.api)
    }
}

impl Drop for Borrow {
    #[inline]
    fn drop(&mut self) {
        if let Some(api) = self.api() {
            // SAFETY: the token is not used after this.
            unsafe { api.release(self.token) };
        }
    }
}
