"""NumPy's own tests, as its wheel ships them, with ufuncs made of Rust functions in the place of those in
C: which files there are, what the outcomes must be, and the table of them. `legs.py` runs the tests, with
the plugin pytests/numpy_suite_plugin.py.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path

USES_A_TWIN = re.compile(
    r"_umath_tests|_struct_ufunc_tests|_operand_flag_tests|import _rational_tests|_rational_tests as"
)
"""In the source of files that call ufuncs of the replaced modules."""

IMPORTS_A_TWIN = re.compile(USES_A_TWIN.pattern + r"|_rational_tests")
"""In the source of those, too, that take no more than a dtype of NumPy's from one."""

GOOD = ("passed", "xfailed", "xpassed")


@dataclasses.dataclass(frozen=True)
class Departure:
    """A test that fails with the twins on purpose."""

    test: str
    numpy: str
    """How the versions of NumPy begin that have it."""
    reason: str


DEPARTURES = [
    Departure(
        test="numpy/core/tests/test_ufunc.py::TestUfunc::test_ufunc_custom_out",
        numpy="1.",
        reason="it wants a TypeError where NumPy 1 fails to convert a scalar for a function that "
        "returns a user dtype; npyo converts it, as NumPy 2 does",
    ),
]

Outcomes = Mapping[str, str]


def files(numpy: Path, *, everything: bool) -> list[Path]:
    """The test files in the installed NumPy that import one of the modules, or only those that call what
    is in them."""
    pattern = IMPORTS_A_TWIN if everything else USES_A_TWIN
    found = sorted(numpy.glob("**/tests/test_*.py"))
    return [path for path in found if pattern.search(path.read_text(encoding="utf-8"))]


def read(path: Path) -> Outcomes:
    return json.loads(path.read_text())


def not_passed(outcomes: Outcomes) -> list[str]:
    return [test for test, outcome in outcomes.items() if outcome != "passed"]


def problems(version: str, in_c: Outcomes, in_rust: Outcomes) -> list[str]:
    """What the twins do worse than NumPy's own modules, and departures that are none."""
    departures = [d for d in DEPARTURES if version.startswith(d.numpy)]
    excused = {departure.test for departure in departures}
    found = []
    for test, outcome in in_c.items():
        ours = in_rust.get(test, "absent")
        if outcome in GOOD and ours not in GOOD and test not in excused:
            found.append(f"{test} {ours}, and with NumPy's modules {outcome}")
    for departure in departures:
        ours = in_rust.get(departure.test, "absent")
        if ours != "failed":
            found.append(f"{departure.test} {ours}, so it is no departure any more")
    if not any(outcome == "passed" for outcome in in_rust.values()):
        found.append("no test passed")
    return found


def table(rows: Mapping[str, Outcomes]) -> str:
    """How many tests had which outcome, a line for each run."""
    kinds = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    width = max(map(len, rows))
    lines = [" ".join([" " * width, *(f"{kind:>8}" for kind in kinds)])]
    for name, outcomes in rows.items():
        counts = collections.Counter(outcomes.values())
        lines.append(" ".join([f"{name:{width}}", *(f"{counts[kind]:8}" for kind in kinds)]))
    return "\n".join(lines)
