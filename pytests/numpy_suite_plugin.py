"""NumPy's own tests, with ufuncs in Rust: a plugin for pytest.

    python -m pytest -p numpy_suite_plugin --outcomes=FILE.json --pyargs numpy._core.tests.test_ufunc

Puts the twins of `npyo_pytests.numpy_suite` in the place of the modules in C that NumPy's tests import,
before any test is collected; with `--no-twins`, leaves those modules where they are. Either way, the
outcomes go to a file. The tests are not touched.

The run fails if a twin was not used, or if a test has an object of a module that a twin replaces.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

CORE = "numpy._core" if int(np.__version__.split(".")[0]) >= 2 else "numpy.core"
MODULES = ("_umath_tests", "_rational_tests", "_struct_ufunc_tests", "_operand_flag_tests")
LEFT = {
    # How NumPy's C code was compiled.
    "test_dispatch",
    # NumPy defines these types, and the casts and ufuncs that it has for them.
    "rational",
    "rational2",
    "Rational2DType",
}
"""What the twins take over from the modules that they replace."""

LEFT_ON_NUMPY_1 = {
    # A loop for `at`: an array method, which NumPy 1 has no public API for.
    "indexed_negative",
}

SEVERITY = ("passed", "skipped", "xfailed", "xpassed", "failed", "error")


class Watched(types.ModuleType):
    """A module that knows which of its attributes were asked for."""

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("__"):
            used = types.ModuleType.__getattribute__(self, "__used__")
            used.add(name)
        return types.ModuleType.__getattribute__(self, name)


def public(module: types.ModuleType) -> dict[str, object]:
    return {name: thing for name, thing in vars(module).items() if not name.startswith("__")}


def make_twin(original: types.ModuleType) -> types.ModuleType:
    """The twin of a module, which has the same ufuncs and functions."""
    import npyo_pytests

    twin = npyo_pytests.numpy_suite.twin(original)
    theirs, ours = public(original), public(twin)
    left = LEFT if CORE == "numpy._core" else LEFT | LEFT_ON_NUMPY_1
    for name, thing in theirs.items():
        if name not in ours:
            raise pytest.UsageError(f"the twin of {original.__name__} has no {name}")
        if (ours[name] is thing) != (name in left):
            raise pytest.UsageError(f"{original.__name__}.{name} is not the twin's")
        if isinstance(thing, np.ufunc):
            check_shape(thing, ours[name])
    return twin


def check_shape(theirs: np.ufunc, ours: np.ufunc) -> None:
    """Whether a ufunc takes and returns the same as its twin."""
    for attribute in ("__name__", "signature", "nin", "nout", "types", "identity"):
        their, our = getattr(theirs, attribute), getattr(ours, attribute)
        # A ufunc of a C module does not list loops for records or types of its own.
        if our != their and not (attribute == "types" and their == []):
            raise pytest.UsageError(f"{theirs.__name__}.{attribute} is {our!r}, not {their!r}")


class Twins:
    """The twins in the place of NumPy's modules."""

    def __init__(self) -> None:
        core = importlib.import_module(CORE)
        self.twins: dict[str, types.ModuleType] = {}
        self.replaced: dict[int, str] = {}
        for name in MODULES:
            original = importlib.import_module(f"{CORE}.{name}")
            twin = make_twin(original)
            self.replaced[id(original)] = name
            for attribute, thing in public(original).items():
                if vars(twin)[attribute] is not thing and callable(thing):
                    self.replaced[id(thing)] = f"{name}.{attribute}"
            twin.__used__ = set()
            twin.__class__ = Watched
            sys.modules[f"{CORE}.{name}"] = twin
            setattr(core, name, twin)
            # Kept, so that no other object gets its address.
            self.twins[name] = twin
            twin.__original__ = original

    def leaks(self) -> list[str]:
        """Objects of NumPy's modules that a test has."""
        tests = [
            module
            for name, module in list(sys.modules.items())
            if name.startswith("numpy.") and ".tests." in name
        ]
        return [
            f"{module.__name__}.{name} is {self.replaced[id(thing)]} of NumPy"
            for module in tests
            for name, thing in list(vars(module).items())
            if id(thing) in self.replaced
        ]

    def used(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Each twin, with what tests took from it and what they did not."""
        for name, twin in self.twins.items():
            own = [key for key in public(twin) if key not in LEFT]
            used = sorted(twin.__used__.intersection(own))
            yield name, used, sorted(set(own).difference(used))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        if leaks := self.leaks():
            raise pytest.UsageError("; ".join(leaks))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        unused = [name for name, used, _ in self.used() if not used]
        if unused:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("twins")
        for name, used, unused in self.used():
            problem = "" if used else "NOT USED, so the run fails; "
            terminalreporter.line(
                f"{name}: {problem}tests used {', '.join(used) or 'nothing'}; "
                f"not {', '.join(unused) or 'anything'}"
            )


class Outcomes:
    """What became of each test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outcomes: dict[str, str] = {}

    def add(self, node: str, outcome: str) -> None:
        previous = self.outcomes.get(node, outcome)
        self.outcomes[node] = max(previous, outcome, key=SEVERITY.index)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.outcome != "passed":
            self.add(report.nodeid, "error" if report.failed else "skipped")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome = report.outcome
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        elif report.failed and report.when != "call":
            outcome = "error"
        if report.when == "call" or outcome != "passed":
            self.add(report.nodeid, outcome)

    def pytest_sessionfinish(self) -> None:
        self.path.write_text(json.dumps(self.outcomes, indent=0))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("NumPy's suite with twins")
    group.addoption("--no-twins", action="store_true", help="run with NumPy's own modules")
    group.addoption("--outcomes", metavar="FILE", type=Path, help="where to write the outcomes")


def pytest_configure(config: pytest.Config) -> None:
    # NumPy's conftest.py sets it too late; NumPy 1 needs it to import its modules.
    os.environ["NUMPY_EXPERIMENTAL_DTYPE_API"] = "1"
    if config.option.outcomes:
        config.pluginmanager.register(Outcomes(config.option.outcomes))
    if not config.option.no_twins:
        config.pluginmanager.register(Twins())
