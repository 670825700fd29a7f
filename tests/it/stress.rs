//! Many threads that borrow parts of the same arrays, watched by a count that npyo does not see.

use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use npyo::{BorrowError, Element, PyArrayDyn, PyReadonlyArrayDyn, PyReadwriteArrayDyn, prelude::*};
use pyo3::prelude::*;
use pyo3::types::{PySlice, PyTuple};

use crate::common::eval;

const THREADS: u64 = 8;
/// Most guards that a thread holds at once.
const DEPTH: usize = 3;

fn duration() -> Duration {
    let is_long = std::env::var_os("NPYO_STRESS").is_some();
    Duration::from_secs(if is_long { 20 } else { 1 })
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// An element whose bits can be anything.
trait Bits: Element + Copy + PartialEq + std::fmt::Debug {
    fn from_bits(bits: u64) -> Self;
}

macro_rules! bits {
    ($($ty:ty)+) => {$(
        impl Bits for $ty {
            fn from_bits(bits: u64) -> Self {
                bits as $ty
            }
        }
    )+};
}

bits! { u8 u16 u32 u64 }

/// An array that all threads borrow, and who has each byte of it: -1 stands for a writer, any other
/// number for so many readers.
///
/// The counts order nothing between the threads: that is what the borrows have to do.
struct Arena {
    array: Py<PyAny>,
    start: usize,
    counts: Vec<AtomicI32>,
}

impl Arena {
    fn new(py: Python<'_>, code: &str) -> Self {
        let array = eval(py, code);
        let whole = array.call_method1("view", ("u1",)).unwrap();
        let whole: PyReadonlyArrayDyn<'_, u8> = whole.extract().unwrap();
        assert!(whole.is_c_contiguous());
        Self {
            start: whole.data().addr(),
            counts: (0..whole.len()).map(|_| AtomicI32::new(0)).collect(),
            array: array.unbind(),
        }
    }

    /// The bytes that a guard was granted, found one by one.
    fn bytes<T: Element>(&self, guard: &PyReadonlyArrayDyn<'_, T>) -> Vec<usize> {
        let mut starts = vec![guard.data().addr() - self.start];
        for (&len, &stride) in guard.shape().iter().zip(guard.strides()) {
            let steps = 0..len as isize;
            let offsets: Vec<_> = steps.map(|step| step * stride).collect();
            let along = |start: usize| {
                offsets
                    .iter()
                    .map(move |&offset| start.wrapping_add_signed(offset))
            };
            starts = starts.into_iter().flat_map(along).collect();
        }
        let whole = |start| start..start + size_of::<T>();
        starts.into_iter().flat_map(whole).collect()
    }

    fn enter_reader(&self, bytes: &[usize]) {
        for &byte in bytes {
            let before = self.counts[byte].fetch_add(1, Ordering::Relaxed);
            assert!(before >= 0, "a reader meets a writer at byte {byte}");
        }
    }

    fn leave_reader(&self, bytes: &[usize]) {
        for &byte in bytes {
            let before = self.counts[byte].fetch_sub(1, Ordering::Relaxed);
            assert!(before > 0, "a writer meets a reader at byte {byte}");
        }
    }

    fn swap(&self, bytes: &[usize], from: i32, to: i32) {
        for &byte in bytes {
            let count = &self.counts[byte];
            let swapped = count.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
            assert_eq!(swapped, Ok(from), "a writer is not alone at byte {byte}");
        }
    }

    fn enter_writer(&self, bytes: &[usize]) {
        self.swap(bytes, 0, -1);
    }

    fn leave_writer(&self, bytes: &[usize]) {
        self.swap(bytes, -1, 0);
    }
}

/// How often borrows were granted and refused.
#[derive(Debug, Default)]
struct Tally {
    readers: AtomicUsize,
    writers: AtomicUsize,
    refused: AtomicUsize,
    /// Refused to a thread that held nothing itself.
    refused_by_others: AtomicUsize,
}

fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// One thread while it is attached.
struct Worker<'a, 'py> {
    py: Python<'py>,
    random: &'a mut Random,
    arenas: &'a [Arena],
    tally: &'a Tally,
}

impl<'py> Worker<'_, 'py> {
    /// Borrows some part of some array, beside as many as the thread has borrowed already.
    fn borrow(&mut self, depth: usize) {
        let arena = &self.arenas[self.random.below(self.arenas.len())];
        let part = self.part(arena.array.bind(self.py)).unwrap();
        let itemsize: usize = part.getattr("itemsize").unwrap().extract().unwrap();
        match itemsize {
            1 => self.borrow_part::<u8>(arena, &part, depth),
            2 => self.borrow_part::<u16>(arena, &part, depth),
            4 => self.borrow_part::<u32>(arena, &part, depth),
            _ => self.borrow_part::<u64>(arena, &part, depth),
        }
    }

    /// A slice with steps, a row or a column, or one element, perhaps of another dtype.
    fn part(&mut self, array: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let dtype = ["u1", "u2", "u4", "u8"][self.random.below(4)];
        let mut array = array.clone();
        if self.random.one_in(8) {
            // As a rule misaligned.
            let bytes = array
                .call_method1("reshape", (-1,))?
                .call_method1("view", ("u1",))?;
            let start = self.random.below(bytes.len()? - 64);
            let part = PySlice::new(self.py, start as isize, start as isize + 64, 1);
            array = bytes.get_item(part)?.call_method1("view", (dtype,))?;
        } else if self.random.one_in(3) {
            array = array.call_method1("view", (dtype,))?;
        }
        let shape: Vec<usize> = array.getattr("shape")?.extract()?;
        let mut key = Vec::new();
        for len in shape {
            key.push(match self.random.below(4) {
                0 => self.random.below(len).into_pyobject(self.py)?.into_any(),
                _ => self.slice(len).into_any(),
            });
        }
        key.push(self.py.Ellipsis().into_bound(self.py));
        array.get_item(PyTuple::new(self.py, key)?)
    }

    /// At least one index, not too many, with a step in either direction.
    fn slice(&mut self, len: usize) -> Bound<'py, PySlice> {
        let first = self.random.below(len);
        let end = len.min(first + 1 + self.random.below(len.min(12)));
        let step = [1, 1, 2, 3][self.random.below(4)];
        let (first, end, before) = (first as isize, end as isize, -1 - len as isize);
        match self.random.one_in(2) {
            true => PySlice::new(self.py, first, end, step),
            false if first == 0 => PySlice::new(self.py, end - 1, before, -step),
            false => PySlice::new(self.py, end - 1, first - 1, -step),
        }
    }

    fn borrow_part<T: Bits>(&mut self, arena: &Arena, part: &Bound<'py, PyAny>, depth: usize) {
        let part = part.cast::<PyArrayDyn<T>>().unwrap();
        let refusal = if self.random.one_in(2) {
            match part.try_readwrite() {
                Ok(guard) => return self.write(arena, guard, depth),
                Err(error) => error,
            }
        } else {
            match part.try_readonly() {
                Ok(guard) => return self.read(arena, &guard, depth),
                Err(error) => error,
            }
        };
        assert_eq!(refusal, BorrowError::AlreadyBorrowed);
        count(&self.tally.refused);
        if depth == 0 {
            count(&self.tally.refused_by_others);
        }
    }

    fn write<T: Bits>(
        &mut self,
        arena: &Arena,
        mut guard: PyReadwriteArrayDyn<'py, T>,
        depth: usize,
    ) {
        let bytes = arena.bytes(&guard);
        arena.enter_writer(&bytes);
        count(&self.tally.writers);
        let pattern = T::from_bits(self.random.next());
        let is_written = match guard.try_as_array_mut() {
            Ok(mut view) => {
                if self.random.one_in(2) {
                    self.py.detach(|| view.fill(pattern));
                } else {
                    view.fill(pattern);
                }
                true
            }
            // Misaligned.
            Err(_) => false,
        };
        self.go_on(depth);
        if is_written {
            let view = guard.as_array();
            assert!(view.iter().all(|element| *element == pattern), "{view:?}");
        }
        if self.random.one_in(4) {
            // The bytes are another's to read as well from here on.
            arena.swap(&bytes, -1, 1);
            let guard = PyReadonlyArrayDyn::from(guard);
            self.read_on(&guard, depth);
            arena.leave_reader(&bytes);
        } else {
            arena.leave_writer(&bytes);
        }
    }

    fn read<T: Bits>(&mut self, arena: &Arena, guard: &PyReadonlyArrayDyn<'py, T>, depth: usize) {
        let bytes = arena.bytes(guard);
        arena.enter_reader(&bytes);
        count(&self.tally.readers);
        self.read_on(guard, depth);
        arena.leave_reader(&bytes);
    }

    /// Nobody writes to what is borrowed to read.
    fn read_on<T: Bits>(&mut self, guard: &PyReadonlyArrayDyn<'py, T>, depth: usize) {
        let before = guard.to_vec().unwrap();
        self.go_on(depth);
        assert_eq!(guard.to_vec().unwrap(), before);
        if let Ok(view) = guard.try_as_array() {
            let is_same = || view.iter().eq(&before);
            assert!(self.py.detach(is_same), "{view:?}");
        }
    }

    /// What happens under a guard: others run, and perhaps this thread borrows more.
    fn go_on(&mut self, depth: usize) {
        match self.random.below(4) {
            0 => self.py.detach(thread::yield_now),
            1 => self.py.detach(|| thread::sleep(Duration::from_micros(10))),
            _ => {}
        }
        if depth + 1 < DEPTH && self.random.one_in(2) {
            self.borrow(depth + 1);
        }
    }
}

