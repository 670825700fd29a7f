"""What the README says is so."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import npyo_special as special
import numpy as np
from accuracy import CASES

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_examples_give_what_they_show():
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README", "README.md", 0)
    lines: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(test, out=lines.append)
    assert not runner.failures, "".join(lines)


def test_the_rust_functions_are_those_of_the_sources():
    sources = [path.read_text(encoding="utf-8") for path in PROJECT.glob("src/*.rs")]
    blocks = re.findall(r"^```rust\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert any(block in source for source in sources)


def test_the_files_are_there():
    assert len(set(re.findall(r"\]\(([\w./]+)\)", README))) >= 8
    for link in re.findall(r"\]\(([\w./]+)\)", README):
        assert (PROJECT / link).exists()


def test_the_table_of_distances_is_that_of_the_limits():
    _, _, *rows = re.search(r"^\| Function \| Where(.*\n)*?$", README, re.MULTILINE)[0].splitlines()
    assert rows == [
        f"| `{case.name}` | {case.range} | {case.float64:g} | {case.float32:g} |"
        + (f" {case.library}: {case.off_reference:g} |" if case.library else " |")
        for case in CASES
    ]


def test_the_table_of_functions_has_all():
    named = set(re.findall(r"`(\w+)\(", README.split("## How exact")[0]))
    ufuncs = {name for name, value in vars(special).items() if isinstance(value, np.ufunc)}
    assert ufuncs == named
