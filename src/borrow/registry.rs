//! Which memory is borrowed at the moment.
//!
//! One table for the process, behind one lock that is held while the borrows are compared and
//! never while Python code may run.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::BorrowError;
use crate::layout::Footprint;

/// What a borrow allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Others may read too.
    Shared,
    /// Nobody else may.
    Exclusive,
}

#[derive(Debug)]
enum Slot {
    Held(Footprint, Access),
    /// Not in use; the number of the next such slot.
    Free(Option<usize>),
}

#[derive(Debug)]
struct Table {
    slots: Vec<Slot>,
    free: Option<usize>,
}

static TABLE: Mutex<Table> = Mutex::new(Table {
    slots: Vec::new(),
    free: None,
});

/// Nothing in here panics with the lock held, so a poisoned one is as good as any other.
fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A granted borrow, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Borrow {
    /// `None` for an array without elements, which conflicts with nothing.
    slot: Option<usize>,
}

impl Borrow {
    /// Borrows the bytes of an array.
    pub(crate) fn acquire(footprint: Footprint, access: Access) -> Result<Self, BorrowError> {
        let span = footprint.span();
        if span.start == span.end {
            return Ok(Self { slot: None });
        }
        let mut table = table();
        let conflict = table.slots.iter().any(|slot| match slot {
            Slot::Held(other, held) => {
                (access == Access::Exclusive || *held == Access::Exclusive)
                    && footprint.overlaps(other)
            }
            Slot::Free(_) => false,
        });
        if conflict {
            return Err(BorrowError::AlreadyBorrowed);
        }
        let held = Slot::Held(footprint, access);
        let slot = match table.free {
            Some(slot) => {
                if let Slot::Free(next) = std::mem::replace(&mut table.slots[slot], held) {
                    table.free = next;
                }
                slot
            }
            None => {
                table.slots.push(held);
                table.slots.len() - 1
            }
        };
        Ok(Self { slot: Some(slot) })
    }

    /// Turns an exclusive borrow into a shared one, with no moment in between at which another
    /// could be granted.
    pub(crate) fn downgrade(&mut self) {
        if let Some(slot) = self.slot {
            if let Slot::Held(_, access) = &mut table().slots[slot] {
                *access = Access::Shared;
            }
        }
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            let mut table = table();
            let next = table.free;
            table.slots[slot] = Slot::Free(next);
            table.free = Some(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn borrow(start: usize, access: Access) -> Result<Borrow, BorrowError> {
        Borrow::acquire(Footprint::block(start, 8), access)
    }

    #[test]
    fn one_writer_or_many_readers() {
        let first = borrow(0x1000, Access::Shared).expect("nothing is borrowed");
        let second = borrow(0x1004, Access::Shared).expect("both read");
        assert!(borrow(0x1000, Access::Exclusive).is_err());
        drop(first);
        assert!(borrow(0x1000, Access::Exclusive).is_err());
        drop(second);
        let mut writer = borrow(0x1000, Access::Exclusive).expect("nothing is borrowed");
        assert!(borrow(0x1007, Access::Shared).is_err());
        assert!(borrow(0x1008, Access::Exclusive).is_ok());
        writer.downgrade();
        assert!(borrow(0x1007, Access::Shared).is_ok());
    }

    #[test]
    fn slots_are_used_again() {
        let slots: Vec<_> = (0..100)
            .map(|_| {
                borrow(0x2000, Access::Exclusive)
                    .expect("it was released")
                    .slot
            })
            .collect();
        assert!(slots.iter().all(|slot| *slot < Some(16)));
    }
}
