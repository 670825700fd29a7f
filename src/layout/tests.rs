//! Tests of the layout arithmetic against brute force over sets of byte addresses.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::axes::{self, MAX_AXES};
use super::{Axis, Comb, FOOTPRINT_AXES, Footprint, Layout, Span};

/// A layout with owned shape and strides, and the ways in which NumPy makes views.
#[derive(Clone, Debug)]
struct View {
    addr: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
    itemsize: usize,
}

impl View {
    fn new(addr: usize, shape: &[usize], strides: &[isize], itemsize: usize) -> Self {
        assert_eq!(shape.len(), strides.len());
        Self {
            addr,
            shape: shape.to_vec(),
            strides: strides.to_vec(),
            itemsize,
        }
    }

    /// A C-contiguous array.
    fn base(shape: &[usize], itemsize: usize) -> Self {
        let mut strides = vec![0; shape.len()];
        let mut stride = itemsize;
        for (axis, &len) in shape.iter().enumerate().rev() {
            strides[axis] = isize::try_from(stride).expect("test arrays fit in memory");
            stride *= len.max(1);
        }
        Self::new(1 << 16, shape, &strides, itemsize)
    }

    /// Indexing with `[:, ..., start::step, ...]` cut to `len` elements; all must be in bounds.
    fn slice(mut self, axis: usize, start: usize, step: isize, len: usize) -> Self {
        let offset = self.strides[axis] * isize::try_from(start).expect("in bounds");
        self.addr = self.addr.strict_offset(offset);
        self.strides[axis] *= step;
        self.shape[axis] = len;
        self
    }

    /// Indexing with `[:, ..., index, ...]`.
    fn index(self, axis: usize, index: usize) -> Self {
        let mut view = self.slice(axis, index, 1, 1);
        view.shape.remove(axis);
        view.strides.remove(axis);
        view
    }

    /// `self[field]` for a field of a structured item, also `.real` and `.imag`.
    fn field(mut self, offset: usize, itemsize: usize) -> Self {
        assert!(offset + itemsize <= self.itemsize);
        self.addr += offset;
        self.itemsize = itemsize;
        self
    }

    /// `self.view(smaller)` of an array whose last axis is contiguous.
    fn view_as(mut self, itemsize: usize) -> Self {
        let last = self.shape.len() - 1;
        self.shape[last] *= self.itemsize / itemsize;
        self.strides[last] = isize::try_from(itemsize).expect("small");
        self.itemsize = itemsize;
        self
    }

    fn transpose(mut self) -> Self {
        self.shape.reverse();
        self.strides.reverse();
        self
    }

    fn insert_axis(mut self, axis: usize, len: usize, stride: isize) -> Self {
        self.shape.insert(axis, len);
        self.strides.insert(axis, stride);
        self
    }

    fn layout(&self) -> Layout<'_> {
        Layout {
            addr: self.addr,
            shape: &self.shape,
            strides: &self.strides,
            itemsize: self.itemsize,
        }
    }

    fn with_footprint<R>(&self, look: impl FnOnce(&Footprint<'_>) -> R) -> R {
        self.layout().footprint(look)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.with_footprint(|a| {
            other.with_footprint(|b| {
                assert_eq!(a.overlaps(b), b.overlaps(a), "overlap is symmetric");
                a.overlaps(b)
            })
        })
    }

    fn overlaps_itself(&self) -> bool {
        self.layout().overlaps_itself()
    }

    /// The address of every element, in index order.
    fn addresses(&self) -> Vec<usize> {
        let mut addresses = vec![self.addr];
        for (&len, &stride) in self.shape.iter().zip(&self.strides) {
            addresses = addresses
                .iter()
                .flat_map(|addr| {
                    let step = |i| stride * isize::try_from(i).expect("small");
                    (0..len).map(move |i| addr.strict_offset(step(i)))
                })
                .collect();
        }
        addresses
    }

    /// Every byte, once for each element that covers it, in increasing order.
    fn bytes(&self) -> Vec<usize> {
        let mut bytes: Vec<_> = self
            .addresses()
            .iter()
            .flat_map(|&addr| addr..addr + self.itemsize)
            .collect();
        bytes.sort_unstable();
        bytes
    }

    fn truly_overlaps_itself(&self) -> bool {
        self.bytes().windows(2).any(|pair| pair[0] == pair[1])
    }

    fn truly_overlaps(&self, other: &Self) -> bool {
        let bytes: BTreeSet<_> = self.bytes().into_iter().collect();
        other.bytes().iter().any(|byte| bytes.contains(byte))
    }
}

/// Signed offsets to addresses that must stay within the address space.
trait StrictOffset {
    fn strict_offset(self, offset: isize) -> Self;
}

impl StrictOffset for usize {
    fn strict_offset(self, offset: isize) -> Self {
        self.checked_add_signed(offset)
            .expect("test arrays lie within the address space")
    }
}

/// The number of axes that remain when those that continue each other are merged.
fn count_axes(view: &View) -> usize {
    let mut room = [Axis::NONE; MAX_AXES];
    let axes = axes::collect(&view.layout(), &mut room).expect("no more axes than that");
    axes::coalesce(view.itemsize, axes).1.len()
}

fn is_block(view: &View) -> bool {
    count_axes(view) == 0
}

// ---- Length, emptiness, contiguity, alignment ----

#[test]
fn a_zero_dimensional_array_has_one_element_and_is_contiguous() {
    let view = View::base(&[], 8);
    assert_eq!(view.layout().len(), 1);
    assert!(!view.layout().is_empty());
    assert!(view.layout().is_c_contiguous());
    assert!(view.layout().is_f_contiguous());
    assert!(view.layout().strides_divide_by(8));
    assert!(!view.overlaps_itself());
    assert_eq!(view.layout().span().len(), 8);
}

