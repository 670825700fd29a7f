//! The [`Element`] trait.

use ndarray::{Array, ArrayView, Dimension};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::dtype::descr::PyArrayDescr;
use crate::element::internals::Internals;
use crate::element::invalid::InvalidElement;

/// A Rust type whose values are elements of NumPy arrays.
///
/// An element is cloned by [`clone_ref`][Self::clone_ref], which takes the token of an attached
/// thread, because a Python object may be referenced only while attached. There is no `Clone`
/// supertrait: an array of objects cannot be copied by accident on a detached thread.
///
/// # Element types
///
/// | Rust | NumPy |
/// |---|---|
/// | `bool` | `bool` |
/// | `i8` … `i64`, `u8` … `u64`, `isize`, `usize` | `int8` … `uint64`, `intp`, `uintp` |
/// | `f32`, `f64` | `float32`, `float64` |
/// | [`Complex32`][crate::Complex32], [`Complex64`][crate::Complex64] | `complex64`, `complex128` |
/// | `half::f16`, `half::bf16` (feature `half`) | `float16`, the `bfloat16` of `ml_dtypes` |
/// | [`PyFixedString<N>`][crate::PyFixedString] | `S{N}` |
/// | [`PyFixedUnicode<N>`][crate::PyFixedUnicode] | `U{N}` |
/// | [`Datetime<U>`][crate::datetime::Datetime], [`Timedelta<U>`][crate::datetime::Timedelta] | `datetime64[U]`, `timedelta64[U]` |
/// | `Py<PyAny>`, `Py<T>` | `object` |
/// | structs, by the derive macro | structured dtypes |
/// | enumerations without fields, by the derive macro | the integer of their `repr` |
///
/// # Records
///
/// With the feature `derive`, which is on by default, structs become records: elements of arrays with a
/// structured dtype, whose fields have the names, types and offsets of the struct's. Nothing is copied
/// in either direction.
///
/// ```
/// # #[cfg(feature = "derive")]
/// # fn main() -> pyo3::PyResult<()> {
/// use npyo::{Element, PyArray1, PyFixedString, prelude::*};
/// use pyo3::Python;
///
/// #[derive(Element, Debug, Clone, Copy, PartialEq)]
/// #[repr(u8)]
/// enum Side {
///     Buy = 1,
///     Sell = 2,
/// }
///
/// #[derive(Element, Debug, Clone, Copy, PartialEq)]
/// #[repr(C)]
/// struct Trade {
///     symbol: PyFixedString<4>,
///     #[npyo(rename = "px")]
///     price: f64,
///     side: Side,
///     depth: [f32; 2],
/// }
///
/// Python::attach(|py| {
///     let trade = Trade { symbol: (*b"AAPL").into(), price: 2.5, side: Side::Buy, depth: [1.0; 2] };
///     let trades = vec![trade, trade].try_into_pyarray(py)?;
///     assert_eq!(trades.dtype().names().unwrap(), ["symbol", "px", "side", "depth"]);
///     trades.readwrite().as_slice_mut()?[1].price = 3.5;
///     assert_eq!(trades.field::<f64>("px")?.to_vec()?, [2.5, 3.5]);
///     Ok(())
/// })
/// # }
/// # #[cfg(not(feature = "derive"))]
/// # fn main() {}
/// ```
///
/// - **Structs** need `#[repr(C)]`, which may be `packed` or `align(N)` too. Fields are elements, arrays
///   `[T; N]` of elements, which are sub-arrays to NumPy, other records, and Python objects. Fields of
///   tuple structs are called `f0`, `f1` …; `PhantomData` is no field. Type parameters need the bound
///   `Element`, and are `'static`.
/// - **Enumerations** without fields need the `repr` of an integer. A number that is no variant is a
///   `ValueError` that names the index and the number.
/// - **Newtypes** with `#[repr(transparent)]` have the dtype of what they wrap.
/// - `#[npyo(rename = "…")]` on a field is its name in Python, `#[npyo(crate = "…")]` on the type is the
///   path of this crate, should the macro not find it.
///
/// An array fits if its dtype has the same names, types, offsets and item size; titles, metadata and the
/// flag `align` make no difference. [`PyArrayLike`][crate::PyArrayLike] converts other layouts field by
/// field, each found by its name. Bytes of padding are set to zero wherever records go to Python, and
/// when a guard that may have written some is dropped; an array whose padding belongs to fields of the
/// array that it is a view of cannot be written to.
///
/// # Other element types
///
/// A type that has the memory layout of one of the types above can be made an element by hand as well:
///
/// ```
/// use npyo::{Element, PyArray1, PyArrayDescr, prelude::*};
/// use pyo3::{Bound, Python};
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// #[repr(transparent)]
/// struct Celsius(f64);
///
/// // SAFETY: `Celsius` has the layout of `f64`, every bit pattern is a value, and a bitwise
/// // copy is a clone.
/// unsafe impl Element for Celsius {
///     const IS_COPY: bool = true;
///
///     fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
///         npyo::dtype::<f64>(py)
///     }
///
///     fn clone_ref(&self, _py: Python<'_>) -> Self {
///         *self
///     }
/// }
///
/// Python::attach(|py| {
///     let array = PyArray1::from_slice(py, &[Celsius(21.5), Celsius(-3.0)]);
///     assert_eq!(array.readonly().as_slice().unwrap()[1], Celsius(-3.0));
/// });
/// ```
///
/// # Safety
///
/// Callers rely on each of these:
///
/// - Elements of the dtype that [`try_get_dtype`][Self::try_get_dtype] returns, and only those,
///   have the size and the field layout of `Self`.
/// - The dtype holds no Python objects. (Memory that holds objects belongs to this library's own
///   types: an implementation whose dtype holds objects is refused with a `TypeError` when it is
///   first used, and so is one whose item size is not `size_of::<Self>()`.)
/// - Every bit pattern is a value of `Self`, unless [`ALL_BITS_VALID`][Self::ALL_BITS_VALID] is
///   false and [`first_invalid`][Self::first_invalid] finds the others.
/// - If [`IS_COPY`][Self::IS_COPY] is true, a bitwise copy is a clone and there is nothing to
///   drop.
/// - There are no padding bytes, or Python is allowed to see them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no element of NumPy arrays",
    label = "has no dtype",
    note = "elements are the types in the table of `npyo::Element`; `#[derive(Element)]` makes one of a struct \
            or an enumeration"
)]
pub unsafe trait Element: Sized + Send + Sync {
    /// Whether a bitwise copy of a value is a clone of it, so that whole arrays are copied as
    /// bytes. Always `false` for types that hold Python objects.
    const IS_COPY: bool;

