//! Gaussian blur.

use npyo::prelude::*;
use npyo::{Order, PyArray3, PyReadonlyArray3};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::image::{CHANNELS, Image};

/// How many standard deviations the kernel reaches to each side; SciPy's default.
const TRUNCATE: f64 = 4.0;
const LARGEST_SIGMA: f64 = 1000.0;

/// Blurs a picture with a Gaussian kernel.
///
/// image: uint8, (height, width, 3), in any memory layout.
/// sigma: the kernel's standard deviation in pixels, above 0 and at most 1000.
///
/// Returns a new float32 array of the same shape. Each channel is blurred on its own; beyond its
/// edges the picture is mirrored. Equals, up to rounding,
/// `scipy.ndimage.gaussian_filter(image, (sigma, sigma, 0), output="float32", mode="reflect")`.
#[pyfunction]
pub(crate) fn gaussian<'py>(
    py: Python<'py>,
    image: PyReadonlyArray3<'py, u8>,
    sigma: f64,
) -> PyResult<Bound<'py, PyArray3<f32>>> {
    let kernel = half_kernel(sigma)?;
    let view = image.try_as_array()?;
    let image = py.detach(|| Image::new(view))?;

    let blurred = PyArray3::try_zeros(py, [image.height, image.width, CHANNELS], Order::C)?;
    let mut guard = blurred.try_readwrite()?;
    let out = guard.as_slice_mut()?;
    py.detach(|| blur(&image, &kernel, out));
    drop(guard);
    Ok(blurred)
}

/// The kernel's weights at distance 0, 1, 2 … pixels. The whole kernel, both sides, sums to 1.
fn half_kernel(sigma: f64) -> PyResult<Vec<f32>> {
    if !(sigma > 0.0 && sigma <= LARGEST_SIGMA) {
        return Err(PyValueError::new_err(format!(
            "sigma is {sigma}, but must be above 0 and at most {LARGEST_SIGMA} pixels"
        )));
    }
    let radius = (TRUNCATE * sigma + 0.5) as usize;
    let density = |distance: usize| (-0.5 * (distance as f64 / sigma).powi(2)).exp();
    let sides: f64 = (1..=radius).map(density).sum();
    let total = density(0) + 2.0 * sides;
    Ok((0..=radius)
        .map(|distance| (density(distance) / total) as f32)
        .collect())
}

/// Blurs row by row: first over the rows above and below, then along the result.
///
/// Every step adds whole rows to each other, weighted, which compiles to vector instructions.
fn blur(image: &Image<'_>, kernel: &[f32], out: &mut [f32]) {
    if image.is_empty() {
        return;
    }
    let row_length = image.width * CHANNELS;
    let margin = (kernel.len() - 1) * CHANNELS;
    let mut padded = vec![0.0; margin + row_length + margin];
    for (y, out_row) in out.chunks_exact_mut(row_length).enumerate() {
        blur_vertically(image, y, kernel, &mut padded[margin..][..row_length]);
        mirror_into_margins(&mut padded, margin);
        blur_horizontally(&padded, kernel, out_row);
    }
}

/// Row `y`, blurred over the rows above and below it.
fn blur_vertically(image: &Image<'_>, y: usize, kernel: &[f32], out: &mut [f32]) {
    for (out, &here) in out.iter_mut().zip(image.row(y)) {
        *out = kernel[0] * f32::from(here);
    }
    for (distance, &weight) in kernel.iter().enumerate().skip(1) {
        let above = image.row(mirrored(y as isize - distance as isize, image.height));
        let below = image.row(mirrored(y as isize + distance as isize, image.height));
        for ((out, &above), &below) in out.iter_mut().zip(above).zip(below) {
            *out += weight * f32::from(u16::from(above) + u16::from(below));
        }
    }
}

/// The pixels of `padded`, blurred over those to the left and right of them.
fn blur_horizontally(padded: &[f32], kernel: &[f32], out: &mut [f32]) {
    let margin = (kernel.len() - 1) * CHANNELS;
    let length = out.len();
    for (out, here) in out.iter_mut().zip(&padded[margin..]) {
        *out = kernel[0] * here;
    }
    for (distance, &weight) in kernel.iter().enumerate().skip(1) {
        let left = &padded[margin - distance * CHANNELS..][..length];
        let right = &padded[margin + distance * CHANNELS..][..length];
        for ((out, left), right) in out.iter_mut().zip(left).zip(right) {
            *out += weight * (left + right);
        }
    }
}

/// Fills the margins to both sides of a row with its pixels, mirrored.
fn mirror_into_margins(padded: &mut [f32], margin: usize) {
    let width = (padded.len() - 2 * margin) / CHANNELS;
    let radius = margin / CHANNELS;
    for distance in 0..radius {
        let (left, right) = (radius - 1 - distance, radius + width + distance);
        for target in [left, right] {
            let source = radius + mirrored(target as isize - radius as isize, width);
            let pixel = source * CHANNELS..(source + 1) * CHANNELS;
            padded.copy_within(pixel, target * CHANNELS);
        }
    }
}

/// Where position `i` falls in `0..length`, mirrored at its ends: … 2 1 0 | 0 1 2 … as in
/// SciPy's mode "reflect".
fn mirrored(i: isize, length: usize) -> usize {
    let i = i.rem_euclid(2 * length as isize) as usize;
    if i < length { i } else { 2 * length - 1 - i }
}
