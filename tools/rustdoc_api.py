"""Reads the public API of a crate from rustdoc's JSON, in a form in which two crates compare.

A `Crate` says which paths a user of the crate can name and what each leads to. A `Reader` turns
types, bounds and signatures into *terms*: nested tuples with a tag in front, where paths are
canonical, `Self` and the crate's own type aliases are written out, and each lifetime that is left
out has a variable of its own. So two terms are the same if they differ only in the names of
variables, which `match` finds out, and which also tells whether one is a wider form of the other.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Union

FORMATS = (57,)
"""The versions of rustdoc's JSON that this file knows."""

Term = tuple  # of strings and terms
Json = dict[str, Any]
Subst = dict[str, Term]

SIZED = ("path", "core::marker::Sized", ())
STATIC = ("lit", "'static")


class Unreadable(Exception):
    """The JSON is none that this file knows."""


# --- Terms ------------------------------------------------------------------------------------


def var(name: str) -> Term:
    return ("var", name)


def substitute(term: Any, by: Mapping[str, Term]) -> Any:
    if not isinstance(term, tuple):
        return term
    if len(term) == 2 and term[0] == "var":
        return by.get(term[1], term)
    return tuple(substitute(part, by) for part in term)


def variables(term: Any) -> Iterator[str]:
    """The variables of a term, in the order in which they are written."""
    if isinstance(term, tuple):
        if len(term) == 2 and term[0] == "var":
            yield term[1]
        else:
            for part in term:
                yield from variables(part)


def names(term: Any) -> Iterator[str]:
    """The canonical names of the types and traits in a term."""
    if isinstance(term, tuple):
        if term and term[0] == "path":
            yield term[1]
        for part in term:
            yield from names(part)


def match(pattern: Any, term: Any, bound: Subst) -> bool:
    """Whether `term` is `pattern` with something in the place of its variables; `bound` has what
    stands there, and is added to."""
    if not isinstance(pattern, tuple):
        return bool(pattern == term)
    if len(pattern) == 2 and pattern[0] == "var":
        name = pattern[1]
        if name in bound:
            return bool(bound[name] == term)
        if not isinstance(term, tuple) or name.startswith("'") != is_lifetime(term):
            return False
        bound[name] = term
        return True
    return (
        isinstance(term, tuple)
        and len(pattern) == len(term)
        and all(match(p, t, bound) for p, t in zip(pattern, term))
    )


def is_lifetime(term: Term) -> bool:
    return term[0] == "hr" or (term[0] in ("var", "lit") and str(term[1]).startswith("'"))


def show(term: Any) -> str:
    """A term as Rust writes it."""
    if not isinstance(term, tuple):
        return str(term)
    tag, rest = term[0], term[1:]
    if tag in ("var", "prim", "lit"):
        return str(rest[0])
    if tag == "hr":
        return f"'hr{rest[0]}"
    if tag == "path":
        name, arguments = rest
        if len(arguments) == 1 and arguments[0][0] == "paren":
            _, inputs, output = arguments[0]
            return f"{name}({listed(inputs)}){arrow(output)}"
        return f"{name}<{listed(arguments)}>" if arguments else name
    if tag == "eq":
        return f"{rest[0]}{angled(rest[1])} = {show(rest[2])}"
    if tag == "bounds":
        return f"{rest[0]}: {joined(rest[1])}"
    if tag == "ref":
        lifetime, mutable, inner = rest
        return f"&{show(lifetime)} {'mut ' if mutable else ''}{show(inner)}"
    if tag == "ptr":
        return f"*{'mut' if rest[0] else 'const'} {show(rest[1])}"
    if tag == "tuple":
        return f"({listed(rest[0])}{',' if len(rest[0]) == 1 else ''})"
    if tag == "slice":
        return f"[{show(rest[0])}]"
    if tag == "array":
        return f"[{show(rest[0])}; {show(rest[1])}]"
    if tag == "fn":
        return f"{rest[0]}fn({listed(rest[1])}){arrow(rest[2])}"
    if tag in ("dyn", "impl"):
        return f"{tag} {joined(rest[0])}"
    if tag == "proj":
        self_type, trait, name, arguments = rest
        if trait == ():
            return f"{show(self_type)}::{name}{angled(arguments)}"
        return f"<{show(self_type)} as {show(trait)}>::{name}{angled(arguments)}"
    if tag == "pred":
        return f"{show(rest[0])}: {show(rest[1])}"
    if tag == "use":
        return f"use<{', '.join(map(show, rest[0]))}>"
    return f"{tag}{listed(rest)}"