#[test]
fn an_empty_array_is_contiguous_and_aligned_whatever_its_strides() {
    let view = View::new(3, &[4, 0, 5], &[7, isize::MIN, isize::MAX], 8);
    let layout = view.layout();
    assert_eq!(layout.len(), 0);
    assert!(layout.is_empty());
    assert!(layout.is_c_contiguous());
    assert!(layout.is_f_contiguous());
    assert!(layout.is_aligned_to(8));
    assert!(layout.strides_divide_by(8));
    assert!(!layout.overlaps_itself());
    assert_eq!(layout.span(), Span { start: 3, end: 3 });
}

#[test]
fn the_length_saturates_unless_an_axis_is_empty() {
    let strides = [0, 0, 0];
    let huge = [usize::MAX, usize::MAX, 2];
    let none = [usize::MAX, usize::MAX, 0];
    assert_eq!(View::new(0, &huge, &strides, 1).layout().len(), usize::MAX);
    assert_eq!(View::new(0, &none, &strides, 1).layout().len(), 0);
}

#[test]
fn strides_of_axes_of_length_one_do_not_count() {
    let view = View::new(
        64,
        &[1, 3, 1, 2, 1],
        &[-7, 16, isize::MIN, 8, isize::MAX],
        8,
    );
    let layout = view.layout();
    assert!(layout.is_c_contiguous());
    assert!(!layout.is_f_contiguous());
    assert!(layout.is_aligned_to(8));
    assert!(layout.strides_divide_by(8));
    assert!(!layout.overlaps_itself());
    assert_eq!(
        layout.span(),
        Span {
            start: 64,
            end: 64 + 48
        }
    );
    assert!(is_block(&view));
}

#[test]
fn row_and_column_major_arrays_are_told_apart() {
    let rows = View::base(&[2, 3], 8);
    assert!(rows.layout().is_c_contiguous() && !rows.layout().is_f_contiguous());
    let columns = rows.transpose();
    assert!(!columns.layout().is_c_contiguous() && columns.layout().is_f_contiguous());
    let line = View::base(&[5], 8);
    assert!(line.layout().is_c_contiguous() && line.layout().is_f_contiguous());
}

#[test]
fn negative_zero_and_wide_strides_are_not_contiguous() {
    for stride in [-8, 0, 16, 7, isize::MIN, isize::MAX] {
        let view = View::new(1 << 20, &[4], &[stride], 8);
        assert!(!view.layout().is_c_contiguous());
        assert!(!view.layout().is_f_contiguous());
    }
}

#[test]
fn a_stride_that_overflows_never_passes_for_contiguous() {
    let len = usize::MAX / 2;
    for stride in [isize::MAX, isize::MIN, -8, 0] {
        assert!(
            !View::new(0, &[2, len], &[stride, 8], 8)
                .layout()
                .is_c_contiguous()
        );
        assert!(
            !View::new(0, &[len, 2], &[8, stride], 8)
                .layout()
                .is_f_contiguous()
        );
    }
}

#[test]
fn a_product_that_wraps_around_to_the_stride_is_not_contiguous() {
    let len = (1 << (usize::BITS - 3)) + 1;
    assert!(
        !View::new(0, &[2, len], &[8, 8], 8)
            .layout()
            .is_c_contiguous()
    );
    assert!(
        !View::new(0, &[len, 2], &[8, 8], 8)
            .layout()
            .is_f_contiguous()
    );
}

#[test]
fn alignment_takes_the_address_and_the_strides() {
    let aligned = |addr, stride| {
        View::new(addr, &[3], &[stride], 8)
            .layout()
            .is_aligned_to(8)
    };
    assert!(aligned(64, 8));
    assert!(aligned(64, -24));
    assert!(aligned(64, 0));
    assert!(!aligned(66, 8));
    assert!(!aligned(64, 12));
    assert!(!aligned(64, -12));
    assert!(View::new(65, &[3], &[3], 3).layout().is_aligned_to(1));
}

#[test]
fn strides_of_a_packed_record_field_do_not_divide() {
    // A field of 8 bytes in an item of 12.
    let view = View::base(&[5], 12).field(4, 8);
    assert!(!view.layout().strides_divide_by(8));
    assert!(view.layout().strides_divide_by(4));
    assert!(View::new(0, &[5], &[-24], 8).layout().strides_divide_by(8));
    assert!(!View::new(0, &[5], &[8], 8).layout().strides_divide_by(0));
}

// ---- Spans ----

#[test]
fn negative_strides_extend_the_span_downwards() {
    let view = View::new(1000, &[3, 4], &[-100, 8], 8);
    assert_eq!(
        view.layout().span(),
        Span {
            start: 800,
            end: 1032
        }
    );
}

#[test]
fn a_layout_that_wraps_around_the_address_space_spans_everything() {
    for stride in [isize::MAX, isize::MIN, 1 << 62, -(1 << 62)] {
        let view = View::new(1 << 20, &[9, 9], &[stride, 8], 8);
        assert_eq!(view.layout().span(), Span::EVERYTHING);
        assert!(view.overlaps(&View::base(&[1], 1)));
        assert!(view.overlaps_itself());
    }
    assert_eq!(
        View::new(usize::MAX, &[], &[], 1).layout().span(),
        Span::EVERYTHING
    );
    assert_eq!(Footprint::block(usize::MAX, 8).span(), Span::EVERYTHING);
}

