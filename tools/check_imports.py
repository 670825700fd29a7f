#!/usr/bin/env python3
"""Checks how the files of src/ import each other, and where they use `unsafe`.

- No file imports, over any number of others, itself.
- A file imports only from its own layer and the layers above it (LAYERS).
- No `unsafe` in the layers that do without (SAFE).

A path counts for the file that defines what it names: `crate::array::PyArray` leads through the
re-exports of `array.rs` to where `PyArray` stands. Façades (lib.rs, and files of nothing but `mod`,
`use` and `compile_error!`) are looked through and not checked themselves; elsewhere too, a
re-export is an import only if the file uses the name. Comments, strings and `#[cfg(test)]` items
are left out.

    tools/check_imports.py [src]        exits 1, naming each finding, if there is one
    tools/check_imports.py --graph      prints what each file imports
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Union

# From the top: a module, or a file of it, that stands in no layer of its own is in its parent's.
LAYERS: list[tuple[str, ...]] = [
    ("error",),
    ("layout", "runs", "pool"),
    ("index",),
    ("npyffi",),
    ("dtype",),
    ("element",),
    ("array",),
    ("borrow",),
    ("view",),
    ("array::methods",),
    ("convert",),
    ("arg",),
    ("dispatch",),
    ("ufunc",),
    ("broadcast",),
    ("exchange",),
    ("random", "linalg"),
    ("interop",),
]

SAFE = ("error", "layout", "index", "arg", "dispatch", "pool")


# --- Reading Rust -----------------------------------------------------------------------------

BLANK = re.compile(
    r"""//[^\n]* | (?P<block>/\*)                    # comments
      | \b(?:br|cr|r)(?P<h>\#*)"(?:.|\n)*?"(?P=h)    # raw strings
      | [bc]?"(?:\\(?:.|\n)|[^"\\])*"               # strings
      | b?'(?:\\[^\n]+?|[^'\\\n])'                  # characters, but not lifetimes
    """,
    re.VERBOSE,
)
BLOCK_COMMENT = re.compile(r"/\*|\*/")
TOKEN = re.compile(r"\d\w* | (?:r\#)?[A-Za-z_]\w* | '\w+ | :: | \S", re.VERBOSE)
OPEN, CLOSE = "([{", ")]}"
DEFINES = {"fn", "struct", "enum", "union", "trait", "type", "const", "static"}


@dataclasses.dataclass(frozen=True)
class Token:
    text: str
    line: int

    @property
    def is_name(self) -> bool:
        return self.text[0].isalpha() or self.text[0] == "_"


def tokens_of(source: str) -> list[Token]:
    """The tokens of a Rust file, without comments, strings, characters and test code."""
    tokens = []
    for number, line in enumerate(blanked(source).split("\n"), 1):
        tokens += [Token(text.removeprefix("r#"), number) for text in TOKEN.findall(line)]
    return list(without_tests(tokens))


def blanked(source: str) -> str:
    """`source` with a blank for each comment and a 0 for each literal, on the same lines."""
    parts, at = [], 0
    while match := BLANK.search(source, at):
        end = match.end()
        if match["block"]:
            depth = 1
            while depth and (mark := BLOCK_COMMENT.search(source, end)):
                depth += 1 if mark[0] == "/*" else -1
                end = mark.end()
        blank = " " if match[0].startswith("/") else "0"
        parts += [source[at : match.start()], blank, "\n" * source.count("\n", match.start(), end)]
        at = end
    return "".join([*parts, source[at:]])


def closing(tokens: list[Token], start: int) -> int:
    """The index of the bracket that closes the one at `start`."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += (tokens[at].text in OPEN) - (tokens[at].text in CLOSE)
        if depth == 0:
            return at
    return len(tokens) - 1


def without_tests(tokens: list[Token]) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        if tokens[at].text == "#" and tokens[at + 1].text == "[":
            end = closing(tokens, at + 1)
            words = [token.text for token in tokens[at + 2 : end]]
            if words[0] == "cfg" and "test" in words and "not" not in words:
                at = end_of_item(tokens, end + 1)
                continue
        yield tokens[at]
        at += 1


def end_of_item(tokens: list[Token], at: int) -> int:
    """The index after the item that starts at `at`: its `;`, or its block."""
    while at < len(tokens) and tokens[at].text not in CLOSE:
        if tokens[at].text in OPEN:
            block = tokens[at].text == "{"
            at = closing(tokens, at)
            if block and (at + 1 == len(tokens) or tokens[at + 1].text != ";"):
                return at + 1
        elif tokens[at].text == ";":
            return at + 1
        at += 1
    return at


