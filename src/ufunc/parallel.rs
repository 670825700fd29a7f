//! Loops on the threads of rayon's pool.

use std::ffi::c_int;
use std::hint::black_box;
use std::sync::atomic::{AtomicI32, Ordering};

use pyo3::prelude::*;

use crate::npyffi::{
    NPY_FPE_DIVIDEBYZERO, NPY_FPE_INVALID, NPY_FPE_OVERFLOW, NPY_FPE_UNDERFLOW, PY_UFUNC_API,
};
use crate::pool::{PARTS, for_each_part, remember_process, threads};
use crate::ufunc::call::{Call, Extent, Failure, Kernel};

/// What a ufunc needs to know to use the pool.
#[derive(Debug)]
pub(crate) struct Pool {
    /// Reads and clears the floating-point flags of the thread, attached or not.
    fp_errors: unsafe extern "C" fn() -> c_int,
}

/// A call that other threads look at.
struct Shared<'a>(&'a Call);

// SAFETY: each thread computes other elements of it, as `is_split_well` makes sure, and the caller waits.
unsafe impl Sync for Shared<'_> {}

impl Pool {
    pub(crate) fn new(py: Python<'_>) -> Self {
        remember_process();
        Self {
            // SAFETY: every NumPy has this function in this slot; it takes nothing.
            fp_errors: unsafe { PY_UFUNC_API.slot(py, 28) },
        }
    }

    /// In how many parts the call is to be computed; one if it is to stay on the thread.
    ///
    /// # Safety
    ///
    /// The call is one for the kernel.
    pub(crate) unsafe fn parts(&self, kernel: &dyn Kernel, call: &Call, work: usize) -> usize {
        let threads = threads(work);
        // SAFETY: the caller's promise.
        if threads > 1 && is_split_well(&unsafe { kernel.extents(call) }, call.len()) {
            (PARTS * threads).min(call.len())
        } else {
            1
        }
    }

    /// Calls the function for all elements, each part of them on some thread of the pool.
    ///
    /// # Safety
    ///
    /// The call is one for the kernel, which needs no token, and [`parts`][Self::parts] says into how many to divide
    /// it.
    pub(crate) unsafe fn run(
        &self,
        kernel: &dyn Kernel,
        call: &Call,
        parts: usize,
    ) -> Result<(), Failure> {
        let len = call.len();
        let (shared, flags) = (Shared(call), AtomicI32::new(0));
        let done = for_each_part(parts, |part| {
            let Shared(call) = &shared;
            // Exact, as there are fewer elements than `isize` counts, and few parts.
            let bound = |part: usize| (len as u128 * part as u128 / parts as u128) as usize;
            let (start, end) = (bound(part), bound(part + 1));
            // SAFETY: it takes nothing.
            flags.fetch_or(unsafe { (self.fp_errors)() }, Ordering::Relaxed);
            // SAFETY: elements of the call, which no other thread computes.
            let done = unsafe { kernel.run_part(call, start..end) };
            // SAFETY: as above.
            flags.fetch_or(unsafe { (self.fp_errors)() }, Ordering::Relaxed);
            done.map_err(|failure| Failure {
                done: start + failure.done,
                ..failure
            })
        });
        raise_flags(flags.into_inner());
        done
    }
}

/// Whether different elements of the results are written to different memory, and no element of a result to
/// where another element of an argument is.
fn is_split_well(extents: &[Extent], len: usize) -> bool {
    extents
        .iter()
        .enumerate()
        .filter(|(_, one)| one.is_output)
        .all(|(n, output)| {
            let others = extents.iter().enumerate().filter(|(other, _)| *other != n);
            output.is_apart()
                && others
                    .into_iter()
                    .all(|(_, other)| output.is_in_place_of(other) || output.misses(other, len))
        })
}

/// Raises floating-point flags on this thread, by doing what raises them.
fn raise_flags(flags: c_int) {
    let has = |flag: c_int| flags & flag != 0;
    if has(NPY_FPE_DIVIDEBYZERO) {
        black_box(black_box(1.0) / black_box(0.0));
    }
    if has(NPY_FPE_OVERFLOW) {
        black_box(black_box(f64::MAX) * black_box(2.0));
    }
    if has(NPY_FPE_UNDERFLOW) {
        black_box(black_box(f64::MIN_POSITIVE) * black_box(f64::MIN_POSITIVE));
    }
    if has(NPY_FPE_INVALID) {
        black_box(black_box(f64::INFINITY) - black_box(f64::INFINITY));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_that_share_memory_are_not_split() {
        let extent = |start: usize, width: usize, step: isize, is_output| Extent {
            start,
            width,
            step,
            is_output,
        };
        let (a, b) = (extent(1000, 8, 8, false), extent(5000, 8, 8, false));
        let to = |start, width, step| extent(start, width, step, true);
        assert!(is_split_well(&[a, b, to(9000, 8, 8)], 100));
        assert!(is_split_well(&[a, b, to(1000, 8, 8)], 100));
        assert!(is_split_well(
            &[a, extent(2000, 8, 0, false), to(9792, 8, -8)],
            100
        ));
        // A reduction, one that shifts, results over each other, and two results in one place.
        assert!(!is_split_well(
            &[extent(9000, 8, 0, false), a, to(9000, 8, 0)],
            100
        ));
        assert!(!is_split_well(&[a, b, to(1008, 8, 8)], 100));
        assert!(!is_split_well(&[a, b, to(9000, 8, 4)], 100));
        assert!(!is_split_well(&[a, to(9000, 8, 8), to(9400, 8, 8)], 100));
        assert!(!is_split_well(&[a, to(1000, 8, 16)], 100));
        // Arrays as elements.
        assert!(is_split_well(
            &[extent(1000, 240, 240, false), to(90_000, 24, 24)],
            100
        ));
        assert!(!is_split_well(
            &[extent(1000, 240, 240, false), to(90_000, 24, 16)],
            100
        ));
    }
}