#[test]
fn a_layout_longer_than_any_allocation_counts_as_solid() {
    let view = View::new(0, &[2], &[isize::MAX], 8);
    assert_eq!(
        view.layout().span(),
        Span {
            start: 0,
            end: isize::MAX as usize + 8
        }
    );
    assert!(view.overlaps(&View::base(&[1], 1)));
    assert!(view.overlaps(&View::new(1 << 20, &[4], &[16], 8)));
    assert!(view.overlaps_itself());
}

#[test]
fn items_of_no_bytes_cover_nothing() {
    let view = View::new(1000, &[5], &[16], 0);
    assert_eq!(
        view.layout().span(),
        Span {
            start: 1000,
            end: 1000
        }
    );
    assert!(!view.overlaps_itself());
    assert!(!view.overlaps(&View::new(900, &[50], &[8], 8)));
    assert!(!view.overlaps(&view));
}

// ---- Overlap of two arrays ----

#[test]
fn a_zero_dimensional_view_overlaps_its_base() {
    let base = View::base(&[4, 5], 8);
    assert!(base.overlaps(&base.clone().index(0, 2).index(0, 3)));
    assert!(
        !base
            .clone()
            .index(0, 0)
            .overlaps(&base.index(0, 2).index(0, 3))
    );
}

#[test]
fn an_empty_view_overlaps_nothing() {
    let base = View::base(&[10], 8);
    let empty = base.clone().slice(0, 5, 1, 0);
    assert!(!base.overlaps(&empty));
    assert!(!empty.overlaps(&empty));
    let sparse = base.clone().slice(0, 0, 3, 4);
    assert!(!sparse.overlaps(&empty));
    let nothing = Footprint::block(base.addr + 8, 0);
    assert!(!base.with_footprint(|base| nothing.overlaps(base)));
}

#[test]
fn neighbouring_blocks_do_not_overlap() {
    let base = View::base(&[10, 3], 8);
    let (top, bottom) = (
        base.clone().slice(0, 0, 1, 5),
        base.clone().slice(0, 5, 1, 5),
    );
    assert!(!top.overlaps(&bottom));
    assert!(top.overlaps(&base.slice(0, 4, 1, 5)));
}

#[test]
fn real_and_imaginary_parts_do_not_overlap() {
    let base = View::base(&[6, 7], 16);
    let (real, imag) = (base.clone().field(0, 8), base.clone().field(8, 8));
    assert!(!real.overlaps(&imag));
    assert!(!real.transpose().overlaps(&imag.slice(1, 6, -1, 7)));
}

#[test]
fn a_complex_array_overlaps_its_imaginary_part() {
    let base = View::base(&[6, 7], 16);
    assert!(base.overlaps(&base.clone().field(8, 8)));
    assert!(
        base.clone()
            .slice(0, 0, 2, 3)
            .overlaps(&base.field(8, 8).slice(0, 0, 3, 2))
    );
}

#[test]
fn even_and_odd_elements_do_not_overlap() {
    let base = View::base(&[100], 8);
    let even = base.clone().slice(0, 0, 2, 50);
    assert!(!even.overlaps(&base.clone().slice(0, 1, 2, 50)));
    assert!(!even.overlaps(&base.clone().slice(0, 99, -2, 50)));
    assert!(even.overlaps(&base.clone().slice(0, 1, 3, 33)));
    assert!(even.overlaps(&base));
}

#[test]
fn halves_of_a_reinterpreted_array_overlap_only_whole_elements() {
    let base = View::base(&[10], 8);
    let low = base.clone().view_as(4).slice(0, 0, 2, 10);
    let high = base.clone().view_as(4).slice(0, 1, 2, 10);
    assert!(!low.overlaps(&high));
    assert!(base.overlaps(&high));
    assert!(
        !base
            .clone()
            .slice(0, 0, 2, 5)
            .overlaps(&high.clone().slice(0, 1, 2, 5))
    );
    assert!(base.slice(0, 0, 2, 5).overlaps(&high.slice(0, 0, 2, 5)));
}

#[test]
fn column_blocks_do_not_overlap() {
    let base = View::base(&[1000, 10], 8);
    let left = base.clone().slice(1, 0, 1, 5);
    let right = base.clone().slice(1, 5, 1, 5);
    assert!(!left.overlaps(&right));
    assert!(
        !left
            .clone()
            .transpose()
            .overlaps(&right.slice(0, 999, -1, 1000))
    );
    assert!(left.overlaps(&base.slice(1, 4, 1, 5)));
}

#[test]
fn tiles_of_an_image_do_not_overlap() {
    let image = View::base(&[64, 64, 3], 1);
    let tile = |y, x| image.clone().slice(0, y, 1, 16).slice(1, x, 1, 16);
    assert!(!tile(0, 0).overlaps(&tile(0, 16)));
    assert!(!tile(0, 0).overlaps(&tile(16, 0)));
    assert!(tile(0, 0).overlaps(&tile(15, 15)));
}

#[test]
fn channels_of_an_image_do_not_overlap() {
    let image = View::base(&[480, 640, 3], 1);
    let (red, green) = (image.clone().index(2, 0), image.clone().index(2, 1));
    assert!(!red.overlaps(&green));
    assert!(image.overlaps(&green));
    assert!(!red.slice(0, 0, 2, 240).overlaps(&green.slice(0, 0, 3, 160)));
}

#[test]
fn a_diagonal_overlaps_exactly_the_tiles_it_crosses() {
    let base = View::base(&[50, 50], 8);
    let diagonal = View::new(base.addr, &[50], &[51 * 8], 8);
    assert!(diagonal.overlaps(&base.clone().slice(0, 10, 1, 10).slice(1, 19, 1, 10)));
    assert!(!diagonal.overlaps(&base.slice(0, 10, 1, 10).slice(1, 20, 1, 10)));
}

