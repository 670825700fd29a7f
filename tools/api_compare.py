"""Compares the APIs of two crates: is everything of the numpy crate's in npyo?

`Comparison` goes through each path, item and impl of the one and looks for it in the other.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import rustdoc_api
from rustdoc_api import (
    SIZED,
    STATIC,
    Crate,
    External,
    Generics,
    Json,
    Reader,
    Scope,
    Signature,
    Subst,
    Target,
    Term,
    match,
    show,
    substitute,
    var,
    variables,
)

AUTO = ("Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe")
"""The auto traits that are compared; the compiler's others cannot be named on stable Rust."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that is not in npyo as it is in the numpy crate."""

    kind: str
    path: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        lines = [f"{self.kind} {self.path}"]
        lines += [f"    numpy  {self.old}"] if self.old else []
        lines += [f"    npyo   {line}" for line in self.new.split("\n")] if self.new else []
        return "\n".join(lines)


def positional(old: Generics, new: Generics) -> Subst | None:
    """Binds the generics of `new` to those of `old` in their order, if they are alike."""
    alike = len(old.lifetimes) == len(new.lifetimes) and len(old.params) == len(new.params)
    if not alike:
        return None
    pairs = [*zip(new.lifetimes, old.lifetimes), *zip(new.params, old.params)]
    bound = {mine: var(theirs) for mine, theirs in pairs}
    kinds = tuple(substitute(kind, bound) for kind in new.kinds)
    if kinds != old.kinds:
        return None
    for mine, theirs in zip(new.defaults, old.defaults):
        if theirs is not None and (mine is None or substitute(mine, bound) != theirs):
            return None
    return bound


def demanded(preds: Iterable[Term], bound: Subst, given: frozenset[Term]) -> list[Term]:
    """Those of `preds` that are not among `given`."""
    more = []
    for pred in preds:
        term = substitute(pred, bound)
        if term in given or (term[2] == SIZED and is_sized(term[1])):
            continue
        # A variable that stands in no type may be anything that makes the demand one of those.
        loose = any(name not in bound for name in variables(pred))
        if not (loose and any(match(pred, one, dict(bound)) for one in given)):
            more.append(term)
    return more


def is_sized(term: Term) -> bool:
    """Whether a type is surely Sized, whatever its variables are."""
    if term[0] == "path":
        return term[1].rsplit("::", 1)[-1] not in ("CStr", "OsStr", "Path")
    if term[0] == "prim":
        return term[1] != "str"
    return term[0] in ("ref", "ptr", "tuple", "array", "fn")


def serves(new: Signature, old: Signature, bound: Subst | None = None) -> bool:
    """Whether `new` can be called wherever `old` is."""
    bound = dict(bound or {})
    if new.head not in (old.head, f"const {old.head}") or len(new.params) != len(old.params):
        return False
    if not match(new.types, old.types, bound):
        return False
    for mine, theirs in zip(new.params, old.params):
        if bound.setdefault(mine, var(theirs)) != var(theirs):
            return False
    return not demanded(new.preds, bound, old.preds)


@dataclasses.dataclass(frozen=True)
class Impl:
    """An impl block of a trait."""

    item: int
    trait: Term
    self_type: Term
    generics: Generics
    json: Json

    @property
    def head(self) -> Term:
        return (self.trait, self.self_type)

    def shown(self) -> str:
        """Written out, with the variables named in the order in which they come."""
        names = {
            name: var(f"'l{n}" if name.startswith("'") else f"T{n}")
            for n, name in enumerate(dict.fromkeys(variables(self.head)))
        }
        trait, self_type = substitute(self.head, names)
        preds = sorted(show(substitute(p, names)) for p in self.generics.preds if p[2] != SIZED)
        where = f" where {', '.join(preds)}" if preds else ""
        return f"impl {show(trait)} for {show(self_type)}{where}"

    def name(self) -> str:
        names = {name: var("'_" if name.startswith("'") else "_") for name in variables(self.head)}
        trait, self_type = substitute(self.head, names)
        return f"impl {show(trait)} for {show(self_type)}"


