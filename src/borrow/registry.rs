//! Borrows that all extension modules of the process know of.

use std::ffi::c_void;
use std::ptr;
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::borrow::memory::Memory;
use crate::borrow::numpy_crate::{Foreign, Functions};
use crate::borrow::shared::Api;
use crate::borrow::table::Access;
use crate::error::BorrowError;
use crate::layout::Footprint;
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
    #[inline]
    pub(crate) fn get(py: Python<'_>) -> &'static Self {
        match REGISTRY.get() {
            Some(registry) => registry,
            None => Self::join(py),
        }
    }

    #[cold]
    fn join(py: Python<'_>) -> &'static Self {
        let module = multiarray_module_name(py).and_then(|name| PyModule::import(py, name));
        let namespace = module.map_or_else(|_| PyDict::new(py), |module| module.dict());
        let api = Api::join(&namespace).unwrap_or_else(|_| Api::own());
        let numpy_crate = Functions::join(&namespace, api).unwrap_or_default();
        // Two threads that come here at once find the same.
        REGISTRY.get_or_init(|| Self { api, numpy_crate })
    }

    /// The functions behind it.
    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// Borrows memory. No Python code runs.
    #[inline]
    pub(crate) fn borrow(
        &'static self,
        memory: &Memory<'_, '_>,
        access: Access,
    ) -> Result<Borrow, BorrowError> {
        let footprint = Footprint::of(&memory.layout);
        if footprint.is_empty() {
            return Ok(Borrow::NONE);
        }
        let token = self
            .api
            .acquire(&footprint, access)
            .map_err(|_| BorrowError::AlreadyBorrowed)?;
        let mut borrow = Borrow {
            token,
            foreign: None,
        };
        if let Some(functions) = self.numpy_crate {
            let foreign = Foreign::enter(functions, memory, access);
            borrow.foreign = Some(foreign.map_err(|_| BorrowError::AlreadyBorrowed)?);
        }
        Ok(borrow)
    }
}

/// A granted borrow, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Borrow {
    /// NULL for an array without elements, which conflicts with nothing.
    token: *const c_void,
    foreign: Option<Foreign>,
}

impl Borrow {
    const NONE: Self = Self {
        token: ptr::null(),
        foreign: None,
    };

    /// Turns an exclusive borrow into a shared one, with no moment in between at which another
    /// could be granted.
    ///
    /// The numpy crate's table has no such step, so a module built with it cannot read the memory
    /// before this is dropped.
    pub(crate) fn share(&mut self) {
        if let Some(api) = self.api() {
            // SAFETY: the token is released in `drop` only.
            unsafe { api.share(self.token) };
        }
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
