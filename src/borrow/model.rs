//! The table of borrows under every order in which its threads can run.
//!
//! This compiles `table.rs` once more, with atomics that [`loom`] watches in the place of those of
//! the standard library. The bytes that are borrowed are cells in which loom finds every access
//! that is not ordered after one it conflicts with.

#![allow(clippy::unwrap_used)]

#[allow(dead_code, clippy::duplicate_mod)]
#[path = "table.rs"]
mod table;

/// What stands in for `sync.rs`.
mod sync {
    pub(super) use loom::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, fence};

    pub(super) const SLOTS: usize = 2;
    pub(super) const GROUP: usize = 2;
    /// So many that none is allocated: threads rank by addresses, which have to be the same in
    /// each run relative to each other.
    pub(super) const SHARDS: usize = 3;

    macro_rules! constructor {
        ($visibility:vis fn new() -> Self $body:block) => { $visibility fn new() -> Self $body };
    }

    macro_rules! array {
        [$value:expr; $len:expr] => { std::array::from_fn::<_, { $len }, _>(|_| $value) };
    }

    pub(super) use {array, constructor};

    #[derive(Debug)]
    pub(super) struct Patience;

    impl Patience {
        pub(super) fn new() -> Self {
            Self
        }

        pub(super) fn wait(&mut self) -> bool {
            loom::thread::yield_now();
            true
        }
    }
}

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread::{self, JoinHandle};

use self::table::Access::{self, Exclusive, Shared};
use self::table::{Conflict, Shard, Table, Token};
use crate::layout::{Axis, Footprint, Span};

/// The table and the memory of one run.
struct World {
    /// Lives as long as the world, whatever the type says.
    table: &'static Table,
    bytes: [UnsafeCell<u32>; 2],
}

// SAFETY: the cells are accessed under borrows only; that this is enough is what the tests are for,
// and loom checks every access.
unsafe impl Sync for World {}

impl World {
    /// Where the first of the cells pretends to be.
    const ADDRESS: usize = 1 << 16;
    const LEN: usize = 8;

    fn new() -> Arc<Self> {
        Arc::new(Self {
            table: Box::leak(Box::new(Table::new())),
            bytes: [UnsafeCell::new(0), UnsafeCell::new(0)],
        })
    }

    /// The bytes of one cell.
    fn one(index: usize) -> Footprint<'static> {
        Footprint::block(Self::ADDRESS + index * Self::LEN, Self::LEN)
    }

    /// The bytes of both cells.
    fn both() -> Footprint<'static> {
        Footprint::block(Self::ADDRESS, 2 * Self::LEN)
    }

    /// Every other byte of both cells.
    fn comb(phase: usize) -> Footprint<'static> {
        Self::comb_of(2, phase)
    }

    /// Some single bytes, `step` apart.
    fn comb_of(step: usize, phase: usize) -> Footprint<'static> {
        let axis = Axis {
            stride: step,
            len: Self::LEN,
        };
        let start = Self::ADDRESS + phase;
        let span = Span {
            start,
            end: start + step * (Self::LEN - 1) + 1,
        };
        Footprint::from_parts(span, 1, Box::leak(Box::new([axis])))
    }

    fn acquire(
        &self,
        shard: &'static Shard,
        footprint: &Footprint<'_>,
        access: Access,
    ) -> Result<Token<'static>, Conflict> {
        self.table.acquire(shard, footprint, access)
    }

    fn access(&self, index: usize, access: Access) {
        match access {
            // SAFETY: loom checks that no other access goes on.
            Shared => self.bytes[index].with(|cell| unsafe {
                cell.read();
            }),
            // SAFETY: loom checks that no other access goes on.
            Exclusive => self.bytes[index].with_mut(|cell| unsafe {
                *cell += 1;
            }),
        }
    }

    /// A thread that has a shard while it runs.
    fn spawn<T: 'static>(
        world: &Arc<Self>,
        work: impl FnOnce(&Self, &'static Shard) -> T + 'static,
    ) -> JoinHandle<T> {
        let world = Arc::clone(world);
        thread::spawn(move || {
            let shard = world.table.enter();
            let result = work(&world, shard);
            world.table.leave(shard);
            result
        })
    }

    /// What is borrowed in the end.
    fn all_is_free(&self) -> bool {
        let shard = self.table.enter();
        self.acquire(shard, &Self::both(), Exclusive)
            .map(Token::release)
            .is_ok()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let table = std::ptr::from_ref(self.table).cast_mut();
        // SAFETY: it was made by `Box::leak`, and all threads of this run have ended.
        drop(unsafe { Box::from_raw(table) });
    }
}

/// Runs a model, in which each thread is preempted so many times at most.
fn model(preemptions: usize, run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions + usize::from(is_stress_test()));
    builder.max_branches = 20_000;
    builder.max_duration = Some(Duration::from_secs(if is_stress_test() { 60 } else { 15 }));
    builder.check(run);
}