class Side:
    """One of the two crates, with what is looked up in it."""

    def __init__(self, crate: Crate, names: dict[int, str]) -> None:
        self.crate = crate
        self.reader = Reader(crate, names)
        self.impls: list[Impl] = []
        self.inherent: dict[str, list[tuple[int, Term, Generics]]] = {}
        """From a type's canonical name: the items of its own impl blocks."""
        for item, json_impl in crate.impls():
            if json_impl["is_negative"]:
                continue
            trait, self_type, generics = self.reader.impl_header(json_impl)
            if trait:
                self.impls.append(Impl(item, trait, self_type, generics, json_impl))
                continue
            members = self.inherent.setdefault(self_type[1], [])
            members += [
                (member, self_type, generics)
                for member in json_impl["items"]
                if crate.is_own(member)
            ]

    def item(self, item: int) -> tuple[str, Json, Any]:
        """Its kind, the item, and what is particular to the kind."""
        return self.crate.kind(item), self.crate.index[item], self.crate.inner(item)

    def methods(self, name: str) -> Iterator[tuple[str, int, Signature]]:
        """The public functions and constants in the type's own impl blocks."""
        for member, owner, generics in self.inherent.get(name, []):
            entry = self.crate.index[member]
            if entry["visibility"] == "public":
                yield entry["name"], member, self.signature(member, owner, generics.preds)

    def signature(
        self, item: int, owner: Term = (), outer: frozenset[Term] = frozenset()
    ) -> Signature:
        kind, _, inner = self.item(item)
        if kind == "function":
            return self.reader.function(item, owner, outer)
        scope = Scope(owner or var("Self"), elided=STATIC)
        term = self.reader.type(inner["type"], scope)
        mutable = " mut" if inner.get("is_mutable") else ""
        return Signature(kind + mutable, owner, (), term, (), outer)

    def generics(self, item: int) -> Generics:
        return self.reader.generics(self.crate.inner(item)["generics"], Scope())

    def shape(self, item: int) -> Shape:
        """The fields of a struct, a union or a variant."""
        kind, _, inner = self.item(item)
        form = {"plain": inner} if kind == "union" else inner["kind"]
        if not isinstance(form, dict):
            return Shape("unit", {}, closed=True)
        ((word, detail),) = form.items()
        if word == "tuple":
            there = {str(n): field for n, field in enumerate(detail) if field is not None}
            closed = len(there) == len(detail)
        else:
            there = {self.crate.index[field]["name"]: field for field in detail["fields"]}
            closed = not detail["has_stripped_fields"]
        scope = Scope(elided=STATIC)
        fields = {}
        for name, field in there.items():
            if kind == "variant" or self.crate.index[field]["visibility"] == "public":
                fields[name] = self.reader.type(self.crate.inner(field), scope)
        word = "tuple" if word == "tuple" else "plain"
        return Shape(word, fields, closed and len(fields) == len(there))

    def marks(self, item: int) -> set[str]:
        """The attributes that users can tell: the representation, and being open for more."""
        attrs = self.crate.index[item]["attrs"]
        marks = {"non_exhaustive"} & {attr for attr in attrs if isinstance(attr, str)}
        for attr in attrs:
            if isinstance(attr, dict) and "repr" in attr:
                parts = {(k, v) for k, v in attr["repr"].items() if v not in (None, "rust")}
                # Being transparent is a promise only about a field that can be seen.
                if self.crate.kind(item) == "struct" and not self.shape(item).fields:
                    parts.discard(("kind", "transparent"))
                marks |= {f"repr({value})" for _, value in parts}
        return marks

    def is_sealed(self, item: int) -> bool:
        """Whether other crates cannot implement the trait, for want of one that it demands."""
        demanded = [
            bound["trait_bound"]["trait"]["id"]
            for bound in self.crate.inner(item)["bounds"]
            if "trait_bound" in bound
        ]
        own = [trait for trait in demanded if self.crate.is_own(trait)]
        return any(trait not in self.crate.ids or self.is_sealed(trait) for trait in own)

    def supertraits(self, item: int) -> set[Term]:
        return {self.reader.bound(part, Scope()) for part in self.crate.inner(item)["bounds"]}


