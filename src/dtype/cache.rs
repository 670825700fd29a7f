//! Descriptors that are made once and kept for the life of the process.
//!
//! A lookup is an atomic load, with no lock and no reference count. Two threads that fill an
//! entry at the same time both make a descriptor; one is kept, the other dropped.
//!
//! A `static` inside of a generic function is one and the same for all instantiations. So a
//! type without parameters has a [`Slot`] of its own, and generic types share [`ByType`].

use std::any::TypeId;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use pyo3::prelude::*;
use pyo3::{Borrowed, ffi};

use super::descr::PyArrayDescr;

/// Room for one descriptor.
#[derive(Debug)]
pub(crate) struct Slot(AtomicPtr<ffi::PyObject>);

impl Slot {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// The descriptor, made by `make` if there is none yet.
    #[inline]
    pub(crate) fn get_or_try_init<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce() -> PyResult<Bound<'py, PyArrayDescr>>,
    ) -> PyResult<Borrowed<'static, 'py, PyArrayDescr>> {
        match self.get(py) {
            Some(descr) => Ok(descr),
            None => self.fill(make()?),
        }
    }

    #[inline]
    fn get<'py>(&self, py: Python<'py>) -> Option<Borrowed<'static, 'py, PyArrayDescr>> {
        let ptr = self.0.load(Ordering::Acquire);
        if ptr.is_null() {
            return None;
        }
        // SAFETY: `fill` stored an object here whose reference is never given back, so it is
        // alive; the load synchronises with the store.
        let any = unsafe { Borrowed::from_ptr(py, ptr) };
        // SAFETY: it was a descriptor.
        Some(unsafe { any.cast_unchecked() })
    }

    #[cold]
    fn fill<'py>(
        &self,
        descr: Bound<'py, PyArrayDescr>,
    ) -> PyResult<Borrowed<'static, 'py, PyArrayDescr>> {
        let py = descr.py();
        let ours = descr.as_ptr();
        let kept = match self.0.compare_exchange(
            ptr::null_mut(),
            ours,
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => descr.into_ptr(),
            Err(theirs) => theirs,
        };
        // SAFETY: as in `get`; the reference of `descr` was given up if it is the one kept.
        let any = unsafe { Borrowed::from_ptr(py, kept) };
        // SAFETY: as in `get`.
        Ok(unsafe { any.cast_unchecked() })
    }
}

/// The descriptors of the instantiations of generic element types.
///
/// A hash table that only grows: its chains are extended at the front by compare-and-swap and
/// their nodes are never freed.
#[derive(Debug)]
pub(crate) struct ByType([AtomicPtr<Node>; Self::CHAINS]);

#[derive(Debug)]
struct Node {
    key: TypeId,
    slot: Slot,
    next: *const Node,
}

/// The process-wide table.
pub(crate) static BY_TYPE: ByType = ByType::new();

impl ByType {
    const CHAINS: usize = 64;

    const fn new() -> Self {
        Self([const { AtomicPtr::new(ptr::null_mut()) }; Self::CHAINS])
    }

    /// The descriptor of the type `T`, made by `make` if there is none yet.
    #[inline]
    pub(crate) fn get_or_try_init<'py, T: 'static>(
        &'static self,
        py: Python<'py>,
        make: impl FnOnce() -> PyResult<Bound<'py, PyArrayDescr>>,
    ) -> PyResult<Borrowed<'static, 'py, PyArrayDescr>> {
        self.slot(TypeId::of::<T>()).get_or_try_init(py, make)
    }

    fn slot(&'static self, key: TypeId) -> &'static Slot {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
        let chain = &self.0[hash as usize % Self::CHAINS];
        let mut head = chain.load(Ordering::Acquire);
        if let Some(slot) = find(head, ptr::null(), key) {
            return slot;
        }
        let node = Box::leak(Box::new(Node {
            key,
            slot: Slot::new(),
            next: head,
        }));
        loop {
            let searched = head;
            match chain.compare_exchange(head, node, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return &node.slot,
                Err(newer) => head = newer,
            }
            // Another thread was first, perhaps with the same key; then our node stays unused.
            if let Some(slot) = find(head, searched, key) {
                return slot;
            }
            node.next = head;
        }
    }
}

/// The slot of `key` in a chain, searched from `node` up to, but without, `end`.
fn find(mut node: *const Node, end: *const Node, key: TypeId) -> Option<&'static Slot> {
    while node != end {
        // SAFETY: chains hold leaked nodes that are not written once they are published, and
        // `node` came from an acquiring load, or from such a node. It is not NULL: NULL ends
        // every chain, and a search with another `end` meets that first, as chains only grow
        // at the front.
        let current: &'static Node = unsafe { &*node };
        if current.key == key {
            return Some(&current.slot);
        }
        node = current.next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::thread;

    #[test]
    fn every_type_has_one_slot_of_its_own() {
        static TABLE: ByType = ByType::new();
        macro_rules! slots {
            ($($n:literal)*) => {
                [$(TABLE.slot(TypeId::of::<[u8; $n]>()) as *const Slot as usize),*]
            };
        }
        let slots = || slots!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20);
        let first: Vec<_> = (0..4).map(|_| thread::spawn(slots)).collect();
        let first: HashSet<_> = first
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect();
        assert_eq!(first.len(), 1);
        let distinct: HashSet<_> = first.into_iter().flatten().collect();
        assert_eq!(distinct.len(), 21);
    }
}
