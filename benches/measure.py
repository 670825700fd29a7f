"""Measures the cases in this process, and prints the figures as JSON.

    measure.py FOLDER CONTENDER...          FOLDER has the extension modules

The contenders take turns in each round. The numpy crate's modules share npyo's table of borrows
where they are in one process, so the two are measured in processes of their own.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
from collections.abc import Callable
from itertools import repeat
from time import perf_counter_ns
from types import SimpleNamespace

import cases
from cases import CRATE, NANOBIND, NPYO, NUMBA, NUMPY, PYBIND11, Case

EMPTY = "an empty call"
ROUNDS = 5
ROUND_NS = 2_000_000
"""How long a round of one contender takes at least."""

MODULES = {NPYO: "npyo_bench_calls", CRATE: "npyo_bench_calls", NANOBIND: "nanobind_calls"}
MODULES[PYBIND11] = "pybind11_calls"
SUBMODULES = {NPYO: "npyo", CRATE: "numpy_crate"}

Figures = dict[str, dict[str, float]]
"""The least nanoseconds for a call, by case (its group and its name) and contender."""


def namespace(contender: str) -> object:
    """Where the functions of a contender are."""
    if contender in (NUMPY, NUMBA):
        return SimpleNamespace()
    module = importlib.import_module(MODULES[contender])
    return module.__dict__[SUBMODULES[contender]] if contender in SUBMODULES else module


def measure(contenders: list[str], rounds: int = ROUNDS, only: set[str] | None = None) -> Figures:
    spaces = {contender: namespace(contender) for contender in contenders}
    figures = {EMPTY: measure_case(Case("", "any", (object(),)), spaces, rounds)}
    for group in cases.groups():
        for case in group.cases:
            key = f"{group.title}: {case.name}"
            if only is not None and key not in only:
                continue
            figures[key] = measure_case(case, spaces, rounds)
    return figures


def measure_case(case: Case, spaces: dict[str, object], rounds: int) -> dict[str, float]:
    """The least nanoseconds for a call, by contender."""
    timers = {}
    for contender, space in spaces.items():
        function = case.others.get(contender) or getattr(space, case.function, None)
        if function and contender not in case.left_out:
            timers[contender] = timer(case, function)
    counts = {contender: calibrated(time) for contender, time in timers.items()}
    best = dict.fromkeys(timers, float("inf"))
    for _ in range(rounds):
        for contender, time in timers.items():
            best[contender] = min(best[contender], time(counts[contender]))
    return best


Timer = Callable[[int], float]
"""Makes so many calls; returns the nanoseconds for each."""


def timer(case: Case, function: Callable) -> Timer:
    if case.measures_itself:
        return lambda n: function(*case.arguments, n)
    loop = refused if case.is_refused else LOOPS[len(case.arguments)]

    def time(n: int) -> float:
        start = perf_counter_ns()
        loop(n, function, *case.arguments)
        return (perf_counter_ns() - start) / n

    return time


def calibrated(time: Timer) -> int:
    """How many calls fill a round."""
    n = 1
    while True:
        taken = time(n) * n
        if taken >= ROUND_NS or n >= 1_000_000:
            return n
        n = min(10 * n, max(2 * n, int(1.2 * n * ROUND_NS / max(taken, 1))))


# Loops that do little else; a call with unpacked arguments takes longer than some of the functions.


def loop0(n: int, f: Callable) -> None:
    for _ in repeat(None, n):
        f()


def loop1(n: int, f: Callable, a: object) -> None:
    for _ in repeat(None, n):
        f(a)


def loop2(n: int, f: Callable, a: object, b: object) -> None:
    for _ in repeat(None, n):
        f(a, b)


def loop3(n: int, f: Callable, a: object, b: object, c: object) -> None:
    for _ in repeat(None, n):
        f(a, b, c)


def refused(n: int, f: Callable, a: object) -> None:
    for _ in repeat(None, n):
        try:
            f(a)
        except TypeError:
            continue
        raise AssertionError("the argument was accepted")


LOOPS = [loop0, loop1, loop2, loop3]


@dataclasses.dataclass(frozen=True)
class Request:
    """What the process that starts this one wants of it."""

    modules: str
    contenders: list[str]
    rounds: int
    only: list[str] | None


def main() -> None:
    request = Request(**json.loads(sys.argv[1]))
    sys.path.insert(0, request.modules)
    only = None if request.only is None else set(request.only)
    print(json.dumps(measure(request.contenders, request.rounds, only)))


if __name__ == "__main__":
    main()
