//! Mean and standard deviation.

use npyo::prelude::*;
use npyo::{PyArray1, PyReadonlyArray3};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::image::{CHANNELS, Image};

/// So many pixels that the sum of their squares still fits 32 bits.
const PIXELS_PER_BLOCK: usize = 1 << 15;

type Statistics<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

/// The mean and the standard deviation of each channel of a picture.
///
/// image: uint8, (height, width, 3), in any memory layout, with at least one pixel.
///
/// Returns two new float64 arrays of shape (3,). They equal `image.mean((0, 1))` and
/// `image.std((0, 1))`, and are more exact: sums of bytes and of their squares are integers, so
/// one pass over the picture loses nothing.
#[pyfunction]
pub(crate) fn channel_statistics<'py>(
    py: Python<'py>,
    image: PyReadonlyArray3<'py, u8>,
) -> PyResult<Statistics<'py>> {
    let view = image.try_as_array()?;
    let channels = py.detach(|| Image::new(view).map(|image| add_up(&image)))?;
    if channels[0].count == 0 {
        return Err(PyValueError::new_err("image has no pixels"));
    }
    let means = channels.map(|channel| channel.mean());
    let deviations = channels.map(|channel| channel.standard_deviation());
    Ok((means.try_to_pyarray(py)?, deviations.try_to_pyarray(py)?))
}

/// The sums over one channel.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: u64,
    values: u64,
    squares: u64,
}

impl Sums {
    fn mean(&self) -> f64 {
        self.values as f64 / self.count as f64
    }

    /// The root of `mean(x²) - mean(x)²`, both over the common denominator `count²`: a
    /// difference of integers, so nothing cancels.
    fn standard_deviation(&self) -> f64 {
        let [count, values, squares] = [self.count, self.values, self.squares].map(u128::from);
        let variance = (count * squares - values * values) as f64 / (count * count) as f64;
        variance.sqrt()
    }
}

fn add_up(image: &Image<'_>) -> [Sums; CHANNELS] {
    let mut total = [Sums::default(); CHANNELS];
    for block in image.bytes().chunks(PIXELS_PER_BLOCK * CHANNELS) {
        let (mut values, mut squares) = ([0_u32; CHANNELS], [0_u32; CHANNELS]);
        for pixel in block.chunks_exact(CHANNELS) {
            for channel in 0..CHANNELS {
                let value = u32::from(pixel[channel]);
                values[channel] += value;
                squares[channel] += value * value;
            }
        }
        for (channel, total) in total.iter_mut().enumerate() {
            total.count += (block.len() / CHANNELS) as u64;
            total.values += u64::from(values[channel]);
            total.squares += u64::from(squares[channel]);
        }
    }
    total
}
