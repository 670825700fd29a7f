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
    footprint: &Footprint,
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
fn acquire_first(footprint: &Footprint, access: Access) -> Result<Token<'static>, Conflict> {
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
    use std::thread;

    use super::*;
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

    #[test]
    fn slots_are_used_again() {
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
                give_back(Some(std::ptr::with_exposed_provenance(address)));
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
}
