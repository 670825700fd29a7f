"""What is measured: calls that a user would make, one function of the same name on each library."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

NPYO, CRATE, NANOBIND, PYBIND11 = "npyo", "numpy crate", "nanobind", "pybind11"
NUMPY, NUMBA = "NumPy", "numba"
CONTENDERS = [NPYO, CRATE, NANOBIND, PYBIND11, NUMPY, NUMBA]

Function = Callable[..., Any]


@dataclasses.dataclass(frozen=True)
class Case:
    """One row of a table."""

    name: str
    function: str
    """Its name in each module that has it."""
    arguments: tuple
    others: dict[str, Function] = dataclasses.field(default_factory=dict)
    """What to call for contenders that have no module, with the same arguments."""
    left_out: tuple[str, ...] = ()
    """Contenders whose function does not take these arguments."""
    over_empty: bool = False
    """Whether the time of an empty call is taken off."""
    is_refused: bool = False
    """Whether the call raises a `TypeError`."""
    measures_itself: bool = False
    """Whether the function takes a number of calls as well, and returns nanoseconds for each."""


@dataclasses.dataclass(frozen=True)
class Group:
    title: str
    text: str
    cases: list[Case]


def groups() -> list[Group]:
    """All cases, with their arguments."""
    return [
        Group(
            "Arguments",
            "A call with arrays as arguments, over a call of a function that takes any object.",
            arguments(),
        ),
        Group(
            "Array-likes",
            "An argument that is converted to an array of float64 where it is none.",
            array_likes(),
        ),
        Group("Results", "A function that returns a new array.", results()),
        Group("Copies", "A view of an array, copied to a new array for Python.", copies()),
        Group("Objects", "Arrays of 10,000 Python objects.", objects()),
        Group("Records", "Arrays of 10⁶ records of 16 or 24 bytes.", records()),
        Group("In Rust", "Views of a guard, descriptors, and a choice of dtypes.", in_rust()),
        Group(
            "Ufuncs",
            "Functions of float64 beside NumPy's own and numba's, and of Python objects beside "
            "`np.frompyfunc`.",
            ufuncs(),
        ),
        Group(
            "Threads",
            "Ufuncs over 10⁶ float64 on one thread, and beside it the same with `parallel`.",
            threads(),
        ),
        Group("Arithmetic", "Kernels over 100,000 elements.", arithmetic()),
    ]


def arguments() -> list[Case]:
    line, table = np.zeros(100), np.zeros((10, 10))

    def case(name: str, function: str, *arguments: Any, **options: bool) -> Case:
        return Case(name, function, arguments, over_empty=True, **options)

    return [
        case("any array", "untyped", line),
        case("read-only", "readonly", line),
        case("read-write", "readwrite", line),
        case("read-only, every second element", "readonly", np.zeros(200)[::2]),
        case("read-only, two dimensions", "readonly2", table),
        case("three of two dimensions", "three", table, table.copy(), table.copy()),
        case("datetime64[ns]", "dates", np.zeros(100, "M8[ns]")),
        case("S8", "strings", np.zeros(100, "S8")),
        case("refused for its dtype", "readonly", np.zeros(100, "f4"), is_refused=True),
    ]


def array_likes() -> list[Case]:
    def asarray(x: object) -> int:
        return np.asarray(x, "f8").size

    def case(name: str, x: object, function: str = "like1", no_nanobind: bool = False) -> Case:
        others = {NUMPY: asarray}
        # nanobind converts arrays in native byte order only.
        left_out = (NANOBIND,) if no_nanobind else ()
        return Case(name, function, (x,), others, left_out)

    n = 1000
    return [
        case("float64", np.zeros(n)),
        case("float32", np.zeros(n, "f4")),
        case("int32", np.zeros(n, "i4")),
        case("float64, bytes swapped", np.zeros(n, ">f8"), no_nanobind=True),
        case("float32, every second element", np.zeros(2 * n, "f4")[::2]),
        case("float32, 10⁶ elements", np.zeros(1_000_000, "f4")),
        case("list of 1,000 floats", [float(i) for i in range(n)], no_nanobind=True),
        case(
            "100 lists of 10 floats",
            [[float(i)] * 10 for i in range(100)],
            "like2",
            no_nanobind=True,
        ),
        Case(
            "datetime64[s] to datetime64[ns]",
            "like_dates",
            (np.arange(n).astype("M8[s]"),),
            {NUMPY: lambda x: np.asarray(x, "M8[ns]").size},
        ),
    ]


def results() -> list[Case]:
    cases = []
    for n, size in [(8, "8"), (1_000_000, "10⁶")]:
        others = {NUMPY: np.ones}
        cases += [
            Case(f"{size} elements of a Vec", "from_vec", (n,), others),
            Case(f"{size} elements of a slice", "from_slice", (n,), others),
            Case(f"{size} elements of an Array2", "from_array", (n,)),
            Case(f"{size} elements of an iterator", "from_iter", (n,), {NUMPY: arange}),
        ]
    points = [[1.0] * 3] * 1000
    nested = [[[1.0] * 3] * 10] * 100
    return [
        *cases,
        Case("1000 x 3 of nested Vecs", "from_vec2", (), {NUMPY: lambda: np.array(points)}),
        Case("100 x 10 x 3 of nested Vecs", "from_vec3", (), {NUMPY: lambda: np.array(nested)}),
    ]


def arange(n: int) -> np.ndarray:
    return np.arange(n, dtype="f8")


def copies() -> list[Case]:
    cases = []
    for sides, size in [((2, 2, 2), "8"), ((10, 10, 10), "10³"), ((100, 100, 100), "10⁶")]:
        cube = np.arange(float(np.prod(sides))).reshape(sides)
        flat = cube.ravel()
        wide = np.repeat(flat, 2)
        layouts = [
            ("contiguous", flat),
            ("transposed", cube.T),
            ("permuted", cube.transpose(1, 2, 0)),
            ("every second element", wide[::2]),
            ("reversed", flat[::-1]),
        ]
        for name, array in layouts:
            others = {NUMPY: copy}
            cases.append(Case(f"{size} elements, {name}", "copy", (array,), others))
            if size == "10⁶":
                name = f"{size} elements, {name}, to Rust"
                cases.append(Case(name, "copy_out", (array,), others))
    dates = np.arange(2000).astype("M8[ns]")[::2]
    words = np.array([str(i) for i in range(2000)], "S8")[::2]
    return [
        *cases,
        Case("10³ dates, every second element", "copy_dates", (dates,), {NUMPY: copy}),
        Case("10³ of S8, every second element", "copy_strings", (words,), {NUMPY: copy}),
    ]


def copy(array: np.ndarray) -> np.ndarray:
    # In C order, as the others.
    return array.copy()


def objects() -> list[Case]:
    n = 10_000
    array = np.array([str(i) for i in range(n)], object)
    one = object()
    return [
        Case("cloned for Rust and dropped", "clone_objects", (array,), {NUMPY: copy}),
        Case("built of one object", "build_objects", (one, n), {NUMPY: filled}),
    ]


def filled(ob: object, n: int) -> np.ndarray:
    return np.full(n, ob, object)


def records() -> list[Case]:
    n = 1_000_000
    plain = np.zeros(n, [("id", "i8"), ("x", "f8"), ("y", "f8")])
    fields = [("id", "i4"), ("x", "f8"), ("grade", "u1")]
    packed, padded = np.zeros(n, fields), np.zeros(n, np.dtype(fields, align=True))
    turned = np.zeros(n, [("grade", "u1"), ("more", "f4"), ("x", "f8"), ("id", "i4")])
    marked = [("x", "f8"), ("id", "u4"), ("grade", "u2"), ("side", "u1"), ("is_open", "?")]
    checked = np.ones(n, marked)

    def cast(array: np.ndarray) -> np.ndarray:
        return array.astype(padded.dtype)

    def cast_by_name(array: np.ndarray) -> np.ndarray:
        return array[["id", "x", "grade"]].astype(padded.dtype)

    return [
        Case("a Vec handed over", "time_plain", (), measures_itself=True),
        Case("a Vec with padding handed over", "time_padded", (), measures_itself=True),
        Case("an array to read", "plain", (plain,), over_empty=True),
        Case("an array with padding to write", "padded", (padded,), over_empty=True),
        Case("a bool and an enum checked (NumPy: copied)", "checked", (checked,), {NUMPY: copy}),
        Case("packed records converted", "by_name", (packed,), {NUMPY: cast}),
        Case("other records converted by name", "by_name", (turned,), {NUMPY: cast_by_name}),
    ]


def in_rust() -> list[Case]:
    six = np.zeros((2,) * 6)
    return [
        Case("view of one dimension", "time_view1", (np.zeros(100),), measures_itself=True),
        Case("view of six dimensions", "time_view6", (six,), measures_itself=True),
        Case("view of six, not known before", "time_view_dyn", (six,), measures_itself=True),
        Case("descriptor of datetime64[ns]", "time_dtype", (), measures_itself=True),
        Case("the last of ten dtypes", "dispatch", (np.zeros(100),), over_empty=True),
    ]


def arithmetic() -> list[Case]:
    n = 100_000
    a, b = np.linspace(0, 1, n), np.linspace(1, 2, n)
    wide = np.linspace(0, 1, 2 * n)[::2]
    rows, row = np.linspace(0, 1, n).reshape(100, 1000), np.linspace(1, 2, 1000)
    hypot = {NUMPY: np.hypot, **numba_hypot()}
    return [
        Case("hypot, contiguous", "hypot", (a, b), hypot),
        Case("hypot, every second element", "hypot", (wide, b), hypot),
        Case("hypot of rows with a row", "hypot_rows", (rows, row), hypot),
        Case("y += alpha * x, without a GIL", "axpy", (0.5, a, b.copy()), {NUMPY: axpy}),
    ]


def ufuncs() -> list[Case]:
    cases = []
    hypot = {NUMPY: np.hypot, **numba_hypot()}
    for n, size in [(8, "8"), (1_000_000, "10⁶")]:
        a, b = np.linspace(0, 1, n), np.linspace(1, 2, n)
        wide, out = np.linspace(0, 1, 2 * n)[::2], np.empty(n)
        cases += [
            Case(f"hypot of {size}", "ufunc_hypot", (a, b, out), hypot),
            Case(f"√(a² + b²) of {size}", "ufunc_length", (a, b, out), hypot),
            Case(f"sum of {size}", "ufunc_add", (a, b, out), {NUMPY: np.add}),
            Case(f"sum of {size} and a number", "ufunc_add", (a, 0.5, out), {NUMPY: np.add}),
            Case(f"sum of every second of {size}", "ufunc_add", (wide, b, out), {NUMPY: np.add}),
        ]
    table = np.linspace(0, 1, 1_000_000).reshape(1000, 1000)
    out = np.empty_like(table)
    return [
        *cases,
        Case("sum of 10⁶ and a row", "ufunc_add", (table, table[0], out), {NUMPY: np.add}),
        Case("sum of 10⁶ and a column", "ufunc_add", (table, table[:, :1], out), {NUMPY: np.add}),
        *objects_and_arrays(),
    ]


def objects_and_arrays() -> list[Case]:
    frompyfunc = {NUMPY: np.frompyfunc(operator.add, 2, 1)}
    cases = []
    for n, size in [(8, "8"), (10_000, "10,000")]:
        numbers = np.arange(n).astype(object)
        cases.append(
            Case(f"sum of {size} objects", "ufunc_object_add", (numbers, numbers), frompyfunc)
        )
    einsum = {NUMPY: lambda a, b: np.einsum("ij,ij->i", a, b)}
    matmul = {NUMPY: np.matmul}
    for rows, columns in [(10_000, 3), (1000, 1000)]:
        a = np.linspace(0, 1, rows * columns).reshape(rows, columns)
        name = f"inner products of {rows:,} pairs of {columns:,}"
        cases.append(Case(name, "gufunc_inner", (a, a), einsum))
    for count, n in [(1000, 4), (1, 300)]:
        a = np.linspace(0, 1, count * n * n).reshape(count, n, n)
        name = f"products of {count:,} pairs of {n} × {n}"
        cases.append(Case(name, "gufunc_matmul", (a, a), matmul))
    return cases


def threads() -> list[Case]:
    x, out = np.linspace(1, 20, 1_000_000), np.empty(1_000_000)
    return [
        Case(f"{name}{with_parallel}", f"ufunc_{function}{suffix}", (x / 20, out))
        for name, function in [("polynomial of degree 20", "polynomial"), ("ln Γ", "log_gamma")]
        for with_parallel, suffix in [("", ""), (", parallel", "_parallel")]
    ]


def axpy(alpha: float, x: np.ndarray, y: np.ndarray) -> None:
    y += alpha * x


def numba_hypot() -> dict[str, Function]:
    """numba's ufunc, compiled; nothing where numba is not installed."""
    try:
        import numba
    except ImportError:
        return {}
    import math

    def hypot(a: float, b: float) -> float:
        return math.hypot(a, b)

    return {NUMBA: numba.vectorize(["float64(float64, float64)"])(hypot)}
