"""Ufuncs go to other processes by their names: by pickle, multiprocessing and Dask."""

from __future__ import annotations

import multiprocessing
import os
import pickle

import dask.array as da
import npyo_special as special
import numpy as np
import pytest
from distributed import Client, LocalCluster

UFUNCS = {name: value for name, value in vars(special).items() if isinstance(value, np.ufunc)}


@pytest.mark.parametrize("name", sorted(UFUNCS))
def test_pickle_gives_the_ufunc_back(name):
    ufunc = UFUNCS[name]
    assert ufunc.__name__ == name
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(ufunc, protocol)) is ufunc


def test_ufuncs_go_to_processes_that_start_afresh():
    chunks = np.split(np.linspace(0.01, 0.99, 1000), 4)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results = pool.map(special.logit, chunks)
        prices = pool.starmap(special.black_scholes, [(100, 95, 0.5, 0.02, 0.3)] * 3)
        with pytest.raises(ValueError, match="no volatility gives a call the price 120"):
            pool.apply(special.implied_volatility, (120, 100, 100, 0.5, 0.02))
    assert np.array_equal(results, special.logit(chunks))
    assert prices == 3 * [special.black_scholes(100, 95, 0.5, 0.02, 0.3)]


# --- Dask -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster():
    """Two processes of workers."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with LocalCluster(dashboard_address=None, **options) as local, Client(local) as client:
        assert len({os.getpid(), *client.run(os.getpid).values()}) == 3
        yield client


@pytest.fixture
def places(airports) -> list[np.ndarray]:
    return [airports[column].to_numpy()[:800] for column in ("latitude", "longitude")]


def test_a_ufunc_of_a_dask_array_is_one(cluster, places):
    latitude, longitude = (da.from_array(place, chunks=250) for place in places)
    distances = special.haversine(latitude[:, None], longitude[:, None], latitude, longitude)
    assert isinstance(distances, da.Array)
    assert distances.dtype == np.float64
    assert distances.numblocks == (4, 4)
    wanted = special.haversine(places[0][:, None], places[1][:, None], *places)
    assert np.array_equal(distances.compute(), wanted)
    assert distances.max().compute() == wanted.max()


def test_map_blocks_applies_a_ufunc(cluster):
    p = np.linspace(0.01, 0.99, 1000)
    result = da.from_array(p, chunks=300).map_blocks(special.logit)
    assert np.array_equal(result.compute(), special.logit(p))


def test_ufuncs_are_part_of_larger_expressions(cluster):
    x = da.random.default_rng(1).normal(size=(1000, 20), chunks=(250, 20))
    entropy = special.entr(special.expit(x).mean(axis=0)).sum()
    by_numpy = special.entr(special.expit(x.compute()).mean(axis=0)).sum()
    assert entropy.compute() == pytest.approx(by_numpy, rel=1e-13)


def test_several_results_come_by_apply_gufunc(cluster):
    spots = np.linspace(80, 120, 1000)
    chunked = da.from_array(spots, chunks=300)
    signature = "(),(),(),(),()->(),()"
    price, delta = da.apply_gufunc(special.black_scholes, signature, chunked, 100, 0.5, 0.02, 0.3)
    wanted = special.black_scholes(spots, 100, 0.5, 0.02, 0.3)
    assert np.array_equal(price.compute(), wanted[0])
    assert np.array_equal(delta.compute(), wanted[1])
    with pytest.raises(TypeError, match="black_scholes"):
        special.black_scholes(chunked, 100, 0.5, 0.02, 0.3)


def test_of_a_function_that_can_fail_dask_wants_the_dtype(cluster):
    """Else it calls the function, to find that, with values that no one has chosen."""
    prices = np.linspace(5, 15, 100)
    chunked = da.from_array(prices, chunks=30)
    result = special.implied_volatility(chunked, 100, 100, 0.5, 0.02, dtype=float)
    assert np.array_equal(result.compute(), special.implied_volatility(prices, 100, 100, 0.5, 0.02))


def test_an_error_comes_back_from_a_worker(cluster):
    with pytest.raises(ValueError, match="no volatility gives a call the price 120"):
        cluster.submit(special.implied_volatility, 120, 100, 100, 0.5, 0.02).result()


def test_reductions_of_blocks_are_reduced(cluster):
    chances = np.random.default_rng(2).uniform(0, 0.001, 1000)
    chunked = da.from_array(chances, chunks=100)
    for refused in (special.either.reduce, lambda array: special.either.outer(array, array)):
        with pytest.raises(TypeError, match="either"):
            refused(chunked)

    def chunk(block, axis, keepdims):
        return special.either.reduce(block, axis=axis[0], keepdims=keepdims)

    result = da.reduction(chunked, chunk=chunk, aggregate=chunk, dtype=float)
    assert result.compute() == pytest.approx(special.either.reduce(chances), rel=1e-13)
