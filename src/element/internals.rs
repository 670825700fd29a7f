//! The part of [`Element`][super::Element] that is closed to implementations outside of this
//! library.

use std::ffi::c_int;

use pyo3::{Borrowed, Python};

use crate::dtype::cache::Slot;
use crate::dtype::descr::{NATIVE_BYTEORDER, PyArrayDescr};
use crate::element::memory::{FieldInfo, Memory, has_objects, has_padding};
use crate::npyffi::{_PyDataType_GET_ITEM_DATA, NPY_TYPES, PyArray_Descr};

/// What the library knows of an element type beyond the open part of the trait.
#[derive(Debug)]
pub struct Internals(Kind);

#[derive(Debug)]
enum Kind {
    /// A type that has parameters, or that another crate made an element.
    External,
    BuiltIn(BuiltIn),
    /// A struct with the fields of a structured dtype.
    Record {
        fields: &'static [FieldInfo],
        size: usize,
    },
}

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
    pub const EXTERNAL: Self = Self(Kind::External);

    /// Of a record of `size` bytes.
    ///
    /// # Panics
    ///
    /// When it is compiled, if there are no bytes.
    #[must_use]
    pub const fn record(fields: &'static [FieldInfo], size: usize) -> Self {
        assert!(size > 0, "a record must not be zero-sized");
        Self(Kind::Record { fields, size })
    }

    /// Of a built-in type: where its descriptor is cached, and the numbers of the NumPy types
    /// that have its layout, the one to create arrays with first.
    pub(crate) const fn built_in(slot: &'static Slot, type_nums: &[c_int]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < type_nums.len() {
            bits |= 1 << type_nums[i];
            i += 1;
        }
        Self(Kind::BuiltIn(BuiltIn {
            slot,
            type_num: type_nums[0],
            type_nums: bits,
        }))
    }

    const fn as_built_in(&self) -> Option<&BuiltIn> {
        match &self.0 {
            Kind::BuiltIn(built_in) => Some(built_in),
            Kind::External | Kind::Record { .. } => None,
        }
    }

    /// The number of a built-in type.
    pub(crate) const fn type_num(&self) -> Option<c_int> {
        match self.as_built_in() {
            Some(built_in) => Some(built_in.type_num),
            None => None,
        }
    }

    /// What the bytes of a value are.
    pub(crate) const fn memory(&self) -> Memory {
        match &self.0 {
            Kind::BuiltIn(built_in) if built_in.type_num == NPY_TYPES::NPY_OBJECT as c_int => {
                Memory::Object
            }
            Kind::BuiltIn(_) | Kind::External => Memory::Bytes,
            Kind::Record { fields, .. } => Memory::Record(fields),
        }
    }

    /// Whether there is a pointer to a Python object in a value.
    pub(crate) const fn has_objects(&self) -> bool {
        has_objects(&self.memory())
    }

    /// Whether some bytes of a value belong to no field.
    pub(crate) const fn has_padding(&self) -> bool {
        match &self.0 {
            Kind::Record { size, .. } => has_padding(&self.memory(), *size),
            Kind::BuiltIn(_) | Kind::External => false,
        }
    }

    /// Whether the layout of the descriptor is known here, with no need for a check.
    pub(crate) const fn is_built_in(&self) -> bool {
        self.as_built_in().is_some()
    }

    pub(crate) const fn is_record(&self) -> bool {
        matches!(self.0, Kind::Record { .. })
    }

    /// The descriptor of a built-in type, kept for the life of the process.
    #[inline]
    pub(crate) fn descr<'py>(
        &self,
        py: Python<'py>,
    ) -> Option<Borrowed<'static, 'py, PyArrayDescr>> {
        let built_in = self.as_built_in()?;
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
        let type_nums = self.as_built_in().map_or(0, |built_in| built_in.type_nums);
        (0..32).contains(&num)
            && (type_nums >> num) & 1 == 1
            && (order == b'=' || order == b'|' || order == NATIVE_BYTEORDER)
    }
}