    /// Whether every bit pattern of the right size is a value of this type.
    ///
    /// Where it is `false`, [`first_invalid`][Self::first_invalid] is called before memory that
    /// Python wrote is seen as values of this type.
    const ALL_BITS_VALID: bool = true;

    /// What only this library's own implementations and its derive macro may set.
    #[doc(hidden)]
    const INTERNALS: Internals = Internals::EXTERNAL;

    /// The type descriptor of arrays with these elements.
    ///
    /// # Panics
    ///
    /// If there is none at run time, as for `half::bf16` without a package that defines it;
    /// [`try_get_dtype`][Self::try_get_dtype] returns an error instead.
    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr>;

    /// A clone of the value, made while attached.
    fn clone_ref(&self, py: Python<'_>) -> Self;

    /// A copy of the slice, made while attached.
    ///
    /// Types with a faster way than one [`clone_ref`][Self::clone_ref] after the other override
    /// it.
    #[inline]
    fn vec_from_slice(py: Python<'_>, slc: &[Self]) -> Vec<Self> {
        slc.iter().map(|element| element.clone_ref(py)).collect()
    }

    /// A copy of the view, made while attached.
    ///
    /// Types with a faster way than one [`clone_ref`][Self::clone_ref] after the other override
    /// it.
    #[inline]
    fn array_from_view<D>(py: Python<'_>, view: ArrayView<'_, Self, D>) -> Array<Self, D>
    where
        D: Dimension,
    {
        view.map(|element| element.clone_ref(py))
    }

    /// The type descriptor of arrays with these elements, or why there is none.
    ///
    /// # Errors
    ///
    /// Whatever keeps the descriptor from being made, such as a package that is not installed.
    #[inline]
    fn try_get_dtype(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
        Ok(Self::get_dtype(py))
    }

    /// The first of `len` elements, `stride` bytes apart from `data` on, that is not a value of
    /// this type.
    ///
    /// It is called for memory that Python wrote, in which the elements need not be aligned.
    ///
    /// # Safety
    ///
    /// Each of the elements is `size_of::<Self>()` readable bytes. Where the dtype holds objects,
    /// each object pointer is NULL or points to a live object.
    #[inline]
    unsafe fn first_invalid(
        _py: Python<'_>,
        _data: *const u8,
        _len: usize,
        _stride: isize,
    ) -> Option<InvalidElement> {
        None
    }

    /// Rewrites those of `len` contiguous elements that NumPy reads as some value, although
    /// their bits are not the ones that Rust uses for it: a `bool` other than 0 and 1 becomes 1,
    /// a NULL object pointer becomes None.
    ///
    /// It is called for private copies, which do not own the objects that they point to.
    ///
    /// # Safety
    ///
    /// `data` points to `len * size_of::<Self>()` bytes, readable and writeable; they need not
    /// be aligned.
    #[inline]
    unsafe fn canonicalize(_py: Python<'_>, _data: *mut u8, _len: usize) {}

    /// Whether a value stays a value whatever Python code stores in the array; an object may be
    /// replaced by one of another type.
    #[doc(hidden)]
    #[inline]
    fn stays_valid(_py: Python<'_>) -> bool {
        true
    }

    /// Converts the items of a `list` or `tuple` faster than NumPy does it, if this type knows how and
    /// they are nothing but its exact values.
    #[doc(hidden)]
    fn extend_from_list(_list: &Bound<'_, PyAny>, _elements: &mut Vec<Self>) -> Option<()> {
        None
    }
}

/// Goes through a `list` or `tuple`, which may change meanwhile.
pub(crate) fn for_each_item<'py>(
    list: &Bound<'py, PyAny>,
    work: impl FnMut(Bound<'py, PyAny>) -> Option<()>,
) -> Option<()> {
    if let Ok(list) = list.cast::<PyList>() {
        return list.iter().try_for_each(work);
    }
    list.cast::<PyTuple>().ok()?.iter().try_for_each(work)
}
