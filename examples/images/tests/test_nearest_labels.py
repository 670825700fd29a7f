from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pytest
from npyo_images import nearest_labels
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier


def objects(*items: object) -> np.ndarray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)[:, None]


@pytest.mark.parametrize("k", [1, 2, 7, 40])
@pytest.mark.parametrize("dimensions", [1, 3, 17])
def test_equals_scikit_learn(rng, k, dimensions):
    features = rng.normal(size=(200, dimensions))
    labels = objects(*rng.choice(["ant", "bee", "cat", "dog"], 200).tolist())
    queries = rng.normal(size=(300, dimensions))
    found = nearest_labels(features, labels, queries, k)
    wanted = KNeighborsClassifier(k).fit(features, labels).predict(queries)
    assert found.dtype == object
    assert found.tolist() == wanted.tolist()


def test_most_digits_are_read_right():
    features, target = load_digits(return_X_y=True)
    labels = objects(*map(str, target.tolist()))
    found = nearest_labels(features[:900], labels[:900], features[900:], 3)
    assert np.mean(found == labels[900:]) > 0.95


def test_the_first_of_points_equally_far_away_is_nearer():
    features = column(1, -1, 1, -1)
    labels = objects("d", "c", "b", "a")
    assert nearest_labels(features, labels, column(0), 1).tolist() == ["d"]
    assert nearest_labels(features[::-1], labels[::-1], column(0), 1).tolist() == ["a"]


def test_of_labels_with_equally_many_votes_the_one_that_sorts_first_wins():
    labels = objects("b", "a", "é", "a", "b", "Z")
    assert nearest_labels(column(*range(6)), labels, column(0), 5).tolist() == ["a"]
    assert nearest_labels(column(*range(6)), labels, column(0), 4).tolist() == ["a"]
    assert nearest_labels(column(*range(6)), labels, column(5), 3).tolist() == ["Z"]


def test_the_labels_are_the_same_objects_and_their_references_are_counted():
    class Label(str):
        __slots__ = ()

    given = [Label("one"), Label("two"), Label("two")]
    labels = objects(*given)
    before = [sys.getrefcount(label) for label in given]
    found = nearest_labels(column(0, 10, 20), labels, column(1, 2, 11, 19, 21, 1), 1)
    times = Counter(map(id, found))
    assert found.tolist() == ["one", "one", "two", "two", "two", "one"]
    assert times.keys() <= set(map(id, given))
    during = [sys.getrefcount(label) for label in given]
    assert during == [count + times[id(label)] for count, label in zip(before, given)]
    del found
    assert [sys.getrefcount(label) for label in given] == before


def test_no_queries_get_no_labels():
    found = nearest_labels(column(0), objects("a"), np.empty((0, 1)), 1)
    assert found.shape == (0,)
    assert found.dtype == object


def test_points_without_columns_are_all_equally_near():
    found = nearest_labels(np.empty((3, 0)), objects("c", "b", "b"), np.empty((2, 0)), 3)
    assert found.tolist() == ["b", "b"]


def test_one_array_may_be_features_and_queries(rng):
    points = rng.normal(size=(50, 4))
    labels = objects(*map(str, range(50)))
    assert nearest_labels(points, labels, points, 1).tolist() == labels.tolist()


def test_views_of_any_layout_are_taken(rng):
    points = rng.normal(size=(4, 60, 2))
    labels = objects(*"abcdef").repeat(20)[::-2]
    features, queries = points[::2, :, 1].T, np.asfortranarray(points[1::2, ::-3, 0].T)
    wanted = nearest_labels(features.copy(), labels.copy(), queries.copy(), 5)
    assert nearest_labels(features, labels, queries, 5).tolist() == wanted.tolist()


def test_distances_are_right_over_many_blocks_of_queries(rng):
    features, queries = rng.normal(size=(3000, 2)), rng.normal(size=(500, 2))
    labels = objects(*map(str, range(3000)))
    distances = ((queries[:, None] - features) ** 2).sum(axis=2)
    wanted = labels[distances.argmin(axis=1)]
    assert nearest_labels(features, labels, queries, 1).tolist() == wanted.tolist()


@pytest.mark.parametrize("k", [0, 4])
def test_k_out_of_range_is_refused(k):
    with pytest.raises(ValueError, match=f"k is {k}, but must be 1 to 3"):
        nearest_labels(column(1, 2, 3), objects(*"abc"), column(1), k)


def test_lengths_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="2 labels for 3 rows"):
        nearest_labels(column(1, 2, 3), objects(*"ab"), column(1), 1)
    with pytest.raises(ValueError, match="queries have 2 columns, but features have 1"):
        nearest_labels(column(1, 2, 3), objects(*"abc"), np.ones((1, 2)), 1)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200])
def test_points_without_a_distance_are_refused(value):
    with pytest.raises(ValueError, match=r"features\[1\] .*not finite"):
        nearest_labels(column(1, value), objects(*"ab"), column(1), 1)
    with pytest.raises(ValueError, match=r"queries\[0\] .*not finite"):
        nearest_labels(column(1, 2), objects(*"ab"), column(value), 1)


@pytest.mark.parametrize("label", [1, None, b"b", ["b"]])
def test_a_label_that_is_no_string_is_refused(label):
    with pytest.raises(TypeError, match="str"):
        nearest_labels(column(1, 2), objects("a", label), column(1), 1)


def test_a_label_that_is_no_valid_text_is_refused():
    with pytest.raises(UnicodeEncodeError):
        nearest_labels(column(1, 2), objects("a", "\ud800"), column(1), 1)


def test_labels_of_another_dtype_are_refused():
    with pytest.raises(TypeError, match="<U1"):
        nearest_labels(column(1, 2), np.array(["a", "b"]), column(1), 1)


def test_unfit_features_are_refused():
    unaligned = np.zeros(17, dtype=np.uint8)[1:].view(np.float64)[:, None]
    swapped = column(1, 2).astype(">f8" if sys.byteorder == "little" else "<f8")
    single = column(1, 2).astype(np.float32)
    for features, error in [(unaligned, ValueError), (swapped, TypeError), (single, TypeError)]:
        with pytest.raises(error):
            nearest_labels(features, objects(*"ab"), column(1), 1)