#[test]
fn threads_are_never_granted_bytes_that_another_writes_to() {
    let arenas = Python::attach(|py| {
        [
            "np.zeros((24, 40), 'u4')",
            "np.zeros(64, 'u8')",
            "np.zeros((5, 6, 8), 'u2')",
        ]
        .map(|code| Arena::new(py, code))
    });
    let tally = Tally::default();
    let end = Instant::now() + duration();
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            let (arenas, tally) = (&arenas, &tally);
            scope.spawn(move || {
                let mut random = Random(thread.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                while Instant::now() < end {
                    Python::attach(|py| {
                        let mut worker = Worker {
                            py,
                            random: &mut random,
                            arenas,
                            tally,
                        };
                        worker.borrow(0);
                    });
                }
            });
        }
    });
    for arena in &arenas {
        let counts = arena
            .counts
            .iter()
            .map(|count| count.load(Ordering::Relaxed));
        assert!(counts.into_iter().all(|count| count == 0), "{tally:?}");
        Python::attach(|py| {
            let whole = arena.array.bind(py).call_method1("view", ("u1",)).unwrap();
            whole.extract::<PyReadwriteArrayDyn<'_, u8>>().unwrap();
        });
    }
    let often = |counter: &AtomicUsize| counter.load(Ordering::Relaxed) > 100;
    assert!(often(&tally.readers) && often(&tally.writers), "{tally:?}");
    assert!(often(&tally.refused_by_others), "{tally:?}");
}