def listed(terms: Iterable[Any]) -> str:
    return ", ".join(map(show, terms))


def joined(terms: Iterable[Any]) -> str:
    return " + ".join(map(show, terms))


def angled(terms: tuple) -> str:
    return f"<{listed(terms)}>" if terms else ""


def arrow(output: Term) -> str:
    return "" if output == ("tuple", ()) else f" -> {show(output)}"


# --- Signatures -------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Generics:
    """What is generic in an item: lifetimes, then types and constants in their order."""

    lifetimes: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    kinds: tuple[Term, ...] = ()
    """For each of `params`: a type, or a constant and its type."""
    defaults: tuple[Term | None, ...] = ()
    preds: frozenset[Term] = frozenset()

    def shown(self) -> str:
        names = [*self.lifetimes, *self.params]
        return f"<{', '.join(names)}>" if names else ""


@dataclasses.dataclass(frozen=True)
class Signature:
    """A function or method, or any item with a type and generics."""

    head: str
    """What stands in front: `unsafe extern "C" fn`, `const` …"""
    owner: Term
    """The type of the impl block; () for none."""
    inputs: tuple[Term, ...]
    output: Term
    params: tuple[str, ...]
    """The generic types and constants of the function itself."""
    preds: frozenset[Term]

    @property
    def types(self) -> Term:
        return (self.owner, self.inputs, self.output)

    def shown(self) -> str:
        """Written out, with the variables named in the order in which they come."""
        names: Subst = {}
        order = [*variables(self.types), *self.params, *sorted(variables(tuple(self.preds)))]
        for name in order:
            if name not in names:
                kind = "'l" if name.startswith("'") else "T"
                count = sum(n.startswith("'") == (kind == "'l") for n in names)
                names[name] = var(f"{kind}{count}")
        owner, inputs, output = substitute(self.types, names)
        generics = listed(names[name] for name in self.params)
        preds = sorted(show(substitute(pred, names)) for pred in self.preds)
        preds = [pred for pred in preds if not pred.endswith(": core::marker::Sized")]
        text = f"{self.head}{f'<{generics}>' if generics else ''}"
        text += f"({listed(inputs)}){arrow(output)}" if "fn" in self.head else f": {show(output)}"
        text += f" where {', '.join(preds)}" if preds else ""
        return f"impl {show(owner)} {{ {text} }}" if owner else text


# --- The crate --------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class External:
    """An item of another crate under a path of this one."""

    path: str
    kind: str


Target = Union[int, External]
"""What a path leads to: the id of an item of this crate, or something of another one."""

NAMESPACES = {"function": "value", "constant": "value", "static": "value", "macro": "macro"}
TYPES = ("struct", "enum", "union")


