"""What the tests share: modules, and programs in interpreters of their own."""

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np

V1 = "_RUST_NUMPY_BORROW_CHECKING_API"
"""The name of the capsule in which modules on the numpy crate find the table of borrows."""


def multiarray():
    """The module in whose dict extension modules find each other."""
    core = "numpy._core" if hasattr(np, "_core") else "numpy.core"
    return importlib.import_module(f"{core}.multiarray")


def nothing():
    pass


def is_refused(function):
    """Whether a call is refused because of another guard; other exceptions pass."""
    try:
        function()
    except (TypeError, RuntimeError) as error:
        if "already borrowed" not in str(error):
            raise
        return True
    return False


def strided(base, shape, strides, offset=0):
    """A view of any strides, whose base is the array itself, as it is of a slice."""
    return np.ndarray(shape, "f8", base, offset, strides)


def run(program, *arguments):
    """Runs a program of this folder, which must come to its end without a word of complaint."""
    __tracebackhide__ = True
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", Path(__file__).with_name(program), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    output = f"{result.stdout}\n{result.stderr}"
    assert result.returncode == 0, f"exited with {result.returncode}:\n{output}"
    assert result.stderr == "", output
    assert result.stdout == "finished\n", output
