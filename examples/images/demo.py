"""Runs npyo_images on real data and checks every result against NumPy, SciPy or scikit-learn.

Prints a table of times and differences and what unfit arrays get, and saves before/after pictures.
Ends with an error if a result is off by more than is allowed.

    python demo.py [--out FOLDER] [--runs N]
"""

from __future__ import annotations

import argparse
import dataclasses
import platform
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import npyo_images
import numpy as np
import PIL
import scipy
import sklearn
from PIL import Image, ImageDraw
from scipy import ndimage
from sklearn.datasets import load_digits, load_sample_image
from sklearn.neighbors import KNeighborsClassifier

PHOTOGRAPHS = ("china", "flower")
SIGMA = 2.0
NEIGHBOURS = 5
KNOWN_DIGITS = 1300
WORDS = np.array(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], dtype=object
)
GREY = np.array([0.299, 0.587, 0.114])


# --- References -------------------------------------------------------------------------------


def gaussian_by_scipy(image: np.ndarray) -> np.ndarray:
    return ndimage.gaussian_filter(image, (SIGMA, SIGMA, 0), output=np.float32, mode="reflect")


def sobel_by_scipy(image: np.ndarray) -> np.ndarray:
    grey = image @ GREY
    return np.hypot(ndimage.sobel(grey, axis=0), ndimage.sobel(grey, axis=1))


def equalize_by_numpy(values: np.ndarray) -> None:
    """Histogram equalisation, in place."""
    counts = np.bincount(values.ravel(), minlength=256)
    least = counts[counts.nonzero()[0][0]]
    rank = np.maximum(counts.cumsum() - least, 0)
    spread = values.size - least
    table = (2 * 255 * rank + spread) // (2 * spread)
    values[...] = table.astype(np.uint8)[values]


