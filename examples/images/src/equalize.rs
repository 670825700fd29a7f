//! Histogram equalisation.

use npyo::PyReadwriteArrayDyn;
use pyo3::prelude::*;

/// One entry for each value that a byte can have.
const VALUES: usize = 256;

/// Spreads the values of an array evenly over 0 to 255, in place.
///
/// image: uint8, writeable, of any shape and memory layout; a picture, or a view of a part of it,
/// such as one channel (`image[..., 0]`).
///
/// A value `v` becomes `255 * (count(<= v) - count(least)) / (size - count(least))`, rounded to
/// the nearest. All values share one histogram, so grey stays grey. An array of one value is left
/// as it is.
#[pyfunction]
pub(crate) fn equalize(py: Python<'_>, mut image: PyReadwriteArrayDyn<'_, u8>) -> PyResult<()> {
    let mut values = image.try_as_array_mut()?;
    py.detach(|| {
        let mut counts = [0; VALUES];
        values.for_each(|&value| counts[usize::from(value)] += 1);
        let table = equalizing(&counts);
        values.map_inplace(|value| *value = table[usize::from(*value)]);
    });
    Ok(())
}

/// What each value becomes, for the number of times that each occurs.
fn equalizing(counts: &[u64; VALUES]) -> [u8; VALUES] {
    let mut table = std::array::from_fn(|value| value as u8);
    let size: u64 = counts.iter().sum();
    let least = counts.iter().find(|&&count| count > 0).unwrap_or(&0);
    let spread = size - least;
    if spread == 0 {
        return table;
    }
    let mut up_to_here = 0;
    for (entry, count) in table.iter_mut().zip(counts) {
        up_to_here += count;
        // Values below the least one do not occur: theirs would be negative.
        let rank = up_to_here.saturating_sub(*least);
        *entry = ((2 * 255 * rank + spread) / (2 * spread)) as u8;
    }
    table
}
