#!/usr/bin/env python3
"""npyo beside its peers, called from Python.

    benches/bench.py            measures, prints tables, writes docs/benchmarks.md and its charts
    benches/bench.py --check    npyo and the numpy crate only; exits 1 if npyo is slower than it by
                                more than 15 % anywhere, or if memory grows

Builds the same functions on npyo, the numpy crate, nanobind and pybind11. Each figure is the least
of several rounds, in which the contenders take turns; figures of different runs are not to be
compared. Standard library only, outside of the environment that it makes.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DOCS = ROOT / "docs"
NPYO, CRATE = "npyo", "numpy crate"
TOGETHER = [NPYO, "nanobind", "pybind11", "NumPy", "numba"]
"""Measured in one process; the numpy crate has one of its own."""
ALL = [NPYO, CRATE, *TOGETHER[1:]]
TURNS, ROUNDS = 8, 3
EMPTY = "an empty call"
SLOWER = 1.15
AGAIN = 4
"""How often a case that seems slower is measured anew."""

sys.path.insert(0, str(ROOT / "tools"))
legs = importlib.import_module("legs")
chart = importlib.import_module("chart")
borrow = importlib.import_module("borrow")
size = importlib.import_module("size")

Figures = dict[str, dict[str, float]]


def set_up(peers: bool) -> tuple:
    """The environment, and the folder of the extension modules."""
    python = legs.here()
    venv = legs.make_venv("bench", python, "bench.txt")
    modules = legs.TARGET / "bench-modules"
    modules.mkdir(parents=True, exist_ok=True)
    wheel = legs.build_wheel(HERE / "calls", python, "bench")
    venv.pip("--no-index", "--no-deps", "--force-reinstall", wheel)
    if peers:
        build = importlib.import_module("peers.build")
        build.build(venv.python, modules)
    return venv, modules


def measured(venv, modules: Path, contenders: list[str], turns: int, only=None) -> Figures:
    """The least of several turns of the two processes; where a case asks for it, over the least that
    an empty call takes with any of the contenders."""
    best: Figures = {}
    for turn in range(turns):
        processes = [[CRATE], [c for c in contenders if c != CRATE]]
        for process in processes if turn % 2 else reversed(processes):
            request = {
                "modules": str(modules),
                "contenders": process,
                "rounds": ROUNDS,
                "only": only,
            }
            command = [venv.python, HERE / "measure.py", json.dumps(request)]
            for case, times in json.loads(subprocess.check_output(command)).items():
                for contender, time in times.items():
                    known = best.setdefault(case, {})
                    known[contender] = min(time, known.get(contender, time))
    floor = min(best.pop(EMPTY).values())
    for case in described(venv)["over empty"]:
        best[case] = {name: time - floor for name, time in best.get(case, {}).items()}
    return {case: times for case, times in best.items() if times}


def described(venv) -> dict:
    """What the cases say of themselves; they need NumPy."""
    return json.loads(
        venv.ask(
            f"""
import json, sys
sys.path.insert(0, {str(HERE)!r})
from cases import groups
print(json.dumps({{
    "texts": {{g.title: g.text for g in groups()}},
    "over empty": [f"{{g.title}}: {{c.name}}" for g in groups() for c in g.cases if c.over_empty],
}}))
"""
        )
    )


# --- The report -------------------------------------------------------------------------------


def shown(nanoseconds: float) -> str:
    for unit, size in [("ns", 1.0), ("µs", 1e3), ("ms", 1e6)]:
        value = nanoseconds / size
        if value < 999.5 or unit == "ms":
            digits = 0 if value >= 99.5 or unit == "ns" else 1
            return f"{value:.{digits}f} {unit}"
    raise AssertionError


def grouped(figures: Figures) -> dict[str, list[chart.Row]]:
    groups: dict[str, list[chart.Row]] = {}
    for key, times in figures.items():
        title, separator, name = key.partition(": ")
        if separator:
            groups.setdefault(title, []).append((name, times))
    return groups


def table(rows: list[chart.Row]) -> list[str]:
    """Times, and in brackets how many of npyo's."""
    present = [c for c in ALL if any(c in times for _, times in rows)]
    lines = ["| |" + "".join(f" {name} |" for name in present), "|---|" + "---:|" * len(present)]
    for name, times in rows:
        cells = []
        for contender in present:
            if contender not in times:
                cells.append("")
                continue
            cell = shown(times[contender])
            if contender != NPYO and times[NPYO] > 0:
                cell += f" ({times[contender] / times[NPYO]:.2g})"
            cells.append(cell)
        lines.append(f"| {name} |" + "".join(f" {cell} |" for cell in cells))
    return lines