#[test]
fn a_broadcast_array_covers_the_bytes_of_its_base() {
    let base = View::base(&[6], 8);
    let broadcast = base.clone().insert_axis(0, usize::MAX, 0);
    assert!(broadcast.overlaps(&base));
    assert!(is_block(&broadcast));
    let even = base.clone().slice(0, 0, 2, 3).insert_axis(1, 1000, 0);
    assert!(!even.overlaps(&base.slice(0, 1, 2, 3)));
}

#[test]
fn arrays_without_gaps_are_blocks_in_every_order_of_their_axes() {
    let base = View::base(&[2, 3, 4, 5, 6, 7], 8);
    assert!(is_block(&base));
    assert!(is_block(&base.clone().transpose()));
    assert!(is_block(
        &base.clone().slice(2, 3, -1, 4).slice(4, 5, -1, 6)
    ));
    // Windows slid along an array overlap each other and leave no gaps either.
    assert!(is_block(&View::new(1 << 16, &[8, 3], &[8, 8], 8)));
    assert!(!is_block(&base.slice(5, 0, 2, 3)));
}

#[test]
fn axes_that_continue_each_other_are_one() {
    let base = View::base(&[4, 6, 10, 3], 8);
    assert_eq!(count_axes(&base.clone().index(3, 0)), 1);
    assert_eq!(
        count_axes(&base.clone().index(3, 0).slice(2, 8, -2, 5).transpose()),
        1
    );
    assert_eq!(count_axes(&base.clone().slice(2, 0, 2, 5)), 1);
    assert_eq!(count_axes(&base.clone().slice(2, 0, 3, 3)), 2);
    assert_eq!(
        count_axes(&View::base(&[3; 8], 1).slice(1, 0, 2, 2).slice(3, 0, 2, 2)),
        4
    );
    let mut gaps = View::base(&[3; 10], 1);
    for axis in (1..10).step_by(2) {
        gaps = gaps.slice(axis, 0, 2, 2);
    }
    assert_eq!(count_axes(&gaps), 10);
    assert!(gaps.overlaps(&gaps));
    for shift in [1, 4, 27, 243] {
        let moved = View {
            addr: gaps.addr + shift,
            ..gaps.clone()
        };
        assert!(gaps.overlaps(&moved) || !gaps.truly_overlaps(&moved));
    }
}

#[test]
fn a_footprint_of_as_many_axes_as_it_holds_is_exact_and_of_more_covers_no_less() {
    for ndim in 1..=FOOTPRINT_AXES + 2 {
        let shape = vec![2; ndim];
        let strides: Vec<_> = (0..ndim as u32).map(|axis| 5_isize.pow(axis) * 3).collect();
        let view = View::new(1 << 16, &shape, &strides, 1);
        for shift in 0..2 * 3 * 5_usize.pow(ndim as u32 - 1) {
            let moved = View {
                addr: view.addr + shift,
                ..view.clone()
            };
            let (answer, truth) = (view.overlaps(&moved), view.truly_overlaps(&moved));
            assert!(answer || !truth);
            assert!(answer == truth || ndim > FOOTPRINT_AXES);
        }
    }
}

#[test]
fn a_footprint_survives_the_way_through_its_parts() {
    let base = View::base(&[4, 6, 10, 3], 8);
    let view = base.slice(0, 3, -2, 2).slice(2, 1, 3, 3).field(4, 2);
    view.with_footprint(check_parts);
}

fn check_parts(footprint: &Footprint<'_>) {
    let mut axes = footprint.axes().to_vec();
    let same = Footprint::from_parts(footprint.span(), footprint.width(), &mut axes);
    assert_eq!(same, *footprint);
    let axes = footprint.axes().to_vec();
    // Numbers that contradict each other cover the whole span.
    let endless = Axis {
        stride: usize::MAX,
        len: usize::MAX,
    };
    for (width, mut axes) in [
        (footprint.width() + 1, axes),
        (1, vec![endless; 3]),
        (1, vec![Axis { len: 0, ..endless }]),
        (1, vec![Axis::NONE; 99]),
        (0, vec![]),
    ] {
        let wrong = Footprint::from_parts(footprint.span(), width, &mut axes);
        assert_eq!(wrong.width(), footprint.span().len());
        assert!(wrong.axes().is_empty());
    }
}

#[test]
fn slices_with_coprime_steps_of_a_long_array_are_answered_exactly() {
    // Stepping through the rows of one of these one by one would exhaust every limit.
    let base = View::base(&[10_000_000, 1000, 10], 8);
    let a = base
        .clone()
        .slice(0, 0, 2, 5_000_000)
        .slice(1, 0, 3, 333)
        .slice(2, 0, 2, 2);
    let b = base.clone().slice(0, 1, 3, 3_333_333).slice(1, 0, 2, 500);
    assert!(!a.overlaps(&b.clone().slice(2, 5, 3, 2)));
    assert!(a.overlaps(&b.slice(2, 2, 3, 2)));
}

// ---- Overlap of an array with itself ----

#[test]
fn ordinary_views_do_not_overlap_themselves() {
    let base = View::base(&[6, 7, 8], 16);
    assert!(!base.overlaps_itself());
    assert!(!base.clone().transpose().overlaps_itself());
    assert!(
        !base
            .clone()
            .slice(1, 6, -2, 4)
            .field(8, 8)
            .overlaps_itself()
    );
    assert!(!base.slice(2, 0, 3, 3).index(1, 2).overlaps_itself());
}

