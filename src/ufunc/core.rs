//! What functions of generalised ufuncs are called with: views of the core dimensions, or elements.

use std::iter;
use std::ops::Range;

use ndarray::{ArrayView, ArrayViewMut, Dimension};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;

use crate::borrow::registry::{Borrow, Registry};
use crate::borrow::table::Access;
use crate::element::field::Field;
use crate::element::memory::TypeInfo;
use crate::error::BorrowError;
use crate::layout::{Layout, Span};
use crate::runs::Offsets;
use crate::ufunc::call::Call;
use crate::ufunc::element::{UfuncElement, is_bool};
use crate::ufunc::operand::Operand;
use crate::view::build::{check_apart, check_layout, raw_view, raw_view_mut};

/// One operand of a call: where its elements are, each an array of the core dimensions.
#[derive(Debug)]
pub struct CoreOperand {
    outer: Operand,
    len: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
    is_shared: bool,
}

impl CoreOperand {
    /// Operand `n` of the call, with the core dimensions of these numbers, whose strides stand at these places
    /// among the steps.
    ///
    /// # Safety
    ///
    /// The call has such an operand.
    pub(crate) unsafe fn of(call: &Call, n: usize, dims: &[usize], strides: Range<usize>) -> Self {
        // SAFETY: there is such an operand.
        let data = unsafe { call.data(n) };
        Self {
            // SAFETY: as above.
            outer: Operand::new(data, unsafe { call.step(n) }),
            len: call.len(),
            // SAFETY: the operand has these dimensions.
            shape: dims
                .iter()
                .map(|&dim| unsafe { call.core_dim(dim) })
                .collect(),
            // SAFETY: and as many strides.
            strides: strides.map(|stride| unsafe { call.step(stride) }).collect(),
            is_shared: false,
        }
    }

    /// The range of the first element, of `itemsize` bytes a part.
    pub(crate) fn core_span(&self, itemsize: usize) -> Span {
        self.layout(itemsize).span()
    }

    /// The range of all elements.
    pub(crate) fn span(&self, itemsize: usize) -> Span {
        let Span { start, end } = self.core_span(itemsize);
        let step = self.outer.step();
        let reach = step
            .unsigned_abs()
            .saturating_mul(self.len.saturating_sub(1));
        let (below, above) = if step < 0 { (reach, 0) } else { (0, reach) };
        Span {
            start: start.saturating_sub(below),
            end: end.saturating_add(above),
        }
    }

    /// Borrows the memory of all elements.
    pub(crate) fn borrow(&self, itemsize: usize, access: Access) -> Result<Borrow, BorrowError> {
        let shape: Vec<_> = iter::once(self.len)
            .chain(self.shape.iter().copied())
            .collect();
        let steps = iter::once(self.outer.step());
        let strides: Vec<_> = steps.chain(self.strides.iter().copied()).collect();
        let layout = Layout {
            addr: self.place(0).addr(),
            shape: &shape,
            strides: &strides,
            itemsize,
        };
        Registry::borrow_layout(&layout, access)
    }

    /// Whether other operands are in the same range of memory.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Says that they are.
    pub(crate) fn share(&mut self) {
        self.is_shared = true;
    }

    /// Where the elements are.
    pub(crate) fn outer(&self) -> Operand {
        self.outer
    }

    /// Where element number `i` is.
    fn place(&self, i: usize) -> *mut u8 {
        self.outer.place(i)
    }

    /// The layout of the first element, of `itemsize` bytes a part.
    fn layout(&self, itemsize: usize) -> Layout<'_> {
        Layout {
            addr: self.place(0).addr(),
            shape: &self.shape,
            strides: &self.strides,
            itemsize,
        }
    }

    /// The shape as an ndarray dimension.
    fn dims<D: Dimension>(&self) -> D {
        let mut dims = D::zeros(self.shape.len());
        dims.slice_mut().copy_from_slice(&self.shape);
        dims
    }

    /// Whether views of each element are possible where they are.
    fn is_viewable<T: UfuncElement>(&self) -> bool {
        let is_aligned = self.len <= 1 || self.outer.step() % align_of::<T>() as isize == 0;
        T::ALL_BITS_VALID && is_aligned && check_layout::<T>(&self.layout(size_of::<T>())).is_ok()
    }

    /// The places of the parts of element number `i`, in C order.
    fn places(&self, i: usize) -> impl Iterator<Item = *mut u8> + '_ {
        let start = self.place(i);
        Offsets::new(&self.shape, &self.strides).map(move |offset| start.wrapping_offset(offset))
    }
}

