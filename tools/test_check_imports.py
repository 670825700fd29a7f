"""Tests of check_imports.py, on small crates written to a temporary folder."""

from __future__ import annotations

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import check_imports


class Crate(unittest.TestCase):
    def setUp(self) -> None:
        self.layers: list[tuple[str, ...]] = [("low",), ("middle",), ("high",)]
        self.safe = ("low",)

    def check(self, **files: str) -> list[str]:
        """The findings for a crate of these files; `a__b` is src/a/b.rs."""
        with tempfile.TemporaryDirectory() as folder:
            self.write(Path(folder), files)
            return check_imports.check(Path(folder), self.layers, self.safe)

    def write(self, src: Path, files: dict[str, str]) -> None:
        tops = [name for name in files if "__" not in name]
        for name, text in {"lib": "".join(f"pub mod {top};\n" for top in tops), **files}.items():
            path = src / f"{name.replace('__', '/')}.rs"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)


class Cycles(Crate):
    def test_a_cycle_is_reported_with_its_chain(self) -> None:
        findings = self.check(
            middle="mod a;\nmod b;\nmod c;",
            middle__a="use crate::middle::b::B;\npub struct A(B);",
            middle__b="\nuse super::c::C;\npub struct B(C);",
            middle__c="pub struct C;\nimpl C { fn f() -> crate::middle::a::A { todo!() } }",
        )
        self.assertEqual(len(findings), 1)
        self.assertEqual(
            findings[0],
            "cycle: middle/a.rs -> middle/b.rs -> middle/c.rs -> middle/a.rs"
            "\n    middle/a.rs:1 imports middle/b.rs (crate::middle::b::B)"
            "\n    middle/b.rs:2 imports middle/c.rs (super::c::C)"
            "\n    middle/c.rs:2 imports middle/a.rs (crate::middle::a::A)",
        )

    def test_a_cycle_through_the_re_exports_of_facades_is_found(self) -> None:
        findings = self.check(
            lib="pub mod middle;\npub use middle::*;",
            middle="mod a;\nmod b;\n/// Docs.\npub use self::a::{self as other, A};\npub use b::*;",
            middle__a="use crate::B;\npub struct A(B);",
            middle__b="use crate::middle;\npub struct B(middle::A);",
        )
        self.assertEqual(len(findings), 1)
        self.assertIn("cycle: middle/a.rs -> middle/b.rs -> middle/a.rs", findings[0])

    def test_a_facade_is_no_part_of_a_cycle(self) -> None:
        findings = self.check(
            middle="mod a;\nmod b;\npub use self::{a::A, b::B};",
            middle__a="pub struct A;",
            middle__b="use super::A;\npub struct B(A);",
        )
        self.assertEqual(findings, [])

    def test_a_re_export_counts_only_if_the_file_uses_the_name(self) -> None:
        child = "use super::Parent;\npub struct Child(Parent);"
        parent = "mod a;\npub use a::Child;\npub struct Parent;\n"
        self.assertEqual(self.check(middle=parent, middle__a=child), [])
        findings = self.check(middle=parent + "fn f(_: Child) {}", middle__a=child)
        self.assertEqual(len(findings), 1)
        self.assertIn("cycle: middle.rs -> middle/a.rs -> middle.rs", findings[0])

    def test_a_glob_imports_the_names_that_are_used(self) -> None:
        crate = {
            "middle": "mod a;\nmod b;\nmod c;\npub use self::{a::A, b::B, c::C};",
            "middle__a": "pub struct A;",
            "middle__c": "use super::B;\npub struct C(B);",
        }
        self.assertEqual(self.check(**crate, middle__b="use super::*;\npub struct B(A);"), [])
        findings = self.check(**crate, middle__b="use super::*;\npub struct B(Option<C>);")
        self.assertEqual(len(findings), 1)

    def test_comments_literals_and_test_code_import_nothing(self) -> None:
        findings = self.check(
            low="""
                //! [`crate::high::High`]
                /* crate::high /* nested */ crate::high::High */
                /// ```
                /// use crate::high::High;
                /// ```
                pub struct Low<'a>(&'a str, char);
                const QUOTE: (char, u8, &str) = ('"', b'\\'', "crate::high::High \\" \\
                    crate::high::High");
                const RAW: &str = r#"crate::high::High " crate::high::High"#;
                #[cfg(test)]
                use crate::high::High;
                #[cfg(all(test, feature = "x"))]
                #[allow(dead_code)]
                mod tests { use crate::high::High; fn f() { crate::high::High; } }
                pub fn last() {}
            """,
            high="use crate::low::last;\npub struct High;",
        )
        self.assertEqual(findings, [])

    def test_a_path_that_leads_nowhere_is_reported(self) -> None:
        findings = self.check(low="use crate::middle::Gone;\nstruct S;", middle="")
        self.assertEqual(findings, ["low.rs: crate::middle::Gone does not lead to a file"])

    def test_other_crates_are_left_alone(self) -> None:
        findings = self.check(
            lib="mod low;\npub mod middle;\npub use ndarray;\npub mod ffi { pub use pyo3::ffi::*; }",
            low="use crate::ndarray::Ix1;\nuse crate::ffi::PyObject;\npub struct Low(Ix1, PyObject);",
            middle="mod half;\nmod a;",
            middle__half="use half::f16;\nuse ::middle::a::A;\npub struct Half(f16, std::fmt::Error);",
            middle__a="use super::half::Half;\npub struct A(Half);",
        )
        self.assertEqual(findings, [])


