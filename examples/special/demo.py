"""Runs npyo_special on real coordinates and prices, and checks every result.

Prints the tables on the way, and saves a figure. Ends with an error if a result is wrong.

    python demo.py [--out FOLDER] [--runs N]
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import mpmath
import npyo_special as special
import numpy as np
import pandas as pd
import scipy
import scipy.special
from scipy.stats import norm
from sklearn.metrics.pairwise import haversine_distances
from vega_datasets import data

mpl.use("agg")
from matplotlib import pyplot as plt

HOME = "JFK"
YEARS, RATE = 0.25, 0.02


# --- Airports ---------------------------------------------------------------------------------


def fly(airports: pd.DataFrame) -> pd.DataFrame:
    """The airports, with distance and bearing from one of them."""
    heading(f"haversine and initial_bearing of columns: from {HOME}, the 3 next and the 3 last")
    home = airports.loc[HOME]
    way = (home.latitude, home.longitude, airports.latitude, airports.longitude)
    airports = airports.assign(km=special.haversine(*way), bearing=special.initial_bearing(*way))
    by_distance = airports.drop(HOME).sort_values("km")
    ends = pd.concat([by_distance.head(3), by_distance.tail(3)])
    print(ends[["name", "city", "km", "bearing"]].round(1).to_string())
    check("Los Angeles is 3,974 km away", round(airports.km["LAX"]) == 3974)
    return airports


def fly_everywhere(airports: pd.DataFrame, runs: int) -> None:
    latitudes, longitudes = airports.latitude.to_numpy(), airports.longitude.to_numpy()
    heading(f"haversine of each with each: {len(airports)} x {len(airports)} ways")
    radians = np.radians(np.column_stack([latitudes, longitudes]))
    ours, distances = best(
        runs,
        lambda: special.haversine(latitudes[:, None], longitudes[:, None], latitudes, longitudes),
    )
    theirs, wanted = best(runs, lambda: haversine_distances(radians))
    off = np.abs(distances - special.EARTH_RADIUS_KM * wanted).max()
    print(f"npyo_special {ours:.0f} ms, scikit-learn {theirs:.0f} ms, off by {1e6 * off:.1g} mm")
    check("they are scikit-learn's, to a hundredth of a millimetre", off <= 1e-8)


# --- Options ----------------------------------------------------------------------------------


def price_options(stocks: pd.DataFrame) -> pd.DataFrame:
    """Calls on the shares, at their last prices, with the volatilities that the shares had."""
    heading("black_scholes of columns gives two: price and delta of a call for three months")
    groups = stocks.groupby("symbol").price
    table = pd.DataFrame({"spot": groups.last()})
    table["volatility"] = groups.apply(lambda prices: np.log(prices).diff().std()) * np.sqrt(12)
    table["call"], table["delta"] = special.black_scholes(
        table.spot, table.spot, YEARS, RATE, table.volatility
    )
    print(table.round(3).to_string())
    spread = table.volatility * YEARS**0.5
    upper = RATE * YEARS / spread + spread / 2
    by_scipy = norm.cdf(upper) - np.exp(-RATE * YEARS) * norm.cdf(upper - spread)
    check("prices are those by SciPy", np.allclose(table.call, table.spot * by_scipy, rtol=1e-13))
    check("and deltas", np.allclose(table.delta, norm.cdf(upper), rtol=1e-14))

    heading("implied_volatility finds the volatility of a price, or says why there is none")
    found = special.implied_volatility(table.call, table.spot, table.spot, YEARS, RATE)
    check("they are found again", np.allclose(found, table.volatility, rtol=1e-13))
    try:
        special.implied_volatility([10.0, 120.0], 100, 105, YEARS, RATE)
    except ValueError as error:
        print(f"ValueError: {error}")
    else:
        raise AssertionError("a price above that of the share was not refused")
    return table


# --- Probabilities ----------------------------------------------------------------------------


def combine_chances(stocks: pd.DataFrame) -> None:
    heading("either has reduce: the chance that one share at least rises in a month")
    rises = stocks.groupby("symbol").price.diff() > 0
    chances = rises.groupby(stocks.symbol).mean()
    print(chances.round(3).to_string(header=False))
    chance = special.either.reduce(chances)
    print(f"any of them, were they independent: {chance:.3f}")
    check("it is 1 less the product of the rest", np.isclose(chance, 1 - np.prod(1 - chances)))


# --- Figure -----------------------------------------------------------------------------------


def draw(airports: pd.DataFrame, options: pd.DataFrame, path: Path) -> None:
    """Four plots of what the functions give."""
    figure, axes = plt.subplots(2, 2, figsize=(11, 8), layout="constrained")
    draw_functions(axes[0, 0])
    draw_accuracy(axes[0, 1])
    draw_options(axes[1, 0], options)
    draw_airports(axes[1, 1], airports)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def draw_functions(axes: Any) -> None:
    x = np.linspace(-4, 4, 401)
    for function in (special.expit, special.softplus, special.sinc, special.erf, special.erfc):
        axes.plot(x, function(x), label=function.__name__)
    axes.set(title="Functions of one number", xlabel="x", ylim=(-1.1, 3))
    axes.legend()


def draw_accuracy(axes: Any) -> None:
    """How far erfc of npyo_special and of SciPy are from the exact value."""
    mpmath.mp.dps = 30
    x = np.linspace(0, 12, 1500)
    exact = [mpmath.erfc(float(value)) for value in x]
    units = np.spacing(np.array(exact, dtype=float))
    for name, function in (("SciPy", scipy.special.erfc), ("npyo_special", special.erfc)):
        off = [abs(float(value) - wanted) for value, wanted in zip(function(x), exact)]
        ulps = np.array(off, dtype=float) / units
        axes.semilogy(x, np.maximum(ulps, 0.01), ".", markersize=3, label=name)
        if name == "npyo_special":
            check("erfc is exact to 7 ulps", ulps.max() <= 7)
    axes.set(title="Distance of erfc from the exact value", xlabel="x", ylabel="ulps")
    axes.legend()


def draw_options(axes: Any, options: pd.DataFrame) -> None:
    share = options.loc["IBM"]
    spots = share.spot * np.linspace(0.7, 1.3, 201)
    for months in (2, 6, 12):
        years = months / 12
        price, delta = special.black_scholes(spots, share.spot, years, RATE, share.volatility)
        (line,) = axes.plot(spots, price, label=f"{months} months")
        axes.plot(spots, 10 * delta, ":", color=line.get_color())
    title = f"Call on IBM, strike {share.spot:g}: price, 10 x delta (dotted)"
    axes.set(title=title, xlabel="price of the share")
    axes.legend()


def draw_airports(axes: Any, airports: pd.DataFrame) -> None:
    # Islands west of the date line come left of the continent.
    longitude = np.where(airports.longitude > 0, airports.longitude - 360, airports.longitude)
    dots = axes.scatter(longitude, airports.latitude, c=airports.km, s=4, cmap="viridis")
    axes.set(title=f"Airports by their distance from {HOME}", xlabel="longitude", ylabel="latitude")
    axes.figure.colorbar(dots, label="km")


# --- Printing ---------------------------------------------------------------------------------


def best(runs: int, function: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest time of several runs in milliseconds, and the last result."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return 1000 * min(times), result


def heading(text: str) -> None:
    print(f"\n--- {text}\n")


def check(what: str, is_right: bool) -> None:
    if not is_right:
        raise AssertionError(f"this does not hold: {what}")
    print(f"ok: {what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(__file__).resolve().parent / "out"
    parser.add_argument("--out", type=Path, default=default, help="folder for the figure")
    parser.add_argument("--runs", type=int, default=3, help="times are the best of so many runs")
    arguments = parser.parse_args()
    out: Path = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)

    print(
        f"CPython {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, "
        f"pandas {pd.__version__}, Matplotlib {mpl.__version__}"
    )
    airports = fly(pd.read_csv(data.airports.filepath, index_col="iata"))
    fly_everywhere(airports, max(1, arguments.runs))
    stocks = pd.read_csv(data.stocks.filepath)
    options = price_options(stocks)
    combine_chances(stocks)
    heading("the figure")
    path = out / "special.png"
    draw(airports, options, path)
    print(f"{path}\n\nEvery result is as close to its reference as said.")


if __name__ == "__main__":
    main()
