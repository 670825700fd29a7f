//! Ways on a sphere, between places given as latitude and longitude in degrees.

use std::f64::consts::PI;

/// Mean radius of the Earth in kilometres: the R1 of the International Union of Geodesy and Geophysics,
/// H. Moritz, "Geodetic Reference System 1980", Journal of Geodesy 74 (2000), 128-133.
pub(crate) const EARTH_RADIUS_KM: f64 = 6_371.008_771_4;

const DEGREE: f64 = PI / 180.0;

/// The great-circle distance of two places on a sphere of the Earth's mean radius, in kilometres.
///
/// latitude_1, longitude_1, latitude_2, longitude_2: in degrees.
///
/// By the haversine formula of R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), 159.
#[npyo::ufunc(parallel, without_fp_errors)]
pub(crate) fn haversine(
    latitude_1: f64,
    longitude_1: f64,
    latitude_2: f64,
    longitude_2: f64,
) -> f64 {
    let half_sine = |degrees: f64| (0.5 * DEGREE * degrees).sin();
    let cosines = (DEGREE * latitude_1).cos() * (DEGREE * latitude_2).cos();
    let north = half_sine(latitude_2 - latitude_1);
    let east = half_sine(longitude_2 - longitude_1);
    let root = (north * north + cosines * east * east).sqrt();
    // Rounding may take the root of opposite places above 1. `clamp` leaves a NaN as it is.
    2.0 * EARTH_RADIUS_KM * root.clamp(0.0, 1.0).asin()
}

/// The direction in which the great circle from the first place to the second starts, in degrees
/// clockwise from north, from 0 to 360.
///
/// latitude_1, longitude_1, latitude_2, longitude_2: in degrees.
#[npyo::ufunc(without_fp_errors)]
pub(crate) fn initial_bearing(
    latitude_1: f64,
    longitude_1: f64,
    latitude_2: f64,
    longitude_2: f64,
) -> f64 {
    let (from_sin, from_cos) = (DEGREE * latitude_1).sin_cos();
    let (to_sin, to_cos) = (DEGREE * latitude_2).sin_cos();
    let (east_sin, east_cos) = (DEGREE * (longitude_2 - longitude_1)).sin_cos();
    let east = east_sin * to_cos;
    let north = from_cos * to_sin - from_sin * to_cos * east_cos;
    let degrees = east.atan2(north) / DEGREE;
    if degrees < 0.0 {
        degrees + 360.0
    } else {
        degrees
    }
}
