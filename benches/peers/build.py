#!/usr/bin/env python3
"""Builds the peers of the extension in `calls/`, on nanobind and on pybind11.

    benches/peers/build.py PYTHON OUT       for this interpreter, into this folder

The interpreter is a virtual environment's that has the packages `nanobind` and `pybind11`. Needs
g++ on Linux, and nothing of Python but the standard library.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent

FLAGS = [
    "-O3",
    "-std=c++17",
    "-fPIC",
    "-fvisibility=hidden",
    "-DNDEBUG",
    # nanobind's own build has it; here, neither library pays for what some systems switch on.
    "-fno-stack-protector",
    "-ffunction-sections",
    "-fdata-sections",
]
LINK = ["-shared", "-Wl,-s", "-Wl,--gc-sections"]

PROBE = """
import json, nanobind, pybind11, sysconfig
print(json.dumps({
    "python": [sysconfig.get_path("include"), sysconfig.get_path("platinclude")],
    "suffix": sysconfig.get_config_var("EXT_SUFFIX"),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "nanobind": nanobind.include_dir(),
    "nanobind_source": nanobind.source_dir(),
    "pybind11": pybind11.get_include(),
}))
"""


def build(python: Path, out: Path) -> None:
    """Compiles both modules for `python` into `out`, where they are older than their sources."""
    found = json.loads(subprocess.check_output([python, "-c", PROBE], text=True))
    out.mkdir(parents=True, exist_ok=True)
    include = [f"-I{folder}" for folder in dict.fromkeys(found["python"])]
    suffix = found["suffix"]

    headers, source = Path(found["nanobind"]), Path(found["nanobind_source"])
    robin_map = source.parent / "ext" / "robin_map" / "include"
    flags = [*FLAGS, *include, f"-I{headers}"]
    if found["free_threaded"]:
        flags.append("-DNB_FREE_THREADED")
    # What nanobind-config.cmake adds for the library alone.
    library_flags = ["-DNB_BUILD", "-DNB_COMPACT_ASSERTIONS", "-fno-strict-aliasing"]
    if platform.machine() == "x86_64":
        library_flags.append("-mtls-dialect=gnu2")
    library = out / f"nanobind{suffix}.o"
    compile_if_older(
        library,
        source / "nb_combined.cpp",
        [*flags, *library_flags, f"-I{robin_map}", "-c"],
        [*files(source), *files(headers), *files(robin_map)],
    )
    compile_if_older(
        out / f"nanobind_calls{suffix}",
        HERE / "nanobind_calls.cpp",
        [*flags, library, *LINK],
        [library, *files(headers)],
    )

    headers = Path(found["pybind11"])
    compile_if_older(
        out / f"pybind11_calls{suffix}",
        HERE / "pybind11_calls.cpp",
        [*FLAGS, *include, f"-I{headers}", *LINK],
        files(headers),
    )


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def compile_if_older(
    target: Path, source: Path, options: list[str | Path], others: Iterable[Path]
) -> None:
    """Compiles `source` unless `target` is newer than it, `others` and this file."""
    newest = max(path.stat().st_mtime for path in [source, Path(__file__), *others])
    if target.exists() and target.stat().st_mtime > newest:
        return
    # So that one that was interrupted does not pass for built.
    unfinished = target.with_name(f"{target.name}.unfinished")
    command = ["g++", source, *options, "-o", unfinished]
    print(f"$ {' '.join(map(str, command))}", flush=True)
    subprocess.run(command, check=True)
    os.replace(unfinished, target)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("python", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    build(arguments.python, arguments.out)


if __name__ == "__main__":
    main()