class Crate:
    """A crate's JSON, and the paths that can be named in it."""

    def __init__(self, document: Json) -> None:
        version = document.get("format_version")
        if version not in FORMATS:
            known = ", ".join(map(str, FORMATS))
            raise Unreadable(f"rustdoc wrote JSON of format {version}; known here: {known}")
        self.index: dict[int, Json] = {int(key): item for key, item in document["index"].items()}
        self.summaries: dict[int, Json] = {int(k): v for k, v in document["paths"].items()}
        self.root: int = document["root"]
        self.name: str = self.index[self.root]["name"]
        self.paths: dict[tuple[str, str], Target] = {}
        """From namespace and path, without the crate's name, to what is there."""
        self.walk(self.root, "", ())
        self.ids: dict[int, list[str]] = {}
        """The paths of each item of this crate, the shortest first."""
        for (_, path), target in self.paths.items():
            if isinstance(target, int):
                self.ids.setdefault(target, []).append(path)
        for paths in self.ids.values():
            paths.sort(key=lambda path: (path.count("::"), path))

    @staticmethod
    def load(path: Path) -> Crate:
        return Crate(json.loads(path.read_text(encoding="utf-8")))

    def kind(self, item: int) -> str:
        return next(iter(self.index[item]["inner"]))

    def inner(self, item: int) -> Any:
        return self.index[item]["inner"][self.kind(item)]

    def is_own(self, item: int | None) -> bool:
        return item in self.index and self.index[item]["crate_id"] == 0

    def is_hidden(self, item: int) -> bool:
        return any("#[doc(hidden)]" in str(attr) for attr in self.index[item]["attrs"])

    def walk(self, module: int, prefix: str, above: tuple[int, ...]) -> None:
        for (namespace, name), target in self.names(module, ()).items():
            path = prefix + name
            self.paths[namespace, path] = target
            deeper = isinstance(target, int) and self.kind(target) == "module"
            if deeper and target not in above:
                self.walk(target, f"{path}::", (*above, target))

    def names(self, module: int, importing: tuple[int, ...]) -> dict[tuple[str, str], Target]:
        """What can be named in a module, or in an enum whose variants are imported."""
        own: dict[tuple[str, str], Target] = {}
        globbed: dict[tuple[str, str], Target] = {}
        inner = self.inner(module)
        for item in inner.get("items") or inner.get("variants") or []:
            if not self.is_own(item):
                continue
            entry, kind = self.index[item], self.kind(item)
            if entry["visibility"] != "public" and kind != "variant":
                continue
            if kind == "use":
                use = entry["inner"]["use"]
                if not use["is_glob"]:
                    own.update(self.imported(use))
                elif self.is_own(use["id"]) and use["id"] not in importing:
                    globbed.update(self.names(use["id"], (*importing, module)))
                elif not self.is_own(use["id"]):
                    globbed["glob", f"{use['source']}::*"] = External(use["source"], "glob")
            elif kind == "extern_crate":
                name = entry["inner"][kind]["name"]
                own["type", entry["inner"][kind]["rename"] or name] = External(name, "module")
            elif entry["name"] is not None and kind != "impl":
                own[NAMESPACES.get(kind, "type"), entry["name"]] = item
        return {**globbed, **own}

    def imported(self, use: Json) -> dict[tuple[str, str], Target]:
        target = use["id"]
        if self.is_own(target):
            if self.kind(target) == "use":
                return self.imported(self.inner(target))
            return {(NAMESPACES.get(self.kind(target), "type"), use["name"]): target}
        summary = self.summaries.get(target)
        kind = summary["kind"] if summary else "item"
        path = "::".join(summary["path"]) if summary else use["source"]
        return {(NAMESPACES.get(kind, "type"), use["name"]): External(path, kind)}

    def impls(self) -> Iterator[tuple[int, Json]]:
        """The crate's impl blocks, those that the compiler makes of auto traits included."""
        for item, entry in self.index.items():
            impl = entry["inner"].get("impl")
            if impl and entry["crate_id"] == 0 and not impl["blanket_impl"]:
                yield item, impl


def canonical_names(old: Crate, new: Crate) -> tuple[dict[int, str], dict[int, str]]:
    """One name for each item of `old` and of `new`; what has a path in common has one name."""
    olds = {item: f"{old.name}::{paths[0]}" for item, paths in old.ids.items()}
    news = {}
    for item, paths in new.ids.items():
        namespace = NAMESPACES.get(new.kind(item), "type")
        there = [old.paths.get((namespace, path)) for path in paths]
        common = [olds[target] for target in there if isinstance(target, int)]
        news[item] = common[0] if common else f"{new.name}::{paths[0]}"
    return olds, news


