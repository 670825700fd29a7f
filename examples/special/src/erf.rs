//! The error function, by a published approximation.
//!
//! The rational functions and their coefficients are those of W. J. Cody, "Rational Chebyshev
//! approximations for the error function", Mathematics of Computation 23 (1969), 631-637, as his program
//! CALERF (1990) has them.

#![expect(clippy::excessive_precision, reason = "digits as published")]

use num_traits::AsPrimitive;

/// The error function, 2/√π times the integral of exp(-t²) from 0 to x.
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn erf<T>(x: T) -> T
where
    T: Into<f64> + Copy + 'static,
    f64: AsPrimitive<T>,
{
    let x: f64 = x.into();
    let result = if x.abs() <= SMALL {
        of_small(x)
    } else if x.abs() >= ONE {
        x.signum()
    } else {
        ((0.5 - rest(x.abs())) + 0.5).copysign(x)
    };
    result.as_()
}

/// The complementary error function 1 - erf(x), without the loss of digits where that is small.
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn erfc<T>(x: T) -> T
where
    T: Into<f64> + Copy + 'static,
    f64: AsPrimitive<T>,
{
    erfc_f64(x.into()).as_()
}

/// The distribution function of the normal distribution.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc_f64(-x * std::f64::consts::FRAC_1_SQRT_2)
}

fn erfc_f64(x: f64) -> f64 {
    if x.abs() <= SMALL {
        1.0 - of_small(x)
    } else if x < 0.0 {
        2.0 - rest(-x)
    } else {
        rest(x)
    }
}

/// Up to here erf is approximated, from here on erfc.
const SMALL: f64 = 0.46875;

/// From here on erf is 1.
const ONE: f64 = 6.0;

/// From here on erfc is 0.
const LARGE: f64 = 27.3;

const FRAC_1_SQRT_PI: f64 = 0.5 * std::f64::consts::FRAC_2_SQRT_PI;

/// erf of a number between -`SMALL` and `SMALL`.
fn of_small(x: f64) -> f64 {
    let square = x * x;
    x * polynomial(square, &A) / polynomial(square, &B)
}

/// erfc of a number above `SMALL`, or NaN.
fn rest(x: f64) -> f64 {
    if x >= LARGE {
        return 0.0;
    }
    let scaled = if x <= 4.0 {
        polynomial(x, &C) / polynomial(x, &D)
    } else {
        let inverse = (x * x).recip();
        (FRAC_1_SQRT_PI - inverse * polynomial(inverse, &P) / polynomial(inverse, &Q)) / x
    };
    // exp(-x²) of two factors: the square of the first four bits behind the point is exact.
    let short = (x * 16.0).trunc() / 16.0;
    let missing = (x - short) * (x + short);
    (-short * short).exp() * (-missing).exp() * scaled
}

/// A polynomial by Horner's rule; the coefficient of the highest power comes first.
fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().fold(0.0, |sum, &next| sum * x + next)
}

const A: [f64; 5] = [
    1.857_777_061_846_031_53e-1,
    3.161_123_743_870_565_60,
    1.138_641_541_510_501_56e2,
    3.774_852_376_853_020_21e2,
    3.209_377_589_138_469_47e3,
];
const B: [f64; 5] = [
    1.0,
    2.360_129_095_234_412_09e1,
    2.440_246_379_344_441_73e2,
    1.282_616_526_077_372_28e3,
    2.844_236_833_439_170_62e3,
];
const C: [f64; 9] = [
    2.153_115_354_744_038_46e-8,
    5.641_884_969_886_700_89e-1,
    8.883_149_794_388_375_94,
    6.611_919_063_714_162_95e1,
    2.986_351_381_974_001_31e2,
    8.819_522_212_417_690_90e2,
    1.712_047_612_634_070_58e3,
    2.051_078_377_826_071_47e3,
    1.230_339_354_797_997_25e3,
];
const D: [f64; 9] = [
    1.0,
    1.574_492_611_070_983_47e1,
    1.176_939_508_913_124_99e2,
    5.371_811_018_620_098_58e2,
    1.621_389_574_566_690_19e3,
    3.290_799_235_733_459_63e3,
    4.362_619_090_143_247_16e3,
    3.439_367_674_143_721_64e3,
    1.230_339_354_803_749_42e3,
];
const P: [f64; 6] = [
    1.631_538_713_730_209_78e-2,
    3.053_266_349_612_323_44e-1,
    3.603_448_999_498_044_39e-1,
    1.257_817_261_112_292_46e-1,
    1.608_378_514_874_227_66e-2,
    6.587_491_615_298_378_03e-4,
];
const Q: [f64; 6] = [
    1.0,
    2.568_520_192_289_822_42,
    1.872_952_849_923_467_25,
    5.279_051_029_514_284_12e-1,
    6.051_834_131_244_131_91e-2,
    2.335_204_976_268_691_85e-3,
];
