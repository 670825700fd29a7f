//! What the table of borrows is made of. The model of it in `model.rs` replaces this file.

use std::thread;

pub(super) use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, fence};

/// The number of slots in one block of the table.
pub(super) const SLOTS: usize = 32;

/// The number of slots that have bounds of their own.
pub(super) const GROUP: usize = 8;

/// The number of threads that get a part of the table without an allocation.
pub(super) const SHARDS: usize = 8;

/// A function `new` that is constant, unless it makes the atomics of a model.
macro_rules! constructor {
    ($visibility:vis fn new() -> Self $body:block) => {
        #[allow(clippy::new_without_default)]
        $visibility const fn new() -> Self $body
    };
}

/// An array of values that are no constants.
macro_rules! array {
    [$value:expr; $len:expr] => { [const { $value }; $len] };
}

pub(super) use {array, constructor};

/// Waits for another thread, which is in the middle of a few instructions.
#[derive(Debug)]
pub(super) struct Patience {
    turns: u32,
}

impl Patience {
    /// A thread that takes longer is gone: a `fork` did not carry it over.
    const LIMIT: u32 = 1_000_000;

    pub(super) fn new() -> Self {
        Self { turns: 0 }
    }

    /// Waits a little; false if that was for too long.
    pub(super) fn wait(&mut self) -> bool {
        self.turns += 1;
        if self.turns < 100 {
            std::hint::spin_loop();
        } else {
            thread::yield_now();
        }
        self.turns < Self::LIMIT
    }
}
