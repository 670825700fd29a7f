//! Which memory is borrowed at the moment: a table that no thread locks.
//!
//! # Structure
//!
//! A thread enters its borrows in a [`Shard`] that is its own as long as it lives, those to read
//! and those to write in two lists. Only the thread that has a shard takes slots of it; any thread
//! may free one, by the address of its state, which is all that a [`Token`] is. Shards are never
//! freed, and one that a thread left serves the next thread that comes, whatever of it is still
//! held.
//!
//! # Two threads at a time
//!
//! To borrow, a thread first enters the borrow, then looks at what is entered: a reader at the
//! writers of all shards, a writer at everything. A `SeqCst` fence stands between the two steps.
//! Of two such fences one comes first, and what was entered before it is seen by whoever looks
//! after the other. So of two threads that borrow the same bytes at least one sees the other.
//!
//! If both do, one of them has to get the borrow. An entry is therefore *pending* until its thread
//! has looked at the others. Of two pending entries the one at the lower address ranks first. The
//! other is withdrawn, waits until the first is decided, and is entered anew; the first waits until
//! the other is withdrawn, or granted because it did not see the first. A thread that waits with an
//! entry waits for one of lower rank only, so there is no circle.
//!
//! # What happens before what
//!
//! Who borrows bytes must see all accesses by former holders as done. Every store that may make a
//! thread pass over an entry (its state; a range, bounds or count that replaces older ones) is a
//! release or comes after a release fence, in the thread that released the borrow or in one that
//! has acquired that release. The look at the entries ends with an acquire fence.

use std::ptr;

use super::sync::{
    AtomicPtr, AtomicUsize, GROUP, Ordering, Patience, SHARDS, SLOTS, array, constructor, fence,
};
use crate::layout::{Axis, Comb, FOOTPRINT_AXES, Footprint, Span};

/// What a borrow allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// Others may read too.
    Shared,
    /// Nobody else may.
    Exclusive,
}

/// Some of the bytes are borrowed already.
#[derive(Debug)]
pub(crate) struct Conflict;

/// All borrows of a process.
pub(crate) struct Table {
    /// Memory for the first shards.
    first: [Shard; SHARDS],
    /// How many shards there are.
    count: AtomicUsize,
    /// The shard that was added last.
    last: AtomicPtr<Shard>,
}

/// The borrows that one thread has entered.
#[repr(align(128))]
pub(crate) struct Shard {
    /// Whether a thread has it, as 0 or 1.
    taken: AtomicUsize,
    readers: List,
    writers: List,
    /// The shard that was added before.
    before: AtomicPtr<Shard>,
}

/// A granted borrow: the state of its slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a>(&'a AtomicUsize);

impl Table {
    constructor! {
        pub(crate) fn new() -> Self {
            Self {
                first: array![Shard::new(); SHARDS],
                count: AtomicUsize::new(0),
                last: AtomicPtr::new(ptr::null_mut()),
            }
        }
    }

    /// A shard for a thread, to be given back by [`leave`](Self::leave).
    pub(crate) fn enter(&'static self) -> &'static Shard {
        let free = |shard: &&Shard| {
            let taken = &shard.taken;
            taken.load(Ordering::Relaxed) == 0
                && taken
                    .compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed)
                    .is_ok()
        };
        if let Some(shard) = self.shards().find(free) {
            return shard;
        }
        let shard = match self.first.get(self.count.fetch_add(1, Ordering::Relaxed)) {
            Some(shard) => shard,
            None => Box::leak(Box::new(Shard::new())),
        };
        shard.taken.store(1, Ordering::Relaxed);
        let mut last = self.last.load(Ordering::Relaxed);
        loop {
            shard.before.store(last, Ordering::Relaxed);
            let this = ptr::from_ref(shard).cast_mut();
            match self
                .last
                .compare_exchange_weak(last, this, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return shard,
                Err(newer) => last = newer,
            }
        }
    }

    /// Gives a shard back.
    pub(crate) fn leave(&self, shard: &Shard) {
        shard.taken.store(0, Ordering::Release);
    }