class Layers(Crate):
    def test_an_import_from_a_layer_below_is_reported(self) -> None:
        findings = self.check(
            low="\npub fn f(_: crate::High) {}",
            high="pub struct High;",
            lib="mod low;\nmod high;\npub use high::High;",
        )
        self.assertEqual(
            findings,
            ["low.rs:2: crate::High is in high.rs, and the layer low is above high"],
        )

    def test_macros_count_for_the_paths_in_them_and_where_they_stand(self) -> None:
        macro = "#[macro_export]\nmacro_rules! made { () => { $crate::high::High } }"
        findings = self.check(middle=macro, high="pub struct High;")
        self.assertEqual(len(findings), 1)
        self.assertIn("middle.rs:2: crate::high::High", findings[0])
        findings = self.check(
            low="pub fn f() { crate::made!(); }", middle=macro.replace("$crate::high::High", "()")
        )
        self.assertIn("low.rs:1: crate::made is in middle.rs", findings[0])

    def test_a_file_takes_the_layer_of_the_longest_matching_module(self) -> None:
        crate = {
            "middle": "mod a;\npub use a::A;",
            "middle__a": "pub struct A(crate::high::High);",
            "high": "pub struct High;",
        }
        self.assertEqual(len(self.check(**crate)), 1)
        self.layers = [*self.layers, ("middle::a",)]
        self.assertEqual(self.check(**crate), [])

    def test_a_file_without_a_layer_is_reported(self) -> None:
        findings = self.check(new="pub struct New;")
        self.assertEqual(len(findings), 1)
        self.assertIn("new.rs: stands in no layer", findings[0])


class Unsafe(Crate):
    def test_unsafe_is_reported_where_it_may_not_stand(self) -> None:
        code = "#![forbid(unsafe_code)]\n// unsafe\nfn f() {\n    unsafe { g() }\n}\n"
        self.assertEqual(
            self.check(low=code, middle=code),
            ["low.rs:4: unsafe, in a layer that does without it"],
        )


class CommandLine(Crate):
    def run_on(self, files: dict[str, str]) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            self.write(Path(folder), files)
            output = io.StringIO()
            with contextlib.redirect_stdout(output), mock.patch("sys.argv", ["check", folder]):
                return check_imports.main(), output.getvalue()

    def test_findings_make_the_exit_status_1(self) -> None:
        good = {"error": "pub struct E;", "index": "use crate::error::E;\nstruct I(E);"}
        self.assertEqual(self.run_on(good), (0, "imports of 3 files: no findings\n"))
        status, output = self.run_on({**good, "error": "pub struct E(crate::index::I);"})
        self.assertEqual(status, 1)
        self.assertIn("cycle: error.rs -> index.rs -> error.rs", output)


if __name__ == "__main__":
    unittest.main()
