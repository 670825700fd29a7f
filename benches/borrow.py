#!/usr/bin/env python3
"""What a borrow costs, on npyo and on the numpy crate: one table.

    benches/borrow.py                       this interpreter and, if it is there, CPython 3.14t
    benches/borrow.py --python PATH...      these interpreters

Builds the extension in `calls/`, and runs it in interpreters of its own: the two libraries would
use each other's tables of borrows in one process. Their runs take turns, each figure is the best of
several, and only those of one run of this program are to be compared. Standard library and NumPy.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import os
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from statistics import median
from time import perf_counter_ns

ROOT = Path(__file__).resolve().parent.parent
CALLS = ROOT / "benches" / "calls"
LIBRARIES = ["npyo", "numpy_crate"]
TURNS = 5
ROUNDS = 5
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

sys.path.insert(0, str(ROOT / "tools"))
legs = importlib.import_module("legs")

Figures = dict[str, list[float]]
"""What was measured in each round, in nanoseconds, by name."""


# --- In the interpreter that measures ---------------------------------------------------------


def measure(library: str) -> Figures:
    functions = importlib.import_module("npyo_bench_calls").__dict__[library]
    figures: Figures = {}

    def note(name: str, nanoseconds: float) -> None:
        figures.setdefault(name, []).append(nanoseconds)

    # In this order, since a table may keep the size that many borrows gave it.
    parts = (
        [alone, threads, among_others, among_siblings]
        if FREE_THREADED
        else [alone, among_others, among_siblings]
    )
    for part in parts:
        for _ in range(ROUNDS):
            part(functions, note)
    return figures


Note = Callable[[str, float], None]


def per_call(function: Callable, argument: object, n: int = 20_000) -> float:
    """Nanoseconds for each of `n` calls in a loop that does little else."""
    start = perf_counter_ns()
    for _ in repeat(None, n // 10):
        function(argument)
        function(argument)
        function(argument)
        function(argument)
        function(argument)
        function(argument)
        function(argument)
        function(argument)
        function(argument)
        function(argument)
    return (perf_counter_ns() - start) / n


def alone(functions, note: Note) -> None:
    import numpy as np

    line, table = np.zeros(100), np.zeros((10, 10))
    note("any", per_call(functions.any, line))
    note("readonly", per_call(functions.readonly, line))
    note("readonly2", per_call(functions.readonly2, table))
    note("readwrite", per_call(functions.readwrite, line))
    note("extract readonly", functions.time_readonly(line, 50_000))
    note("extract readwrite", functions.time_readwrite(line, 50_000))


def among_others(functions, note: Note) -> None:
    import numpy as np

    line, others = np.zeros(100), [np.zeros(100) for _ in range(64)]

    def call(how: str) -> None:
        note(f"readonly, 64 {how}", per_call(functions.readonly, line))
        note(f"readwrite, 64 {how}", per_call(functions.readwrite, line))

    functions.hold(others, [], lambda: call("read"))
    functions.hold([], others, lambda: call("written"))


def among_siblings(functions, note: Note) -> None:
    import numpy as np

    for shape, kind in [("rows", np.zeros((1001, 100))), ("columns", np.zeros((100, 1001)).T)]:
        held, free = list(kind[:1000]), kind[1000]

        def extract(when: str, free=free) -> None:
            note(f"extract readonly, {when}", functions.time_readonly(free, 2_000))
            note(f"extract readwrite, {when}", functions.time_readwrite(free, 2_000))

        functions.hold(held, [], lambda: extract(f"1000 {shape} read"))  # noqa: B023
        functions.hold([], held, lambda: extract(f"1000 {shape} written"))  # noqa: B023
        extract(f"1000 {shape} gone")


def threads(functions, note: Note) -> None:
    import numpy as np

    n = 200_000
    for name in ("owned", "readonly"):
        function = getattr(functions, name)
        # Else each call of the shared function object writes to its reference count.
        ctypes.pythonapi.PyUnstable_Object_EnableDeferredRefcount(ctypes.py_object(function))

        def own(function=function) -> tuple:
            return function, np.zeros(100), n

        shared = np.zeros(100)
        note(f"{name}, one thread", in_threads(1, own))
        note(f"{name}, two threads", in_threads(2, own))
        note(f"{name}, two threads, one array", in_threads(2, lambda: (function, shared, n)))  # noqa: B023


def in_threads(count: int, arguments: Callable[[], tuple]) -> float:
    """Nanoseconds until `count` threads have made their calls, for each call of one of them."""
    barrier = threading.Barrier(count)
    times = []

    def work() -> None:
        # Made in this thread, which owns the array then.
        function, argument, n = arguments()
        per_call(function, argument, 1000)
        barrier.wait()
        start = perf_counter_ns()
        per_call(function, argument, n)
        times.append((start, perf_counter_ns(), n))

    workers = [threading.Thread(target=work) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return (max(end for _, end, _ in times) - min(start for start, _, _ in times)) / times[0][2]


# --- In the interpreter that this program was started with ------------------------------------


def run(interpreter: Path) -> dict[str, Figures]:
    """The figures of both libraries, whose runs take turns."""
    figures: dict[str, Figures] = {library: {} for library in LIBRARIES}
    for turn in range(TURNS):
        for library in LIBRARIES if turn % 2 == 0 else reversed(LIBRARIES):
            command = [interpreter, Path(__file__), "--measure", library]
            for name, values in json.loads(subprocess.check_output(command)).items():
                figures[library].setdefault(name, []).extend(values)
    return figures


Row = tuple[str, str, str, str, str]
HEADER: Row = ("", "no borrow", "npyo", "numpy crate", "numpy crate / npyo")


def rows(figures: dict[str, Figures]) -> list[Row]:
    npyo, crate = (figures[library] for library in LIBRARIES)
    plain = min(npyo["any"] + crate["any"])
    table: list[Row] = []

    def row(name: str, no_borrow: float | None, ours: float, theirs: float, unit: str) -> None:
        shown = [
            f"{value:,.{digits(unit)}f} {unit}" if value else ""
            for value in (no_borrow, ours, theirs)
        ]
        table.append((name, *shown, f"{theirs / ours:.2f}"))

    def over(name: str, case: str) -> None:
        row(name, plain, min(npyo[case]) - plain, min(crate[case]) - plain, "ns")

    def best(name: str, case: str) -> None:
        row(name, None, min(npyo[case]), min(crate[case]), "ns")

    over("call with a read-only argument, over one with any", "readonly")
    over("… of two dimensions", "readonly2")
    over("call with a read-write argument, over one with any", "readwrite")
    for how in ("read", "written"):
        over(f"read-only argument while 64 other arrays are {how}", f"readonly, 64 {how}")
        over(f"read-write argument while 64 other arrays are {how}", f"readwrite, 64 {how}")
    best("guard to read, taken and released in Rust", "extract readonly")
    best("guard to write", "extract readwrite")
    for shape in ("rows", "columns"):
        for how in ("read", "written"):
            case = f"1000 {shape} {how}"
            best(f"… to read, while 1,000 sibling {shape} are {how}", f"extract readonly, {case}")
            best(f"… to write, while 1,000 sibling {shape} are {how}", f"extract readwrite, {case}")
    best("… to read, after 1,000 guards were held and released", "extract readonly, 1000 rows gone")
    best(
        "… to write, after 1,000 guards were held and released", "extract readwrite, 1000 rows gone"
    )
    if "readonly, two threads" not in npyo:
        return table

    def throughput(name: str, found: Figures) -> float:
        return 2 * min(found[f"{name}, one thread"]) / min(found[f"{name}, two threads"])

    # The best of several would be the one in which the threads did not meet.
    def contended(name: str, found: Figures) -> float:
        return median(found[f"{name}, two threads, one array"])

    row(
        "two threads, an array each: throughput over one thread's",
        max(throughput("owned", found) for found in (npyo, crate)),
        throughput("readonly", npyo),
        throughput("readonly", crate),
        "x",
    )
    owned = median(contended("owned", found) for found in (npyo, crate))
    ours, theirs = contended("readonly", npyo), contended("readonly", crate)
    row("two threads, one array: a call", owned, ours, theirs, "ns")
    row("… over a call that takes a reference only", None, ours / owned, theirs / owned, "x")
    return table


def digits(unit: str) -> int:
    return 2 if unit == "x" else 1


def show(table: list[Row]) -> None:
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADER))]
    for row in table:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:]))]
        print("  ".join(cells).rstrip())


def tables(pythons: list | None = None) -> list[Row]:
    """One table, with a heading for each interpreter: this one and CPython 3.14t, or those named."""
    if pythons is None:
        pythons = [legs.here()]
        try:
            pythons.append(legs.find("3.14t"))
        except legs.Absent as absent:
            print(f"left out: {absent}")
    table = [HEADER]
    for python in pythons:
        venv = legs.make_venv(f"bench-{python.minor}", python, "borrow.txt")
        venv.pip(
            "--no-index", "--no-deps", "--force-reinstall", legs.build_wheel(CALLS, python, "bench")
        )
        legs.say(f"measuring on CPython {python.version}")
        figures = run(venv.python)
        numpy = venv.ask("import numpy; print(numpy.__version__)")
        threading_ = ", free-threaded" if python.minor.endswith("t") else ""
        table.append((f"CPython {python.version}{threading_}, NumPy {numpy}", "", "", "", ""))
        table.extend(rows(figures))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", nargs="+", help="the interpreters, outside any environment")
    parser.add_argument("--measure", choices=LIBRARIES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return

    paths = arguments.python
    lines = tables([legs.Python.probe(path) for path in paths] if paths else None)
    print(f"\n{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}\n")
    show(lines)


if __name__ == "__main__":
    main()
