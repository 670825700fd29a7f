//! NumPy's feature versions: the numbers, and the NumPy releases they stand for.

use std::{
    ffi::{c_int, c_uint},
    fmt,
};

/// NumPy 1.20 and 1.21.
pub const NPY_1_20_API_VERSION: c_uint = 0x0e;
/// NumPy 1.20 and 1.21.
pub const NPY_1_21_API_VERSION: c_uint = 0x0e;
/// NumPy 1.22.
pub const NPY_1_22_API_VERSION: c_uint = 0x0f;
/// NumPy 1.23 and 1.24.
pub const NPY_1_23_API_VERSION: c_uint = 0x10;
/// NumPy 1.23 and 1.24.
pub const NPY_1_24_API_VERSION: c_uint = 0x10;
/// NumPy 1.25 and 1.26.
pub const NPY_1_25_API_VERSION: c_uint = 0x11;
/// NumPy 2.0.
pub const NPY_2_0_API_VERSION: c_uint = 0x12;
/// NumPy 2.1 and 2.2.
pub const NPY_2_1_API_VERSION: c_uint = 0x13;
/// NumPy 2.1 and 2.2.
pub const NPY_2_2_API_VERSION: c_uint = 0x13;
/// NumPy 2.3.
pub const NPY_2_3_API_VERSION: c_uint = 0x14;
/// NumPy 2.4.
pub const NPY_2_4_API_VERSION: c_uint = 0x15;
/// NumPy 2.5.
pub const NPY_2_5_API_VERSION: c_uint = 0x16;

/// The newest C ABI that these bindings know: that of NumPy 2.
pub const NPY_VERSION: c_uint = 0x0200_0000;
/// The C ABI of NumPy 1.x, which these bindings know as well.
pub(crate) const NPY_1_ABI_VERSION: c_uint = 0x0100_0009;

/// The oldest feature version that these bindings run on.
pub const NPY_FEATURE_VERSION: c_uint = Version::FLOOR.feature();
/// The oldest NumPy that these bindings run on.
pub const NPY_FEATURE_VERSION_STRING: &str = Version::FLOOR.name();

/// What `PyArray_GetEndianness` returns when it cannot tell.
pub const NPY_CPU_UNKNOWN_ENDIAN: c_int = 0;
/// What `PyArray_GetEndianness` returns on a little-endian machine.
pub const NPY_CPU_LITTLE: c_int = 1;
/// What `PyArray_GetEndianness` returns on a big-endian machine.
pub const NPY_CPU_BIG: c_int = 2;

/// A feature version of NumPy's C API, ordered by age.
///
/// One number may stand for two releases (1.23 and 1.24 share theirs); it is named after the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(c_uint);

impl Version {
    pub(crate) const V1_21: Self = Self(NPY_1_21_API_VERSION);
    pub(crate) const V2_0: Self = Self(NPY_2_0_API_VERSION);
    pub(crate) const V2_1: Self = Self(NPY_2_1_API_VERSION);
    pub(crate) const V2_4: Self = Self(NPY_2_4_API_VERSION);
    pub(crate) const V2_5: Self = Self(NPY_2_5_API_VERSION);

    /// The oldest version that is accepted.
    ///
    /// A build for Python's free-threaded stable ABI reads objects through functions that NumPy has
    /// from 2.5 on.
    pub(crate) const FLOOR: Self = if cfg!(all(Py_LIMITED_API, Py_GIL_DISABLED)) {
        Self::V2_5
    } else {
        Self::V1_21
    };

    pub(crate) const fn from_feature(feature: c_uint) -> Self {
        Self(feature)
    }

    pub(crate) const fn feature(self) -> c_uint {
        self.0
    }

    /// The version of the NumPy release `name`, as in `since("2.3")`.
    ///
    /// # Panics
    ///
    /// If `name` is not the oldest release with its feature version. It is for constants, where
    /// that is an error at compile time.
    pub(crate) const fn since(name: &str) -> Self {
        let mut feature = NPY_1_21_API_VERSION;
        while feature <= NPY_2_5_API_VERSION {
            if equal(Self(feature).name(), name) {
                return Self(feature);
            }
            feature += 1;
        }
        panic!("not a NumPy release that added something to the C API")
    }

    /// The oldest NumPy release with this feature version (from the floor on).
    pub(crate) const fn name(self) -> &'static str {
        match self.0 {
            0..NPY_1_20_API_VERSION => "1.19 or older",
            NPY_1_21_API_VERSION => "1.21",
            NPY_1_22_API_VERSION => "1.22",
            NPY_1_23_API_VERSION => "1.23",
            NPY_1_25_API_VERSION => "1.25",
            NPY_2_0_API_VERSION => "2.0",
            NPY_2_1_API_VERSION => "2.1",
            NPY_2_3_API_VERSION => "2.3",
            NPY_2_4_API_VERSION => "2.4",
            NPY_2_5_API_VERSION => "2.5",
            _ => "newer than 2.5",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// `a == b`, which is not yet `const` for strings.
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_feature_numbers_agree() {
        for (name, feature) in [
            ("1.21", NPY_1_21_API_VERSION),
            ("1.22", NPY_1_22_API_VERSION),
            ("2.0", NPY_2_0_API_VERSION),
            ("2.3", NPY_2_3_API_VERSION),
            ("2.5", NPY_2_5_API_VERSION),
        ] {
            assert_eq!(Version::since(name), Version::from_feature(feature));
            assert_eq!(Version::from_feature(feature).to_string(), name);
        }
        assert_eq!(
            Version::from_feature(NPY_2_5_API_VERSION + 1).name(),
            "newer than 2.5"
        );
    }

    #[test]
    #[should_panic(expected = "not a NumPy release")]
    fn since_refuses_what_is_no_release() {
        Version::since("2.2");
    }
}