    /// Borrows bytes. The shard is one that the thread entered.
    pub(crate) fn acquire<'a>(
        &'a self,
        shard: &'a Shard,
        footprint: &Footprint<'_>,
        access: Access,
    ) -> Result<Token<'a>, Conflict> {
        let list = match access {
            Access::Shared => &shard.readers,
            Access::Exclusive => &shard.writers,
        };
        let comb = Comb::of(footprint);
        shard.readers.shrink();
        shard.writers.shrink();
        loop {
            let (slot, state) = list.enter(footprint, comb, access);
            fence(Ordering::SeqCst);
            let obstacle = self.survey(&Entry {
                slot,
                footprint,
                comb,
                access,
            });
            let decided = match obstacle {
                None => state.granted(),
                Some(_) => state.free(),
            };
            slot.store(decided.0, Ordering::Release);
            match obstacle {
                None => return Ok(Token(slot)),
                Some(Obstacle::Pending(other, seen)) => outwait(other, seen)?,
                Some(Obstacle::Held) => return Err(Conflict),
            }
        }
    }

    /// Looks for what conflicts with an entry.
    fn survey<'a>(&'a self, entry: &Entry<'_>) -> Option<Obstacle<'a>> {
        for shard in self.shards() {
            let obstacle = match entry.access {
                Access::Shared => shard.writers.survey(entry),
                Access::Exclusive => shard
                    .writers
                    .survey(entry)
                    .or_else(|| shard.readers.survey(entry)),
            };
            if obstacle.is_some() {
                return obstacle;
            }
        }
        fence(Ordering::Acquire);
        None
    }

    #[inline]
    fn shards(&self) -> impl Iterator<Item = &Shard> {
        std::iter::successors(follow(&self.last), |shard| follow(&shard.before))
    }
}

impl Shard {
    constructor! {
        fn new() -> Self {
            Self {
                taken: AtomicUsize::new(0),
                readers: List::new(),
                writers: List::new(),
                before: AtomicPtr::new(ptr::null_mut()),
            }
        }
    }
}

impl<'a> Token<'a> {
    /// Ends the borrow.
    #[inline]
    pub(crate) fn release(self) {
        let state = State(self.0.load(Ordering::Relaxed));
        self.0.store(state.free().0, Ordering::Release);
    }

    /// Turns an exclusive borrow into a shared one.
    pub(crate) fn share(self) {
        let state = State(self.0.load(Ordering::Relaxed));
        self.0.store(state.shared().0, Ordering::Release);
    }

    #[inline]
    pub(crate) fn as_ptr(self) -> *const AtomicUsize {
        self.0
    }

    /// The token with this address.
    ///
    /// # Safety
    ///
    /// It is the address of a token that has not been released, of a table that lives for `'a`.
    #[inline]
    pub(crate) unsafe fn from_ptr(slot: *const AtomicUsize) -> Self {
        // SAFETY: the slots of a table live as long as it does, by the caller's promise for `'a`.
        Self(unsafe { &*slot })
    }
}

/// The state of a slot, in one number: how often the slot was used, how many axes the footprint
/// has, and the flags below. A slot without `HELD` is free.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State(usize);

impl State {
    const HELD: usize = 1;
    const EXCLUSIVE: usize = 1 << 1;
    const PENDING: usize = 1 << 2;
    const AXES: u32 = 3;
    const USES: u32 = 8;

    /// The state of the next use of the slot.
    fn entered(self, access: Access, axes: usize) -> Self {
        let uses = (self.0 >> Self::USES).wrapping_add(1) << Self::USES;
        let exclusive = match access {
            Access::Shared => 0,
            Access::Exclusive => Self::EXCLUSIVE,
        };
        Self(uses | axes << Self::AXES | Self::PENDING | exclusive | Self::HELD)
    }

    fn granted(self) -> Self {
        Self(self.0 & !Self::PENDING)
    }

    fn shared(self) -> Self {
        Self(self.0 & !Self::EXCLUSIVE)
    }

    fn free(self) -> Self {
        Self(self.0 & !Self::HELD)
    }

    fn is(self, flag: usize) -> bool {
        self.0 & flag != 0
    }

    fn axes(self) -> usize {
        self.0 >> Self::AXES & ((1 << (Self::USES - Self::AXES)) - 1)
    }
}

/// A borrow that is about to be granted or not.
struct Entry<'a> {
    slot: &'a AtomicUsize,
    footprint: &'a Footprint<'a>,
    comb: Option<Comb>,
    access: Access,
}

/// Why a borrow cannot be granted.
enum Obstacle<'a> {
    /// It conflicts with one that is granted.
    Held,
    /// It conflicts with one that had this state when it was looked at, and ranks first.
    Pending(&'a AtomicUsize, State),
}

/// Entries of one shard, in blocks of which all but the first are made when they are needed.
struct List {
    first: Block,
    /// The last block that is in use, if it is not the first. The blocks after it are empty.
    last: AtomicPtr<Block>,
}