#[test]
fn broadcast_arrays_overlap_themselves_unless_they_hold_one_element() {
    let base = View::base(&[6], 8);
    assert!(base.clone().insert_axis(0, 2, 0).overlaps_itself());
    assert!(!base.clone().insert_axis(0, 1, 0).overlaps_itself());
    assert!(!base.insert_axis(0, 0, 0).overlaps_itself());
}

#[test]
fn sliding_windows_overlap_themselves() {
    assert!(View::new(1 << 16, &[8, 3], &[8, 8], 8).overlaps_itself());
    assert!(View::new(1 << 16, &[8, 3], &[16, 8], 8).overlaps_itself());
    assert!(!View::new(1 << 16, &[8, 2], &[16, 8], 8).overlaps_itself());
}

#[test]
fn elements_wider_than_their_stride_overlap() {
    assert!(View::new(1 << 16, &[2], &[4], 8).overlaps_itself());
    assert!(View::new(1 << 16, &[2], &[-7], 8).overlaps_itself());
    assert!(!View::new(1 << 16, &[2], &[-8], 8).overlaps_itself());
}

#[test]
fn interleaved_strides_that_never_meet_do_not_overlap() {
    // 16 i + 24 j for i < 3 and j < 2 is 0, 16, 32, 24, 40, 56.
    assert!(!View::new(1 << 16, &[3, 2], &[16, 24], 8).overlaps_itself());
    assert!(View::new(1 << 16, &[4, 3], &[16, 24], 8).overlaps_itself());
}

// ---- Limits ----

#[test]
fn sixty_four_axes_are_handled() {
    let shape = [2; 64];
    let wide: Vec<isize> = (0..64).map(|axis| 1_isize.wrapping_shl(axis)).collect();
    let fits: Vec<isize> = (0..64)
        .map(|axis| if axis < 40 { 1 << axis } else { 0 })
        .collect();
    let odd: Vec<isize> = (0..64)
        .map(|axis| 1000 * axis * axis + 77 * axis + 10_001)
        .collect();
    let negative: Vec<isize> = odd.iter().map(|stride| -stride).collect();
    let views = [wide, fits, odd, negative].map(|s| View::new(1 << 62, &shape, &s, 1));
    for view in &views {
        assert!(view.layout().span().len() > 1 << 20);
        assert!(view.overlaps_itself());
        for other in &views {
            assert!(view.overlaps(other));
        }
    }
    assert!(!View::new(0, &[1; 64], &[isize::MAX; 64], 8).overlaps_itself());
    // Three bytes apart, so that nothing merges.
    let sparse: Vec<isize> = (0..30).map(|axis| 4_isize.pow(axis)).collect();
    let sparse = View::new(1 << 20, &[2; 30], &sparse, 1);
    assert!(!sparse.overlaps_itself());
}

#[test]
fn more_axes_than_numpy_allows_do_not_panic() {
    let view = View::new(1 << 20, &[2; 100], &[24; 100], 8);
    assert!(view.overlaps_itself());
    assert!(view.overlaps(&view));
}

#[test]
fn extreme_numbers_do_not_panic() {
    let lens = [0, 1, 2, 3, usize::MAX / 2, usize::MAX - 1, usize::MAX];
    let strides = [
        isize::MIN,
        isize::MIN + 1,
        -8,
        -1,
        0,
        1,
        8,
        isize::MAX - 1,
        isize::MAX,
    ];
    let addrs = [
        0,
        1,
        1 << 40,
        isize::MAX as usize,
        usize::MAX - 8,
        usize::MAX,
    ];
    let mut views = Vec::new();
    for addr in addrs {
        for len in lens {
            for stride in strides {
                for itemsize in [0, 1, 16, isize::MAX as usize, usize::MAX] {
                    views.push(View::new(addr, &[len], &[stride], itemsize));
                    views.push(View::new(
                        addr,
                        &[len, 3],
                        &[stride, -stride.saturating_abs()],
                        itemsize,
                    ));
                    views.push(View::new(addr, &[2, 5, len], &[24, 56, stride], itemsize));
                }
            }
        }
    }
    let probes: Vec<_> = views.iter().step_by(97).collect();
    for view in &views {
        let layout = view.layout();
        let _ = (
            layout.len(),
            layout.is_aligned_to(8),
            layout.strides_divide_by(8),
        );
        let _ = (
            layout.is_c_contiguous(),
            layout.is_f_contiguous(),
            layout.overlaps_itself(),
        );
        let span = layout.span();
        assert!(span.start <= span.end);
        assert_eq!(view.with_footprint(|footprint| footprint.span()), span);
        view.with_footprint(Comb::of);
        assert_eq!(view.overlaps(view), span.len() > 0);
        for probe in &probes {
            view.overlaps(probe);
        }
    }
}

#[test]
fn a_search_that_gives_up_answers_that_there_may_be_an_overlap() {
    // All strides are close to a million and share no divisor. The sums of a thousand of them lie
    // near whole millions, so these two do not overlap, but the search has no way to see that.
    let strides: Vec<isize> = (0..20)
        .map(|axis| 1_000_000 + 6 * axis + axis % 2)
        .collect();
    let view = View::new(1 << 40, &[50; 20], &strides, 1);
    let other = View {
        addr: view.addr + 500_000,
        ..view.clone()
    };
    assert!(view.overlaps(&other));
}

#[test]
fn strides_with_a_common_divisor_never_meet_between_its_multiples() {
    let strides: Vec<isize> = (0..FOOTPRINT_AXES as isize)
        .map(|axis| 8 * (1_000_000 + 6 * axis + axis % 2))
        .collect();
    let real = View::new(1 << 40, &[50; FOOTPRINT_AXES], &strides, 4);
    let imag = View {
        addr: real.addr + 4 + 8 * 7_777_777,
        ..real.clone()
    };
    assert!(!real.overlaps(&imag));
}