class Finding(Exception):
    """Something that keeps the files from being read."""


# --- Modules ----------------------------------------------------------------------------------


@dataclasses.dataclass
class File:
    path: str
    """Relative to src/."""
    module: str
    """`a::b` for src/a/b.rs; empty for src/lib.rs."""
    facade: bool = True
    unsafe: list[int] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Use:
    alias: str
    """The name it binds; `*` for a glob."""
    path: tuple[str, ...]
    public: bool
    line: int


@dataclasses.dataclass
class Module:
    file: File
    parent: Module | None
    modules: dict[str, Module] = dataclasses.field(default_factory=dict)
    items: set[str] = dataclasses.field(default_factory=set)
    uses: list[Use] = dataclasses.field(default_factory=list)
    paths: list[tuple[tuple[str, ...], int]] = dataclasses.field(default_factory=list)
    names: set[str] = dataclasses.field(default_factory=set)
    """Every name in its code outside of `use`, unless it begins a longer path."""

    def walk(self) -> Iterator[Module]:
        yield self
        for child in self.modules.values():
            yield from child.walk()


class Reader:
    """Reads one file, and the files of the modules that it declares, into the module tree."""

    def __init__(self, src: Path) -> None:
        self.src = src
        self.files: list[File] = []
        self.exported: dict[str, File] = {}
        """Macros that `#[macro_export]` puts at the root."""

    def read(self, path: Path, parent: Module | None, name: str) -> Module:
        names = [parent.file.module, name] if parent else []
        file = File(path.relative_to(self.src).as_posix(), "::".join(filter(None, names)))
        self.files.append(file)
        module = Module(file, parent)
        folder = path.parent if path.name in ("lib.rs", "mod.rs") else path.with_suffix("")
        self.body(tokens_of(path.read_text(encoding="utf-8")), module, folder)
        file.facade = file.facade or parent is None
        return module

    def body(self, tokens: list[Token], module: Module, folder: Path) -> None:
        at, depth, exported = 0, 0, False
        while at < len(tokens):
            text, line = tokens[at].text, tokens[at].line
            following = tokens[at + 1].text if at + 1 < len(tokens) else ""
            if text == "#" and following in ("[", "!"):
                end = closing(tokens, at + 1 if following == "[" else at + 2)
                exported = exported or any(token.text == "macro_export" for token in tokens[at:end])
                at = end + 1
            elif text == "compile_error" and following == "!":
                at = closing(tokens, at + 2) + 1
            elif text == ";" and depth == 0:
                at += 1
            elif text == "pub" and depth == 0 and following == "(":
                at = closing(tokens, at + 1) + 1
            elif text == "pub" and depth == 0:
                at += 1
            elif text == "use" and following != "<":
                end = next(i for i in range(at, len(tokens)) if tokens[i].text == ";")
                public = at > 0 and tokens[at - 1].text in ("pub", ")")
                module.uses += use_tree(tokens[at + 1 : end], (), public)
                at = end + 1
            elif text == "mod" and depth == 0 and tokens[at + 2].text == ";":
                module.modules[following] = self.read(
                    self.find(folder, following), module, following
                )
                at += 3
            elif text == "mod" and depth == 0 and tokens[at + 2].text == "{":
                end = closing(tokens, at + 2)
                child = module.modules[following] = Module(module.file, module)
                self.body(tokens[at + 3 : end], child, folder / following)
                at = end + 1
            else:
                module.file.facade = False
                if text == "unsafe":
                    module.file.unsafe.append(line)
                # Neither `const fn` nor `*const T` defines a constant.
                defines = text in DEFINES and following not in ("fn", "unsafe", "extern", "async")
                if defines and depth == 0 and (at == 0 or tokens[at - 1].text != "*"):
                    module.items.add(following if following != "mut" else tokens[at + 2].text)
                if text == "macro_rules" and following == "!":
                    module.items.add(tokens[at + 2].text)
                    if exported:
                        self.exported[tokens[at + 2].text] = module.file
                    exported = False
                depth += (text in OPEN) - (text in CLOSE)
                at = self.path(tokens, at, module) if tokens[at].is_name else at + 1

    @staticmethod
    def path(tokens: list[Token], at: int, module: Module) -> int:
        """Takes the path, or single name, that starts at `at`; returns the index after it."""
        joined = at > 0 and tokens[at - 1].text == "::"
        segments = [tokens[at].text]
        end = at + 1
        while end + 1 < len(tokens) and tokens[end].text == "::" and tokens[end + 1].is_name:
            segments.append(tokens[end + 1].text)
            end += 2
        if not joined and len(segments) > 1:
            module.paths.append((tuple(segments), tokens[at].line))
        elif not joined:
            module.names.add(segments[0])
        return end

    def find(self, folder: Path, name: str) -> Path:
        paths = [folder / f"{name}.rs", folder / name / "mod.rs"]
        for path in paths:
            if path.exists():
                return path
        raise Finding(f"mod {name}: there is no {paths[0].relative_to(self.src).as_posix()}")