/// What a function of a generalised ufunc can be called with: for an argument a view of its core dimensions,
/// [`ArrayView`], or without any the element itself; for a result an [`ArrayViewMut`].
pub trait CoreArgument: Sized {
    /// The same for as long as the function runs.
    #[doc(hidden)]
    type Item<'a>;

    /// What is kept from one element to the next.
    #[doc(hidden)]
    type Buffer;

    /// Whether it is for a result.
    #[doc(hidden)]
    const IS_OUTPUT: bool;

    /// Whether the thread must be attached.
    #[doc(hidden)]
    const NEEDS_TOKEN: bool;

    /// How many core dimensions there are, if the type tells.
    #[doc(hidden)]
    const NDIM: Option<usize>;

    /// The type of the elements.
    #[doc(hidden)]
    const INFO: TypeInfo;

    /// Looks at the layout of the operand.
    #[doc(hidden)]
    fn buffer(operand: &CoreOperand) -> Self::Buffer;

    /// Element number `i`.
    ///
    /// # Errors
    ///
    /// If some bytes of it are no value.
    ///
    /// # Safety
    ///
    /// The operand has such an element, of the dtype of [`INFO`][Self::INFO]; the buffer is the operand's. A result
    /// that another operand may touch is [shared][CoreOperand::share]. While the item lives, there are no other
    /// items of results that are not. The thread is attached if it needs to be.
    #[doc(hidden)]
    unsafe fn item<'a>(
        operand: &'a CoreOperand,
        buffer: &'a mut Self::Buffer,
        i: usize,
    ) -> PyResult<Self::Item<'a>>;

    /// Writes a result that is not yet where it belongs.
    ///
    /// # Safety
    ///
    /// As [`item`][Self::item], with which it shares the arguments; the item is gone.
    #[doc(hidden)]
    unsafe fn finish(_operand: &CoreOperand, _buffer: &mut Self::Buffer, _i: usize) {}
}

impl<T: UfuncElement> CoreArgument for T {
    type Item<'a> = T;
    type Buffer = ();
    const IS_OUTPUT: bool = false;
    const NEEDS_TOKEN: bool = <T as UfuncElement>::NEEDS_TOKEN;
    const NDIM: Option<usize> = Some(0);
    const INFO: TypeInfo = <T as Field>::INFO;

    fn buffer(_operand: &CoreOperand) {}

    #[inline]
    unsafe fn item<'a>(operand: &'a CoreOperand, _buffer: &'a mut (), i: usize) -> PyResult<T> {
        // SAFETY: the caller's promise.
        unsafe { T::load(operand.place(i)) }
    }
}

impl<T: UfuncElement, D: Dimension + 'static> CoreArgument for ArrayView<'_, T, D> {
    type Item<'a> = ArrayView<'a, T, D>;
    /// A copy of an element that cannot be viewed where it is.
    type Buffer = Option<Vec<T>>;
    const IS_OUTPUT: bool = false;
    const NEEDS_TOKEN: bool = T::NEEDS_TOKEN;
    const NDIM: Option<usize> = D::NDIM;
    const INFO: TypeInfo = <T as Field>::INFO;

    fn buffer(operand: &CoreOperand) -> Self::Buffer {
        const {
            assert!(
                T::IS_COPY,
                "views of Python objects are not possible in a ufunc"
            )
        };
        (!operand.is_viewable::<T>()).then(Vec::new)
    }