/// Combs tell of views that they share no byte only where that is so, also of what is joined.
fn check_combs(views: [View; 3]) {
    let [a, b, c] = views.each_ref().map(|view| view.with_footprint(Comb::of));
    let misses = |one: Option<Comb>, other: Option<Comb>| {
        one.zip(other)
            .is_some_and(|(one, other)| one.misses(&other))
    };
    let [one, other, third] = &views;
    assert_eq!(misses(a, b), misses(b, a));
    assert!(!misses(a, b) || !one.truly_overlaps(other));
    let both = a.zip(b).and_then(|(a, b)| a.and(&b));
    assert!(!misses(both, c) || !one.truly_overlaps(third) && !other.truly_overlaps(third));
}

#[test]
fn columns_are_told_apart_by_their_combs() {
    let base = View {
        addr: 100 * 800,
        ..View::base(&[10, 100], 8)
    };
    let columns: Vec<_> = (0..100).map(|i| base.clone().index(1, i)).collect();
    let combs: Vec<_> = columns
        .iter()
        .map(|view| view.with_footprint(Comb::of).expect("columns have gaps"))
        .collect();
    for (i, one) in combs.iter().enumerate() {
        for (j, other) in combs.iter().enumerate() {
            assert_eq!(one.misses(other), i != j);
        }
    }
    let left = combs[..50]
        .iter()
        .copied()
        .reduce(|a, b| a.and(&b).expect("one period"));
    let left = left.expect("there are some");
    // So have those on both sides of where a period begins.
    let around = combs[80]
        .and(&combs[99])
        .and_then(|comb| comb.and(&combs[0]));
    let around = around.expect("one period");
    assert!(around.misses(&combs[40]) && !around.misses(&combs[90]));
    for (i, comb) in combs.iter().enumerate() {
        assert_eq!(left.misses(comb), i >= 50);
    }
    // A block of columns has a comb as well, but not what has no gaps that recur.
    let block = base.clone().slice(1, 20, 1, 30).with_footprint(Comb::of);
    assert!(block.is_some_and(|block| block.misses(&combs[50]) && !block.misses(&combs[49])));
    assert_eq!(base.with_footprint(Comb::of), None);
}

// ---- Properties ----

/// One step from an array to a view of it. Numbers are reduced to what the array allows.
#[derive(Clone, Debug)]
enum Step {
    Slice {
        axis: usize,
        start: usize,
        step: usize,
        len: usize,
        backwards: bool,
    },
    Index {
        axis: usize,
        index: usize,
    },
    Field {
        offset: usize,
        size: usize,
    },
    NewAxis {
        axis: usize,
    },
    Swap {
        one: usize,
        other: usize,
    },
    Broadcast {
        axis: usize,
        len: usize,
    },
}

impl Step {
    fn apply(&self, view: View) -> View {
        let axes = view.shape.len();
        match *self {
            Self::Slice {
                axis,
                start,
                step,
                len,
                backwards,
            } if axes > 0 => {
                let axis = axis % axes;
                let Some(last) = view.shape[axis].checked_sub(1) else {
                    return view;
                };
                let start = start % (last + 1);
                let room = if backwards { start } else { last - start };
                let len = len.min(room / step + 1);
                let step = isize::try_from(step).expect("small");
                view.slice(axis, start, if backwards { -step } else { step }, len)
            }
            Self::Index { axis, index } if axes > 0 && !view.layout().is_empty() => {
                let axis = axis % axes;
                let index = index % view.shape[axis];
                view.index(axis, index)
            }
            Self::Field { offset, size } => {
                let offset = offset % view.itemsize;
                let size = size.min(view.itemsize - offset);
                view.field(offset, size)
            }
            Self::NewAxis { axis } if axes < 4 => view.insert_axis(axis % (axes + 1), 1, -5),
            Self::Swap { one, other } if axes > 0 => {
                let mut view = view;
                view.shape.swap(one % axes, other % axes);
                view.strides.swap(one % axes, other % axes);
                view
            }
            Self::Broadcast { axis, len } if axes < 4 => {
                view.insert_axis(axis % (axes + 1), len, 0)
            }
            _ => view,
        }
    }
}

/// A step that leads from an array to a part of it.
fn part() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4_usize, 0..6_usize, 1..4_usize, 0..12_usize, any::<bool>()).prop_map(
            |(axis, start, step, len, backwards)| Step::Slice {
                axis,
                start,
                step,
                len: if len == 0 { 0 } else { len.max(2) },
                backwards,
            }
        ),
        1 => (0..4_usize, 0..6_usize).prop_map(|(axis, index)| Step::Index { axis, index }),
        1 => (0..8_usize, 1..8_usize).prop_map(|(offset, size)| Step::Field { offset, size }),
        1 => (0..4_usize).prop_map(|axis| Step::NewAxis { axis }),
        2 => (0..4_usize, 0..4_usize).prop_map(|(one, other)| Step::Swap { one, other }),
    ]
}

/// A step that may also repeat elements.
fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => part(),
        1 => (0..4_usize, 0..3_usize).prop_map(|(axis, len)| Step::Broadcast { axis, len }),
    ]
}

fn base() -> impl Strategy<Value = View> {
    (
        prop::collection::vec(1..=6_usize, 0..=4),
        prop::sample::select(vec![1_usize, 2, 8, 12]),
    )
        .prop_map(|(shape, itemsize)| View::base(&shape, itemsize))
}

