#!/usr/bin/env python3
"""Runs npyo's tests, one leg for each interpreter and NumPy.

    tools/legs.py main                  what `make test` runs
    tools/legs.py oldest freethreaded   these legs, in this order
    tools/legs.py --stress all          every leg, with the long tests
    tools/legs.py summary               the table of the legs that ran, the last run of each
    tools/legs.py format                formats the Rust and Python files

Legs: main, lint, numpy1 (NumPy 1.26), ndarray016, abi3, oldest (CPython 3.9, NumPy 1.21),
freethreaded (CPython 3.14t), interop (modules on npyo and on the numpy crate together), numpycrate
(that crate's integration tests, built on npyo), numpysuite (NumPy's own tests, with ufuncs in Rust), api
(npyo has all of that crate's API), demo.

A leg makes its own virtual environment in .venvs/ and builds into target/; legs on one interpreter
share their build. Nothing outside the checkout is written. Only the standard library is needed.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy_crate
import numpy_suite

PIP = "pip==26.0.1"
NDARRAY_OLD = "0.16.1"
FEATURES = "half,nalgebra,rand_core,rayon"
ABI3 = ("3.9", "3.13")
"""The CPythons that the one abi3 wheel runs on."""

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
RESULTS = TARGET / "legs.tsv"
REQUIREMENTS = ROOT / "tools" / "requirements"
PYTESTS = ROOT / "pytests"
INTEROP = ROOT / "interop"
BENCHES = ROOT / "benches"
IMAGES = ROOT / "examples" / "images"

STARTED = time.monotonic()
stress = False


class Absent(Exception):
    """The interpreter that a leg needs is not on this machine."""


class Failure(Exception):
    """A leg cannot run here, or found something wrong."""


# --- Interpreters -----------------------------------------------------------------------------

PROBE = """
import json, platform, sys, sysconfig
value = sysconfig.get_config_var
print(json.dumps({
    "path": getattr(sys, "_base_executable", None) or sys.executable,
    "version": platform.python_version(),
    "minor": "%d.%d" % sys.version_info[:2] + ("t" if value("Py_GIL_DISABLED") else ""),
    "libdir": value("LIBDIR"),
    "library": value("LDLIBRARY"),
    "cpython": platform.python_implementation() == "CPython",
}))
"""


@dataclasses.dataclass(frozen=True)
class Python:
    """A CPython, outside any virtual environment."""

    path: str
    version: str
    minor: str
    libdir: str
    library: str
    cpython: bool

    @staticmethod
    def probe(path: str | Path) -> Python | None:
        """What `path` says of itself; None if it does not start, as a pyenv shim may not."""
        try:
            answer = subprocess.run(
                [path, "-c", PROBE], check=True, capture_output=True, timeout=60
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return Python(**json.loads(answer.stdout))

    def target_dir(self, kind: str) -> Path:
        """Where cargo builds for this interpreter."""
        return TARGET / ("cp" + self.minor.replace(".", "")) / kind

    def check_embeddable(self) -> None:
        """The Rust tests embed Python, so they link its shared library."""
        library = Path(self.libdir, self.library)
        if library.suffix not in (".so", ".dylib") or not library.exists():
            raise Failure(
                f"{self.path} has no shared library to link ({library}). Install it (Debian: "
                "libpython3-dev), or name another interpreter: make test PYTHON=..."
            )


def here() -> Python:
    """The interpreter that runs this script."""
    python = Python.probe(sys.executable)
    if python is None or not python.cpython:
        raise Failure(f"{sys.executable} is not a working CPython")
    return python


def find(minor: str) -> Python:
    """CPython `minor` ("3.9", "3.14t"): on PATH, else of pyenv, else unpacked beside the checkout."""
    name = f"python{minor}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = sorted(
        pyenv.glob(f"versions/*/bin/{name}"), key=lambda p: numbers(p.parts[-3]), reverse=True
    )
    for path in [shutil.which(name), *found]:
        python = Python.probe(path) if path else None
        if python and python.cpython and python.minor == minor:
            return python
    install = ROOT.parent / "shared" / name / "install"
    if install.exists():
        path = subprocess.check_output([install], text=True).strip()
        python = Python.probe(path)
        if python is None or python.minor != minor:
            raise Failure(f"{install} gave {path}, which is no CPython {minor}")
        return python
    raise Absent(f"CPython {minor} is not on this machine (looked on PATH and in {pyenv})")


def numbers(version: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", version)]


# --- Steps ------------------------------------------------------------------------------------


def say(text: str) -> None:
    print(f"[{clock(time.monotonic() - STARTED)}] {text}", flush=True)


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60:2d} min {int(seconds) % 60:02d} s"


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Runs one step of a leg; a step that fails ends the leg."""
    say(f"$ {shown(command)}")
    subprocess.run(command, check=True, cwd=ROOT, env={**clean_environment(), **(env or {})})