    #[inline]
    unsafe fn item<'a>(
        operand: &'a CoreOperand,
        buffer: &'a mut Self::Buffer,
        i: usize,
    ) -> PyResult<Self::Item<'a>> {
        let dims = operand.dims::<D>();
        let Some(buffer) = buffer else {
            // SAFETY: the layout is one that can be viewed.
            let view = unsafe {
                raw_view::<T, D>(operand.place(i), &operand.layout(size_of::<T>()), &dims)
            };
            // SAFETY: elements of the dtype of `T`, of which all bits are values; results in this memory are
            // written when the view is gone.
            return Ok(unsafe { view.deref_into_view() });
        };
        buffer.clear();
        reserve(buffer, &operand.shape)?;
        for place in operand.places(i) {
            // SAFETY: an element of the dtype of `T`.
            buffer.push(unsafe { T::load(place) }?);
        }
        Ok(ArrayView::from_shape(dims, buffer).expect("as many elements as the shape has"))
    }
}

impl<T: UfuncElement, D: Dimension + 'static> CoreArgument for ArrayViewMut<'_, T, D> {
    type Item<'a> = ArrayViewMut<'a, T, D>;
    /// An element that cannot be written to where it is, or that an argument may be in the place of.
    type Buffer = Option<Vec<T>>;
    const IS_OUTPUT: bool = true;
    const NEEDS_TOKEN: bool = T::NEEDS_TOKEN;
    const NDIM: Option<usize> = D::NDIM;
    const INFO: TypeInfo = <T as Field>::INFO;

    fn buffer(operand: &CoreOperand) -> Self::Buffer {
        const {
            assert!(
                T::IS_COPY && (T::ALL_BITS_VALID || is_bool::<T>()),
                "views to write to are possible of types of which all bits are values, and of `bool`"
            );
        };
        let is_viewable = !operand.is_shared
            && operand.is_viewable::<T>()
            && check_apart(&operand.layout(size_of::<T>())).is_ok()
            && !T::INTERNALS.has_padding();
        (!is_viewable).then(Vec::new)
    }

    #[inline]
    unsafe fn item<'a>(
        operand: &'a CoreOperand,
        buffer: &'a mut Self::Buffer,
        i: usize,
    ) -> PyResult<Self::Item<'a>> {
        let dims = operand.dims::<D>();
        let Some(buffer) = buffer else {
            // SAFETY: the layout is one that can be viewed, and no two of its elements overlap.
            let view = unsafe {
                raw_view_mut::<T, D>(operand.place(i), &operand.layout(size_of::<T>()), &dims)
            };
            // SAFETY: elements of the dtype of `T`, of which all bits are values; no other operand is there.
            return Ok(unsafe { view.deref_into_view_mut() });
        };
        // What is there before means nothing.
        buffer.clear();
        reserve(buffer, &operand.shape)?;
        // SAFETY: zeros are a value, as `buffer` made sure.
        buffer.resize_with(dims.size(), || unsafe { std::mem::zeroed() });
        Ok(ArrayViewMut::from_shape(dims, buffer).expect("as many elements as the shape has"))
    }

    #[inline]
    unsafe fn finish(operand: &CoreOperand, buffer: &mut Self::Buffer, i: usize) {
        for (value, place) in buffer
            .iter_mut()
            .flat_map(|buffer| buffer.drain(..))
            .zip(operand.places(i))
        {
            // SAFETY: an element of the dtype of `T`, which may be written to.
            unsafe { UfuncElement::store(value, place) };
        }
    }
}

/// Makes room for the elements of an array.
///
/// # Errors
///
/// A `MemoryError`. An array that is broadcast has more elements than memory.
fn reserve<T>(buffer: &mut Vec<T>, shape: &[usize]) -> PyResult<()> {
    let len = shape
        .iter()
        .try_fold(1, |len: usize, &n| len.checked_mul(n));
    let len = len.filter(|&len| buffer.try_reserve_exact(len).is_ok());
    match len {
        Some(_) => Ok(()),
        None => Err(PyMemoryError::new_err(
            "no room for a copy of an operand of a generalised ufunc",
        )),
    }
}
