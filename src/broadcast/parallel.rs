//! Computing in parts, on several threads if there are some.

use crate::ufunc::call::Failure;

/// Calls `run` for the numbers of all parts; returns the failure of the first of them that fails.
#[cfg(not(feature = "rayon"))]
pub(crate) fn for_each_part(
    parts: usize,
    run: impl Fn(usize) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    (0..parts).try_for_each(run)
}

#[cfg(feature = "rayon")]
pub(crate) use self::pool::{for_each_part, remember_process, threads};

#[cfg(feature = "rayon")]
mod pool {
    use std::process;
    use std::sync::OnceLock;

    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    use super::Failure;

    /// From so many elements on it pays to wake other threads.
    const PARALLEL: usize = 16_384;

    /// The process in which the pool may have threads: they are not in one that is forked from it.
    static PROCESS: OnceLock<u32> = OnceLock::new();

    /// Remembers the process, as early as possible.
    pub(crate) fn remember_process() {
        PROCESS.get_or_init(process::id);
    }

    /// How many threads are to compute so many elements.
    pub(crate) fn threads(len: usize) -> usize {
        if len < PARALLEL || *PROCESS.get_or_init(process::id) != process::id() {
            return 1;
        }
        rayon::current_num_threads()
    }

    /// Calls `run` for the numbers of all parts, on the threads of the pool if there are several; returns the
    /// failure of the first of them that fails.
    pub(crate) fn for_each_part(
        parts: usize,
        run: impl Fn(usize) -> Result<(), Failure> + Sync,
    ) -> Result<(), Failure> {
        if parts <= 1 {
            return (0..parts).try_for_each(run);
        }
        let failure = (0..parts).into_par_iter();
        let failure = failure.find_map_first(|part| run(part).err());
        failure.map_or(Ok(()), Err)
    }
}
