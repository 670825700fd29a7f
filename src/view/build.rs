//! Views of [`ndarray`] over memory that NumPy describes.

use std::ptr::NonNull;

use ndarray::{
    ArrayBase, Axis, Dimension, RawArrayView, RawArrayViewMut, RawData, ShapeBuilder, StrideShape,
};

use crate::error::ViewProblem;
use crate::layout::Layout;

/// Whether elements of type `T` can be referred to where they are.
#[inline]
pub(crate) fn check_layout<T>(layout: &Layout<'_>) -> Result<(), ViewProblem> {
    if layout.is_aligned_to(align_of::<T>()) && layout.strides_divide_by(size_of::<T>()) {
        Ok(())
    } else {
        Err(problem::<T>(layout))
    }
}

#[cold]
fn problem<T>(layout: &Layout<'_>) -> ViewProblem {
    let strides = layout.strides.to_vec();
    if layout.is_aligned_to(align_of::<T>()) {
        ViewProblem::Strides {
            itemsize: size_of::<T>(),
            strides,
        }
    } else {
        ViewProblem::Misaligned {
            align: align_of::<T>(),
            addr: layout.addr,
            strides,
        }
    }
}

/// Whether, besides, elements can be referred to one by one in order to write to them.
///
/// ndarray has a rule of its own for the strides of views to write through, which is stricter
/// than that no two elements share memory.
#[inline]
pub(crate) fn check_apart(layout: &Layout<'_>) -> Result<(), ViewProblem> {
    if layout.is_nested() {
        Ok(())
    } else {
        Err(not_apart(layout))
    }
}

#[cold]
fn not_apart(layout: &Layout<'_>) -> ViewProblem {
    let shape = layout.shape.to_vec();
    let strides = layout.strides.to_vec();
    if layout.overlaps_itself() {
        ViewProblem::SelfOverlap { shape, strides }
    } else {
        ViewProblem::Interleaved { shape, strides }
    }
}

/// A view that is not dereferenced yet.
///
/// # Safety
///
/// `data` and `layout` describe an array whose layout has passed [`check_layout`] for `T`.
#[inline]
pub(crate) unsafe fn raw_view<T, D: Dimension>(
    data: *mut u8,
    layout: &Layout<'_>,
    dims: &D,
) -> RawArrayView<T, D> {
    let (shape, data, inverted) = positive::<T, D>(data, layout, dims);
    // SAFETY: by the caller's promise all elements are at whole strides from each other within
    // one array, as this function asks; `positive` made the strides so.
    let view = unsafe { RawArrayView::from_shape_ptr(shape, data) };
    invert(view, inverted)
}

/// A view to write through that is not dereferenced yet.
///
/// # Safety
///
/// As [`raw_view`], and the layout has passed [`check_apart`].
#[inline]
pub(crate) unsafe fn raw_view_mut<T, D: Dimension>(
    data: *mut u8,
    layout: &Layout<'_>,
    dims: &D,
) -> RawArrayViewMut<T, D> {
    let (shape, data, inverted) = positive::<T, D>(data, layout, dims);
    // SAFETY: as in `raw_view`.
    let view = unsafe { RawArrayViewMut::from_shape_ptr(shape, data) };
    invert(view, inverted)
}

/// The same elements with positive strides, counted in elements, and a bit for every axis that
/// has to be inverted to get the original back: ndarray takes no negative strides.
#[inline]
fn positive<T, D: Dimension>(
    data: *mut u8,
    layout: &Layout<'_>,
    dims: &D,
) -> (StrideShape<D>, *mut T, u64) {
    if layout.is_empty() {
        // No element is ever referred to, so neither the address nor the strides matter; NumPy
        // makes them up in ways that ndarray would complain about.
        return (dims.clone().into(), NonNull::dangling().as_ptr(), 0);
    }
    let mut data = data;
    let mut inverted = 0;
    let mut strides = D::zeros(layout.shape.len());
    let axes = layout.shape.iter().zip(layout.strides).enumerate();
    for (axis, (&len, &stride)) in axes {
        // The stride of an axis of length one means nothing, so it may be any, but other code may
        // tell the order in memory by it.
        let stride = if len == 1 && stride % size_of::<T>() as isize != 0 {
            0
        } else {
            stride
        };
        if stride < 0 {
            data = data.wrapping_offset(stride.wrapping_mul(len as isize - 1));
            inverted |= 1 << axis;
        }
        strides.slice_mut()[axis] = stride.unsigned_abs() / size_of::<T>();
    }
    (dims.clone().strides(strides), data.cast(), inverted)
}

#[inline]
fn invert<S, D>(mut view: ArrayBase<S, D>, mut inverted: u64) -> ArrayBase<S, D>
where
    S: RawData,
    D: Dimension,
{
    while inverted != 0 {
        view.invert_axis(Axis(inverted.trailing_zeros() as usize));
        inverted &= inverted - 1;
    }
    view
}
