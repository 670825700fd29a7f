from __future__ import annotations

import mpmath
import npyo_special as special
import numpy as np
import pytest
from accuracy import exact_values, largest_ulps
from mpmath import mpf
from sklearn.metrics.pairwise import haversine_distances


@pytest.fixture(scope="module")
def pairs(airports) -> list[np.ndarray]:
    """Latitudes and longitudes of a thousand pairs of airports, none of one with itself."""
    places = np.random.default_rng(7).permutation(len(airports))[:2000].reshape(2, -1)
    columns = (airports.latitude.to_numpy(), airports.longitude.to_numpy())
    return [column[place] for place in places for column in columns]


def exact_distance(lat_1, lon_1, lat_2, lon_2):
    def half_sine(degrees):
        return mpmath.sin(mpmath.radians(degrees) / 2)

    cosines = mpmath.cos(mpmath.radians(lat_1)) * mpmath.cos(mpmath.radians(lat_2))
    root = mpmath.sqrt(half_sine(lat_2 - lat_1) ** 2 + cosines * half_sine(lon_2 - lon_1) ** 2)
    return 2 * mpf(special.EARTH_RADIUS_KM) * mpmath.asin(root)


def exact_bearing(lat_1, lon_1, lat_2, lon_2):
    lat_1, lat_2, east = map(mpmath.radians, (lat_1, lat_2, lon_2 - lon_1))
    north = mpmath.cos(lat_1) * mpmath.sin(lat_2)
    north -= mpmath.sin(lat_1) * mpmath.cos(lat_2) * mpmath.cos(east)
    return mpmath.degrees(mpmath.atan2(mpmath.sin(east) * mpmath.cos(lat_2), north)) % 360


def test_distances_of_airports_are_exact_to_4_ulps(pairs):
    assert largest_ulps(special.haversine(*pairs), exact_values(exact_distance, pairs)) <= 4


def test_bearings_of_airports_are_exact_to_a_ten_billionth_of_a_degree(pairs):
    off = special.initial_bearing(*pairs) - exact_values(exact_bearing, pairs)
    assert max(map(abs, off)) <= 1e-10


def test_all_distances_are_those_of_scikit_learn(airports):
    latitudes, longitudes = airports.latitude.to_numpy(), airports.longitude.to_numpy()
    latitudes, longitudes = latitudes[::4], longitudes[::4]
    distances = special.haversine(latitudes[:, None], longitudes[:, None], latitudes, longitudes)
    assert distances.shape == (844, 844)
    wanted = haversine_distances(np.radians(np.column_stack([latitudes, longitudes])))
    # A hundredth of a millimetre.
    assert np.allclose(distances, wanted * special.EARTH_RADIUS_KM, rtol=0, atol=1e-8)
    assert not distances.diagonal().any()
    assert np.array_equal(distances, distances.T)


def test_a_known_distance(airports):
    """The way from New York to Los Angeles, given as 3,974 km on a sphere, starts westwards."""
    there, here = airports.loc["LAX"], airports.loc["JFK"]
    way = (here.latitude, here.longitude, there.latitude, there.longitude)
    assert round(special.haversine(*way)) == 3974
    assert round(special.initial_bearing(*way), 1) == 273.8


def test_the_ends_of_the_range():
    half_way = np.pi * special.EARTH_RADIUS_KM
    assert special.haversine(0.0, 0.0, 0.0, 180.0) == pytest.approx(half_way, rel=1e-15)
    assert special.haversine(90.0, 17.0, -90.0, 3.0) == pytest.approx(half_way, rel=1e-15)
    assert special.haversine(0.0, -179.5, 0.0, 179.5) == pytest.approx(half_way / 180, rel=1e-12)
    assert np.isnan(special.haversine(np.nan, 0.0, 0.0, 0.0))
    opposite = special.haversine(*np.random.default_rng(3).uniform(-90, 90, (4, 1000)))
    assert opposite.max() <= half_way


@pytest.mark.parametrize(
    ("place", "wanted"),
    [((1.0, 0.0), 0.0), ((0.0, 1.0), 90.0), ((-1.0, 0.0), 180.0), ((0.0, -1.0), 270.0)],
)
def test_bearings_are_clockwise_from_north(place, wanted):
    assert special.initial_bearing(0.0, 0.0, *place) == wanted