# --- From JSON to terms -----------------------------------------------------------------------


@dataclasses.dataclass
class Scope:
    """Where a type is written."""

    self_type: Term = ("var", "Self")
    higher: tuple[str, ...] = ()
    """Lifetimes bound by a `for<…>` around it."""
    elided: Term | None = None
    """What a lifetime that is left out means; None for one of its own."""
    fresh: list[Term] = dataclasses.field(default_factory=list)

    def lifetime(self, name: str | None) -> Term:
        if name in (None, "'_"):
            if self.elided is not None:
                return self.elided
            self.fresh.append(var(f"'_{len(self.fresh)}"))
            return self.fresh[-1]
        assert name is not None
        if name in self.higher:
            return ("hr", str(self.higher.index(name)))
        return STATIC if name == "'static" else var(name)

    def within(self, names: Iterable[str]) -> Scope:
        """The same, inside a `for<…>`, a function pointer or an `Fn(…)`."""
        higher = (*self.higher, *names)
        return Scope(self.self_type, higher, ("hr", "_"), self.fresh)


class Reader:
    """Makes terms of a crate's JSON."""

    def __init__(self, crate: Crate, names: Mapping[int, str]) -> None:
        self.crate = crate
        self.named = names

    def name(self, item: int, written: str) -> str:
        if item in self.named:
            return self.named[item]
        summary = self.crate.summaries.get(item)
        path = summary["path"] if summary else written.split("::")
        return f"(private) {path[-1]}" if self.crate.is_own(item) else "::".join(path)

    def type(self, json_type: Json, scope: Scope) -> Term:
        ((tag, value),) = json_type.items() if isinstance(json_type, dict) else ((json_type, None),)
        if tag == "resolved_path":
            return self.path(value, scope)
        if tag == "generic":
            return scope.self_type if value == "Self" else var(value)
        if tag == "primitive":
            return ("tuple", ()) if value == "unit" else ("prim", value)
        if tag == "borrowed_ref":
            lifetime = scope.lifetime(value["lifetime"])
            return ("ref", lifetime, value["is_mutable"], self.type(value["type"], scope))
        if tag == "raw_pointer":
            return ("ptr", value["is_mutable"], self.type(value["type"], scope))
        if tag == "tuple":
            return ("tuple", tuple(self.type(part, scope) for part in value))
        if tag == "slice":
            return ("slice", self.type(value, scope))
        if tag == "array":
            return ("array", self.type(value["type"], scope), self.constant(value["len"]))
        if tag == "function_pointer":
            inside = scope.within(param["name"] for param in value["generic_params"])
            sig = value["sig"]
            inputs = tuple(self.type(part, inside) for _, part in sig["inputs"])
            variadic = (("lit", "..."),) if sig["is_c_variadic"] else ()
            return ("fn", header(value["header"]), inputs + variadic, self.output(sig, inside))
        if tag == "dyn_trait":
            bounds = [
                self.bound({"trait_bound": {**part, "modifier": "none"}}, scope)
                for part in value["traits"]
            ]
            if value["lifetime"]:
                bounds.append(scope.lifetime(value["lifetime"]))
            return ("dyn", tuple(sorted(bounds, key=show)))
        if tag == "impl_trait":
            return ("impl", tuple(sorted((self.bound(part, scope) for part in value), key=show)))
        if tag == "qualified_path":
            trait = self.path(value["trait"], scope) if value["trait"] else ()
            self_type = self.type(value["self_type"], scope)
            return ("proj", self_type, trait, value["name"], self.args(value["args"], scope))
        if tag == "infer":
            return ("lit", "_")
        raise Unreadable(f"a type of the kind {tag} is unknown here")

    def constant(self, text: str) -> Term:
        return var(text) if text.isidentifier() and not text.islower() else ("lit", text)

    def output(self, sig: Json, scope: Scope) -> Term:
        return self.type(sig["output"], scope) if sig["output"] else ("tuple", ())

    def path(self, value: Json, scope: Scope) -> Term:
        arguments = self.args(value["args"], scope)
        item = value["id"]
        if self.crate.is_own(item) and self.crate.kind(item) == "type_alias":
            return self.expanded(item, arguments)
        return ("path", self.name(item, value["path"]), arguments)

    def expanded(self, alias: int, arguments: tuple[Term, ...]) -> Term:
        """The type that an alias of this crate stands for."""
        inner = self.crate.inner(alias)
        generics = self.generics(inner["generics"], Scope())
        lifetimes = [term for term in arguments if is_lifetime(term)]
        types = [term for term in arguments if not is_lifetime(term)]
        values = dict(zip(generics.lifetimes, lifetimes))
        for name, default, given in zip(
            generics.params, generics.defaults, [*types, *[None] * len(generics.params)]
        ):
            term = default if given is None else given
            if term is not None:
                values[name] = substitute(term, values)
        return substitute(self.type(inner["type"], Scope()), values)

    def args(self, value: Json | None, scope: Scope) -> tuple[Term, ...]:
        if not value or value == "return_type_notation":
            return ()
        if "parenthesized" in value:
            inside = scope.within(())
            inputs = tuple(self.type(part, inside) for part in value["parenthesized"]["inputs"])
            return (("paren", inputs, self.output(value["parenthesized"], inside)),)
        terms = []
        for argument in value["angle_bracketed"]["args"]:
            if "lifetime" in argument:
                terms.append(scope.lifetime(argument["lifetime"]))
            elif "type" in argument:
                terms.append(self.type(argument["type"], scope))
            else:
                terms.append(self.constant(argument["const"]["expr"]))
        for constraint in value["angle_bracketed"]["constraints"]:
            name, arguments = constraint["name"], self.args(constraint["args"], scope)
            binding = constraint["binding"]
            if "equality" in binding:
                equal = binding["equality"]
                term = (
                    self.type(equal["type"], scope)
                    if "type" in equal
                    else self.constant(equal["constant"]["expr"])
                )
                terms.append(("eq", name, arguments, term))
            else:
                bounds = (self.bound(part, scope) for part in binding["constraint"])
                terms.append(("bounds", name, tuple(sorted(bounds, key=show))))
        return tuple(terms)

    def bound(self, value: Json, scope: Scope) -> Term:
        if "outlives" in value:
            return scope.lifetime(value["outlives"])
        if "use" in value:
            names = [next(iter(part.values())) for part in value["use"]]
            return ("use", tuple(var(name) for name in names if name != "Self"))
        bound = value["trait_bound"]
        higher = tuple(param["name"] for param in bound["generic_params"])
        inside = Scope(scope.self_type, (*scope.higher, *higher), scope.elided, scope.fresh)
        term = self.path(bound["trait"], inside)
        return term if bound["modifier"] == "none" else (bound["modifier"], term)

    def preds(self, subject: Term, bounds: Iterable[Json], scope: Scope) -> set[Term]:
        return {("pred", subject, self.bound(part, scope)) for part in bounds}

    def generics(self, value: Json, scope: Scope) -> Generics:
        lifetimes, params, kinds, defaults = [], [], [], []
        preds: set[Term] = set()
        for param in value["params"]:
            name, (kind, detail) = param["name"], *param["kind"].items()
            if kind == "lifetime":
                lifetimes.append(name)
                subject = scope.lifetime(name)
                preds |= {("pred", subject, scope.lifetime(to)) for to in detail["outlives"]}
                continue
            if detail.get("is_synthetic"):
                continue
            params.append(name)
            default = detail["default"]
            if kind == "const":
                kinds.append(("const", self.type(detail["type"], scope)))
                defaults.append(("lit", default) if default else None)
            else:
                kinds.append(("type",))
                defaults.append(self.type(default, scope) if default else None)
                preds |= {
                    ("pred", var(name), SIZED),
                    *self.preds(var(name), detail["bounds"], scope),
                }
        for predicate in value["where_predicates"]:
            ((kind, detail),) = predicate.items()
            if kind == "bound_predicate":
                higher = tuple(param["name"] for param in detail["generic_params"])
                inside = Scope(scope.self_type, (*scope.higher, *higher), None, scope.fresh)
                preds |= self.preds(self.type(detail["type"], inside), detail["bounds"], inside)
            elif kind == "lifetime_predicate":
                subject = scope.lifetime(detail["lifetime"])
                preds |= {("pred", subject, scope.lifetime(to)) for to in detail["outlives"]}
            else:
                raise Unreadable(f"a predicate of the kind {kind} is unknown here")
        # `?Sized` takes back what every type parameter begins with.
        maybe = {p for p in preds if p[2] == ("maybe", SIZED)}
        preds -= {("pred", p[1], SIZED) for p in maybe} | maybe
        return Generics(
            tuple(lifetimes), tuple(params), tuple(kinds), tuple(defaults), frozenset(preds)
        )

    def function(
        self, item: int, owner: Term = (), outer: frozenset[Term] = frozenset()
    ) -> Signature:
        """A function; `owner` is the type of its impl block and `outer` what that demands."""
        inner = self.crate.inner(item)
        scope = Scope(owner or var("Self"))
        # The variables for lifetimes left out in the impl's header have their numbers.
        scope.fresh.extend(var(name) for name in variables(owner) if name.startswith("'_"))
        before = len(scope.fresh)
        generics = self.generics(inner["generics"], scope)
        inputs = tuple(self.type(part, scope) for _, part in inner["sig"]["inputs"])
        if inner["sig"]["is_c_variadic"]:
            inputs += (("lit", "..."),)
        scope.elided = elided_output(inner["sig"]["inputs"], inputs, scope.fresh[before:])
        output = self.output(inner["sig"], scope)
        head = f"{header(inner['header'])}fn"
        return Signature(head, owner, inputs, output, generics.params, generics.preds | outer)

    def impl_header(self, impl: Json) -> tuple[Term, Term, Generics]:
        """The trait, the type and the generics of an impl block."""
        scope = Scope()
        self_type = self.type(impl["for"], scope)
        inside = Scope(self_type, (), None, scope.fresh)
        generics = self.generics(impl["generics"], inside)
        trait = self.path(impl["trait"], inside) if impl["trait"] else ()
        return trait, self_type, generics


def header(value: Json) -> str:
    abi = value["abi"]
    if isinstance(abi, dict):
        ((kind, detail),) = abi.items()
        unwind = isinstance(detail, dict) and detail.get("unwind")
        abi = kind + ("-unwind" if unwind else "")
    words = [word for word in ("const", "async", "unsafe") if value[f"is_{word}"]]
    if abi != "Rust":
        words.append(f'extern "{abi}"')
    return "".join(f"{word} " for word in words)


def elided_output(written: list, inputs: tuple[Term, ...], fresh: list[Term]) -> Term | None:
    """The lifetime that one left out in the type returned means."""
    if written and written[0][0] == "self":
        receiver = [name for name in references(inputs[0])]
        if len(receiver) == 1:
            return receiver[0]
    names = {name for name in variables(inputs) if name.startswith("'")}
    return var(names.pop()) if len(names) == 1 else None


def references(term: Any) -> Iterator[Term]:
    """The lifetimes of the references in a receiver's type."""
    if isinstance(term, tuple):
        if term and term[0] == "ref":
            yield term[1]
        elif term and term[0] == "path" and term[1] == "core::pin::Pin":
            yield from references(term[2])