HEAD = """\
# Benchmarks

Written by `make bench`. The same functions were built on each library and called from Python. A \
figure is the least time of a call, over several rounds in which the libraries took turns; the \
number in brackets is how many times npyo's it is, so more than 1 is slower than npyo. Only figures \
of one table are to be compared.

{where}
"""


def where(venv) -> str:
    versions = venv.ask(
        "import importlib.metadata as m; "
        "print(', '.join(f'{p} {m.version(p)}' for p in ['numpy', 'nanobind', 'pybind11', 'numba']))"
    )
    rust = subprocess.check_output(["rustc", "--version"], text=True).split()[1]
    gcc = subprocess.check_output(["g++", "-dumpfullversion"], text=True).strip()
    return (
        f"{datetime.date.today()}; {processor()}, {os.cpu_count()} processors, {platform.system()}; "
        f"CPython {venv.base.version}, {versions}, numpy crate 0.30.0; rustc {rust}, g++ {gcc}."
    )


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


HEADLINE = [
    "Arguments: read-only",
    "Arguments: three of two dimensions",
    "Array-likes: float64",
    "Array-likes: float32",
    "Array-likes: 100 lists of 10 floats",
    "Results: 8 elements of a Vec",
    "Copies: 10⁶ elements, transposed",
    "Copies: 10⁶ elements, every second element",
    "Copies: 10⁶ elements, reversed",
    "Arithmetic: hypot, contiguous",
]
"""The cases that the README shows."""


def write(venv, figures: Figures, texts: dict[str, str]) -> None:
    charts = DOCS / "benchmarks"
    charts.mkdir(parents=True, exist_ok=True)
    headline = [(case, figures[case]) for case in HEADLINE]
    (charts / "headline.svg").write_text(chart.draw("npyo and its peers", ALL, headline))
    lines = [HEAD.format(where=where(venv))]
    for title, rows in grouped(figures).items():
        file = charts / f"{title.lower().replace(' ', '-')}.svg"
        file.write_text(chart.draw(title, ALL, rows))
        lines += [f"## {title}", "", texts[title], "", *table(rows), ""]
        lines += [f"![{title}]({file.relative_to(DOCS)})", ""]
    lines += ["## Borrows", "", BORROWS, "", *borrows(), ""]
    lines += ["## Building", "", "An extension of five functions, in release mode.", ""]
    lines += [*size.table(size.measure()), ""]
    text = "\n".join(lines)
    (DOCS / "benchmarks.md").write_text(text)
    print(text)


BORROWS = """\
Guards taken and released, alone, among other borrows, and in threads. Here, each of the two libraries \
was measured in interpreters of its own. The last column is how many times npyo's figure the numpy \
crate's is; of a throughput more is better."""


def borrows() -> list[str]:
    header, *rows = borrow.tables()
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    for row in rows:
        cells = row if any(row[1:]) else (f"**{row[0]}**", *row[1:])
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def bench() -> int:
    venv, modules = set_up(peers=True)
    legs.say("measuring")
    figures = measured(venv, modules, ALL, TURNS)
    write(venv, figures, described(venv)["texts"])
    return check_memory(venv, modules)


# --- The check --------------------------------------------------------------------------------


def slower(figures: Figures) -> dict[str, float]:
    """Where npyo takes longer than the numpy crate, and how many times as long."""
    found = {}
    for case, times in figures.items():
        if CRATE in times and NPYO in times:
            ratio = times[NPYO] / max(times[CRATE], 1.0)
            # Nothing is told from differences of a few nanoseconds.
            if ratio > SLOWER and times[NPYO] - times[CRATE] > 5:
                found[case] = ratio
    return found


def check() -> int:
    venv, modules = set_up(peers=False)
    legs.say("measuring")
    found = slower(measured(venv, modules, [NPYO, CRATE], 2))
    for _ in range(AGAIN):
        if not found:
            break
        legs.say("again: " + ", ".join(f"{case} ({ratio:.2f})" for case, ratio in found.items()))
        found = slower(measured(venv, modules, [NPYO, CRATE], 3, only=list(found)))
    for case, ratio in found.items():
        print(f"SLOWER than the numpy crate: {case}, {ratio:.2f} times")
    return check_memory(venv, modules) or int(bool(found))


def check_memory(venv, modules: Path) -> int:
    legs.say("watching memory")
    return subprocess.run([venv.python, HERE / "memory.py", str(modules)], check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="npyo against the numpy crate only")
    return check() if parser.parse_args().check else bench()


if __name__ == "__main__":
    sys.exit(main())
