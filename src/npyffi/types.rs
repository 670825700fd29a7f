//! NumPy's C types: numbers, enumerations, date and time structures.
//!
//! A C enumeration that NumPy hands back is a struct around a `c_int` with a constant for each name
//! (`NPY_ORDER::NPY_CORDER`), never a Rust `enum`: a value that a newer NumPy adds is then just a
//! number without a name. Enumerations that only ever go into NumPy, as integers, are Rust enums,
//! so that `NPY_TYPES::NPY_DOUBLE as c_int` reads well.

use std::{
    ffi::{
        c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
        c_ulong, c_ulonglong, c_ushort,
    },
    fmt,
    ops::{BitAnd, BitOr},
};

use pyo3::ffi::{Py_hash_t, Py_ssize_t};

pub type npy_intp = Py_ssize_t;
pub type npy_uintp = usize;
pub type npy_longlong = c_longlong;
pub type npy_ulonglong = c_ulonglong;
/// A truth value: zero is false, anything else is true.
pub type npy_bool = c_uchar;
pub type npy_byte = c_schar;
pub type npy_ubyte = c_uchar;
pub type npy_ushort = c_ushort;
pub type npy_uint = c_uint;
pub type npy_ulong = c_ulong;
pub type npy_char = c_char;
pub type npy_short = c_short;
pub type npy_int = c_int;
pub type npy_long = c_long;
pub type npy_float = c_float;
pub type npy_double = c_double;
pub type npy_hash_t = Py_hash_t;
pub type npy_int64 = i64;
pub type npy_uint64 = u64;
pub type npy_int32 = i32;
pub type npy_uint32 = u32;
pub type npy_ucs4 = c_uint;
pub type npy_int16 = i16;
pub type npy_uint16 = u16;
pub type npy_int8 = i8;
pub type npy_uint8 = u8;
pub type npy_float64 = f64;
pub type npy_complex128 = npy_cdouble;
pub type npy_float32 = f32;
pub type npy_complex64 = npy_cfloat;
/// The bits of an IEEE half.
pub type npy_half = npy_uint16;
pub type npy_float16 = npy_half;
/// A number of units, or [`NPY_DATETIME_NAT`].
pub type npy_timedelta = npy_int64;
/// A number of units since 1970, or [`NPY_DATETIME_NAT`].
pub type npy_datetime = npy_int64;

/// The value that is not a time.
pub const NPY_DATETIME_NAT: npy_int64 = i64::MIN;
/// The length of the longest ISO 8601 string, with its NUL.
pub const NPY_DATETIME_MAX_ISO8601_STRLEN: usize = 21 + 3 * 5 + 1 + 3 * 6 + 6 + 1;

#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct npy_cdouble {
    pub real: c_double,
    pub imag: c_double,
}

#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct npy_cfloat {
    pub real: c_float,
    pub imag: c_float,
}

