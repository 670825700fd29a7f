#!/usr/bin/env python3
"""Checks that npyo's public API has everything of the numpy crate's.

Both APIs are read from rustdoc's JSON, so there is no list of them to keep. For each path of the
numpy crate that its users can name, npyo must have the same path, and there an item with the same
signature: functions, methods, fields, variants, constants, traits and what they demand of those who
implement them, the traits that each type implements, macros by their name, and cargo's features.
The names of generics, lifetimes and arguments do not matter, nor does the order of bounds. npyo's
signature may be wider where that cannot harm: it may demand less of its types.

What npyo does differently on purpose is in api_departures.txt, with the reason.

    tools/api_check.py                      exits 1, naming each finding, if there is one
    tools/api_check.py --json OLD NEW       compares JSON that is there already
    tools/api_check.py --all                shows the findings that are departures too

Compares what the crates are on this platform, for the interpreter in PYO3_PYTHON, and with all
features of the numpy crate. Needs cargo, and that crate from its registry. Builds into target/, or
CARGO_TARGET_DIR.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import rustdoc_api
from api_compare import Comparison, Finding
from rustdoc_api import Crate, Json

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / "target" / "api-check"
DEPARTURES = ROOT / "tools" / "api_departures.txt"
NUMPY = "0.30.0"
FEATURES = ("half", "nalgebra", "rand_core")


class Failure(Exception):
    """The APIs cannot be compared."""


# --- Findings ---------------------------------------------------------------------------------

KINDS = {
    "missing": "npyo does not have it",
    "kind": "npyo has another kind of item there",
    "differs": "npyo's signature is another one",
    "more": "npyo has it and the numpy crate does not, where users write out all there is",
    "demands": "npyo demands it of those who implement the trait, the numpy crate does not",
}


@dataclasses.dataclass(frozen=True)
class Departure:
    """A finding, or several, that is meant to be: its kind and path, `*` for any characters."""

    pattern: str
    reason: str
    line: int

    def covers(self, finding: Finding) -> bool:
        parts = map(re.escape, self.pattern.split("*"))
        return re.fullmatch(".*".join(parts), f"{finding.kind} {finding.path}") is not None


def read_departures(text: str) -> list[Departure]:
    """Blocks of patterns, each with the reason indented beneath; `#` begins a comment."""
    departures: list[Departure] = []
    patterns: list[tuple[str, int]] = []
    reason: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.startswith(" "):
            reason.append(line.strip())
            continue
        if patterns and (reason or not line):
            if not reason:
                raise Failure(f"{DEPARTURES.name}:{patterns[-1][1]}: there is no reason")
            departures += [Departure(what, " ".join(reason), at) for what, at in patterns]
            patterns, reason = [], []
        if line:
            if line.split(" ", 1)[0] not in KINDS:
                raise Failure(f"{DEPARTURES.name}:{number}: begins with none of {', '.join(KINDS)}")
            patterns.append((line.strip(), number))
    return departures


# --- Making the JSON --------------------------------------------------------------------------


def scratch_project() -> Path:
    """A cargo project that depends on both crates, on the versions in the checkout's lock file."""
    (SCRATCH / "src").mkdir(parents=True, exist_ok=True)
    features = json.dumps(FEATURES)
    (SCRATCH / "Cargo.toml").write_text(
        f"""[package]
name = "api-check"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
numpy = {{ version = "={NUMPY}", features = {features} }}
npyo = {{ path = {json.dumps(str(ROOT))}, features = {features} }}

[workspace]
"""
    )
    (SCRATCH / "src" / "lib.rs").write_text("")
    (SCRATCH / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    # JSON is an unstable option, which this variable allows on stable Rust. Set for cargo too, it
    # would have build scripts run again, and all that depends on them built again.
    rustdoc = SCRATCH / "rustdoc"
    rustdoc.write_text(
        f'#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec {os.environ.get("RUSTDOC", "rustdoc")} "$@"\n'
    )
    rustdoc.chmod(0o755)
    return SCRATCH / "Cargo.toml"


def cargo(*command: str, check: bool = True) -> str:
    env = {
        "CARGO_TARGET_DIR": str(SCRATCH / "target"),
        "PYO3_PYTHON": sys.executable,
        **os.environ,
        "RUSTDOC": str(SCRATCH / "rustdoc"),
    }
    done = subprocess.run(
        ["cargo", *command], check=False, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if check and done.returncode:
        raise Failure(f"cargo {' '.join(command)} failed")
    return done.stdout


def documented(manifest: Path, metadata: Json, name: str) -> Path:
    """Has rustdoc write the JSON of a crate; its path."""
    (package,) = (p for p in metadata["packages"] if p["name"] == name)
    options = ["-Z", "unstable-options", "--output-format", "json", "--document-hidden-items"]
    spec = f"{name}@{package['version']}"
    cargo("rustdoc", "--quiet", f"--manifest-path={manifest}", "-p", spec, "--lib", "--", *options)
    return Path(metadata["target_directory"]) / "doc" / f"{name}.json"


def compare_features(metadata: Json) -> Iterator[Finding]:
    features = {p["name"]: p["features"].keys() for p in metadata["packages"]}
    for name in sorted(features["numpy"] - features["npyo"]):
        yield Finding("missing", f"feature {name}")


def compare_numbers(manifest: Path, paths: list[str]) -> Iterator[Finding]:
    """Has the compiler compare each variant's number with that in npyo's constant."""
    lines = [f"const _: () = assert!(numpy::{p} as i128 == npyo::{p}.0 as i128);" for p in paths]
    (manifest.parent / "src" / "lib.rs").write_text("\n".join(lines) + "\n")
    command = ["check", "--quiet", "--message-format=json", f"--manifest-path={manifest}"]
    for message in map(json.loads, cargo(*command, check=False).splitlines()):
        if message["reason"] != "compiler-message" or message["message"]["level"] != "error":
            continue
        if message["manifest_path"] != str(manifest):
            raise Failure(f"{message['package_id']}: {message['message']['message']}")
        for span in message["message"]["spans"]:
            if span["is_primary"]:
                path = paths[span["line_start"] - 1]
                yield Finding("differs", path, "variant", message["message"]["message"])


def build() -> list[Finding]:
    manifest = scratch_project()
    metadata = json.loads(cargo("metadata", "--format-version=1", f"--manifest-path={manifest}"))
    old, new = (Crate.load(documented(manifest, metadata, n)) for n in ("numpy", "npyo"))
    comparison = Comparison(old, new)
    findings = [*compare_features(metadata), *comparison.run()]
    return [*findings, *compare_numbers(manifest, comparison.unseen)]


# --- Reporting --------------------------------------------------------------------------------


def report(findings: list[Finding], departures: list[Departure], show_all: bool) -> int:
    """Prints what is no departure, and the departures that are none; how many."""
    wrong = 0
    for finding in sorted(findings, key=lambda f: (f.path, f.kind, f.new)):
        reasons = [d.reason for d in departures if d.covers(finding)]
        wrong += not reasons
        if show_all or not reasons:
            print(finding, *(f"    {'reason':7}{reason}" for reason in reasons), sep="\n")
    for departure in departures:
        if not any(departure.covers(finding) for finding in findings):
            wrong += 1
            print(f"{DEPARTURES.name}:{departure.line}: nothing is like that: {departure.pattern}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", nargs=2, type=Path, metavar=("OLD", "NEW"))
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    try:
        departures = read_departures(DEPARTURES.read_text(encoding="utf-8"))
        if arguments.json:
            findings = Comparison(*map(Crate.load, arguments.json)).run()
        else:
            findings = build()
    except (Failure, rustdoc_api.Unreadable) as error:
        print(f"api_check: {error}", file=sys.stderr)
        return 2
    wrong = report(findings, departures, arguments.all)
    if wrong:
        print(f"\n{wrong} findings. What each kind means:")
        print(*(f"    {kind:10}{meaning}" for kind, meaning in KINDS.items()), sep="\n")
        return 1
    print(f"npyo has the API of the numpy crate {NUMPY}, {len(findings)} departures aside")
    return 0


if __name__ == "__main__":
    sys.exit(main())