def shown(command: Sequence[str | Path]) -> str:
    return " ".join(str(word).replace(f"{ROOT}/", "") for word in command)


def clean_environment() -> dict[str, str]:
    """The caller's environment less what would steer an interpreter or PyO3's build."""
    steering = {"PYTHONHOME", "PYTHONPATH", "PYTHON_GIL", "VIRTUAL_ENV", "CONDA_PREFIX"}
    return {k: v for k, v in os.environ.items() if k not in steering and not k.startswith("PYO3_")}


@dataclasses.dataclass(frozen=True)
class Venv:
    """A virtual environment of one leg."""

    base: Python
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def ask(self, code: str) -> str:
        return subprocess.check_output([self.python, "-c", code], text=True).strip()

    def pip(self, *arguments: str | Path) -> None:
        quiet = ["--quiet", "--disable-pip-version-check"]
        run(self.python, "-m", "pip", *quiet, "install", *arguments)

    def embedding(self) -> dict[str, str]:
        """The environment in which a Rust program embeds this one's interpreter and packages."""
        libraries = [self.base.libdir, os.environ.get("LD_LIBRARY_PATH")]
        return {
            **building(self.base, "rust"),
            "LD_LIBRARY_PATH": ":".join(filter(None, libraries)),
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": self.ask("import sysconfig; print(sysconfig.get_path('platlib'))"),
        }


def building(python: Python, kind: str) -> dict[str, str]:
    # Always the base interpreter: a changed PYO3_PYTHON would rebuild PyO3 for each environment.
    return {"PYO3_PYTHON": python.path, "CARGO_TARGET_DIR": str(python.target_dir(kind))}


def make_venv(name: str, python: Python, *requirements: str) -> Venv:
    """The environment .venvs/`name`, made anew if its interpreter or its pins changed."""
    venv = Venv(python, ROOT / ".venvs" / name)
    files = [REQUIREMENTS / file for file in requirements]
    pins = "".join(file.read_text() for file in files)
    wanted = hashlib.sha256(f"{python}\n{PIP}\n{pins}".encode()).hexdigest()
    stamp = venv.folder / "npyo-stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        run(python.path, "-m", "venv", "--clear", venv.folder)
        venv.pip(PIP)
        venv.pip("--only-binary", ":all:", *(word for file in files for word in ("-r", file)))
        stamp.write_text(wanted)
    return venv


def heading(leg: str, venv: Venv) -> None:
    kind = ", free-threaded" if venv.base.minor.endswith("t") else ""
    numpy = venv.ask("import numpy; print(numpy.__version__)")
    print(f"\n== {leg}: CPython {venv.base.version}{kind}, NumPy {numpy} ==", flush=True)


def cargo_tests(venv: Venv, project: Path = ROOT, *, everything: bool = False) -> None:
    """Rust unit and integration tests; `everything` adds what is the same with every interpreter:
    the compile-fail tests, the models of the borrow table, the doctests, and the derive macro's."""
    venv.base.check_embeddable()
    env = venv.embedding()
    command = ["cargo", "test", manifest(project), "--no-fail-fast", "--features", FEATURES]
    options = ["--include-ignored"] if stress else []
    if not everything:
        env["NPYO_SKIP_UI"] = "1"
        options += ["--skip", "borrow::model"]
    run(*command, "--lib", "--tests", "--", *options, env=env)
    if everything:
        run(*command, "--doc", env=env)
        # The macro, and the packages that know npyo by other names.
        run("cargo", "test", manifest(project), "--package=npyo-derive*", env=env)


def manifest(project: Path) -> str:
    return f"--manifest-path={project / 'Cargo.toml'}"


def extensions() -> list[Path]:
    """The maturin projects that are built into wheels and tested from Python."""
    return [PYTESTS, *examples()]


def examples() -> list[Path]:
    """The maturin projects among them that are used as a user would, each with a demo."""
    return sorted(path.parent for path in ROOT.glob("examples/*/pyproject.toml"))


def interop_modules() -> list[Path]:
    """The maturin projects that are tested together in one process."""
    return sorted(path.parent for path in INTEROP.glob("*/pyproject.toml"))