/// Declares a C enumeration as a struct around `c_int`, with a constant for each name.
///
/// Of two names for one value, `Debug` prints the first.
macro_rules! c_enum {
    (
        $(#[$attr:meta])*
        pub struct $name:ident {
            $($(#[$constant_attr:meta])* $constant:ident = $value:expr,)*
        }
    ) => {
        $(#[$attr])*
        #[repr(transparent)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub c_int);

        impl $name {
            $($(#[$constant_attr])* pub const $constant: Self = Self($value);)*
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $(
                    if *self == Self::$constant {
                        return f.write_str(stringify!($constant));
                    }
                )*
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }
    };
}

c_enum! {
    /// The order of elements in memory, or of an iteration.
    pub struct NPY_ORDER {
        /// Fortran order if all inputs have it, else C order.
        NPY_ANYORDER = -1,
        /// The last index varies fastest.
        NPY_CORDER = 0,
        /// The first index varies fastest.
        NPY_FORTRANORDER = 1,
        /// As close to the inputs as can be.
        NPY_KEEPORDER = 2,
    }
}

c_enum! {
    /// The kind of a scalar, for NumPy's old casting rules.
    pub struct NPY_SCALARKIND {
        NPY_NOSCALAR = -1,
        NPY_BOOL_SCALAR = 0,
        NPY_INTPOS_SCALAR = 1,
        NPY_INTNEG_SCALAR = 2,
        NPY_FLOAT_SCALAR = 3,
        NPY_COMPLEX_SCALAR = 4,
        NPY_OBJECT_SCALAR = 5,
    }
}

/// The number of [`NPY_SCALARKIND`]s from zero on.
pub const NPY_NSCALARKINDS: usize = 6;

c_enum! {
    /// How to sort.
    pub struct NPY_SORTKIND {
        NPY_QUICKSORT = 0,
        NPY_HEAPSORT = 1,
        /// Any stable algorithm, by its old name.
        NPY_MERGESORT = 2,
        NPY_STABLESORT = 2,
        /// What [`NPY_QUICKSORT`](Self::NPY_QUICKSORT) is called from NumPy 2.4 on.
        NPY_SORT_DEFAULT = 0,
        /// What [`NPY_STABLESORT`](Self::NPY_STABLESORT) is called from NumPy 2.4 on.
        NPY_SORT_STABLE = 2,
        /// From the largest down. A flag, from NumPy 2.4 on.
        NPY_SORT_DESCENDING = 4,
        _NPY_SORT_UNDEFINED = -1,
    }
}

impl BitOr for NPY_SORTKIND {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The number of sort functions in [`PyArray_ArrFuncs`](super::PyArray_ArrFuncs).
pub const NPY_NSORTS: usize = 3;

c_enum! {
    /// Where to insert among equal elements.
    pub struct NPY_SEARCHSIDE {
        NPY_SEARCHLEFT = 0,
        NPY_SEARCHRIGHT = 1,
    }
}

/// The number of [`NPY_SEARCHSIDE`]s.
pub const NPY_NSEARCHSIDES: usize = 2;

c_enum! {
    /// The unit of a datetime64 or timedelta64. There is none with the value 3.
    pub struct NPY_DATETIMEUNIT {
        NPY_FR_ERROR = -1,
        NPY_FR_Y = 0,
        NPY_FR_M = 1,
        NPY_FR_W = 2,
        NPY_FR_D = 4,
        NPY_FR_h = 5,
        NPY_FR_m = 6,
        NPY_FR_s = 7,
        NPY_FR_ms = 8,
        NPY_FR_us = 9,
        NPY_FR_ns = 10,
        NPY_FR_ps = 11,
        NPY_FR_fs = 12,
        NPY_FR_as = 13,
        /// No unit yet: converts to any.
        NPY_FR_GENERIC = 14,
    }
}

/// One more than the largest [`NPY_DATETIMEUNIT`].
pub const NPY_DATETIME_NUMUNITS: usize = 15;
/// The unit of a datetime64 that names none.
pub const NPY_DATETIME_DEFAULTUNIT: NPY_DATETIMEUNIT = NPY_DATETIMEUNIT::NPY_FR_GENERIC;

/// The numbers of the built-in dtypes.
///
/// NumPy passes them as `int`, so this is never the type of something it returns. Two numbers may
/// mean the same layout (`NPY_LONG` and `NPY_LONGLONG` on 64-bit Linux): compare with
/// `PyArray_EquivTypenums`.
#[repr(u32)]
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NPY_TYPES {
    NPY_BOOL = 0,
    NPY_BYTE = 1,
    NPY_UBYTE = 2,
    NPY_SHORT = 3,
    NPY_USHORT = 4,
    NPY_INT = 5,
    NPY_UINT = 6,
    NPY_LONG = 7,
    NPY_ULONG = 8,
    NPY_LONGLONG = 9,
    NPY_ULONGLONG = 10,
    NPY_FLOAT = 11,
    NPY_DOUBLE = 12,
    NPY_LONGDOUBLE = 13,
    NPY_CFLOAT = 14,
    NPY_CDOUBLE = 15,
    NPY_CLONGDOUBLE = 16,
    NPY_OBJECT = 17,
    NPY_STRING = 18,
    NPY_UNICODE = 19,
    NPY_VOID = 20,
    NPY_DATETIME = 21,
    NPY_TIMEDELTA = 22,
    NPY_HALF = 23,
    NPY_NTYPES_LEGACY = 24,
    NPY_NOTYPE = 25,
    /// The number in NumPy 1.x. NumPy 2 has 24 in its header and refuses both.
    NPY_CHAR = 26,
    NPY_USERDEF = 256,
    NPY_VSTRING = 2056,
}

impl NPY_TYPES {
    /// The C type with 8 bits.
    pub const NPY_INT8: Self = Self::NPY_BYTE;
    /// The unsigned C type with 8 bits.
    pub const NPY_UINT8: Self = Self::NPY_UBYTE;
    /// The C type with 16 bits.
    pub const NPY_INT16: Self = Self::NPY_SHORT;
    /// The unsigned C type with 16 bits.
    pub const NPY_UINT16: Self = Self::NPY_USHORT;
    /// The C type that NumPy takes for 32 bits.
    pub const NPY_INT32: Self = if size_of::<c_long>() == 4 {
        Self::NPY_LONG
    } else {
        Self::NPY_INT
    };
    /// The unsigned C type that NumPy takes for 32 bits.
    pub const NPY_UINT32: Self = if size_of::<c_long>() == 4 {
        Self::NPY_ULONG
    } else {
        Self::NPY_UINT
    };
    /// The C type that NumPy takes for 64 bits.
    pub const NPY_INT64: Self = if size_of::<c_long>() == 8 {
        Self::NPY_LONG
    } else {
        Self::NPY_LONGLONG
    };
    /// The unsigned C type that NumPy takes for 64 bits.
    pub const NPY_UINT64: Self = if size_of::<c_long>() == 8 {
        Self::NPY_ULONG
    } else {
        Self::NPY_ULONGLONG
    };
    /// The IEEE half.
    pub const NPY_FLOAT16: Self = Self::NPY_HALF;
    /// `f32`.
    pub const NPY_FLOAT32: Self = Self::NPY_FLOAT;
    /// `f64`.
    pub const NPY_FLOAT64: Self = Self::NPY_DOUBLE;
    /// Two `f32`.
    pub const NPY_COMPLEX64: Self = Self::NPY_CFLOAT;
    /// Two `f64`.
    pub const NPY_COMPLEX128: Self = Self::NPY_CDOUBLE;
    /// The dtype of `numpy.empty` and its like.
    pub const NPY_DEFAULT_TYPE: Self = Self::NPY_DOUBLE;
    /// The C type of `isize`, as NumPy 2 picks it: `long`, `int` or `long long`. NumPy 1.x prefers
    /// `int`, which is the same type in another name where it differs.
    pub const NPY_INTP: Self = if size_of::<npy_intp>() == size_of::<c_long>() {
        Self::NPY_LONG
    } else if size_of::<npy_intp>() == size_of::<c_int>() {
        Self::NPY_INT
    } else {
        Self::NPY_LONGLONG
    };
    /// The C type of `usize`, as NumPy picks it.
    pub const NPY_UINTP: Self = match Self::NPY_INTP {
        Self::NPY_INT => Self::NPY_UINT,
        Self::NPY_LONG => Self::NPY_ULONG,
        _ => Self::NPY_ULONGLONG,
    };
}

c_enum! {
    /// How to partition.
    pub struct NPY_SELECTKIND {
        NPY_INTROSELECT = 0,
    }
}

/// The number of [`NPY_SELECTKIND`]s.
pub const NPY_NSELECTS: usize = 1;

c_enum! {
    /// The casts that are allowed, each level with those before it.
    pub struct NPY_CASTING {
        /// None: identical dtypes.
        NPY_NO_CASTING = 0,
        /// A change of byte order.
        NPY_EQUIV_CASTING = 1,
        /// What loses nothing.
        NPY_SAFE_CASTING = 2,
        /// Within a kind, as from f8 to f4.
        NPY_SAME_KIND_CASTING = 3,
        /// Any.
        NPY_UNSAFE_CASTING = 4,
        /// Any, but an error where a value changes. From NumPy 2.4 on.
        NPY_SAME_VALUE_CASTING = 4 | NPY_SAME_VALUE_CASTING_FLAG,
        _NPY_ERROR_OCCURRED_IN_CAST = -1,
    }
}

/// The flag in a cast's [`NPY_CASTING`] that says it supports
/// [`NPY_SAME_VALUE_CASTING`](NPY_CASTING::NPY_SAME_VALUE_CASTING). From NumPy 2.4 on.
pub const NPY_SAME_VALUE_CASTING_FLAG: c_int = 64;

c_enum! {
    /// What to do with an index out of bounds.
    pub struct NPY_CLIPMODE {
        NPY_CLIP = 0,
        NPY_WRAP = 1,
        NPY_RAISE = 2,
    }
}

c_enum! {
    /// What part of a correlation to return.
    pub struct NPY_CORRELATEMODE {
        NPY_VALID = 0,
        NPY_SAME = 1,
        NPY_FULL = 2,
    }
}

c_enum! {
    /// What to do with a day that is no business day.
    pub struct NPY_BUSDAY_ROLL {
        NPY_BUSDAY_FORWARD = 0,
        NPY_BUSDAY_FOLLOWING = 0,
        NPY_BUSDAY_BACKWARD = 1,
        NPY_BUSDAY_PRECEDING = 1,
        NPY_BUSDAY_MODIFIEDFOLLOWING = 2,
        NPY_BUSDAY_MODIFIEDPRECEDING = 3,
        NPY_BUSDAY_NAT = 4,
        NPY_BUSDAY_RAISE = 5,
    }
}

/// A date and time in its parts. The year [`NPY_DATETIME_NAT`] says that it is none.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct npy_datetimestruct {
    pub year: npy_int64,
    pub month: npy_int32,
    pub day: npy_int32,
    pub hour: npy_int32,
    pub min: npy_int32,
    pub sec: npy_int32,
    pub us: npy_int32,
    pub ps: npy_int32,
    pub as_: npy_int32,
}

/// A difference of times in its parts.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct npy_timedeltastruct {
    pub day: npy_int64,
    pub sec: npy_int32,
    pub us: npy_int32,
    pub ps: npy_int32,
    pub as_: npy_int32,
}

/// An axis and its stride, for `PyArray_CreateSortedStridePerm`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct npy_stride_sort_item {
    pub perm: npy_intp,
    pub stride: npy_intp,
}

/// The characters of the built-in dtypes.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NPY_TYPECHAR {
    NPY_BOOLLTR = b'?',
    NPY_BYTELTR = b'b',
    NPY_UBYTELTR = b'B',
    NPY_SHORTLTR = b'h',
    NPY_USHORTLTR = b'H',
    NPY_INTLTR = b'i',
    NPY_UINTLTR = b'I',
    NPY_LONGLTR = b'l',
    NPY_ULONGLTR = b'L',
    NPY_LONGLONGLTR = b'q',
    NPY_ULONGLONGLTR = b'Q',
    NPY_HALFLTR = b'e',
    NPY_FLOATLTR = b'f',
    NPY_DOUBLELTR = b'd',
    NPY_LONGDOUBLELTR = b'g',
    NPY_CFLOATLTR = b'F',
    NPY_CDOUBLELTR = b'D',
    NPY_CLONGDOUBLELTR = b'G',
    NPY_OBJECTLTR = b'O',
    NPY_STRINGLTR = b'S',
    NPY_DEPRECATED_STRINGLTR2 = b'a',
    NPY_UNICODELTR = b'U',
    NPY_VOIDLTR = b'V',
    NPY_DATETIMELTR = b'M',
    NPY_TIMEDELTALTR = b'm',
    NPY_CHARLTR = b'c',
    NPY_VSTRINGLTR = b'T',
}

/// The characters of the kinds of dtypes.
///
/// In C they are part of [`NPY_TYPECHAR`], where some would have the value of another name.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NPY_TYPEKINDCHAR {
    NPY_GENBOOLLTR = b'b',
    NPY_SIGNEDLTR = b'i',
    NPY_UNSIGNEDLTR = b'u',
    NPY_FLOATINGLTR = b'f',
    NPY_COMPLEXLTR = b'c',
}

/// The characters of byte orders.
#[repr(u8)]
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub enum NPY_BYTEORDER_CHAR {
    NPY_LITTLE = b'<',
    NPY_BIG = b'>',
    NPY_NATIVE = b'=',
    NPY_SWAP = b's',
    NPY_IGNORE = b'|',
}

impl NPY_BYTEORDER_CHAR {
    /// The byte order of this machine.
    pub const NPY_NATBYTE: Self = if cfg!(target_endian = "big") {
        Self::NPY_BIG
    } else {
        Self::NPY_LITTLE
    };
    /// The other byte order.
    pub const NPY_OPPBYTE: Self = if cfg!(target_endian = "big") {
        Self::NPY_LITTLE
    } else {
        Self::NPY_BIG
    };
}

c_enum! {
    /// Flags of an array method: a ufunc's loop or a cast.
    pub struct NPY_ARRAYMETHOD_FLAGS {
        /// The loop needs the Python C API.
        NPY_METH_REQUIRES_PYAPI = 1 << 0,
        /// The loop sets no floating point flags.
        NPY_METH_NO_FLOATINGPOINT_ERRORS = 1 << 1,
        /// There is a loop for unaligned data.
        NPY_METH_SUPPORTS_UNALIGNED = 1 << 2,
        /// A reduction may be done in any order.
        NPY_METH_IS_REORDERABLE = 1 << 3,
        _NPY_METH_IS_CAST = 1 << 4,
        _NPY_METH_FORCE_CAST_INPUTS = 1 << 17,
        /// The flags that `get_loop` may change.
        NPY_METH_RUNTIME_FLAGS = (1 << 0) | (1 << 1),
    }
}

impl NPY_ARRAYMETHOD_FLAGS {
    /// No flag.
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Whether all of `flags` are set.
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl BitOr for NPY_ARRAYMETHOD_FLAGS {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for NPY_ARRAYMETHOD_FLAGS {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_c_enum_prints_its_name_or_its_number() {
        assert_eq!(format!("{:?}", NPY_ORDER::NPY_CORDER), "NPY_CORDER");
        assert_eq!(format!("{:?}", NPY_ORDER(7)), "NPY_ORDER(7)");
        assert_eq!(format!("{:?}", NPY_SORTKIND(2)), "NPY_MERGESORT");
    }

    #[test]
    fn a_c_enum_can_be_matched() {
        let seconds = |unit| matches!(unit, NPY_DATETIMEUNIT::NPY_FR_s);
        assert!(seconds(NPY_DATETIMEUNIT(7)));
        assert!(!seconds(NPY_DATETIMEUNIT(3)));
    }

    #[test]
    fn type_numbers_go_into_c_as_integers() {
        assert_eq!(NPY_TYPES::NPY_DOUBLE as c_int, 12);
        assert_eq!(NPY_TYPES::NPY_VSTRING as c_int, 2056);
    }
}
