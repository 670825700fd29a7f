"""`haversine` is declared `parallel`: it computes large arrays on all threads of a pool."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import textwrap
import threading

import npyo_special as special
import numpy as np
import pytest

WAYS = np.random.default_rng(19).uniform(-90, 90, (4, 300_000))


@pytest.fixture(scope="module")
def wanted() -> np.ndarray:
    """The distances, computed in pieces that are too small for several threads."""
    pieces = np.array_split(WAYS, 3000, axis=1)
    return np.concatenate([special.haversine(*piece) for piece in pieces])


def test_the_results_are_the_same(wanted):
    assert np.array_equal(special.haversine(*WAYS), wanted)
    assert np.array_equal(special.haversine(*WAYS[:, ::-1]), wanted[::-1])
    grid = special.haversine(WAYS[0, :400, None], WAYS[1, :400, None], WAYS[2, :600], WAYS[3, :600])
    assert np.array_equal(np.diagonal(grid), wanted[:400])


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted by Linux")
def test_several_threads_compute():
    code = """
        import os
        import numpy as np
        import npyo_special as special

        def count_threads():
            return len(os.listdir("/proc/self/task"))

        before = count_threads()
        special.haversine(*np.zeros((4, 10)))
        assert count_threads() == before
        special.haversine(*np.zeros((4, 1_000_000)))
        print(count_threads() - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "RAYON_NUM_THREADS": "3"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "3"


def test_several_threads_of_python_may_call_it(wanted):
    results = [np.zeros(0)] * 4

    def compute(number: int) -> None:
        results[number] = special.haversine(*WAYS)

    threads = [threading.Thread(target=compute, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(result, wanted) for result in results)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork by default")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_has_no_pool_and_needs_none(wanted):
    special.haversine(*WAYS)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        results = pool.starmap(special.haversine, [WAYS, WAYS])
    assert all(np.array_equal(result, wanted) for result in results)