fn view_of(base: View, steps: &[Step]) -> View {
    steps.iter().fold(base, |view, step| step.apply(view))
}

/// A base and two views of it, each a part of it.
fn two_parts() -> impl Strategy<Value = (View, View)> {
    let steps = || prop::collection::vec(part(), 0..6);
    (base(), steps(), steps())
        .prop_map(|(base, one, other)| (view_of(base.clone(), &one), view_of(base, &other)))
}

/// A view as only `as_strided` makes it.
fn strided() -> impl Strategy<Value = View> {
    let axis = (0..=5_usize, -60..=60_isize);
    (
        prop::collection::vec(axis, 0..=4),
        0..200_usize,
        1..=9_usize,
    )
        .prop_map(|(axes, offset, itemsize)| {
            let (shape, strides): (Vec<_>, Vec<_>) = axes.into_iter().unzip();
            View::new((1 << 16) + offset, &shape, &strides, itemsize)
        })
}

fn any_view() -> impl Strategy<Value = View> {
    let chain = (base(), prop::collection::vec(any_step(), 0..6))
        .prop_map(|(base, steps)| view_of(base, &steps));
    prop_oneof![chain, strided()]
}

/// How one axis of a large array is sliced: first index, step, number of indices.
type Range = (usize, usize, usize);

/// The length of an axis and two slices of it.
fn long_axis() -> impl Strategy<Value = (usize, Range, Range)> {
    prop_oneof![2..10_usize, 10..20_000_usize].prop_flat_map(|len| {
        let range = || {
            (0..len.min(20), 1..8_usize, any::<bool>()).prop_map(move |(start, step, half)| {
                let count = (len - 1 - start) / step + 1;
                (start, step, if half { count.div_ceil(2) } else { count })
            })
        };
        (Just(len), range(), range())
    })
}

fn ranges_meet((start, step, count): Range, (start2, step2, count2): Range) -> bool {
    let (end, end2) = (start + step * count, start2 + step2 * count2);
    (start.max(start2)..end.min(end2)).any(|i| (i - start) % step == 0 && (i - start2) % step2 == 0)
}

/// A number of up to 64 bits, with all lengths equally likely.
fn any_number() -> impl Strategy<Value = usize> {
    (any::<usize>(), 0..usize::BITS).prop_map(|(number, shift)| number >> shift)
}

/// A view whose numbers are arbitrary.
fn wild() -> impl Strategy<Value = View> {
    let stride = (any_number(), any::<bool>()).prop_map(|(size, negative)| {
        let stride = isize::try_from(size).unwrap_or(isize::MIN);
        if negative {
            stride.wrapping_neg()
        } else {
            stride
        }
    });
    (
        any_number(),
        prop::collection::vec((any_number(), stride), 0..8),
        any_number(),
    )
        .prop_map(|(addr, axes, itemsize)| {
            let (shape, strides): (Vec<_>, Vec<_>) = axes.into_iter().unzip();
            View::new(addr, &shape, &strides, itemsize)
        })
}

