"""Tests of api_check.py: what it finds, and does not find, between small crates.

Each case is a module of two crates, so that rustdoc runs twice for all of them. The first piece of
code stands for the numpy crate, the second for npyo.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import api_check
import api_compare
import rustdoc_api

FOUND: dict[str, tuple[str, str, list[str]]] = {
    "removed_function": ("pub fn f() {}", "fn f() {}", ["missing f"]),
    "removed_module": ("pub mod m { pub struct A; pub fn f() {} }", "", ["missing m"]),
    "removed_glob_export": (
        "mod m { pub struct A; pub struct B; } pub use m::*;",
        "mod m { pub struct A; pub(crate) struct B; } pub use m::*;",
        ["missing B"],
    ),
    "removed_path": (
        "pub mod m { pub struct A; } pub use m::A;",
        "mod m { pub struct A; } pub use m::A;",
        ["missing m"],
    ),
    "removed_path_of_something_changed": (
        "pub fn f(_: u8) {} pub mod m { pub use super::f; }",
        "fn f(_: u8) {} pub mod m { pub fn f(_: u16) {} }",
        ["missing f", "differs m::f"],
    ),
    "removed_method": (
        "pub struct A; impl A { pub fn f(&self) {} }",
        "pub struct A; impl A { fn f(&self) {} }",
        ["missing A::f"],
    ),
    "removed_associated_constant": (
        "pub struct A; impl A { pub const N: u8 = 1; }",
        "pub struct A;",
        ["missing A::N"],
    ),
    "removed_trait_method": (
        "pub trait A { fn f(&self); fn g(&self); }",
        "pub trait A { fn f(&self); }",
        ["missing A::g"],
    ),
    "removed_impl": (
        "#[derive(Clone, Debug)] pub struct A;",
        "#[derive(Clone)] pub struct A;",
        ["missing impl core::fmt::Debug for A"],
    ),
    "removed_impl_for_a_foreign_type": (
        "pub trait A {} impl A for f32 {} impl A for [u8] {}",
        "pub trait A {} impl A for f32 {}",
        ["missing impl A for [u8]"],
    ),
    "removed_auto_trait": (
        "pub struct A(());",
        "pub struct A(*const ()); impl core::panic::UnwindSafe for A {}",
        ["missing impl core::marker::Send for A", "missing impl core::marker::Sync for A"],
    ),
    "removed_constant": ("pub const N: u8 = 1;", "", ["missing N"]),
    "removed_variant": ("pub enum A { B, C }", "pub enum A { B }", ["missing A::C"]),
    "removed_field": (
        "pub struct A { pub b: u8, pub c: u8 }",
        "pub struct A { pub b: u8 }",
        ["missing A::c"],
    ),
    "removed_macro": (
        "#[macro_export] macro_rules! gone { () => {} }",
        "",
        ["missing macro gone"],
    ),
    "removed_external": ("pub use core::cell::Cell;", "", ["missing Cell"]),
    "changed_external": (
        "pub use core::cell::Cell as A;",
        "pub use core::cell::RefCell as A;",
        ["differs A"],
    ),
    "changed_argument": ("pub fn f(a: u8) {}", "pub fn f(a: u16) {}", ["differs f"]),
    "changed_return": (
        "pub fn f() -> Vec<u8> { vec![] }",
        "pub fn f() -> Vec<i8> { vec![] }",
        ["differs f"],
    ),
    "changed_number_of_arguments": ("pub fn f() {}", "pub fn f(_: ()) {}", ["differs f"]),
    "changed_own_type": (
        "pub struct A; pub struct B; pub fn f(_: A) {}",
        "pub struct A; pub struct B; pub fn f(_: B) {}",
        ["differs f"],
    ),
    "changed_receiver": (
        "pub struct A; impl A { pub fn f(&self) {} }",
        "pub struct A; impl A { pub fn f(&mut self) {} }",
        ["differs A::f"],
    ),
    "changed_lifetime": (
        "pub struct A; impl A { pub fn f<'b>(&self, b: &'b u8) -> &'b u8 { b } }",
        "pub struct A(u8); impl A { pub fn f(&self, _: &u8) -> &u8 { &self.0 } }",
        ["differs A", "differs A::f"],
    ),
    "changed_safety": ("pub fn f() {}", "pub unsafe fn f() {}", ["differs f"]),
    "changed_constness": ("pub const fn f() {}", "pub fn f() {}", ["differs f"]),
    "changed_abi": ('pub extern "C" fn f() {}', "pub fn f() {}", ["differs f"]),
    "changed_pointer": (
        'pub type F = unsafe extern "C" fn(*mut u8);',
        'pub type F = unsafe extern "C" fn(*const u8);',
        ["differs F"],
    ),
    "changed_order_of_generics": (
        "pub fn f<A, B>(_: A, _: B) {}",
        "pub fn f<B, A>(_: A, _: B) {}",
        ["differs f"],
    ),
    "narrower_bound": (
        "pub fn f<T: Clone>(_: T) {}",
        "pub fn f<T: Clone + Copy>(_: T) {}",
        ["differs f"],
    ),
    "narrower_by_sized": (
        "pub fn f<T: ?Sized>(_: &T) {}",
        "pub fn f<T>(_: &T) {}",
        ["differs f"],
    ),
    "narrower_by_lifetime": (
        "pub fn f<'a, 'b>(_: &'a u8, _: &'b u8) {}",
        "pub fn f<'a>(_: &'a u8, _: &'static u8) {}",
        ["differs f"],
    ),
    "narrower_impl": (
        "pub struct A<T>(T); impl<T> A<T> { pub fn f() {} }",
        "pub struct A<T>(T); impl<T: Copy> A<T> { pub fn f() {} }",
        ["differs A::f"],
    ),
    "narrower_trait_impl": (
        "pub struct A<T>(T); impl<T> Default for A<T> { fn default() -> Self { todo!() } }",
        "pub struct A<T>(T); impl Default for A<u8> { fn default() -> Self { todo!() } }",
        ["missing impl core::default::Default for A<_>"],
    ),
    "changed_associated_type": (
        "pub struct A; impl core::ops::Neg for A { type Output = u8; fn neg(self) -> u8 { 0 } }",
        "pub struct A; impl core::ops::Neg for A { type Output = i8; fn neg(self) -> i8 { 0 } }",
        ["differs impl core::ops::arith::Neg for A"],
    ),
    "changed_constant": ("pub const N: u8 = 1;", "pub const N: u8 = 1 + 1;", ["differs N"]),
    "changed_type_of_constant": ("pub const N: u8 = 1;", "pub const N: u16 = 1;", ["differs N"]),
    "changed_static": (
        "pub static N: u8 = 1;",
        "pub static mut N: u8 = 1;",
        ["differs N"],
    ),
    "changed_discriminant": (
        "pub enum A { B = 1, C }",
        "pub enum A { B = 1, C = 3 }",
        ["differs A::C"],
    ),
    "changed_field": (
        "pub struct A { pub b: u8 }",
        "pub struct A { pub b: i8 }",
        ["differs A::b"],
    ),
    "changed_order_of_fields": (
        "#[repr(C)] pub struct A { pub b: u8, pub c: u16 }",
        "#[repr(C)] pub struct A { pub c: u16, pub b: u8 }",
        ["differs A"],
    ),
    "changed_representation": (
        "#[repr(C)] pub struct A { pub b: u8 }",
        "pub struct A { pub b: u8 }",
        ["differs A"],
    ),
    "changed_alias": ("pub type A = u8;", "pub type A = i8;", ["differs A"]),
    "changed_kind": ("pub struct A;", "pub enum A { B }", ["kind A"]),
    "changed_default": (
        "pub struct A<T = u8>(T);",
        "pub struct A<T = i8>(T);",
        ["differs A"],
    ),
    "split_item": (
        "pub mod m { pub struct A; } pub use m::A;",
        "pub mod m { pub struct A; } pub struct A;",
        ["differs m::A"],
    ),
    "more_private_fields": (
        "pub struct A { pub b: u8 }",
        "pub struct A { pub b: u8, c: u8 }",
        ["differs A"],
    ),
    "more_fields": (
        "pub struct A { pub b: u8 }",
        "pub struct A { pub b: u8, pub c: u8 }",
        ["more A::c"],
    ),
    "more_variants": ("pub enum A { B }", "pub enum A { B, C }", ["more A::C"]),
    "open_enum": ("pub enum A { B }", "#[non_exhaustive] pub enum A { B }", ["differs A"]),
    "demanded_method": (
        "pub trait A { fn f(&self) {} }",
        "pub trait A { fn f(&self); fn g(&self); }",
        ["demands A::f", "demands A::g"],
    ),
    "demanded_supertrait": ("pub trait A {}", "pub trait A: Clone {}", ["differs A"] * 2),
    "lost_supertrait": ("pub trait A: Send {}", "pub trait A {}", ["differs A"]),
    "wider_method_of_an_open_trait": (
        "pub trait A { fn f<T: Copy>(&self, _: T); }",
        "pub trait A { fn f<T>(&self, _: T); }",
        ["differs A::f"],
    ),
}

SAME: dict[str, tuple[str, str]] = {
    "other_names": (
        (
            "pub struct A<'a, T>(&'a T); "
            "impl<'a, T> A<'a, T> { pub fn f<U>(u: U) -> &'a T { todo!() } }"
        ),
        (
            "pub struct A<'x, X>(&'x X); "
            "impl<'y, Y> A<'y, Y> { pub fn f<V>(v: V) -> &'y Y { todo!() } }"
        ),
    ),
    "lifetimes_left_out": (
        (
            "pub struct A<'a>(&'a u8); "
            "impl<'a> A<'a> { pub fn f<'b, 'c>(&'b self, c: &'c u8) -> &'b u8 { self.0 } }"
        ),
        "pub struct A<'a>(&'a u8); impl A<'_> { pub fn f(&self, c: &u8) -> &u8 { self.0 } }",
    ),
    "order_and_place_of_bounds": (
        "pub fn f<T: Clone + Send>(_: T) where T: Sync {}",
        "pub fn f<T>(_: T) where T: Sync + Send + Clone {}",
    ),
    "alias_written_out": (
        "pub type A<T> = Vec<T>; pub fn f() -> A<u8> { vec![] }",
        "pub type A<X> = Vec<X>; pub fn f() -> Vec<u8> { vec![] }",
    ),
    "another_file": (
        "pub mod m { pub struct A; } pub use m::A; pub fn f(_: A) {}",
        (
            "mod a { pub struct A; "
            "} pub mod m { pub use super::a::*; } pub use a::*; pub fn f(_: A) {}"
        ),
    ),
    "fewer_bounds": (
        "pub struct A<T: Copy>(T); impl<T: Copy> A<T> { pub fn f<U: Copy>(_: U) {} }",
        "pub struct A<T>(T); impl<T> A<T> { pub fn f<U>(_: U) {} }",
    ),
    "wider_impl": (
        "pub trait A {} impl A for Vec<u8> {} pub struct B<T>(T); impl B<u8> { pub fn f() {} }",
        "pub trait A {} impl<T> A for Vec<T> {} pub struct B<T>(T); impl<T> B<T> { pub fn f() {} }",
    ),
    "more_of_everything": (
        "pub struct A { b: u8 } pub trait B { fn f(&self); }",
        (
            "#[derive(Clone)] pub struct A { b: u16, pub c: u8 } pub fn g() {} "
            "pub trait B { fn f(&self); fn g(&self) {} }"
        ),
    ),
    "hidden": (
        "#[doc(hidden)] pub fn f() {} pub trait A { #[doc(hidden)] fn f(&self) {} }",
        "pub trait A {}",
    ),
    "more_of_a_sealed_trait": (
        (
            "mod m { pub trait S {} } pub trait A: m::S { fn f<T: Copy>(&self, _: T); } "
            "pub trait B: A {}"
        ),
        (
            "mod m { pub trait S {} } pub trait A: m::S { fn f<T>(&self, _: T); fn g(&self); } "
            "pub trait B: A { fn h(&self); }"
        ),
    ),
    "value_in_other_words": ("pub const N: u8 = 0x10;", "pub const N: u8 = 1 << 4;"),
}


def compare(cases: dict[str, tuple[str, str]]) -> list[str]:
    """The findings between two crates that have a module for each case."""
    crates = []
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(("numpy", "npyo")):
            modules = [f"pub mod {case} {{ {pair[number]} }}\n" for case, pair in cases.items()]
            source = Path(folder, "lib.rs")
            source.write_text("#![allow(warnings)]\n" + "".join(modules))
            command = ["rustdoc", "--crate-type=lib", "--edition=2024", f"--crate-name={name}"]
            options = ["-Z", "unstable-options", "--output-format=json", "--document-hidden-items"]
            subprocess.run(
                [*command, *options, f"--out-dir={folder}", source],
                check=True,
                env={**os.environ, "RUSTC_BOOTSTRAP": "1"},
            )
            crates.append(rustdoc_api.Crate.load(Path(folder, f"{name}.json")))
    return [f"{finding.kind} {finding.path}" for finding in api_compare.Comparison(*crates).run()]


class Comparing(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        found = {case: (old, new) for case, (old, new, _) in FOUND.items()}
        cls.findings = compare({**found, **SAME})

    def of(self, case: str) -> list[str]:
        """The findings of one case, without the name of its module."""
        mine = []
        for finding in self.findings:
            short = finding.replace(f"numpy::{case}::", "").replace(f" {case}::", " ")
            if short != finding:
                mine.append(short)
        return sorted(mine)

    def test_each_narrowing_is_found(self) -> None:
        for case, (_, _, expected) in FOUND.items():
            if "macro" in case:
                continue
            with self.subTest(case):
                self.assertEqual(self.of(case), sorted(expected))

    def test_macros_are_found_by_their_name(self) -> None:
        self.assertIn("missing gone", self.findings)

    def test_what_users_cannot_tell_is_not_found(self) -> None:
        for case in SAME:
            with self.subTest(case):
                self.assertEqual(self.of(case), [])


class Formats(unittest.TestCase):
    def test_an_unknown_format_is_refused(self) -> None:
        with self.assertRaisesRegex(rustdoc_api.Unreadable, "format 9999; known here: "):
            rustdoc_api.Crate({"format_version": 9999})


class Departures(unittest.TestCase):
    def report(self, departures: str, *findings: tuple[str, str]) -> str:
        read = api_check.read_departures(departures)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            wrong = api_check.report([api_compare.Finding(*f) for f in findings], read, False)
        self.assertEqual(wrong == 0, printed.getvalue() == "")
        return printed.getvalue()

    def test_a_departure_covers_findings_of_its_kind_and_path(self) -> None:
        text = "# Notes.\nkind a::*\nmissing a::B\n    A reason,\n    in two lines.\n"
        self.assertEqual(self.report(text, ("kind", "a::B"), ("missing", "a::B")), "")
        self.assertIn("differs a::B", self.report(text, ("differs", "a::B")))

    def test_brackets_in_a_path_are_no_pattern(self) -> None:
        text = "missing impl A for [T]\n    A reason.\n"
        self.assertEqual(self.report(text, ("missing", "impl A for [T]")), "")

    def test_a_departure_that_is_none_is_an_error(self) -> None:
        text = "missing a\n    A reason.\n\nmissing b\n    Another.\n"
        printed = self.report(text, ("missing", "a"))
        self.assertEqual(printed, "api_departures.txt:4: nothing is like that: missing b\n")

    def test_a_departure_has_a_reason(self) -> None:
        for text in ("missing a", "missing a\n\n    Too late.\n"):
            with self.assertRaisesRegex(api_check.Failure, ":1: there is no reason"):
                api_check.read_departures(text)

    def test_a_departure_begins_with_a_kind(self) -> None:
        with self.assertRaisesRegex(api_check.Failure, ":1: begins with none of missing, "):
            api_check.read_departures("a::B\n    A reason.\n")

    def test_each_departure_in_the_list_can_be_read(self) -> None:
        text = api_check.DEPARTURES.read_text(encoding="utf-8")
        self.assertTrue(api_check.read_departures(text))


if __name__ == "__main__":
    unittest.main()
