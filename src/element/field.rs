//! The types that a field of a record can have: elements, and arrays of them.

use pyo3::prelude::*;

use crate::dtype::descr::PyArrayDescr;
use crate::dtype::record::subarray_descr;
use crate::element::invalid::InvalidElement;
use crate::element::memory::{FieldInfo, Memory, TypeInfo, has_objects};
use crate::element::trait_::Element;

/// A type that a field of a record can have: any [`Element`], and arrays `[F; N]` of such types,
/// which are sub-arrays to NumPy.
///
/// # Safety
///
/// `INFO` describes the type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a record",
    label = "has no dtype",
    note = "fields are elements, arrays `[T; N]` of elements, and other records; a type parameter needs the \
            bound `Element`"
)]
pub unsafe trait Field: Sized + Send + Sync {
    /// What the type is.
    const INFO: TypeInfo;

    /// A clone of the value, made while attached.
    fn clone_field(&self, py: Python<'_>) -> Self;
}

// SAFETY: all of it is what the implementation of `Element` promises.
unsafe impl<T: Element> Field for T {
    const INFO: TypeInfo = TypeInfo {
        size: size_of::<T>(),
        is_copy: T::IS_COPY,
        all_bits_valid: T::ALL_BITS_VALID,
        memory: T::INTERNALS.memory(),
        dtype: PyArrayDescr::try_of::<T>,
        first_invalid: T::first_invalid,
        canonicalize: T::canonicalize,
        stays_valid: T::stays_valid,
    };

    #[inline]
    fn clone_field(&self, py: Python<'_>) -> Self {
        self.clone_ref(py)
    }
}

// SAFETY: an array consists of its items, one behind the other.
unsafe impl<F: Field, const N: usize> Field for [F; N] {
    const INFO: TypeInfo = TypeInfo {
        size: size_of::<Self>(),
        is_copy: F::INFO.is_copy,
        all_bits_valid: F::INFO.all_bits_valid,
        memory: Memory::Array {
            len: N,
            item: &F::INFO,
        },
        dtype: array_dtype::<F, N>,
        first_invalid: first_invalid_array::<F, N>,
        canonicalize: canonicalize_array::<F, N>,
        stays_valid: F::INFO.stays_valid,
    };

    #[inline]
    fn clone_field(&self, py: Python<'_>) -> Self {
        std::array::from_fn(|i| self[i].clone_field(py))
    }
}

impl FieldInfo {
    /// A field of type `F`.
    ///
    /// # Panics
    ///
    /// When it is compiled, if `F` cannot be a field.
    #[must_use]
    pub const fn of<F: Field>(name: &'static str, offset: usize) -> Self {
        let info = F::INFO;
        assert!(info.size > 0, "a field of a record must not be zero-sized");
        assert!(
            info.is_copy || has_objects(&info.memory),
            "a field of a record must be cloned bit by bit, or be a Python object"
        );
        Self { name, offset, info }
    }
}

fn array_dtype<F: Field, const N: usize>(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
    subarray_descr((F::INFO.dtype)(py)?, N)
}

/// # Safety
///
/// As [`Element::first_invalid`].
unsafe fn first_invalid_array<F: Field, const N: usize>(
    py: Python<'_>,
    data: *const u8,
    len: usize,
    stride: isize,
) -> Option<InvalidElement> {
    let info = F::INFO;
    let step = info.size as isize;
    if stride == info.size as isize * N as isize {
        // SAFETY: the items of all arrays are one behind the other.
        let invalid = unsafe { (info.first_invalid)(py, data, len * N, step) }?;
        let (position, item) = (invalid.position() / N, invalid.position() % N);
        return Some(invalid.within(position, format_args!("item {item}")));
    }
    (0..len).find_map(|i| {
        let array = data.wrapping_offset(stride.wrapping_mul(i as isize));
        // SAFETY: the items of one of the arrays.
        let invalid = unsafe { (info.first_invalid)(py, array, N, step) }?;
        let item = invalid.position();
        Some(invalid.within(i, format_args!("item {item}")))
    })
}

/// # Safety
///
/// As [`Element::canonicalize`].
unsafe fn canonicalize_array<F: Field, const N: usize>(py: Python<'_>, data: *mut u8, len: usize) {
    // SAFETY: the items of all arrays are one behind the other.
    unsafe { (F::INFO.canonicalize)(py, data, len * N) };
}
