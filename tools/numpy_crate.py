"""The numpy crate's own tests, built against npyo: its integration tests and the examples in its
docs. (Its unit tests are about its private parts.)

`project` writes a cargo project from the published package, which cargo fetches. The project depends
on compat/numpy, npyo under that crate's name, and is the package's own otherwise. None of that crate
is part of this repository.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path

VERSION = "0.30.0"
TESTS, EXAMPLES = 88, 63
FEATURES = ("half", "nalgebra", "rand_core")


class Changed(Exception):
    """The package is not what this file expects."""


@dataclasses.dataclass(frozen=True)
class Departure:
    """A test that npyo fails on purpose, and the change that lets its author's code pass."""

    file: str
    test: str
    """The name of the function, or a line of the example that no other example of the file has."""
    before: str
    after: str
    reason: str

    def apply(self, text: str) -> str:
        if self.before not in text:
            raise Changed(f"{self.file}: {self.test} is not the test that was expected")
        return text.replace(self.before, self.after)


NOT_MUT = "a matrix to write to is taken from `&mut` of its guard, or there could be two"

DEPARTURES = [
    Departure(
        file="tests/borrow.rs",
        test="matrix_from_numpy",
        before="let array = array.readwrite();",
        after="let mut array = array.readwrite();",
        reason=NOT_MUT,
    ),
    Departure(
        file="src/lib.rs",
        test="na_matrix.add_scalar_mut(1);",
        before="let py_array = py_array.readwrite();",
        after="let mut py_array = py_array.readwrite();",
        reason=NOT_MUT,
    ),
    Departure(
        file="src/borrow/mod.rs",
        test="// A false conflict as the views do not actually share any elements.",
        before="assert!(res.is_err());",
        after="assert!(res.is_ok());",
        reason="views that interleave without sharing a byte do not conflict",
    ),
]


def package(folder: Path) -> Path:
    """Where cargo unpacked the published package. `folder` is for a project that depends on it."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "src" / "lib.rs").touch()
    manifest = folder / "Cargo.toml"
    manifest.write_text(
        '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
        f'[dependencies]\nnumpy = "={VERSION}"\n'
    )
    command = ["cargo", "metadata", "--format-version=1", f"--manifest-path={manifest}"]
    metadata = json.loads(subprocess.check_output(command))
    (path,) = (p["manifest_path"] for p in metadata["packages"] if p["name"] == "numpy")
    return Path(path).parent


def project(root: Path, folder: Path) -> None:
    """Writes the project, with the changes that MIGRATING.md asks for."""
    source = package(folder / "fetch")
    unused = [d.file for d in DEPARTURES if not (source / d.file).exists()]
    if unused:
        raise Changed(f"the package has no {', '.join(unused)}")
    tests = [path.relative_to(source) for path in sorted((source / "tests").glob("*.rs"))]
    texts = [migrated(path, (source / path).read_text()) for path in tests]
    docs = examples(source)
    # What `examples` takes for one is known to be right for this version only.
    found = sum(text.count("#[test]\n") for text in texts), docs.count("\npub mod ")
    if found != (TESTS, EXAMPLES):
        raise Changed(f"{found} tests and examples, not {(TESTS, EXAMPLES)}")

    shutil.rmtree(folder / "tests", ignore_errors=True)
    for part in ("src", "tests"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(manifest(root))
    # Versions that the library's own tests are built with anyway.
    shutil.copy(root / "Cargo.lock", folder / "Cargo.lock")
    for path, text in zip(tests, texts):
        (folder / path).write_text(text)
    (folder / "src" / "lib.rs").write_text(docs)


def manifest(root: Path) -> str:
    features = ", ".join(f'"{name}"' for name in FEATURES)
    return f"""\
[package]
name = "numpy-crate-tests"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[features]
default = [{features}]
half = ["numpy/half", "dep:half"]
nalgebra = ["numpy/nalgebra", "dep:nalgebra"]
rand_core = ["numpy/rand_core"]

[dependencies]
half = {{ version = "2", optional = true }}
nalgebra = {{ version = ">=0.32, <0.36", default-features = false, features = ["std"], optional = true }}
ndarray = ">=0.15, <0.18"
numpy = {{ path = "{root / "compat" / "numpy"}" }}
pyo3 = {{ version = "0.30", features = ["auto-initialize"] }}
rand = {{ version = "0.9", default-features = false }}
"""


def migrated(path: Path, text: str) -> str:
    """A file of tests, with the departures."""
    for departure in of_file(path):
        test = re.search(rf"fn {departure.test}\(\) \{{\n(?:.*\n)*?\}}\n", text)
        if not test:
            raise Changed(f"{path} has no test {departure.test}")
        text = text[: test.start()] + departure.apply(test[0]) + text[test.end() :]
    return text


def of_file(path: Path) -> list[Departure]:
    return [departure for departure in DEPARTURES if departure.file == path.as_posix()]


FENCE = re.compile(r"^\s*```(.*)$")
DOC_LINE = re.compile(r"^\s*//[/!] ?(?!/)(.*)$")
DOC_ATTRIBUTE = re.compile(
    r'^\s*#!?\[(?:cfg_attr\((?P<off>not\()?feature = "\w+"\)?, )?doc = "(?P<text>.*?)"\)?\]$'
)


def examples(source: Path) -> str:
    """A library whose docs are the examples of another's, one in a module."""
    modules = ["//! The examples of the numpy crate's docs.", ""]
    files = [(path, rust_docs(path)) for path in sorted((source / "src").rglob("*.rs"))]
    files.append((source / "README.md", list(enumerate(lines(source / "README.md"), 1))))
    for path, docs in files:
        place = path.relative_to(source)
        found = blocks(docs)
        for departure in of_file(place):
            numbers = [n for n, (_, block) in enumerate(found) if departure.test in block]
            if len(numbers) != 1:
                raise Changed(f"{place} has not one example with {departure.test}")
            line, block = found[numbers[0]]
            found[numbers[0]] = line, departure.apply(block)
        for line, block in found:
            modules += [f"/// {text}".rstrip() for text in block.splitlines()]
            modules += [f"pub mod {re.sub(r'[^a-z]+', '_', str(place))}_line_{line} {{}}", ""]
    return "\n".join(modules)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def rust_docs(path: Path) -> list[tuple[int, str]]:
    """The lines of documentation in a file, with their numbers, every feature being on."""
    docs = []
    for number, line in enumerate(lines(path), 1):
        attribute = DOC_ATTRIBUTE.match(line)
        if attribute:
            docs.append((number, "" if attribute["off"] else attribute["text"]))
        elif text := DOC_LINE.match(line):
            docs.append((number, text[1]))
    return docs


def blocks(docs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The fenced blocks of Rust in some documentation, and the lines that they begin at."""
    found = []
    block: list[tuple[int, str]] = []

    def end() -> None:
        first, fence = block[0]
        if is_rust(fence):
            found.append((first, "\n".join([*(text for _, text in block), "```"])))
        block.clear()

    for number, text in docs:
        fence = FENCE.match(text)
        # Documentation that ends within a block ends it.
        if block and number != block[-1][0] + 1:
            end()
        if block and fence:
            end()
        elif block or fence:
            block.append((number, text))
    if block:
        end()
    return found


RUST = {"rust", "ignore", "no_run", "should_panic", "compile_fail"}


def is_rust(fence: str) -> bool:
    """Whether rustdoc takes a block with this first line for an example."""
    words = [word for word in re.split(r"[,\s]+", fence.strip().strip("`")) if word]
    return all(word in RUST for word in words)