fn is_stress_test() -> bool {
    std::env::var_os("NPYO_STRESS").is_some()
}

/// Two threads borrow at once and keep what they get; how many got it.
fn race(footprints: [Footprint<'static>; 2], accesses: [Access; 2], granted: usize) {
    model(2, move || {
        let world = World::new();
        let threads: Vec<_> = std::iter::zip(footprints, accesses)
            .map(|(footprint, access)| {
                World::spawn(&world, move |world, shard| {
                    world.acquire(shard, &footprint, access).ok()
                })
            })
            .collect();
        let tokens: Vec<_> = threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(tokens.len(), granted);
        assert!(!world.all_is_free());
        tokens.into_iter().for_each(Token::release);
        assert!(world.all_is_free());
    });
}

#[test]
fn of_two_writers_exactly_one_is_granted() {
    race([World::one(0), World::both()], [Exclusive; 2], 1);
}

#[test]
fn of_a_reader_and_a_writer_exactly_one_is_granted() {
    race([World::one(0), World::both()], [Shared, Exclusive], 1);
    race([World::one(0), World::both()], [Exclusive, Shared], 1);
}

#[test]
fn two_readers_are_granted() {
    race([World::both(); 2], [Shared; 2], 2);
}

#[test]
fn two_writers_of_different_bytes_are_granted() {
    race([World::one(0), World::one(1)], [Exclusive; 2], 2);
    race([World::comb(0), World::comb(1)], [Exclusive; 2], 2);
}

#[test]
fn of_two_writers_of_interleaved_bytes_that_meet_exactly_one_is_granted() {
    race([World::comb(0), World::comb(2)], [Exclusive; 2], 1);
}

/// Threads borrow, use and release the memory; accesses that conflict are found by loom.
fn share(preemptions: usize, roles: &'static [(Access, usize)]) {
    model(preemptions, move || {
        let world = World::new();
        let threads: Vec<_> = roles
            .iter()
            .map(|&(access, turns)| {
                World::spawn(&world, move |world, shard| {
                    for _ in 0..turns {
                        if let Ok(token) = world.acquire(shard, &World::one(0), access) {
                            world.access(0, access);
                            token.release();
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert!(world.all_is_free());
    });
}

#[test]
fn what_a_writer_does_happens_before_or_after_what_another_does() {
    share(2, &[(Exclusive, 1), (Exclusive, 1)]);
}

#[test]
fn what_a_writer_does_happens_before_or_after_what_a_reader_does() {
    share(2, &[(Exclusive, 1), (Shared, 1)]);
}

/// The one model with more orders than there is time for; the first ones are tried.
#[test]
fn three_threads_agree_on_who_may_write() {
    share(1, &[(Exclusive, 1), (Exclusive, 1), (Shared, 1)]);
}

#[test]
fn a_range_is_never_read_half_from_one_use_of_a_slot_and_half_from_the_next() {
    model(2, || {
        let world = World::new();
        // Of the three, the outer ones are borrowed in turn, and the one in the middle is free.
        let around = World::spawn(&world, |world, shard| {
            for index in [0, 2] {
                let token = world.acquire(shard, &World::one(index), Exclusive);
                token.unwrap().release();
            }
        });
        let shard = world.table.enter();
        let between = world.acquire(shard, &World::one(1), Exclusive);
        between.unwrap().release();
        around.join().unwrap();
    });
}

#[test]
fn a_comb_is_never_read_half_from_one_use_of_a_block_and_half_from_the_next() {
    model(2, || {
        let world = World::new();
        // The last of these phases is beyond the period of the other two.
        let beside = World::spawn(&world, |world, shard| {
            for (step, phase) in [(2, 0), (64, 40)] {
                let comb = World::comb_of(step, phase);
                world.acquire(shard, &comb, Exclusive).unwrap().release();
            }
        });
        let shard = world.table.enter();
        let odd = world.acquire(shard, &World::comb(1), Exclusive);
        odd.unwrap().release();
        beside.join().unwrap();
    });
}

/// One thread borrows one cell after the other, in the same slot; another thread borrows the first.
fn reuse(order: [usize; 2]) {
    model(2, move || {
        let world = World::new();
        let other = World::spawn(&world, move |world, shard| {
            for index in order {
                if let Ok(token) = world.acquire(shard, &World::one(index), Exclusive) {
                    world.access(index, Exclusive);
                    token.release();
                }
            }
        });
        let shard = world.table.enter();
        if let Ok(token) = world.acquire(shard, &World::one(0), Exclusive) {
            world.access(0, Exclusive);
            token.release();
        }
        other.join().unwrap();
        assert!(world.all_is_free());
    });
}

#[test]
fn a_slot_that_is_used_again_meanwhile_is_read_as_one_or_the_other() {
    reuse([1, 0]);
}

#[test]
fn what_was_done_under_a_borrow_is_seen_though_its_slot_is_used_again() {
    reuse([0, 1]);
}

#[test]
fn what_was_done_under_a_borrow_that_another_thread_released_is_seen_as_well() {
    model(2, || {
        let world = World::new();
        let shard = world.table.enter();
        let token = world.acquire(shard, &World::one(0), Exclusive).unwrap();
        // This thread has no shard, by which others would see what it did.
        let theirs = Arc::clone(&world);
        let releasing = thread::spawn(move || {
            theirs.access(0, Exclusive);
            token.release();
        });
        let waiting = World::spawn(&world, |world, shard| {
            if let Ok(token) = world.acquire(shard, &World::one(0), Exclusive) {
                world.access(0, Exclusive);
                token.release();
            }
        });
        let token = world.acquire(shard, &World::one(1), Exclusive).unwrap();
        releasing.join().unwrap();
        waiting.join().unwrap();
        token.release();
    });
}

#[test]
fn another_thread_may_release_a_borrow() {
    model(2, || {
        let world = World::new();
        let shard = world.table.enter();
        let token = world.acquire(shard, &World::one(0), Exclusive).unwrap();
        world.access(0, Exclusive);
        let releasing = World::spawn(&world, move |world, _| {
            world.access(0, Exclusive);
            token.release();
        });
        let waiting = World::spawn(&world, |world, shard| {
            if let Ok(token) = world.acquire(shard, &World::both(), Shared) {
                world.access(0, Shared);
                token.release();
            }
        });
        // The thread that has the shard goes on using it.
        if let Ok(token) = world.acquire(shard, &World::one(0), Exclusive) {
            world.access(0, Exclusive);
            token.release();
        }
        releasing.join().unwrap();
        waiting.join().unwrap();
        assert!(world.all_is_free());
    });
}

#[test]
fn a_writer_that_goes_on_to_read_lets_readers_in_and_no_writer() {
    model(2, || {
        let world = World::new();
        let shard = world.table.enter();
        let token = world.acquire(shard, &World::one(0), Exclusive).unwrap();
        let reading = World::spawn(&world, |world, shard| {
            if let Ok(token) = world.acquire(shard, &World::one(0), Shared) {
                world.access(0, Shared);
                token.release();
            }
        });
        let writing = World::spawn(&world, |world, shard| {
            world.acquire(shard, &World::one(0), Exclusive).is_ok()
        });
        world.access(0, Exclusive);
        token.share();
        world.access(0, Shared);
        reading.join().unwrap();
        assert!(!writing.join().unwrap());
        token.release();
        assert!(world.all_is_free());
    });
}

#[test]
fn more_borrows_than_a_block_holds_are_found() {
    model(2, || {
        let world = World::new();
        let shard = world.table.enter();
        let borrow = || world.acquire(shard, &World::one(0), Shared).unwrap();
        let first = [borrow(), borrow()];
        let more = borrow();
        let other = World::spawn(&world, |world, shard| {
            let free = world.acquire(shard, &World::one(1), Exclusive);
            free.unwrap().release();
            assert!(world.acquire(shard, &World::one(0), Exclusive).is_err());
        });
        first[0].release();
        more.release();
        other.join().unwrap();
        // The block that this made is taken out of use again.
        let again = borrow();
        first[1].release();
        again.release();
    });
}

#[test]
fn a_thread_takes_over_the_shard_of_one_that_ended() {
    static SHARDS: AtomicUsize = AtomicUsize::new(0);
    model(2, || {
        let world = World::new();
        let first = World::spawn(&world, |world, shard| {
            let token = world.acquire(shard, &World::one(0), Exclusive).ok();
            if token.is_some() {
                world.access(0, Exclusive);
            }
            (token, std::ptr::from_ref(shard).addr())
        });
        let second = World::spawn(&world, |world, shard| {
            if let Ok(token) = world.acquire(shard, &World::one(0), Exclusive) {
                world.access(0, Exclusive);
                token.release();
            }
            std::ptr::from_ref(shard).addr()
        });
        let (token, one) = first.join().unwrap();
        let two = second.join().unwrap();
        if one == two {
            SHARDS.fetch_add(1, Ordering::Relaxed);
        }
        let third = World::spawn(&world, |world, shard| {
            // In the slot after, not in the one that is held.
            let token = world.acquire(shard, &World::one(1), Exclusive).unwrap();
            let first = world.acquire(shard, &World::one(0), Shared);
            (token, first.map(Token::release).is_ok())
        });
        let (other, is_free) = third.join().unwrap();
        assert_ne!(is_free, token.is_some());
        other.release();
        token.into_iter().for_each(Token::release);
        assert!(world.all_is_free());
    });
    assert_ne!(
        SHARDS.load(Ordering::Relaxed),
        0,
        "no order of the two was tried"
    );
}