def use_tree(tokens: list[Token], prefix: tuple[str, ...], public: bool) -> Iterator[Use]:
    """The bindings of `a::{b, c as d, e::*}`; none of `::a::b`, or of a macro's `a::$b`."""
    path, at = prefix, 0
    while at < len(tokens):
        text = tokens[at].text
        if text == "{":
            inner, start, depth = tokens[at + 1 : closing(tokens, at)], 0, 0
            for i, token in enumerate([*inner, Token(",", 0)]):
                depth += (token.text in OPEN) - (token.text in CLOSE)
                if token.text == "," and depth == 0:
                    yield from use_tree(inner[start:i], path, public)
                    start = i + 1
            return
        if (text == "::" and not path) or (text == "$" and tokens[at + 1].text != "crate"):
            return
        if text == "as":
            yield Use(tokens[at + 1].text, path, public, tokens[at].line)
            return
        if text == "*":
            yield Use("*", path, public, tokens[at].line)
            return
        if text not in ("::", "$") and not (text == "self" and path):
            path += (text,)
        at += 1
    if tokens:
        yield Use(path[-1], path, public, tokens[0].line)


# --- Names ------------------------------------------------------------------------------------


Target = Union[Module, File]
"""What a name means: a module, or an item of a file."""

ELSEWHERE = File("", "")
"""Where the items of other crates are."""


class Tree:
    """The modules of a crate, and what a path in one of them means."""

    def __init__(self, src: Path) -> None:
        reader = Reader(src)
        self.root = reader.read(src / "lib.rs", None, "")
        self.files = reader.files
        self.exported = reader.exported
        self.lost: set[str] = set()
        """A finding for each path that leads nowhere."""

    def lookup(
        self, module: Module, name: str, seen: frozenset[tuple[int, str]] = frozenset()
    ) -> list[Target]:
        """Everything that `name` means in `module`: a module and an item can share a name."""
        found: list[Target] = []
        if name in module.modules:
            found.append(module.modules[name])
        if name in module.items:
            found.append(module.file)
        if module is self.root and name in self.exported:
            found.append(self.exported[name])
        key = (id(module), name)
        if key in seen:
            return found
        seen |= {key}
        for use in module.uses:
            if use.alias == name:
                found += self.resolve(module, use.path, seen)
        globs = [use for use in module.uses if use.alias == "*"] if not found else []
        for use in globs:
            for source in self.resolve(module, use.path, seen):
                found += self.lookup(source, name, seen) if isinstance(source, Module) else [source]
        return found

    def resolve(
        self, module: Module, path: tuple[str, ...], seen: frozenset[tuple[int, str]] = frozenset()
    ) -> list[Target]:
        """What `path`, written in `module`, means."""
        here: list[Target] = [module]
        local = path[0] in ("crate", "self", "super")
        for step, name in enumerate(path):
            if name == "crate":
                here = [self.root]
            elif name == "super":
                here = [m.parent for m in here if isinstance(m, Module) and m.parent]
            elif name != "self":
                # `Item::associated` means the item.
                after: list[Target] = [target for target in here if isinstance(target, File)]
                modules = [target for target in here if isinstance(target, Module)]
                for target in modules:
                    after += self.lookup(target, name, seen)
                if step + 1 < len(path) and any(isinstance(t, Module) for t in after):
                    # A path goes on from a module, not from a function of the same name.
                    after = [target for target in after if isinstance(target, Module)]
                if not after and not local:
                    after = [ELSEWHERE]
                elif not after and not seen:
                    # A macro made it, and stands where the search ended.
                    after += [target.file for target in modules if not target.file.facade]
                    if not after:
                        written = "::".join(path)
                        self.lost.add(f"{module.file.path}: {written} does not lead to a file")
                here = after
        return here


@dataclasses.dataclass(frozen=True)
class Import:
    line: int
    path: str


Graph = dict[str, dict[str, Import]]
"""For each file the files that it imports, and one place where it does."""