/// A view with many elements and strides of any size up to those that just fit in memory, and one
/// of its elements.
fn large() -> impl Strategy<Value = (View, usize)> {
    let axis = (2..2000_usize, any::<prop::sample::Index>());
    (
        prop::collection::vec(axis, 1..7),
        4..45_u32,
        any::<u64>(),
        1..9_usize,
    )
        .prop_map(|(axes, bits, seed, itemsize)| {
            let (shape, chosen): (Vec<_>, Vec<_>) = axes.into_iter().unzip();
            let stride = |axis: usize| {
                let mixed = (seed ^ axis as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let size = isize::try_from(mixed >> (64 - bits)).expect("small");
                if seed >> axis & 1 == 0 {
                    size + 1
                } else {
                    -size - 1
                }
            };
            let strides: Vec<_> = (0..shape.len()).map(stride).collect();
            let view = View::new(1 << 60, &shape, &strides, itemsize);
            let mut element = view.clone();
            for index in chosen.iter().rev() {
                let axis = element.shape.len() - 1;
                let index = index.index(element.shape[axis]);
                element = element.index(axis, index);
            }
            (view, element.addr)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn overlap_of_two_parts_of_an_array_is_exact((one, other) in two_parts()) {
        prop_assert_eq!(one.overlaps(&other), one.truly_overlaps(&other));
    }

    #[test]
    fn parts_of_an_array_do_not_overlap_themselves((one, _) in two_parts()) {
        prop_assert!(!one.overlaps_itself());
    }

    /// On arrays this small the search never has to give up, so this can ask for exact answers
    /// even of strides that no slicing produces.
    #[test]
    fn overlap_of_small_arrays_is_exact(one in any_view(), other in any_view()) {
        prop_assert_eq!(one.overlaps(&other), one.truly_overlaps(&other));
    }

    #[test]
    fn overlap_of_a_small_array_with_itself_is_exact(view in any_view()) {
        prop_assert_eq!(view.overlaps_itself(), view.truly_overlaps_itself());
    }

    /// Two slices of an array meet exactly if their indices meet on every axis, which needs no
    /// brute force over elements.
    #[test]
    fn overlap_of_slices_of_a_large_array_is_exact(
        axes in prop::collection::vec(long_axis(), 1..=4),
        bytes in (0..8_usize, 1..=8_usize),
        bytes2 in (0..8_usize, 1..=8_usize),
    ) {
        let shape: Vec<_> = axes.iter().map(|&(len, ..)| len).collect();
        let field = |view: View, (offset, size): (usize, usize)| {
            view.field(offset, size.min(8 - offset))
        };
        let mut one = field(View::base(&shape, 8), bytes);
        let mut other = field(View::base(&shape, 8), bytes2);
        let mut meet = bytes.0 < bytes2.0 + bytes2.1 && bytes2.0 < bytes.0 + bytes.1;
        for (axis, &(_, range, range2)) in axes.iter().enumerate() {
            let step = |step| isize::try_from(step).expect("small");
            one = one.slice(axis, range.0, step(range.1), range.2);
            other = other.slice(axis, range2.0, step(range2.1), range2.2);
            meet &= ranges_meet(range, range2);
        }
        prop_assert_eq!(one.overlaps(&other), meet);
        prop_assert_eq!(one.overlaps(&other.transpose()), meet);
        prop_assert!(!one.overlaps_itself());
    }

    #[test]
    fn combs_that_miss_each_other_share_no_byte((one, other) in two_parts(), (_, third) in two_parts()) {
        check_combs([one, other, third]);
    }

    #[test]
    fn the_span_runs_from_the_lowest_byte_to_the_highest(view in any_view()) {
        let bytes = view.bytes();
        let span = match (bytes.first(), bytes.last()) {
            (Some(&first), Some(&last)) => Span { start: first, end: last + 1 },
            _ => Span { start: view.addr, end: view.addr },
        };
        prop_assert_eq!(view.layout().span(), span);
        prop_assert_eq!(view.with_footprint(|footprint| footprint.span()), span);
    }

    #[test]
    fn contiguous_means_that_addresses_count_up_by_one_item(view in any_view()) {
        let steps_by_item = |view: &View| {
            view.addresses().windows(2).all(|pair| pair[0] + view.itemsize == pair[1])
        };
        prop_assert_eq!(view.layout().is_c_contiguous(), steps_by_item(&view));
        prop_assert_eq!(view.layout().is_f_contiguous(), steps_by_item(&view.clone().transpose()));
    }

    #[test]
    fn aligned_means_that_every_address_is(view in any_view(), power in 0..5_u32) {
        let align = 1_usize << power;
        let aligned = view.addresses().iter().all(|addr| addr % align == 0);
        prop_assert_eq!(view.layout().is_aligned_to(align), aligned);
    }

    #[test]
    fn strides_divide_if_all_distances_do(view in any_view(), size in 1..20_usize) {
        let addresses = view.addresses();
        let divide = addresses.iter().all(|addr| addr.abs_diff(view.addr) % size == 0);
        prop_assert_eq!(view.layout().strides_divide_by(size), divide);
    }

    #[test]
    fn the_length_counts_the_elements(view in any_view()) {
        prop_assert_eq!(view.layout().len(), view.addresses().len());
        prop_assert_eq!(view.layout().is_empty(), view.addresses().is_empty());
    }

    #[test]
    fn overlap_of_two_long_lines_is_exact(
        strides in (1..3000_isize, 1..3000_isize),
        lens in (2..300_usize, 2..300_usize),
        offset in 0..100_000_usize,
        itemsizes in (1..9_usize, 1..9_usize),
    ) {
        let one = View::new(1 << 20, &[lens.0], &[strides.0], itemsizes.0);
        let other = View::new((1 << 20) + offset, &[lens.1], &[-strides.1], itemsizes.1);
        prop_assert_eq!(one.overlaps(&other), one.truly_overlaps(&other));
    }

    /// However hard the question is, "no" may only be the answer if it is true.
    #[test]
    fn large_arrays_that_share_a_byte_overlap(
        (one, element) in large(),
        (other, element2) in large(),
    ) {
        let moved = View { addr: other.addr + element - element2, ..other };
        prop_assert!(one.overlaps(&moved));
        let last = View { addr: moved.addr + one.itemsize - 1, ..moved.clone() };
        prop_assert!(one.overlaps(&last));
        let first = View { addr: moved.addr + 1 - moved.itemsize, ..moved };
        prop_assert!(one.overlaps(&first));
    }

    /// The extra axis leads from the first element to some other element.
    #[test]
    fn large_arrays_that_meet_themselves_overlap_themselves(
        (view, element) in large(),
        steps in 1..9_isize,
        axis in 0..3_usize,
    ) {
        let distance = element.wrapping_sub(view.addr) as isize;
        let steps = if distance % steps == 0 { steps } else { 1 };
        let len = steps.unsigned_abs() + 1;
        let axis = axis.min(view.shape.len());
        prop_assert!(view.insert_axis(axis, len, distance / steps).overlaps_itself());
    }

    #[test]
    fn no_parts_panic(
        numbers in prop::collection::vec(any_number(), 7),
        view in any_view(),
        tooth in any_number(),
    ) {
        let &[start, end, width, s, n, t, m] = &numbers[..] else { unreachable!() };
        let mut axes = [Axis { stride: s, len: n }, Axis { stride: t, len: m }];
        let parts = Footprint::from_parts(Span { start, end }, width, &mut axes);
        let comb = Comb::from_parts(s, tooth);
        view.with_footprint(|footprint| {
            let _ = (parts.overlaps(footprint), footprint.overlaps(&parts), Comb::of(&parts));
            let _ = comb.zip(Comb::of(footprint)).map(|(a, b)| (a.misses(&b), a.and(&b)));
        });
    }

    #[test]
    fn no_layout_panics(one in wild(), other in wild()) {
        let layout = one.layout();
        let _ = (layout.len(), layout.is_aligned_to(8), layout.strides_divide_by(8));
        let _ = (layout.is_c_contiguous(), layout.is_f_contiguous(), layout.overlaps_itself());
        let _ = one.overlaps(&other);
        prop_assert_eq!(one.overlaps(&one), one.layout().span().len() > 0);
    }
}