impl List {
    constructor! {
        fn new() -> Self {
            Self {
                first: Block::new(),
                last: AtomicPtr::new(ptr::null_mut()),
            }
        }
    }

    /// Enters a borrow that is not granted yet.
    #[inline(always)]
    fn enter(
        &self,
        footprint: &Footprint<'_>,
        comb: Option<Comb>,
        access: Access,
    ) -> (&AtomicUsize, State) {
        if let Some(last) = follow(&self.last) {
            return self.enter_anywhere(last, footprint, comb, access);
        }
        match self.first.enter(footprint, comb, access) {
            Some(entered) => entered,
            None => self.enter_anywhere(&self.first, footprint, comb, access),
        }
    }

    /// Enters a borrow where one block is not enough.
    #[cold]
    fn enter_anywhere<'a>(
        &'a self,
        last: &'a Block,
        footprint: &Footprint<'_>,
        comb: Option<Comb>,
        access: Access,
    ) -> (&'a AtomicUsize, State) {
        let mut last = last;
        let mut block = last;
        loop {
            if let Some(entered) = block.enter(footprint, comb, access) {
                return entered;
            }
            match follow(&block.before) {
                Some(before) => block = before,
                None => break,
            }
        }
        loop {
            last = last.next();
            self.last
                .store(ptr::from_ref(last).cast_mut(), Ordering::Release);
            if let Some(entered) = last.enter(footprint, comb, access) {
                return entered;
            }
        }
    }

    /// Takes the last block out of use if it is empty and the one before it is not full, so that
    /// none comes and goes with every borrow.
    #[inline(always)]
    fn shrink(&self) {
        if let Some(last) = follow(&self.last) {
            self.shrink_by(last);
        }
    }

    #[cold]
    fn shrink_by(&self, last: &Block) {
        let Some(before) = follow(&last.before) else {
            return;
        };
        if last.lowest_top() == 0 && before.lowest_top() < SLOTS {
            let link = if ptr::eq(before, &self.first) {
                ptr::null_mut()
            } else {
                ptr::from_ref(before).cast_mut()
            };
            self.last.store(link, Ordering::Release);
        }
    }

    /// Looks for what conflicts with an entry.
    #[inline(always)]
    fn survey(&self, entry: &Entry<'_>) -> Option<Obstacle<'_>> {
        let mut block = follow(&self.last).unwrap_or(&self.first);
        loop {
            let obstacle = block.survey(entry);
            if obstacle.is_some() {
                return obstacle;
            }
            block = follow(&block.before)?;
        }
    }
}

/// Some slots, and the bounds of what they hold.
struct Block {
    /// The slots from this one on are free.
    top: AtomicUsize,
    /// Of all slots.
    bounds: Bounds,
    /// Of each group of slots.
    groups: [Bounds; SLOTS / GROUP],
    /// A comb that has the bytes of all entries, if there is one.
    comb: Teeth,
    before: AtomicPtr<Block>,
    next: AtomicPtr<Block>,
    states: [AtomicUsize; SLOTS],
    starts: [AtomicUsize; SLOTS],
    ends: [AtomicUsize; SLOTS],
    patterns: [Pattern; SLOTS],
}

/// Which bytes of its range a borrow covers: the rest of its footprint.
struct Pattern {
    width: AtomicUsize,
    strides: [AtomicUsize; FOOTPRINT_AXES],
    lens: [AtomicUsize; FOOTPRINT_AXES],
    comb: Teeth,
}

/// A comb, or none if the period is 0.
struct Teeth {
    period: AtomicUsize,
    /// Where a tooth lies, in one number, so that nobody reads half of it.
    tooth: AtomicUsize,
}

/// Where what some slots hold begins and ends at most.
struct Bounds {
    low: AtomicUsize,
    high: AtomicUsize,
}

impl Block {
    constructor! {
        fn new() -> Self {
            Self {
                top: AtomicUsize::new(0),
                bounds: Bounds::new(),
                groups: array![Bounds::new(); SLOTS / GROUP],
                comb: Teeth::new(),
                before: AtomicPtr::new(ptr::null_mut()),
                next: AtomicPtr::new(ptr::null_mut()),
                states: array![AtomicUsize::new(0); SLOTS],
                starts: array![AtomicUsize::new(0); SLOTS],
                ends: array![AtomicUsize::new(0); SLOTS],
                patterns: array![Pattern::new(); SLOTS],
            }
        }
    }

