//! The part of [`Element`][super::Element] that is closed to implementations outside of this
//! library.

use std::ffi::c_int;

use pyo3::{Borrowed, Python};

use crate::dtype::cache::Slot;
use crate::dtype::descr::{NATIVE_BYTEORDER, PyArrayDescr};
use crate::npyffi::{_PyDataType_GET_ITEM_DATA, NPY_TYPES, PyArray_Descr};

/// What the library knows of an element type beyond the open part of the trait.
#[derive(Debug)]
pub struct Internals(Option<BuiltIn>);

/// An element type that is one of NumPy's built-in types without parameters.
#[derive(Debug)]
struct BuiltIn {
    /// Where its descriptor is cached.
    slot: &'static Slot,
    /// The number of the type.
    type_num: c_int,
    /// A bit for each type number whose native form has exactly this layout: more than one
    /// where C has two names for it, as with `long` and `long long`.
    type_nums: u32,
}

impl Internals {
    /// Of a type that has parameters, or that another crate made an element.
    pub const EXTERNAL: Self = Self(None);

    /// Of a built-in type: where its descriptor is cached, and the numbers of the NumPy types
    /// that have its layout, the one to create arrays with first.
    pub(crate) const fn built_in(slot: &'static Slot, type_nums: &[c_int]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < type_nums.len() {
            bits |= 1 << type_nums[i];
            i += 1;
        }
        Self(Some(BuiltIn {
            slot,
            type_num: type_nums[0],
            type_nums: bits,
        }))
    }

    /// Whether a value is one pointer to a Python object.
    pub(crate) const fn is_object(&self) -> bool {
        matches!(&self.0, Some(built_in) if built_in.type_num == NPY_TYPES::NPY_OBJECT as c_int)
    }

    /// Whether the layout of the descriptor is known here, with no need for a check.
    pub(crate) const fn is_built_in(&self) -> bool {
        self.0.is_some()
    }

    /// The descriptor of a built-in type, kept for the life of the process.
    #[inline]
    pub(crate) fn descr<'py>(
        &self,
        py: Python<'py>,
    ) -> Option<Borrowed<'static, 'py, PyArrayDescr>> {
        let built_in = self.0.as_ref()?;
        let make = || Ok(PyArrayDescr::from_type_num(py, built_in.type_num));
        built_in.slot.get_or_try_init(py, make).ok()
    }

    /// Whether the descriptor is, by its number and byte order, one of this type. `false` means
    /// no more than that it takes a longer look.
    ///
    /// # Safety
    ///
    /// `descr` points to a live descriptor.
    #[inline]
    pub(crate) unsafe fn accepts(&self, descr: *const PyArray_Descr) -> bool {
        // SAFETY: the caller's promise.
        let fields = unsafe { _PyDataType_GET_ITEM_DATA(descr) };
        // SAFETY: the fields of a live descriptor; the head, which is all that this struct names
        // on every version of NumPy, is not written once a descriptor is shared.
        let num = unsafe { (*fields).type_num };
        // SAFETY: as above.
        let order = unsafe { (*fields).byteorder } as u8;
        let type_nums = match &self.0 {
            Some(built_in) => built_in.type_nums,
            None => 0,
        };
        (0..32).contains(&num)
            && (type_nums >> num) & 1 == 1
            && (order == b'=' || order == b'|' || order == NATIVE_BYTEORDER)
    }
}