def crates() -> list[Path]:
    """Every cargo project that is formatted and linted."""
    return [ROOT, *extensions(), INTEROP, BENCHES]


def build_wheel(project: Path, python: Python, leg: str, *options: str) -> Path:
    """Builds `project` for `python` with maturin into target/wheels/`leg`."""
    tools = make_venv("tools", here(), "tools.txt")
    wheels = TARGET / "wheels" / leg / project.name
    shutil.rmtree(wheels, ignore_errors=True)
    # The tests' own crates keep Rust's debug assertions; an example is built as its users would.
    profile = "dev" if project in [PYTESTS, *interop_modules()] else "release"
    where = [manifest(project), f"--interpreter={python.path}"]
    options = (f"--profile={profile}", f"--out={wheels}", *options)
    maturin = tools.folder / "bin" / "maturin"
    run(maturin, "build", "--quiet", *where, *options, env=building(python, "wheels"))
    (wheel,) = wheels.glob("*.whl")
    return wheel


def install(venv: Venv, wheel: Path) -> None:
    venv.pip("--no-index", "--no-deps", "--force-reinstall", wheel)
    if venv.base.minor.endswith("t"):
        check_gil_stays_off(venv, wheel)


def python_tests(venv: Venv, project: Path) -> None:
    run(venv.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", project / "tests")


def check_gil_stays_off(venv: Venv, wheel: Path) -> None:
    """Importing the extension must not switch the GIL on."""
    files = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    modules = sorted({name.split("/")[0].split(".")[0] for name in files})
    off = "not sys._is_gil_enabled()"
    code = f"import sys, {', '.join(modules)}; print('GIL off:', {off}); assert {off}"
    run(venv.python, "-W", "error", "-c", code)


# --- Legs -------------------------------------------------------------------------------------


def test_with(leg: str, python: Python, requirements: str, *, everything: bool = False) -> None:
    """Rust tests, then each extension's wheel and its Python tests."""
    venv = make_venv(leg, python, requirements)
    heading(leg, venv)
    cargo_tests(venv, everything=everything)
    for project in extensions():
        install(venv, build_wheel(project, python, leg))
        python_tests(venv, project)


def main_leg() -> None:
    test_with("main", here(), "newest.txt", everything=True)


def numpy1() -> None:
    test_with("numpy1", find_numpy1(), "numpy-1.26.txt")


def find_numpy1() -> Python:
    """An interpreter that NumPy 1.26 has wheels for."""
    python = here()
    return python if [3, 9] <= numbers(python.minor) <= [3, 12] else find("3.12")


def oldest() -> None:
    test_with("oldest", find("3.9"), "numpy-1.21.txt")


def freethreaded() -> None:
    test_with("freethreaded", find("3.14t"), "newest.txt")


def abi3() -> None:
    """One wheel of the example, built once, on several CPythons."""
    wheel = build_wheel(IMAGES, here(), "abi3", "--features", "abi3")
    if "-cp39-abi3-" not in wheel.name:
        raise Failure(f"{wheel.name} is no abi3 wheel for CPython 3.9 and later")
    absent = []
    for minor in ABI3:
        try:
            python = find(minor)
        except Absent as error:
            absent.append(str(error))
            continue
        requirements = "numpy-1.21.txt" if minor == "3.9" else "newest.txt"
        venv = make_venv(f"abi3-{minor}", python, requirements)
        heading("abi3", venv)
        install(venv, wheel)
        python_tests(venv, IMAGES)
    if absent:
        raise Absent("; ".join(absent))


def interop() -> None:
    """Modules on npyo and on the numpy crate in one process, with the GIL and without."""
    interop_with("main", here())
    interop_with("freethreaded", find("3.14t"))


def interop_with(environment: str, python: Python) -> None:
    venv = make_venv(environment, python, "newest.txt")
    heading("interop", venv)
    for project in interop_modules():
        install(venv, build_wheel(project, python, f"interop-{environment}"))
    python_tests(venv, INTEROP)


def numpycrate() -> None:
    """The numpy crate's integration tests and the examples in its docs, on npyo."""
    folder = TARGET / "numpycrate"
    numpy_crate.project(ROOT, folder)
    numpycrate_with("main", here(), "newest.txt", folder)
    if stress:
        numpycrate_with("numpy1", find_numpy1(), "numpy-1.26.txt", folder)
        numpycrate_with("freethreaded", find("3.14t"), "newest.txt", folder)


def numpycrate_with(environment: str, python: Python, requirements: str, folder: Path) -> None:
    venv = make_venv(environment, python, requirements)
    heading("numpycrate", venv)
    venv.base.check_embeddable()
    command = ["cargo", "test", manifest(folder), "--no-fail-fast"]
    run(*command, env=venv.embedding())
    for departure in numpy_crate.DEPARTURES:
        say(f"changed in {departure.file}, {departure.test}: {departure.reason}")


def numpysuite() -> None:
    """NumPy's own tests with ufuncs of this library: on the newest NumPy those that call them, and, with
    the long tests, on each NumPy all that import the modules they are in, compared with NumPy's own."""
    numpysuite_with("freethreaded", find("3.14t"), "newest.txt")
    if stress:
        numpysuite_with("main", here(), "newest.txt")
        numpysuite_with("numpy1", find_numpy1(), "numpy-1.26.txt")
        numpysuite_with("numpy20", find_numpy1(), "numpy-2.0.txt")


def numpysuite_with(environment: str, python: Python, requirements: str) -> None:
    venv = make_venv(environment, python, requirements)
    heading("numpysuite", venv)
    install(venv, build_wheel(PYTESTS, python, environment))
    numpy = Path(venv.ask("import numpy; print(numpy.__file__)")).parent
    files = numpy_suite.files(numpy, everything=stress)
    in_rust = numpy_tests(venv, numpy, "rust", *files)
    if stress:
        in_c = numpy_tests(venv, numpy, "c", *files, "--no-twins")
    else:
        # What passes needs no comparison.
        others = [f"{numpy.parent / test}\n" for test in numpy_suite.not_passed(in_rust)]
        listed = TARGET / "numpysuite" / "not-passed.txt"
        listed.write_text("".join(others))
        in_c = numpy_tests(venv, numpy, "c", f"@{listed}", "--no-twins") if others else {}
    version = venv.ask("import numpy; print(numpy.__version__)")
    in_c_of = f"C{'' if stress else ' (of the others)'}"
    print(
        numpy_suite.table({f"NumPy {version}, Rust": in_rust, f"NumPy {version}, {in_c_of}": in_c})
    )
    for departure in numpy_suite.DEPARTURES:
        if version.startswith(departure.numpy):
            say(f"fails on purpose, {departure.test}: {departure.reason}")
    if problems := numpy_suite.problems(version, in_c, in_rust):
        raise Failure("NumPy's tests: " + "; ".join(problems))


def numpy_tests(venv: Venv, numpy: Path, name: str, *arguments: str | Path) -> numpy_suite.Outcomes:
    """Runs tests of the installed NumPy, of which some may fail."""
    folder = TARGET / "numpysuite" / venv.folder.name
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = folder / f"{name}.json"
    outcomes.unlink(missing_ok=True)
    options = [
        "-q",
        "--tb=short",
        "--disable-warnings",
        f"--rootdir={numpy.parent}",
        f"--outcomes={outcomes}",
    ]
    plugins = ["-p", "no:cacheprovider", "-p", "numpy_suite_plugin"]
    try:
        run(
            *[venv.python, "-m", "pytest", *options, *plugins, *arguments],
            # Tests that need more memory are skipped.
            env={"PYTHONPATH": str(PYTESTS), "NPY_AVAILABLE_MEM": "2GB"},
        )
    except subprocess.CalledProcessError as error:
        # 1 is the code for tests that failed.
        if error.returncode != 1:
            raise
    return numpy_suite.read(outcomes)


def api() -> None:
    """Everything public in the numpy crate is in npyo."""
    run(sys.executable, ROOT / "tools" / "api_check.py", env=building(here(), "rust"))


def ndarray016() -> None:
    """The library's own tests with an older ndarray, in a copy: the checkout's lock file stays."""
    venv = make_venv("main", here(), "newest.txt")
    heading(f"ndarray {NDARRAY_OLD}", venv)
    copy = TARGET / "ndarray016"
    shutil.rmtree(copy, ignore_errors=True)
    left_out = shutil.ignore_patterns("target", ".venvs", ".git", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=left_out)
    run("cargo", "update", manifest(copy), "-p", "ndarray", "--precise", NDARRAY_OLD)
    cargo_tests(venv, copy)


def demo() -> None:
    python = here()
    venv = make_venv("demo", python, "newest.txt", "demo.txt")
    for project in examples():
        wheel = build_wheel(project, python, "demo")
        venv.pip("--no-index", "--no-deps", "--force-reinstall", wheel)
        run(venv.python, project / "demo.py")


def lint() -> None:
    """Formatting, the Python files, imports, clippy and rustdoc, with warnings denied."""
    env = building(here(), "rust")
    for project in crates():
        run("cargo", "fmt", "--all", "--check", manifest(project))
    ruff("format", "--check")
    ruff("check")
    run(sys.executable, ROOT / "tools" / "check_imports.py")
    run(sys.executable, "-m", "unittest", "discover", "-s", ROOT / "tools")

    clippy = ["clippy", "--workspace", "--all-targets"]
    denied = ["--", "--deny", "warnings"]
    for project in crates():
        run("cargo", *clippy, manifest(project), *denied, env=env)
    run("cargo", *clippy, "--all-features", *denied, env=env)
    doc_env = {**env, "RUSTDOCFLAGS": "--deny warnings"}
    run("cargo", "doc", "--workspace", "--no-deps", "--all-features", env=doc_env)


def ruff(*command: str) -> None:
    tools = ROOT / "tools"
    program = make_venv("tools", here(), "tools.txt").folder / "bin" / "ruff"
    config = f"--config={tools / 'ruff.toml'}"
    run(program, *command, "--no-cache", config, tools, *extensions(), INTEROP, BENCHES)


def format_all() -> None:
    """Rewrites what `lint` would refuse about formatting."""
    for project in crates():
        run("cargo", "fmt", "--all", manifest(project))
    ruff("check", "--fix")
    ruff("format")


LEGS: dict[str, Callable[[], None]] = {
    "main": main_leg,
    "lint": lint,
    "numpy1": numpy1,
    "ndarray016": ndarray016,
    "abi3": abi3,
    "oldest": oldest,
    "freethreaded": freethreaded,
    "interop": interop,
    "numpycrate": numpycrate,
    "numpysuite": numpysuite,
    "api": api,
    "demo": demo,
}


# --- Reporting --------------------------------------------------------------------------------


def run_leg(name: str) -> bool:
    """Runs one leg and records its outcome; whether it did not fail."""
    started = time.monotonic()
    note = ""
    try:
        LEGS[name]()
        outcome = "passed"
    except Absent as error:
        outcome, note = "skipped", str(error)
        box(f"leg {name} DID NOT RUN in full: {error}")
    except (Failure, numpy_crate.Changed, subprocess.CalledProcessError) as error:
        outcome, note = "failed", str(error)
        if isinstance(error, subprocess.CalledProcessError):
            note = f"{shown(error.cmd)} exited with {error.returncode}"
        box(f"leg {name} FAILED: {note}")
    seconds = time.monotonic() - started
    say(f"leg {name} {outcome} in {clock(seconds).strip()}")
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a") as results:
        results.write(f"{name}\t{outcome}\t{seconds:.0f}\t{' '.join(note.split())}\n")
    return outcome != "failed"


def box(text: str) -> None:
    lines = textwrap.wrap(text, 90)
    edge = "#" * (max(map(len, lines)) + 4)
    framed = [f"# {line:{len(edge) - 4}} #" for line in lines]
    print("", edge, *framed, edge, "", sep="\n", flush=True)


def summary() -> None:
    """The outcome of the legs run so far, the last run of each."""
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    rows = [line.split("\t") for line in lines]
    last = {row[0]: row for row in rows}
    print(f"\n{'leg':14}{'outcome':9}{'time':>13}")
    for name, outcome, seconds, note in last.values():
        print(f"{name:14}{outcome:9}{clock(float(seconds)):>13}  {note}".rstrip())
    outcomes = [row[1] for row in last.values()]
    counts = [f"{outcomes.count(word)} {word}" for word in ("passed", "failed", "skipped")]
    print(f"\nlegs: {', '.join(counts)}", flush=True)


def main() -> int:
    global stress
    others = {"format": format_all, "summary": summary}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("legs", nargs="+", choices=[*LEGS, "all", *others], metavar="leg")
    parser.add_argument("--stress", action="store_true", help="run the long tests too")
    arguments = parser.parse_args()
    for name in others.keys() & arguments.legs:
        others[name]()
        return 0
    stress = arguments.stress
    if stress:
        os.environ["NPYO_STRESS"] = "1"
    names = list(LEGS) if "all" in arguments.legs else arguments.legs
    outcomes = [run_leg(name) for name in names]
    if len(names) > 1:
        summary()
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