def statistics_by_numpy(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return image.mean(axis=(0, 1)), image.std(axis=(0, 1))


# --- Measuring --------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    input: str
    npyo_ms: float
    reference: str
    reference_ms: float
    difference: float
    allowed: float

    def __post_init__(self) -> None:
        if not self.difference <= self.allowed:
            raise AssertionError(
                f"{self.what} of {self.input} differs from {self.reference} by "
                f"{self.difference:g}; {self.allowed:g} is allowed"
            )


def best_ms(
    runs: int, function: Callable[[Any], Any], argument: Callable[[], Any]
) -> tuple[float, Any]:
    """The shortest of several runs, each on an argument of its own, and the last result."""
    times = []
    for _ in range(runs):
        value = argument()
        start = time.perf_counter()
        result = function(value)
        times.append(time.perf_counter() - start)
    return 1000 * min(times), result


def largest_difference(a: Any, b: Any) -> float:
    return float(np.max(np.abs(np.asarray(a, dtype=np.float64) - np.asarray(b))))


# --- Photographs ------------------------------------------------------------------------------


def filter_photograph(name: str, runs: int, out: Path) -> list[Row]:
    """Every filter on one of scikit-learn's photographs."""
    image = load_sample_image(f"{name}.jpg")
    described = f"{name}.jpg {shape_of(image)} {image.dtype}"
    rows = []

    def compare(
        what: str, ours: Callable, library: str, theirs: Callable, allowed: float
    ) -> np.ndarray:
        npyo_ms, result = best_ms(runs, ours, lambda: image)
        reference_ms, wanted = best_ms(runs, theirs, lambda: image)
        difference = largest_difference(result, wanted)
        rows.append(Row(what, described, npyo_ms, library, reference_ms, difference, allowed))
        return result

    blurred = compare(
        f"gaussian, sigma {SIGMA:g}",
        lambda image: npyo_images.gaussian(image, SIGMA),
        "SciPy",
        gaussian_by_scipy,
        allowed=5e-4,
    )
    edges = compare("sobel", npyo_images.sobel, "SciPy", sobel_by_scipy, allowed=1e-11)
    means, deviations = compare(
        "channel_statistics",
        npyo_images.channel_statistics,
        "NumPy",
        statistics_by_numpy,
        allowed=1e-9,
    )

    def in_place(equalize: Callable[[np.ndarray], None]) -> tuple[float, np.ndarray]:
        def run(copy: np.ndarray) -> np.ndarray:
            equalize(copy)
            return copy

        return best_ms(runs, run, image.copy)

    npyo_ms, equalized = in_place(npyo_images.equalize)
    reference_ms, wanted = in_place(equalize_by_numpy)
    difference = largest_difference(equalized, wanted)
    rows.append(Row("equalize", described, npyo_ms, "NumPy", reference_ms, difference, 0.0))

    bright_edges = 255 * edges / np.percentile(edges, 99)
    save_pair(out / f"{name}-gaussian.png", image, blurred)
    save_pair(out / f"{name}-sobel.png", image, np.repeat(bright_edges[..., None], 3, axis=2))
    save_pair(out / f"{name}-equalize.png", image, equalized)

    red, green, blue = (f"{mean:.2f} ± {dev:.2f}" for mean, dev in zip(means, deviations))
    print(f"{name}.jpg, mean ± standard deviation: red {red}, green {green}, blue {blue}")
    return rows


def save_pair(path: Path, before: np.ndarray, after: np.ndarray) -> None:
    """Saves two pictures side by side."""
    gap = np.full((before.shape[0], 8, 3), 255, dtype=np.uint8)
    after = np.clip(np.rint(after), 0, 255).astype(np.uint8)
    Image.fromarray(np.concatenate([before, gap, after], axis=1)).save(path)


def shape_of(array: np.ndarray) -> str:
    return "x".join(map(str, array.shape))


# --- Digits -----------------------------------------------------------------------------------


def label_digits(runs: int, out: Path) -> Row:
    """Nearest neighbours on scikit-learn's handwritten digits, labelled with words."""
    digits = load_digits()
    labels = WORDS[digits.target]
    known, queries = np.split(digits.data, [KNOWN_DIGITS])
    known_labels, right = np.split(labels, [KNOWN_DIGITS])
    classifier = KNeighborsClassifier(NEIGHBOURS).fit(known, known_labels)

    npyo_ms, found = best_ms(
        runs,
        lambda queries: npyo_images.nearest_labels(known, known_labels, queries, NEIGHBOURS),
        lambda: queries,
    )
    reference_ms, wanted = best_ms(runs, classifier.predict, lambda: queries)

    # Where the last neighbour that votes and the first that does not are equally far away, either
    # answer is right.
    distances, _ = classifier.kneighbors(queries, NEIGHBOURS + 1)
    tied = np.isclose(distances[:, -2], distances[:, -1])
    different = np.count_nonzero((found != wanted) & ~tied)

    correct = np.count_nonzero(found == right)
    print(f"digits: {correct} of {len(queries)} labels are correct ({correct / len(queries):.1%})")
    save_digits(out / "digits-nearest_labels.png", queries, found, right)
    described = f"digits {shape_of(known)} and {shape_of(queries)} float64"
    what = f"nearest_labels, k = {NEIGHBOURS}"
    return Row(what, described, npyo_ms, "scikit-learn", reference_ms, different, 0.0)


def save_digits(path: Path, queries: np.ndarray, found: np.ndarray, right: np.ndarray) -> None:
    """Saves digits with the labels they got: all that are wrong, and as many others as fit."""
    columns, lines, cell, scale = 12, 6, 64, 5
    wrong_first = np.argsort(found == right, kind="stable")[: columns * lines]
    picture = Image.new("RGB", (columns * cell, lines * cell), "white")
    draw = ImageDraw.Draw(picture)
    for place, query in enumerate(sorted(wrong_first)):
        left, top = place % columns * cell, place // columns * cell
        pixels = 255 - queries[query].reshape(8, 8) * (255 / 16)
        digit = Image.fromarray(pixels.astype(np.uint8)).resize((8 * scale, 8 * scale), 0)
        picture.paste(digit, (left + 12, top + 2))
        color = "green" if found[query] == right[query] else "red"
        draw.text((left + 14, top + 8 * scale + 6), found[query], fill=color)
    picture.save(path)


# --- Unfit arrays -----------------------------------------------------------------------------


def show_unfit() -> None:
    """What arrays get that a function cannot take, or only by copying."""
    image = load_sample_image("china.jpg")
    frozen = image.copy()
    frozen.flags.writeable = False

    print("\nWhat other arrays get\n")
    show_refusal(
        "a wrong dtype",
        "gaussian(image.astype('float32'), 2.0)",
        lambda: npyo_images.gaussian(image.astype("float32"), 2.0),
        TypeError,
    )
    show_refusal(
        "a wrong shape",
        "sobel(image[..., :2])",
        lambda: npyo_images.sobel(image[..., :2]),
        ValueError,
    )
    show_refusal(
        "a read-only array, to be written to",
        "equalize(frozen)",
        lambda: npyo_images.equalize(frozen),
        ValueError,
    )
    if not np.array_equal(frozen, image):
        raise AssertionError("the read-only array was written to")

    turned = image.transpose(1, 0, 2)
    edges = npyo_images.sobel(turned)
    difference = largest_difference(edges, npyo_images.sobel(image).T)
    check("a transposed picture", difference, 1e-11)
    show_result(
        "a transposed array, to be read",
        "sobel(image.transpose(1, 0, 2))",
        f"{shape_of(edges)} {edges.dtype}, differs from sobel(image).T by {difference:.2g}",
    )

    written, wanted = image.copy(), image.copy()
    npyo_images.equalize(written.transpose(1, 0, 2)[::-1, :, 0])
    equalize_by_numpy(wanted[..., 0])
    difference = largest_difference(written, wanted)
    check("a transposed channel", difference, 0.0)
    show_result(
        "a transposed, reversed view of one channel, to be written to",
        "equalize(image.transpose(1, 0, 2)[::-1, :, 0])",
        f"in place, the other channels untouched, differs from NumPy by {difference:g}",
    )


def check(what: str, difference: float, allowed: float) -> None:
    if not difference <= allowed:
        raise AssertionError(f"{what} gives a result that is off by {difference:g}")


def show_refusal(
    what: str, call: str, function: Callable[[], Any], wanted: type[Exception]
) -> None:
    try:
        function()
    except wanted as error:
        show_result(what, call, f"{type(error).__name__}: {error}")
    else:
        raise AssertionError(f"{call} was not refused")


def show_result(what: str, call: str, result: str) -> None:
    print(f"  {what}")
    print(f"    >>> {call}")
    indent = "    "
    print(textwrap.fill(result, 96, initial_indent=indent, subsequent_indent=indent), end="\n\n")


# --- Printing ---------------------------------------------------------------------------------


def print_table(rows: list[Row]) -> None:
    heading = (
        "what",
        "input",
        "npyo ms",
        "reference ms",
        "reference",
        "largest difference",
        "allowed",
    )
    lines = [
        (
            row.what,
            row.input,
            f"{row.npyo_ms:.2f}",
            f"{row.reference_ms:.2f}",
            row.reference,
            f"{row.difference:.1e}" if row.difference else "0",
            f"{row.allowed:.0e}" if row.allowed else "0",
        )
        for row in rows
    ]
    numeric = {2, 3, 5, 6}
    widths = [max(map(len, column)) for column in zip(heading, *lines)]

    def print_line(cells: tuple[str, ...]) -> None:
        padded = [
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths))
        ]
        print("  ".join(padded).rstrip())

    print()
    print_line(heading)
    print_line(tuple("-" * width for width in widths))
    for line in lines:
        print_line(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(__file__).resolve().parent / "out"
    parser.add_argument("--out", type=Path, default=default, help="folder for the pictures")
    parser.add_argument("--runs", type=int, default=9, help="times are the best of so many runs")
    arguments = parser.parse_args()
    out: Path = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    runs = max(1, arguments.runs)

    print(
        f"CPython {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, "
        f"scikit-learn {sklearn.__version__}, Pillow {PIL.__version__}\n"
    )
    rows = [row for name in PHOTOGRAPHS for row in filter_photograph(name, runs, out)]
    rows.append(label_digits(runs, out))
    print_table(rows)
    print(
        f"\nTimes are the best of {runs} runs. Differences are in grey levels (0 to 255), for "
        "nearest_labels in labels."
    )
    show_unfit()
    print("Every result is as close to its reference as allowed.")
    print(f"\nPictures, before and after, in {out}:")
    for path in sorted(out.glob("*.png")):
        print(f"  {path.name}")


if __name__ == "__main__":
    main()