class Comparison:
    """Goes through the API of `old` and looks for each thing in `new`."""

    def __init__(self, old: Crate, new: Crate) -> None:
        olds, news = rustdoc_api.canonical_names(old, new)
        self.old, self.new = Side(old, olds), Side(new, news)
        self.old_names, self.new_names = olds, news
        self.findings: list[Finding] = []
        self.missing: set[tuple[str, str]] = set()
        """Namespaces and paths, those in a missing module or of a missing type included."""
        self.unseen: list[str] = []
        """Variants that are constants around a number in npyo; rustdoc does not show the number."""

    def run(self) -> list[Finding]:
        old, new = self.old.crate, self.new.crate
        for (namespace, path), target in sorted(old.paths.items()):
            if isinstance(target, int) and old.is_hidden(target):
                continue
            there = new.paths.get((namespace, path))
            if there is None and ("type", path.rpartition("::")[0]) in self.missing:
                self.missing.add((namespace, path))
            elif there is None:
                self.missing.add((namespace, path))
                self.find("missing", path, self.described(self.old, target))
            elif isinstance(target, External) or isinstance(there, External):
                self.external(path, target, there)
            else:
                # An item is compared once, and one under several paths must be so in npyo too.
                first = next(p for p in old.ids[target] if (namespace, p) in new.paths)
                if first == path:
                    self.items(path, target, there)
                elif new.paths[namespace, first] != there:
                    self.find("differs", path, f"is {first}", "is another item")
        self.implementations()
        return self.findings

    def find(self, kind: str, path: str, old: str = "", new: str = "") -> None:
        self.findings.append(Finding(kind, path, old, new))

    def described(self, side: Side, target: Target) -> str:
        if isinstance(target, External):
            return f"{target.kind} {target.path}"
        kind, entry, inner = side.item(target)
        if kind in ("function", "constant", "static"):
            return side.signature(target).shown()
        if kind == "type_alias":
            return f"type = {show(side.reader.type(inner['type'], Scope()))}"
        return f"{kind} {entry['name']}"

    def external(self, path: str, target: Target, there: Target) -> None:
        """One of the two is an item of another crate; an alias of it does as well."""
        names = [self.alias_of(side, one) for side, one in ((self.old, target), (self.new, there))]
        if names[0] != names[1]:
            self.find(
                "differs", path, self.described(self.old, target), self.described(self.new, there)
            )

    def alias_of(self, side: Side, target: Target) -> Any:
        if isinstance(target, External):
            return target.path
        kind, _, inner = side.item(target)
        if kind == "type_alias" and not inner["generics"]["params"]:
            term = side.reader.type(inner["type"], Scope())
            return term[1] if term[0] == "path" and not term[2] else term
        return target

    # --- Items

    def items(self, path: str, old: int, new: int) -> None:
        kind, new_kind = self.old.crate.kind(old), self.new.crate.kind(new)
        if kind != new_kind:
            self.find("kind", path, self.described(self.old, old), self.described(self.new, new))
            if kind == "enum":
                self.variants_as_constants(path, old, new)
        elif kind in ("function", "constant", "static"):
            same = self.signatures(path, self.old.signature(old), [self.new.signature(new)])
            if same and kind == "constant":
                self.values(path, old, new)
        elif kind == "type_alias":
            self.aliases(path, old, new)
        elif kind == "trait":
            self.traits(path, old, new)
        elif kind == "variant":
            pass  # A variant under a path of its own is compared with its enum.
        elif kind in rustdoc_api.TYPES:
            self.type_heads(path, old, new)
            if kind == "enum":
                self.variants(path, old, new)
            else:
                bound = positional(self.old.generics(old), self.new.generics(new)) or {}
                self.fields(path, self.old.shape(old), self.new.shape(new), bound)
        if kind in rustdoc_api.TYPES:
            self.methods(path, old, new)

    def signatures(self, path: str, wanted: Signature, found: list[Signature]) -> bool:
        """Whether one of those `found` can stand for the one `wanted`."""
        if any(serves(one, wanted) for one in found):
            return True
        self.find("differs", path, wanted.shown(), "\n".join(one.shown() for one in found))
        return False

    def values(self, path: str, old: int, new: int) -> None:
        values = [constant_value(self.old, old), constant_value(self.new, new)]
        if None not in values and values[0] != values[1]:
            self.find("differs", path, f"= {values[0]}", f"= {values[1]}")

    def aliases(self, path: str, old: int, new: int) -> None:
        generics = self.old.generics(old), self.new.generics(new)
        bound = positional(*generics)
        types = [
            side.reader.type(side.crate.inner(item)["type"], Scope(elided=STATIC))
            for side, item in ((self.old, old), (self.new, new))
        ]
        if bound is None or substitute(types[1], bound) != types[0]:
            texts = [f"type{g.shown()} = {show(t)}" for g, t in zip(generics, types)]
            self.find("differs", path, *texts)

    def type_heads(self, path: str, old: int, new: int) -> None:
        """Generics, what they are demanded to be, and attributes that users can tell."""
        generics = self.old.generics(old), self.new.generics(new)
        bound = positional(*generics)
        if bound is None or demanded(generics[1].preds, bound, generics[0].preds):
            self.find("differs", path, *(shown_generics(g) for g in generics))
        marks = self.old.marks(old), self.new.marks(new)
        more = "non_exhaustive" in marks[1] and "non_exhaustive" not in marks[0]
        if more or marks[0] - marks[1] - {"non_exhaustive"}:
            texts = [", ".join(sorted(mark)) or "no attribute" for mark in marks]
            self.find("differs", path, *texts)

    def fields(self, path: str, old: Shape, new: Shape, bound: Subst) -> None:
        """A type without private fields can be written, and taken apart, by naming them all."""
        if not old.fields and not old.closed:
            return
        if old.word != new.word:
            self.find("differs", path, old.shown(), new.shown())
            return
        for name, term in old.fields.items():
            mine = new.fields.get(name)
            if mine is None:
                self.find("missing", f"{path}::{name}", show(term))
            elif substitute(mine, bound) != term:
                self.find("differs", f"{path}::{name}", show(term), show(mine))
        if old.closed:
            for name in new.fields.keys() - old.fields.keys():
                self.find("more", f"{path}::{name}", "", show(new.fields[name]))
            if not new.closed:
                self.find("differs", path, "all fields are public", "there are private fields")
        order = [name for name in new.fields if name in old.fields]
        if order != [name for name in old.fields if name in new.fields]:
            self.find("differs", path, old.shown(), new.shown())

    def variants(self, path: str, old: int, new: int) -> None:
        olds, news = numbered_variants(self.old.crate, old), numbered_variants(self.new.crate, new)
        bound = positional(self.old.generics(old), self.new.generics(new)) or {}
        for name, (item, value) in olds.items():
            if name not in news:
                self.find("missing", f"{path}::{name}", f"variant = {value}")
                continue
            other, new_value = news[name]
            if value != new_value:
                self.find("differs", f"{path}::{name}", f"= {value}", f"= {new_value}")
            shapes = self.old.shape(item), self.new.shape(other)
            self.fields(f"{path}::{name}", *shapes, bound)
        if "non_exhaustive" not in self.old.marks(old):
            for name in news.keys() - olds.keys():
                self.find("more", f"{path}::{name}", "", "variant")

    def variants_as_constants(self, path: str, old: int, new: int) -> None:
        """An enum that became a struct: its variants can still be constants of it."""
        own = {
            name: signature
            for name, _, signature in self.new.methods(self.new_names[new])
            if signature.head == "assoc_const"
        }
        for name in numbered_variants(self.old.crate, old):
            if name not in own:
                self.find("missing", f"{path}::{name}", "variant")
            elif own[name].output != own[name].owner:
                self.find("differs", f"{path}::{name}", "variant", own[name].shown())
            else:
                self.unseen.append(f"{path}::{name}")

    def methods(self, path: str, old: int, new: int) -> None:
        found: dict[str, list[tuple[int, Signature]]] = {}
        for name, member, signature in self.new.methods(self.new_names[new]):
            found.setdefault(name, []).append((member, signature))
        for name, member, signature in self.old.methods(self.old_names[old]):
            there = f"{path}::{name}"
            if self.old.crate.is_hidden(member):
                continue
            if name not in found:
                self.find("missing", there, signature.shown())
                continue
            others = [one for _, one in found[name]]
            same = self.signatures(there, signature, others)
            if same and signature.head == "assoc_const" and len(others) == 1:
                self.values(there, member, found[name][0][0])

    # --- Traits

    def traits(self, path: str, old: int, new: int) -> None:
        inner, new_inner = self.old.crate.inner(old), self.new.crate.inner(new)
        generics = self.old.generics(old), self.new.generics(new)
        bound = positional(*generics)
        if bound is None or demanded(generics[1].preds, bound, generics[0].preds):
            self.find("differs", path, *(shown_generics(g) for g in generics))
        if inner["is_unsafe"] != new_inner["is_unsafe"]:
            self.find(
                "differs",
                path,
                *("unsafe" if i["is_unsafe"] else "safe" for i in (inner, new_inner)),
            )
        if inner["is_dyn_compatible"] and not new_inner["is_dyn_compatible"]:
            self.find("differs", path, "can be a trait object", "cannot be one")
        bound = {"Self": var("Self"), **(bound or {})}
        olds, news = self.old.supertraits(old), self.new.supertraits(new)
        news = {substitute(term, bound) for term in news}
        sealed = self.old.is_sealed(old)
        olds, news = ({t for t in terms if "(private)" not in show(t)} for terms in (olds, news))
        if olds - news or (news - olds and not sealed):
            shown = [
                " + ".join(sorted(map(show, terms))) or "no supertrait" for terms in (olds, news)
            ]
            self.find("differs", path, *shown)
        self.trait_items(path, old, new, bound, sealed)

    def trait_items(self, path: str, old: int, new: int, bound: Subst, sealed: bool) -> None:
        olds, news = (
            {
                side.crate.index[member]["name"]: member
                for member in side.crate.inner(trait)["items"]
            }
            for side, trait in ((self.old, old), (self.new, new))
        )
        for name, member in olds.items():
            if self.old.crate.is_hidden(member):
                continue
            there = f"{path}::{name}"
            other = news.get(name)
            if other is None:
                self.find("missing", there, self.member_shown(self.old, member))
                continue
            if not self.member_serves(member, other, bound, sealed):
                shown = self.member_shown(self.old, member), self.member_shown(self.new, other)
                self.find("differs", there, *shown)
            provided = [self.is_provided(self.old, member), self.is_provided(self.new, other)]
            if provided == [True, False] and not sealed:
                self.find("demands", there, "provided", "required")
        if not sealed:
            for name in news.keys() - olds.keys():
                if not self.is_provided(self.new, news[name]):
                    self.find(
                        "demands", f"{path}::{name}", "", self.member_shown(self.new, news[name])
                    )

    def is_provided(self, side: Side, member: int) -> bool:
        kind, _, inner = side.item(member)
        return bool(inner.get({"function": "has_body", "assoc_const": "value"}.get(kind, "type")))

    def member_shown(self, side: Side, member: int) -> str:
        kind, entry, _ = side.item(member)
        if kind != "assoc_type":
            return side.signature(member).shown()
        preds = {show(pred) for pred in self.type_preds(side, member)}
        return f"type {entry['name']}" + (f" where {', '.join(sorted(preds))}" if preds else "")

    def type_preds(self, side: Side, member: int) -> frozenset[Term]:
        """What an associated type is demanded to be."""
        _, entry, inner = side.item(member)
        scope = Scope()
        generics = side.reader.generics(inner["generics"], scope)
        bounds = side.reader.preds(var(entry["name"]), inner["bounds"], scope)
        return frozenset(generics.preds | bounds)

    def member_serves(self, old: int, new: int, bound: Subst, sealed: bool) -> bool:
        kind = self.old.crate.kind(old)
        if self.new.crate.kind(new) != kind:
            return False
        if kind == "assoc_type":
            olds, news = self.type_preds(self.old, old), self.type_preds(self.new, new)
            news = frozenset(substitute(pred, bound) for pred in news)
            return olds <= news if sealed else olds == news
        wanted, found = self.old.signature(old), self.new.signature(new)
        if not serves(found, wanted, bound):
            return False
        # Whoever implements the trait has to write the method just so.
        back = {name: var(mine) for mine, (_, name) in bound.items()}
        return sealed or serves(wanted, found, back)

    # --- Implementations

    @functools.cached_property
    def missing_names(self) -> set[str]:
        """The canonical names of what npyo does not have under any path."""
        paths = {path for namespace, path in self.missing if namespace == "type"}
        crate = self.old.crate
        return {name for item, name in self.old_names.items() if paths.issuperset(crate.ids[item])}

    def implementations(self) -> None:
        known: dict[str, list[Impl]] = {}
        for impl in self.new.impls:
            known.setdefault(impl.trait[1], []).append(impl)
        for impl in sorted(self.old.impls, key=Impl.shown):
            trait = impl.trait[1].rsplit("::", 1)[-1]
            synthetic = impl.json["is_synthetic"]
            if "(private)" in show(impl.head) or self.old.crate.is_hidden(impl.item):
                continue
            # That a type has a destructor is nothing to ask of it.
            if trait == "Drop" or (synthetic and trait not in AUTO):
                continue
            self.implementation(impl, known.get(impl.trait[1], []))

    def implementation(self, impl: Impl, candidates: list[Impl]) -> None:
        if any(name in self.missing_names for name in rustdoc_api.names(impl.head)):
            return
        near = []
        for one in candidates:
            bound: Subst = {}
            if not match(one.head, impl.head, bound):
                continue
            more = demanded(one.generics.preds, bound, impl.generics.preds)
            wrong = self.wrong_members(impl, one, bound)
            if not more and not wrong:
                return
            near.append("; ".join([one.shown(), *wrong]))
        if near:
            self.find("differs", impl.name(), impl.shown(), "\n".join(near))
        else:
            self.find("missing", impl.name(), impl.shown())

    def wrong_members(self, impl: Impl, other: Impl, bound: Subst) -> list[str]:
        """The associated types and constants that are not those of the numpy crate."""
        wrong = []
        news = {self.new.crate.index[i]["name"]: i for i in other.json["items"]}
        for item in impl.json["items"]:
            kind, entry, inner = self.old.item(item)
            new = news.get(entry["name"])
            if kind == "assoc_type":
                term = self.old.reader.type(inner["type"], Scope(impl.self_type))
                if new is None:
                    wrong.append(f"no type {entry['name']}")
                    continue
                mine = self.new.reader.type(
                    self.new.crate.inner(new)["type"], Scope(other.self_type)
                )
                if substitute(mine, bound) != term:
                    wrong.append(f"type {entry['name']} = {show(mine)}, not {show(term)}")
            elif kind == "assoc_const" and new is not None:
                values = constant_value(self.old, item), constant_value(self.new, new)
                if None not in values and values[0] != values[1]:
                    wrong.append(f"{entry['name']} = {values[1]}, not {values[0]}")
        return wrong


