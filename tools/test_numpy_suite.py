"""Tests of the comparison in numpy_suite.py."""

import tempfile
import unittest
from pathlib import Path

import numpy_suite
from numpy_suite import DEPARTURES, problems


class Problems(unittest.TestCase):
    def test_equal_outcomes_are_none(self):
        outcomes = {"a": "passed", "b": "skipped", "c": "xfailed", "d": "error", "e": "failed"}
        self.assertEqual(problems("2.5", outcomes, outcomes), [])

    def test_what_passes_in_c_only_is_one(self):
        for outcome in "failed", "error", "skipped":
            (problem,) = problems(
                "2.5", {"a": "passed", "b": "passed"}, {"a": outcome, "b": "passed"}
            )
            self.assertIn(f"a {outcome}", problem)

    def test_a_test_that_is_gone_is_one(self):
        (problem,) = problems("2.5", {"a": "passed", "b": "passed"}, {"b": "passed"})
        self.assertIn("a absent", problem)

    def test_what_passes_in_rust_only_is_none(self):
        self.assertEqual(problems("2.5", {"a": "failed"}, {"a": "passed"}), [])

    def test_a_run_in_which_nothing_passes_is_one(self):
        self.assertEqual(problems("2.5", {}, {}), ["no test passed"])

    def test_departures_are_excused_on_their_numpy_and_must_fail(self):
        departure = DEPARTURES[0]
        in_c = {departure.test: "passed", "b": "passed"}
        in_rust = {departure.test: "failed", "b": "passed"}
        version = departure.numpy + "26.4"
        self.assertEqual(problems(version, in_c, in_rust), [])
        self.assertEqual(len(problems("9.0", in_c, in_rust)), 1)
        self.assertEqual(len(problems(version, in_c, in_c)), 1)


class Files(unittest.TestCase):
    def test_files_are_found_by_what_they_import(self):
        texts = {
            "test_a.py": "from numpy._core import _umath_tests as umt",
            "test_b.py": "from numpy._core._rational_tests import rational",
            "test_c.py": "from numpy._core import _rational_tests",
            "test_d.py": "import numpy as np",
            "other.py": "from numpy._core import _umath_tests",
        }
        with tempfile.TemporaryDirectory() as folder:
            tests = Path(folder, "core", "tests")
            tests.mkdir(parents=True)
            for name, text in texts.items():
                (tests / name).write_text(text)

            def found(everything):
                paths = numpy_suite.files(Path(folder), everything=everything)
                return [path.name for path in paths]

            self.assertEqual(found(False), ["test_a.py", "test_c.py"])
            self.assertEqual(found(True), ["test_a.py", "test_b.py", "test_c.py"])


if __name__ == "__main__":
    unittest.main()