    /// The next block, made if there is none yet.
    fn next(&self) -> &Self {
        match follow(&self.next) {
            Some(next) => next,
            None => {
                let next = Box::leak(Box::new(Self::new()));
                let this = ptr::from_ref(self).cast_mut();
                next.before.store(this, Ordering::Relaxed);
                self.next.store(next, Ordering::Release);
                next
            }
        }
    }

    /// What `top` is when it does not count the free slots at the end.
    #[inline(always)]
    fn lowest_top(&self) -> usize {
        let mut top = self.top.load(Ordering::Relaxed);
        while top > 0 && self.is_free(top - 1) {
            top -= 1;
        }
        top
    }

    #[inline(always)]
    fn is_free(&self, index: usize) -> bool {
        !State(self.states[index].load(Ordering::Acquire)).is(State::HELD)
    }

    /// Enters a borrow, if there is a free slot.
    #[inline(always)]
    fn enter(
        &self,
        footprint: &Footprint<'_>,
        comb: Option<Comb>,
        access: Access,
    ) -> Option<(&AtomicUsize, State)> {
        let top = self.lowest_top();
        let index = (0..top).find(|&index| self.is_free(index)).unwrap_or(top);
        let slot = self.states.get(index)?;
        let span = footprint.span();
        let state = State(slot.load(Ordering::Relaxed)).entered(access, footprint.axes().len());
        // Whoever reads one of the following numbers has seen that the slot was freed before.
        fence(Ordering::Release);
        self.starts[index].store(span.start, Ordering::Relaxed);
        self.ends[index].store(span.end, Ordering::Relaxed);
        self.patterns[index].write(footprint, comb);
        self.bounds.write(span, top > 0);
        self.groups[index / GROUP].write(span, index % GROUP > 0 || top > index);
        if top == 0 {
            self.comb.write(comb);
        } else if let Some(all) = self.comb.read() {
            self.comb.write(comb.and_then(|comb| all.and(&comb)));
        }
        self.top.store(top.max(index + 1), Ordering::Relaxed);
        slot.store(state.0, Ordering::Release);
        Some((slot, state))
    }

    /// Looks for what conflicts with an entry.
    #[inline(always)]
    fn survey(&self, entry: &Entry<'_>) -> Option<Obstacle<'_>> {
        let span = entry.footprint.span();
        let top = self.top.load(Ordering::Relaxed);
        if top == 0 || !self.bounds.overlap(span) || self.comb.misses(entry) {
            return None;
        }
        for (group, bounds) in self.groups[..top.div_ceil(GROUP)].iter().enumerate() {
            if !bounds.overlap(span) {
                continue;
            }
            let first = group * GROUP;
            for index in first..(first + GROUP).min(top) {
                let start = self.starts[index].load(Ordering::Relaxed);
                let end = self.ends[index].load(Ordering::Relaxed);
                if start < span.end && span.start < end {
                    let obstacle = self.examine(index, entry);
                    if obstacle.is_some() {
                        return obstacle;
                    }
                }
            }
        }
        None
    }

    /// Whether the borrow in a slot, whose range was seen to overlap, conflicts with an entry.
    fn examine(&self, index: usize, entry: &Entry<'_>) -> Option<Obstacle<'_>> {
        let slot = &self.states[index];
        if ptr::eq(slot, entry.slot) {
            return None;
        }
        let mut patience = Patience::new();
        loop {
            let state = State(slot.load(Ordering::Acquire));
            if !state.is(State::HELD)
                || entry.access == Access::Shared && !state.is(State::EXCLUSIVE)
            {
                return None;
            }
            let span = Span {
                start: self.starts[index].load(Ordering::Relaxed),
                end: self.ends[index].load(Ordering::Relaxed),
            };
            let pattern = &self.patterns[index];
            let misses = state.axes() > 0 && pattern.comb.misses(entry);
            let overlaps = !misses && {
                let mut axes = [Axis::NONE; FOOTPRINT_AXES];
                let other = pattern.read(span, &mut axes, state.axes());
                other.overlaps(entry.footprint)
            };
            // Whatever of this was of a later use of the slot shows in its state.
            fence(Ordering::Acquire);
            if State(slot.load(Ordering::Relaxed)) != state {
                continue;
            }
            if !overlaps {
                return None;
            }
            if !state.is(State::PENDING) {
                return Some(Obstacle::Held);
            }
            if ptr::from_ref(slot) < ptr::from_ref(entry.slot) {
                return Some(Obstacle::Pending(slot, state));
            }
            if !patience.wait() {
                return Some(Obstacle::Held);
            }
        }
    }
}

impl Pattern {
    constructor! {
        fn new() -> Self {
            Self {
                width: AtomicUsize::new(0),
                strides: array![AtomicUsize::new(0); FOOTPRINT_AXES],
                lens: array![AtomicUsize::new(0); FOOTPRINT_AXES],
                comb: Teeth::new(),
            }
        }
    }

    #[inline]
    fn write(&self, footprint: &Footprint<'_>, comb: Option<Comb>) {
        // A footprint without axes is its span.
        if footprint.axes().is_empty() {
            return;
        }
        self.width.store(footprint.width(), Ordering::Relaxed);
        for (axis, (stride, len)) in footprint.axes().iter().zip(self.axes()) {
            stride.store(axis.stride, Ordering::Relaxed);
            len.store(axis.len, Ordering::Relaxed);
        }
        self.comb.write(comb);
    }

    fn read<'a>(
        &self,
        span: Span,
        axes: &'a mut [Axis; FOOTPRINT_AXES],
        count: usize,
    ) -> Footprint<'a> {
        if count == 0 {
            return Footprint::filling(span);
        }
        for (axis, (stride, len)) in axes.iter_mut().zip(self.axes()) {
            *axis = Axis {
                stride: stride.load(Ordering::Relaxed),
                len: len.load(Ordering::Relaxed),
            };
        }
        let count = count.min(FOOTPRINT_AXES);
        Footprint::from_parts(span, self.width.load(Ordering::Relaxed), &mut axes[..count])
    }