@dataclasses.dataclass(frozen=True)
class Shape:
    """The fields of a struct or a variant that users can name."""

    word: str
    fields: dict[str, Term]
    closed: bool
    """There is no other field."""

    def shown(self) -> str:
        if self.word == "unit":
            return "no fields"
        fields = [f"{name}: {show(term)}" for name, term in self.fields.items()]
        return f"{self.word} {{ {', '.join([*fields, *([] if self.closed else ['..'])])} }}"


def shown_generics(generics: Generics) -> str:
    preds = sorted(show(pred) for pred in generics.preds if pred[2] != SIZED)
    defaults = [
        f"{name} = {show(term)}"
        for name, term in zip(generics.params, generics.defaults)
        if term is not None
    ]
    text = generics.shown() or "no generics"
    text += f" where {', '.join(preds)}" if preds else ""
    return text + (f" ({', '.join(defaults)})" if defaults else "")


def numbered_variants(crate: Crate, item: int) -> dict[str, tuple[int, int | None]]:
    """The variants of an enum by name, with their numbers if it has any of its own."""
    variants = [v for v in crate.inner(item)["variants"] if not crate.is_hidden(v)]
    written = [crate.inner(v)["discriminant"] for v in variants]
    numbered, value = {}, -1
    for variant, number in zip(variants, written):
        value = int(number["value"]) if number else value + 1
        known = value if any(written) else None
        numbered[crate.index[variant]["name"]] = (variant, known)
    return numbered


def constant_value(side: Side, item: int) -> str | None:
    """The value of a constant, if it is one that rustdoc writes out."""
    kind, _, inner = side.item(item)
    if kind == "constant":
        text = inner["const"]["value"] or (
            inner["const"]["expr"] if inner["const"]["is_literal"] else None
        )
    else:
        text = inner["value"]
    if text is None or not re.fullmatch(r'-?\d[\w.]*|true|false|".*"', text):
        return None
    return text.replace("_", "")
