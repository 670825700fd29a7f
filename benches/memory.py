"""Whether memory stays flat over a million calls, and how much a result costs at its peak.

memory.py FOLDER          FOLDER has the extension modules; exits 1 if not
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

CALLS = 1_000_000
GROWTH = 2 << 20
"""Bytes that a process may grow by meanwhile: interpreters keep some free lists."""
RESULT = 40_000_000
"""Elements of the array whose making is watched."""


def resident() -> int:
    """Bytes of memory of this process."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def growth(call: Callable[[], object]) -> int:
    for _ in range(CALLS // 10):
        call()
    before = resident()
    for _ in range(CALLS):
        call()
    return resident() - before


def main() -> int:
    sys.path.insert(0, sys.argv[1])
    import npyo_bench_calls
    import numpy as np

    m = npyo_bench_calls.npyo
    line, table, single = np.zeros(100), np.zeros((20, 20))[::2, ::2], np.zeros(100, "f4")
    numbers, one = [1.0] * 10, object()
    calls = {
        "read-only argument": lambda: m.readonly(line),
        "strided argument": lambda: m.readonly2(table),
        "read-write argument": lambda: m.readwrite(line),
        "array-like of float32": lambda: m.like1(single),
        "array-like of a list": lambda: m.like1(numbers),
        "result of a Vec": lambda: m.from_vec(100),
        "result of a slice": lambda: m.from_slice(100),
        "copy": lambda: m.copy(table),
        "array of objects": lambda: m.build_objects(one, 10),
    }
    failed = False

    def report(name: str, value: str, is_wrong: bool) -> None:
        nonlocal failed
        failed |= is_wrong
        print(f"{name:45} {value:>14}{'   TOO MUCH' if is_wrong else ''}", flush=True)

    before = peak()
    array = m.from_vec(RESULT)
    copies = (peak() - before) / array.nbytes
    report(f"peak of a result of {array.nbytes >> 20} MiB", f"{copies:.2f} copies", copies > 1.05)
    del array
    for name, call in calls.items():
        grown = growth(call)
        report(f"{CALLS:,} calls: {name}", f"{grown / 1024:+,.0f} KiB", grown > GROWTH)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
