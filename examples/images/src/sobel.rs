//! Edges.

use std::mem::swap;

use npyo::prelude::*;
use npyo::{Order, PyArray2, PyReadonlyArray3};
use pyo3::prelude::*;

use crate::image::{CHANNELS, Image};

/// How bright red, green and blue look (ITU-R BT.601).
const BRIGHTNESS: [f64; CHANNELS] = [0.299, 0.587, 0.114];

/// Finds the edges of a picture: how steeply its brightness changes at each pixel.
///
/// image: uint8, (height, width, 3), in any memory layout.
///
/// Returns a new float64 array (height, width), the length of the gradient by the Sobel operator.
/// Beyond its edges the picture is mirrored. With `grey = image @ [0.299, 0.587, 0.114]` it
/// equals, up to rounding, `numpy.hypot(scipy.ndimage.sobel(grey, 0), scipy.ndimage.sobel(grey, 1))`.
#[pyfunction]
pub(crate) fn sobel<'py>(
    py: Python<'py>,
    image: PyReadonlyArray3<'py, u8>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let view = image.try_as_array()?;
    let image = py.detach(|| Image::new(view))?;

    let edges = PyArray2::try_zeros(py, [image.height, image.width], Order::C)?;
    let mut guard = edges.try_readwrite()?;
    let out = guard.as_slice_mut()?;
    py.detach(|| find_edges(&image, out));
    drop(guard);
    Ok(edges)
}

/// Writes the length of the gradient at each pixel to `out`.
///
/// Three rows of brightness, each one pixel wider on both sides, roll over the picture.
fn find_edges(image: &Image<'_>, out: &mut [f64]) {
    if image.is_empty() {
        return;
    }
    let row = || vec![0.0; image.width + 2];
    let (mut above, mut here, mut below) = (row(), row(), row());
    let (mut smooth, mut slope) = (row(), row());
    brightness(image.row(0), &mut above);
    brightness(image.row(0), &mut here);
    for (y, out_row) in out.chunks_exact_mut(image.width).enumerate() {
        brightness(image.row((y + 1).min(image.height - 1)), &mut below);
        vertical_part(&above, &here, &below, &mut smooth, &mut slope);
        horizontal_part(&smooth, &slope, out_row);
        swap(&mut above, &mut here);
        swap(&mut here, &mut below);
    }
}

/// The brightness of a row, its first and last pixel repeated beyond the edges.
fn brightness(row: &[u8], out: &mut [f64]) {
    let [red, green, blue] = BRIGHTNESS;
    let width = out.len() - 2;
    for (out, pixel) in out[1..].iter_mut().zip(row.chunks_exact(CHANNELS)) {
        *out = red * f64::from(pixel[0]) + green * f64::from(pixel[1]) + blue * f64::from(pixel[2]);
    }
    out[0] = out[1];
    out[width + 1] = out[width];
}

/// For each column the weighted sum of three rows, and the difference of the outer two.
fn vertical_part(above: &[f64], here: &[f64], below: &[f64], sum: &mut [f64], slope: &mut [f64]) {
    let rows = above.iter().zip(here).zip(below);
    for ((((above, here), below), sum), slope) in rows.zip(sum).zip(slope) {
        *sum = above + 2.0 * here + below;
        *slope = below - above;
    }
}

/// The length of the gradient, from what [`vertical_part`] found in the columns.
fn horizontal_part(sum: &[f64], slope: &[f64], out: &mut [f64]) {
    for ((out, sum), slope) in out.iter_mut().zip(sum.windows(3)).zip(slope.windows(3)) {
        let across = sum[2] - sum[0];
        let down = slope[0] + 2.0 * slope[1] + slope[2];
        *out = (across * across + down * down).sqrt();
    }
}
