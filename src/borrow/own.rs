//! The table of this extension module, and which part of it belongs to the running thread.

use std::cell::Cell;
use std::sync::atomic::AtomicUsize;

use crate::borrow::table::{Access, Conflict, Shard, Table, Token};
use crate::layout::Footprint;

static TABLE: Table = Table::new();

thread_local! {
    static SHARD: Cell<Option<&'static Shard>> = const { Cell::new(None) };
    static LEAVING: Leaving = const { Leaving };
}

/// Gives the shard of a thread back when the thread ends.
struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some(shard) = SHARD.take() {
            TABLE.leave(shard);
        }
    }
}

/// Borrows bytes; the address of the token, never NULL.
#[inline]
pub(crate) fn acquire(
    footprint: &Footprint<'_>,
    access: Access,
) -> Result<*const AtomicUsize, Conflict> {
    let token = match SHARD.get() {
        Some(shard) => TABLE.acquire(shard, footprint, access),
        None => acquire_first(footprint, access),
    };
    token.map(Token::as_ptr)
}

/// The first borrow of a thread.
#[cold]
fn acquire_first(footprint: &Footprint<'_>, access: Access) -> Result<Token<'static>, Conflict> {
    let shard = TABLE.enter();
    let token = TABLE.acquire(shard, footprint, access);
    if LEAVING.try_with(|_| SHARD.set(Some(shard))).is_err() {
        // The thread is ending, and nobody else would give the shard back.
        TABLE.leave(shard);
    }
    token
}

/// Ends a borrow.
///
/// # Safety
///
/// The token is one of [`acquire`], and this is the one time that it is released.
#[inline]
pub(crate) unsafe fn release(token: *const AtomicUsize) {
    // SAFETY: the caller's promise, and the table is a static.
    unsafe { Token::from_ptr(token) }.release();
}

/// Turns a borrow to write into one to read.
///
/// # Safety
///
/// The token is one of [`acquire`] and has not been released.
pub(crate) unsafe fn share(token: *const AtomicUsize) {
    // SAFETY: the caller's promise, and the table is a static.
    unsafe { Token::from_ptr(token) }.share();
}

#[cfg(test)]
mod tests {
    use std::ptr;
    use std::sync::atomic::{AtomicI32, Ordering};
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use std::sync::{Mutex, PoisonError};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::layout::Layout;
    use Access::{Exclusive, Shared};

    /// Memory of the tests' own, which no array has.
    const PAGE: usize = 0x10_0000;

    fn borrow(start: usize, access: Access) -> Option<*const AtomicUsize> {
        acquire(&Footprint::block(start, 8), access).ok()
    }

    fn give_back(token: Option<*const AtomicUsize>) {
        // SAFETY: the tests give each token back once.
        unsafe { release(token.expect("it was granted")) };
    }

    #[test]
    fn one_writer_or_many_readers() {
        let first = borrow(PAGE, Shared);
        let second = borrow(PAGE + 4, Shared);
        assert!(borrow(PAGE, Exclusive).is_none());
        give_back(first);
        assert!(borrow(PAGE, Exclusive).is_none());
        give_back(second);
        let writer = borrow(PAGE, Exclusive);
        assert!(borrow(PAGE + 7, Shared).is_none());
        give_back(borrow(PAGE + 8, Exclusive));
        // SAFETY: it has not been released.
        unsafe { share(writer.expect("nothing is borrowed")) };
        give_back(borrow(PAGE + 7, Shared));
        assert!(borrow(PAGE + 7, Exclusive).is_none());
        give_back(writer);
    }

    /// Locked by tests that leave shards to each other in a state that the other does not expect.
    static SHARDS: Mutex<()> = Mutex::new(());

    #[test]
    fn slots_are_used_again() {
        let _lock = SHARDS.lock().unwrap_or_else(PoisonError::into_inner);
        let page = 2 * PAGE;
        let mut slots: Vec<_> = (0..1000)
            .map(|_| {
                let token = borrow(page, Exclusive);
                give_back(token);
                token
            })
            .collect();
        slots.sort_unstable();
        slots.dedup();
        assert!(slots.len() < 8, "{}", slots.len());
    }

    #[test]
    fn thousands_are_borrowed_at_once_and_released_in_any_order() {
        let page = 3 * PAGE;
        let writers: Vec<_> = (0..5000).map(|i| borrow(page + 8 * i, Exclusive)).collect();
        for i in 0..5000 {
            assert!(borrow(page + 8 * i + 3, Shared).is_none());
        }
        for part in 0..7 {
            for i in (part..5000).step_by(7) {
                give_back(writers[i]);
                give_back(borrow(page + 8 * i, Exclusive));
            }
        }
        give_back(acquire(&Footprint::block(page, 8 * 5000), Exclusive).ok());
    }

    #[test]
    fn a_borrow_outlives_its_thread_and_its_shard_serves_the_next() {
        let page = 4 * PAGE;
        let tokens: Vec<_> = (0..100)
            .map(|i| {
                let borrowing = thread::spawn(move || {
                    borrow(page + 8 * i, Exclusive).map(|token| token.expose_provenance())
                });
                borrowing.join().expect("it does not panic")
            })
            .collect();
        for i in 0..100 {
            assert!(borrow(page + 8 * i, Shared).is_none());
        }
        let releasing = thread::spawn(move || {
            for token in tokens {
                let address = token.expect("nothing else is borrowed there");
                give_back(Some(ptr::with_exposed_provenance(address)));
            }
        });
        releasing.join().expect("it does not panic");
        give_back(acquire(&Footprint::block(page, 800), Exclusive).ok());
    }

    #[test]
    fn a_thread_may_borrow_while_it_ends() {
        struct Late(usize);
        impl Drop for Late {
            fn drop(&mut self) {
                give_back(borrow(self.0, Exclusive));
            }
        }
        thread_local! {
            static LATE: Cell<Option<Late>> = const { Cell::new(None) };
        }
        let page = 5 * PAGE;
        let ending = thread::spawn(move || {
            LATE.set(Some(Late(page)));
            give_back(borrow(page, Exclusive));
        });
        ending.join().expect("it does not panic");
        give_back(borrow(page, Exclusive));
    }

    /// Who has each byte of the memory from `START` on: -1 stands for a writer, any other number for
    /// so many readers.
    ///
    /// The counts order nothing between the threads: that is what the borrows have to do.
    struct Witness(Vec<AtomicI32>);

    const START: usize = 6 * PAGE;
    const LENGTH: usize = 8192;

    impl Witness {
        fn enter(&self, held: &Held) {
            match held.access {
                Exclusive => self.swap(&held.bytes, 0, -1),
                Shared => {
                    for &byte in &held.bytes {
                        let before = self.0[byte].fetch_add(1, Ordering::Relaxed);
                        assert!(before >= 0, "a reader meets a writer at byte {byte}");
                    }
                }
            }
        }

        fn leave(&self, held: &Held) {
            match held.access {
                Exclusive => self.swap(&held.bytes, -1, 0),
                Shared => {
                    for &byte in &held.bytes {
                        let before = self.0[byte].fetch_sub(1, Ordering::Relaxed);
                        assert!(before > 0, "a writer meets a reader at byte {byte}");
                    }
                }
            }
        }

        fn swap(&self, bytes: &[usize], from: i32, to: i32) {
            for &byte in bytes {
                let (count, order) = (&self.0[byte], Ordering::Relaxed);
                let swapped = count.compare_exchange(from, to, order, order);
                assert_eq!(swapped, Ok(from), "a writer is not alone at byte {byte}");
            }
        }
    }

    /// A borrow that any thread may end.
    struct Held {
        token: usize,
        bytes: Vec<usize>,
        access: Access,
    }

    impl Held {
        fn end(self, witness: &Witness) {
            witness.leave(&self);
            give_back(Some(ptr::with_exposed_provenance(self.token)));
        }

        fn share(&mut self, witness: &Witness) {
            witness.swap(&self.bytes, -1, 1);
            // SAFETY: a token that is released in `end`.
            unsafe { share(ptr::with_exposed_provenance(self.token)) };
            self.access = Shared;
        }
    }

    /// Numbers that look random.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % end as u64) as usize
        }

        fn access(&mut self) -> Access {
            [Shared, Exclusive][self.below(2)]
        }

        /// Shape, strides and item size of an array; many are columns of matrices of one width.
        fn layout(&mut self) -> (Vec<usize>, Vec<isize>, usize) {
            let itemsize = [1, 2, 4, 8, 16][self.below(5)];
            if self.below(2) == 0 {
                return (vec![1 + self.below(8)], vec![128], itemsize);
            }
            let shape: Vec<_> = (0..self.below(4)).map(|_| 1 + self.below(4)).collect();
            let stride = |_: &usize| (1 + self.below(120)) as isize;
            let strides = shape.iter().map(stride).collect();
            (shape, strides, itemsize)
        }

        /// Borrows the bytes of an array somewhere in the memory.
        fn borrow(&mut self) -> Option<Held> {
            let (shape, strides, itemsize) = self.layout();
            let mut bytes: Vec<usize> = (0..itemsize).collect();
            for (&len, &stride) in shape.iter().zip(&strides) {
                let along = |byte: usize| (0..len).map(move |step| byte + step * stride as usize);
                bytes = bytes.into_iter().flat_map(along).collect();
            }
            bytes.sort_unstable();
            bytes.dedup();
            let offset = self.below(LENGTH - bytes[bytes.len() - 1]);
            bytes.iter_mut().for_each(|byte| *byte += offset);
            let layout = Layout {
                addr: START + offset,
                shape: &shape,
                strides: &strides,
                itemsize,
            };
            let access = self.access();
            let token = layout.footprint(|footprint| acquire(footprint, access));
            Some(Held {
                token: token.ok()?.expose_provenance(),
                bytes,
                access,
            })
        }
    }

    /// Borrows for the short life of a thread; how often that was granted and refused.
    fn borrow_often(
        mut random: Random,
        witness: &Witness,
        enders: &[SyncSender<Held>; 2],
    ) -> [usize; 2] {
        let mut decided = [0; 2];
        for _ in 0..100 {
            let Some(mut held) = random.borrow() else {
                decided[1] += 1;
                continue;
            };
            decided[0] += 1;
            witness.enter(&held);
            if held.access == Exclusive && random.below(4) == 0 {
                held.share(witness);
            }
            match random.below(4) {
                0 => held.end(witness),
                1 => {
                    thread::yield_now();
                    held.end(witness);
                }
                // The other thread is there until all senders are gone.
                _ => enders[random.below(2)].send(held).expect("it ends later"),
            }
        }
        decided
    }

    /// Ends what other threads borrowed, in another order.
    fn end_later(mut random: Random, witness: &Witness, receiver: Receiver<Held>) {
        let mut pool = Vec::new();
        for held in receiver {
            pool.push(held);
            if pool.len() > 8 {
                pool.swap_remove(random.below(8)).end(witness);
            }
        }
        pool.into_iter().for_each(|held| held.end(witness));
    }

    #[test]
    fn tokens_that_other_threads_release_never_let_a_writer_meet_another_thread() {
        let _lock = SHARDS.lock().unwrap_or_else(PoisonError::into_inner);
        let is_long = std::env::var_os("NPYO_STRESS").is_some();
        let end = Instant::now() + Duration::from_secs(if is_long { 20 } else { 1 });
        let witness = &Witness((0..LENGTH).map(|_| AtomicI32::new(0)).collect());
        let [granted, refused] = thread::scope(|scope| {
            let enders = [1, 2].map(|seed| {
                let (sender, receiver) = sync_channel(8);
                scope.spawn(move || end_later(Random(seed), witness, receiver));
                sender
            });
            let borrowers = [3, 5, 7, 11, 13, 17].map(|seed: u64| {
                let enders = enders.clone();
                scope.spawn(move || {
                    let mut total = [0; 2];
                    for round in 1.. {
                        if Instant::now() > end {
                            break;
                        }
                        let random = Random(seed << 40 | round);
                        let borrower = || borrow_often(random, witness, &enders);
                        let thread = thread::scope(|scope| scope.spawn(borrower).join());
                        let decided = thread.expect("no witness objects");
                        total = [total[0] + decided[0], total[1] + decided[1]];
                    }
                    total
                })
            });
            drop(enders);
            borrowers.into_iter().fold([0; 2], |total, borrower| {
                let decided = borrower.join().expect("no witness objects");
                [total[0] + decided[0], total[1] + decided[1]]
            })
        });
        let left = |count: &AtomicI32| count.load(Ordering::Relaxed) != 0;
        assert!(!witness.0.iter().any(left));
        give_back(acquire(&Footprint::block(START, LENGTH), Exclusive).ok());
        assert!(
            granted > 1000 && refused > 1000,
            "{granted} granted, {refused} refused"
        );
    }
}
