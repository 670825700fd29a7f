"""Tests of numpy_crate.py, run by `make lint`."""

import tempfile
import unittest
from pathlib import Path

import numpy_crate as tested

DOCS = """\
//! Text.
//!
//! ```
//! first();
//! ```
//!
//! ```text
//! no example
//! ```
#![cfg_attr(feature = "x", doc = "```")]
#![cfg_attr(not(feature = "x"), doc = "```ignore")]
//! second();
#![doc = "```"]

//// no documentation
/// ```should_panic
/// third();
/// an end that is missing
fn f() {}

    /// ```rust
    /// # hidden
    /// ```
    fn g() {}
"""


class Examples(unittest.TestCase):
    def of(self, text: str) -> list[tuple[int, str]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "lib.rs")
            path.write_text(text)
            return tested.blocks(tested.rust_docs(path))

    def test_examples_are_found_as_rustdoc_finds_them(self):
        self.assertEqual(
            self.of(DOCS),
            [
                (3, "```\nfirst();\n```"),
                (10, "```\n\nsecond();\n```"),
                (16, "```should_panic\nthird();\nan end that is missing\n```"),
                (21, "```rust\n# hidden\n```"),
            ],
        )

    def test_a_file_that_ends_within_an_example_ends_it(self):
        self.assertEqual(self.of("/// ```\n/// f();"), [(1, "```\nf();\n```")])


class Departures(unittest.TestCase):
    def test_a_departure_changes_its_test_and_no_other(self):
        test = "fn {}() {{\n    let array = array.readwrite();\n}}\n"
        before = test.format("other") + test.format("matrix_from_numpy")
        after = tested.migrated(Path("tests/borrow.rs"), before)
        self.assertEqual(after.count("let mut array"), 1)
        self.assertIn("matrix_from_numpy() {\n    let mut array", after)

    def test_a_departure_that_is_none_is_reported(self):
        for text in ["", "fn matrix_from_numpy() {\n}\n"]:
            with self.assertRaises(tested.Changed):
                tested.migrated(Path("tests/borrow.rs"), text)


if __name__ == "__main__":
    unittest.main()
