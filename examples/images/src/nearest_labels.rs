//! Classification by nearest neighbours.

use npyo::ndarray::{ArrayView1, ArrayView2, Axis};
use npyo::prelude::*;
use npyo::{PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::memory::vec_with_room_for;

/// How many distances are computed at once: 2 MiB of them.
const DISTANCES_PER_BLOCK: usize = 1 << 18;

/// Gives each query the label that most of its nearest neighbours have.
///
/// features: float64, (n, d), the known points.
/// labels: object, (n,), a str for each of them.
/// queries: float64, (m, d), the points to be labelled.
/// k: how many neighbours vote, 1 to n.
///
/// Returns a new object array (m,) of the same str objects. Distance is Euclidean, each neighbour
/// has one vote. Of points equally far away the one that comes first in `features` is nearer; of
/// labels with equally many votes the one that sorts first wins, as in scikit-learn's
/// `KNeighborsClassifier`.
#[pyfunction]
pub(crate) fn nearest_labels<'py>(
    py: Python<'py>,
    features: PyReadonlyArray2<'py, f64>,
    labels: PyReadonlyArray1<'py, Py<PyString>>,
    queries: PyReadonlyArray2<'py, f64>,
    k: usize,
) -> PyResult<Bound<'py, PyArray1<Py<PyString>>>> {
    let features = features.try_as_array()?;
    let labels = labels.try_as_array()?;
    let queries = queries.try_as_array()?;
    check(features, labels.len(), queries, k)?;
    let classes = Classes::new(py, labels)?;

    let winners = py.detach(|| vote_all(features, &classes, queries, k))?;
    let mut result = vec_with_room_for(winners.len())?;
    for class in winners {
        result.push(classes.labels[class].clone_ref(py));
    }
    result.try_into_pyarray(py)
}

/// Fails with a `ValueError` unless the arguments fit each other.
fn check(
    features: ArrayView2<'_, f64>,
    labels: usize,
    queries: ArrayView2<'_, f64>,
    k: usize,
) -> PyResult<()> {
    let (rows, columns) = features.dim();
    let problem = if labels != rows {
        format!("there are {labels} labels for {rows} rows of features")
    } else if queries.ncols() != columns {
        format!(
            "queries have {} columns, but features have {columns}",
            queries.ncols()
        )
    } else if k == 0 || k > rows {
        format!("k is {k}, but must be 1 to {rows}, the number of rows of features")
    } else {
        return Ok(());
    };
    Err(PyValueError::new_err(problem))
}

/// The distinct labels, and which of them each point has.
struct Classes {
    /// In alphabetical order.
    labels: Vec<Py<PyString>>,
    /// For each point the position of its label in `labels`.
    of_point: Vec<usize>,
}

impl Classes {
    /// Holds references of its own to the labels: while the interpreter is detached, other Python
    /// code may replace those in the array.
    fn new(py: Python<'_>, labels: ArrayView1<'_, Py<PyString>>) -> PyResult<Self> {
        let mut texts = vec_with_room_for(labels.len())?;
        for label in labels {
            texts.push(label.bind(py).to_cow()?);
        }
        let mut points = vec_with_room_for(labels.len())?;
        points.extend(0..labels.len());
        points.sort_by_key(|&point| &texts[point]);

        let mut of_point = vec_with_room_for(labels.len())?;
        of_point.resize(labels.len(), 0);
        let mut distinct = Vec::new();
        let mut last = None;
        for point in points {
            if last != Some(&texts[point]) {
                last = Some(&texts[point]);
                distinct.push(labels[point].clone_ref(py));
            }
            of_point[point] = distinct.len() - 1;
        }
        Ok(Self {
            labels: distinct,
            of_point,
        })
    }
}

/// The class that each query's neighbours vote for.
///
/// The square of the distance between `p` and `q` is `p·p - 2 p·q + q·q`. All products `p·q` of
/// many queries are one product of matrices, which is much faster than one distance at a time.
fn vote_all(
    features: ArrayView2<'_, f64>,
    classes: &Classes,
    queries: ArrayView2<'_, f64>,
    k: usize,
) -> PyResult<Vec<usize>> {
    let squares = finite_squares("features", features)?;
    finite_squares("queries", queries)?;
    let mut winners = vec_with_room_for(queries.nrows())?;
    let mut nearest = Vec::with_capacity(k);
    let mut votes = vec![0; classes.labels.len()];
    let block = (DISTANCES_PER_BLOCK / features.nrows()).max(1);
    for queries in queries.axis_chunks_iter(Axis(0), block) {
        for products in queries.dot(&features.t()).rows() {
            find_nearest(&squares, products, k, &mut nearest);
            votes.fill(0);
            for neighbour in &nearest {
                votes[classes.of_point[neighbour.point]] += 1;
            }
            winners.push(first_with_most(&votes));
        }
    }
    Ok(winners)
}

/// Each point's product with itself, or a `ValueError` if one is not finite.
fn finite_squares(name: &str, points: ArrayView2<'_, f64>) -> PyResult<Vec<f64>> {
    let mut squares = vec_with_room_for(points.nrows())?;
    for (row, point) in points.rows().into_iter().enumerate() {
        let square = point.dot(&point);
        if !square.is_finite() {
            return Err(PyValueError::new_err(format!(
                "{name}[{row}] has a value that is not finite, or too large to be squared"
            )));
        }
        squares.push(square);
    }
    Ok(squares)
}

struct Neighbour {
    point: usize,
    /// The square of the distance, less `q·q`, which is the same for all neighbours of a query.
    distance: f64,
}

/// Fills `nearest` with the `k` points nearest to a query, the nearest first.
///
/// `squares` are the points' products with themselves, `products` those with the query.
fn find_nearest(
    squares: &[f64],
    products: ArrayView1<'_, f64>,
    k: usize,
    nearest: &mut Vec<Neighbour>,
) {
    nearest.clear();
    for (point, (square, product)) in squares.iter().zip(products).enumerate() {
        let distance = square - 2.0 * product;
        if nearest.len() == k {
            if nearest[k - 1].distance <= distance {
                continue;
            }
            nearest.pop();
        }
        let place = nearest.partition_point(|other| other.distance <= distance);
        nearest.insert(place, Neighbour { point, distance });
    }
}

fn first_with_most(votes: &[usize]) -> usize {
    let mut winner = 0;
    for (class, &count) in votes.iter().enumerate() {
        if count > votes[winner] {
            winner = class;
        }
    }
    winner
}
