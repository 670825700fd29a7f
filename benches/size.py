#!/usr/bin/env python3
"""How long an extension of five functions takes to build, and how large it is.

    benches/size.py             on npyo and on the numpy crate, each from nothing

In release mode, stripped, with all dependencies; the least of two builds that take turns.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic

HERE = Path(__file__).resolve().parent
FEATURES = {"npyo": "npyo", "numpy crate": "numpy-crate"}
BUILDS = 2

sys.path.insert(0, str(HERE.parent / "tools"))
legs = importlib.import_module("legs")

Figures = dict[str, tuple[float, int]]
"""Seconds and bytes, by library."""


def measure() -> Figures:
    target = legs.TARGET / "bench-size"
    env = {**legs.clean_environment(), "PYO3_PYTHON": legs.here().path}
    env |= {"CARGO_TARGET_DIR": str(target), "CARGO_PROFILE_RELEASE_STRIP": "true"}
    manifest = f"--manifest-path={HERE / 'Cargo.toml'}"
    command = ["cargo", "build", "--quiet", "--release", manifest, "-p", "npyo-bench-small"]
    subprocess.run(["cargo", "fetch", "--quiet", manifest], check=True)
    figures: Figures = {}
    for _ in range(BUILDS):
        for library, feature in FEATURES.items():
            shutil.rmtree(target, ignore_errors=True)
            start = monotonic()
            subprocess.run([*command, "--features", feature], check=True, env=env)
            seconds = monotonic() - start
            (extension,) = (target / "release").glob("libnpyo_bench_small.so")
            least = min(seconds, figures.get(library, (seconds, 0))[0])
            figures[library] = least, extension.stat().st_size
    shutil.rmtree(target)
    return figures


def table(figures: Figures) -> list[str]:
    npyo, crate = figures["npyo"], figures["numpy crate"]
    seconds = f"{npyo[0]:.1f} s | {crate[0]:.1f} s | {npyo[0] / crate[0]:.2f}"
    kib = f"{npyo[1] / 1024:,.0f} KiB | {crate[1] / 1024:,.0f} KiB | {npyo[1] / crate[1]:.2f}"
    return [
        "| | npyo | numpy crate | npyo / numpy crate |",
        "|---|---:|---:|---:|",
        f"| build from nothing | {seconds} |",
        f"| size, stripped | {kib} |",
    ]


if __name__ == "__main__":
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}\n")
    print("\n".join(table(measure())))
