//! Work in parts, on the threads of rayon's pool if there is one.

#[cfg(feature = "rayon")]
use std::process;
#[cfg(feature = "rayon")]
use std::sync::OnceLock;

#[cfg(feature = "rayon")]
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// So many parts for each thread, as some may take longer than others.
pub(crate) const PARTS: usize = 4;

/// From so many elements on it pays to wake other threads.
#[cfg(feature = "rayon")]
const PARALLEL: usize = 16_384;

/// The process in which the pool may have threads: they are not in one that is forked from it.
#[cfg(feature = "rayon")]
static PROCESS: OnceLock<u32> = OnceLock::new();

/// Remembers the process, as early as possible.
#[cfg(feature = "rayon")]
pub(crate) fn remember_process() {
    PROCESS.get_or_init(process::id);
}

/// How many threads are to work on so many elements.
#[cfg(feature = "rayon")]
pub(crate) fn threads(work: usize) -> usize {
    if work < PARALLEL || *PROCESS.get_or_init(process::id) != process::id() {
        return 1;
    }
    rayon::current_num_threads()
}

/// Does all parts, by their numbers, on the threads of the pool if there are several; returns the error of the first
/// of them that fails.
#[cfg(feature = "rayon")]
pub(crate) fn for_each_part<E: Send>(
    parts: usize,
    run: impl Fn(usize) -> Result<(), E> + Sync,
) -> Result<(), E> {
    if parts <= 1 {
        return (0..parts).try_for_each(run);
    }
    let parts = (0..parts).into_par_iter();
    let failure = parts.find_map_first(|part| run(part).err());
    failure.map_or(Ok(()), Err)
}

/// Does all parts, by their numbers, up to one that fails.
#[cfg(not(feature = "rayon"))]
pub(crate) fn for_each_part<E>(
    parts: usize,
    run: impl Fn(usize) -> Result<(), E>,
) -> Result<(), E> {
    (0..parts).try_for_each(run)
}