    fn axes(&self) -> impl Iterator<Item = (&AtomicUsize, &AtomicUsize)> {
        self.strides.iter().zip(&self.lens)
    }
}

impl Bounds {
    constructor! {
        fn new() -> Self {
            Self {
                low: AtomicUsize::new(0),
                high: AtomicUsize::new(0),
            }
        }
    }

    /// Makes the bounds those of `span`, or, if there are others that count, of them and `span`.
    #[inline]
    fn write(&self, span: Span, others: bool) {
        if !others || span.start < self.low.load(Ordering::Relaxed) {
            self.low.store(span.start, Ordering::Relaxed);
        }
        if !others || span.end > self.high.load(Ordering::Relaxed) {
            self.high.store(span.end, Ordering::Relaxed);
        }
    }

    /// Whether any of what is within the bounds may overlap `span`.
    ///
    /// The numbers may be of different times. This does no harm: as long as a slot holds what
    /// matters to the reader, they only ever move apart.
    #[inline]
    fn overlap(&self, span: Span) -> bool {
        let low = self.low.load(Ordering::Relaxed);
        let high = self.high.load(Ordering::Relaxed);
        low < span.end && span.start < high
    }
}

impl Teeth {
    constructor! {
        fn new() -> Self {
            Self {
                period: AtomicUsize::new(0),
                tooth: AtomicUsize::new(0),
            }
        }
    }

    /// A reader may find the period of one comb and the tooth of another, but not as long as a slot
    /// holds what matters to it: then the period stays, or becomes 0.
    #[inline]
    fn write(&self, comb: Option<Comb>) {
        if let Some(comb) = comb {
            self.tooth.store(comb.tooth(), Ordering::Relaxed);
        }
        let period = comb.map_or(0, |comb| comb.period());
        self.period.store(period, Ordering::Relaxed);
    }

    #[inline]
    fn read(&self) -> Option<Comb> {
        let period = self.period.load(Ordering::Relaxed);
        let tooth = self.tooth.load(Ordering::Relaxed);
        Comb::from_parts(period, tooth)
    }

    /// Whether no byte of an entry is one of the comb.
    #[inline]
    fn misses(&self, entry: &Entry<'_>) -> bool {
        let misses = |ours: &Comb| self.read().is_some_and(|comb| comb.misses(ours));
        entry.comb.as_ref().is_some_and(misses)
    }
}

/// Waits until a slot is no longer in this state.
fn outwait(slot: &AtomicUsize, state: State) -> Result<(), Conflict> {
    let mut patience = Patience::new();
    while State(slot.load(Ordering::Relaxed)) == state {
        if !patience.wait() {
            return Err(Conflict);
        }
    }
    Ok(())
}

/// What a link points to.
#[inline]
fn follow<T>(link: &AtomicPtr<T>) -> Option<&T> {
    // SAFETY: the links of a table are NULL or point to parts of it that were complete when the
    // link was stored, with a release or by this very thread, and that live as long as the table.
    unsafe { link.load(Ordering::Acquire).as_ref() }
}
