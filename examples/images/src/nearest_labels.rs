//! Classification by nearest neighbours.

use std::borrow::Cow;

use npyo::ndarray::{ArrayView1, ArrayView2};
use npyo::prelude::*;
use npyo::{PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::in_c_order::in_c_order;

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
    let features = Points::new("features", features.try_as_array()?)?;
    let queries = Points::new("queries", queries.try_as_array()?)?;
    let classes = Classes::new(py, labels.try_as_array()?)?;
    check(&features, &classes, &queries, k)?;

    let winners = py.detach(|| vote_all(&features, &classes, &queries, k));
    let winners: Vec<_> = winners
        .into_iter()
        .map(|class| classes.labels[class].clone_ref(py))
        .collect();
    winners.try_into_pyarray(py)
}

fn check(features: &Points<'_>, classes: &Classes, queries: &Points<'_>, k: usize) -> PyResult<()> {
    let problem = if classes.of_point.len() != features.count {
        format!(
            "there are {} labels for {} rows of features",
            classes.of_point.len(),
            features.count
        )
    } else if queries.dimensions != features.dimensions {
        format!(
            "queries have {} columns, but features have {}",
            queries.dimensions, features.dimensions
        )
    } else if k == 0 || k > features.count {
        let rows = features.count;
        format!("k is {k}, but must be 1 to {rows}, the number of rows of features")
    } else {
        return Ok(());
    };
    Err(PyValueError::new_err(problem))
}

/// The rows of a matrix.
struct Points<'a> {
    count: usize,
    dimensions: usize,
    values: Cow<'a, [f64]>,
}

impl<'a> Points<'a> {
    fn new(name: &str, view: ArrayView2<'a, f64>) -> PyResult<Self> {
        let (count, dimensions) = view.dim();
        if dimensions == 0 {
            return Err(PyValueError::new_err(format!("{name} has no columns")));
        }
        let values = in_c_order(view)?;
        if let Some(i) = values.iter().position(|value| !value.is_finite()) {
            return Err(PyValueError::new_err(format!(
                "{name}[{}, {}] is {}, so it has no distance from other points",
                i / dimensions,
                i % dimensions,
                values[i]
            )));
        }
        Ok(Self {
            count,
            dimensions,
            values,
        })
    }

    fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.dimensions)
    }
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
        let texts: Vec<_> = labels
            .iter()
            .map(|label| label.bind(py).to_cow())
            .collect::<PyResult<_>>()?;
        let mut points: Vec<usize> = (0..texts.len()).collect();
        points.sort_by_key(|&point| &texts[point]);

        let mut classes = Self {
            labels: Vec::new(),
            of_point: vec![0; texts.len()],
        };
        let mut last = None;
        for point in points {
            if last != Some(&texts[point]) {
                last = Some(&texts[point]);
                classes.labels.push(labels[point].clone_ref(py));
            }
            classes.of_point[point] = classes.labels.len() - 1;
        }
        Ok(classes)
    }
}

/// The class that each query's neighbours vote for.
fn vote_all(
    features: &Points<'_>,
    classes: &Classes,
    queries: &Points<'_>,
    k: usize,
) -> Vec<usize> {
    let mut neighbours = Vec::with_capacity(k);
    let mut votes = vec![0; classes.labels.len()];
    queries
        .iter()
        .map(|query| {
            find_nearest(query, features, k, &mut neighbours);
            votes.fill(0);
            for neighbour in &neighbours {
                votes[classes.of_point[neighbour.point]] += 1;
            }
            first_with_most(&votes)
        })
        .collect()
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

struct Neighbour {
    squared_distance: f64,
    point: usize,
}

/// Fills `nearest` with the `k` points that are nearest to `query`, the nearest first.
fn find_nearest(query: &[f64], features: &Points<'_>, k: usize, nearest: &mut Vec<Neighbour>) {
    nearest.clear();
    let mut farthest = f64::INFINITY;
    for (point, candidate) in features.iter().enumerate() {
        let squared_distance = squared_distance(query, candidate, farthest);
        if nearest.len() == k {
            if squared_distance >= farthest {
                continue;
            }
            nearest.pop();
        }
        let place = nearest.partition_point(|other| other.squared_distance <= squared_distance);
        let neighbour = Neighbour {
            squared_distance,
            point,
        };
        nearest.insert(place, neighbour);
        if nearest.len() == k {
            farthest = nearest[k - 1].squared_distance;
        }
    }
}

/// How many columns are added up between two looks at the limit, and how many at once.
const BLOCK: usize = 16;
const LANES: usize = 4;

/// The square of the distance between two points; or, if it is not below `limit`, some number
/// that is not either.
///
/// A sum of squares only grows, so most points can be given up long before the last column.
fn squared_distance(a: &[f64], b: &[f64], limit: f64) -> f64 {
    let (a_blocks, b_blocks) = (a.chunks_exact(BLOCK), b.chunks_exact(BLOCK));
    let (a_rest, b_rest) = (a_blocks.remainder(), b_blocks.remainder());
    let rest = a_rest.iter().zip(b_rest);
    let mut sum: f64 = rest.map(|(a, b)| (a - b) * (a - b)).sum();
    for (a_block, b_block) in a_blocks.zip(b_blocks) {
        if sum >= limit {
            break;
        }
        let mut lanes = [0.0; LANES];
        for (a, b) in a_block.chunks_exact(LANES).zip(b_block.chunks_exact(LANES)) {
            for lane in 0..LANES {
                lanes[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
            }
        }
        sum += (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    }
    sum
}