def import_graph(tree: Tree) -> Graph:
    graph: Graph = {file.path: {} for file in tree.files if not file.facade}
    for module in tree.root.walk():
        if module.file.facade:
            continue
        for target, place in imports_of(tree, module):
            file = target.file if isinstance(target, Module) else target
            if not file.facade and file is not module.file:
                graph[module.file.path].setdefault(file.path, place)
    return graph


def imports_of(tree: Tree, module: Module) -> Iterator[tuple[Target, Import]]:
    """What the code of one module refers to, in `use` and in its paths."""
    for use in module.uses:
        path = "::".join(use.path)
        targets = tree.resolve(module, use.path)
        used = use.alias in module.names
        if use.alias == "*":
            for name in sorted(module.names) if not use.public else []:
                for source in targets:
                    if isinstance(source, Module):
                        for target in tree.lookup(source, name):
                            yield target, Import(use.line, f"{path}::{name}")
        elif used or not use.public:
            # Where a module and an item share the name, the item counts if the bare name is used.
            modules = [target for target in targets if isinstance(target, Module)]
            for target in targets if used or not modules else modules:
                yield target, Import(use.line, path)
    for segments, line in module.paths:
        for target in tree.resolve(module, segments):
            yield target, Import(line, "::".join(segments))


# --- Rules ------------------------------------------------------------------------------------


def cycles(graph: Graph) -> Iterator[str]:
    """A shortest cycle through each file that is on one, unless an earlier one passed it."""
    reported: set[str] = set()
    for start in sorted(graph):
        if start in reported:
            continue
        before: dict[str, str] = {}
        queue = [start]
        for file in queue:
            for imported in sorted(graph[file]):
                if imported not in before:
                    before[imported] = file
                    queue.append(imported)
        if start not in before:
            continue
        chain = [start]
        while len(chain) == 1 or chain[-1] != start:
            chain.append(before[chain[-1]])
        chain.reverse()
        reported.update(chain)
        steps = [
            f"\n    {file}:{graph[file][imported].line} imports {imported} ({graph[file][imported].path})"
            for file, imported in zip(chain, chain[1:])
        ]
        yield f"cycle: {' -> '.join(chain)}{''.join(steps)}"


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + "::")


def layering(tree: Tree, graph: Graph, layers: list[tuple[str, ...]]) -> Iterator[str]:
    """Imports from a layer below, and files that stand in no layer."""
    rank: dict[str, int] = {}
    for file in tree.files:
        if file.facade:
            continue
        found = [
            (name, i)
            for i, layer in enumerate(layers)
            for name in layer
            if within(file.module, name)
        ]
        if found:
            rank[file.path] = max(found, key=lambda pair: len(pair[0]))[1]
        else:
            yield f"{file.path}: stands in no layer; add it to LAYERS in tools/check_imports.py"
    for file_path, imports in graph.items():
        for imported, place in imports.items():
            if rank.get(imported, 0) > rank.get(file_path, len(layers)):
                below, above = layers[rank[imported]], layers[rank[file_path]]
                yield (
                    f"{file_path}:{place.line}: {place.path} is in {imported}, "
                    f"and the layer {'/'.join(above)} is above {'/'.join(below)}"
                )


def misplaced_unsafe(tree: Tree, safe: tuple[str, ...]) -> Iterator[str]:
    for file in tree.files:
        for line in file.unsafe:
            if any(within(file.module, name) for name in safe):
                yield f"{file.path}:{line}: unsafe, in a layer that does without it"


def check(src: Path, layers: list[tuple[str, ...]], safe: tuple[str, ...]) -> list[str]:
    """Everything that is wrong with the crate in `src`."""
    try:
        tree = Tree(src)
    except Finding as finding:
        return [str(finding)]
    graph = import_graph(tree)
    return [
        *sorted(tree.lost),
        *cycles(graph),
        *layering(tree, graph, layers),
        *misplaced_unsafe(tree, safe),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "src", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent / "src"
    )
    parser.add_argument(
        "--graph", action="store_true", help="print what each file imports, and stop"
    )
    arguments = parser.parse_args()
    if arguments.graph:
        for file, imports in sorted(import_graph(Tree(arguments.src)).items()):
            print(f"{file}: {' '.join(sorted(imports))}")
        return 0
    findings = check(arguments.src, LAYERS, SAFE)
    for finding in findings:
        print(finding)
    files = len(list(arguments.src.rglob("*.rs")))
    print(f"imports of {files} files: {len(findings) or 'no'} finding{'s' * (len(findings) != 1)}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
