//! NumPy's arrays: typed and untyped handles, their creation and their methods.

pub(crate) mod arange;
pub(crate) mod coerce;
pub(crate) mod create;
pub(crate) mod field;
pub(crate) mod gather;
pub(crate) mod handle;
pub(crate) mod methods;
pub(crate) mod order;
pub(crate) mod owner;
pub(crate) mod raw;
pub(crate) mod shape;
pub(crate) mod untyped;
pub(crate) mod vectors;

pub use self::handle::{
    PyArray, PyArray0, PyArray1, PyArray2, PyArray3, PyArray4, PyArray5, PyArray6, PyArrayDyn,
    get_array_module,
};
pub use self::methods::{PyArray0Methods, PyArrayMethods};
pub use self::order::Order;
pub use self::untyped::{PyUntypedArray, PyUntypedArrayMethods};
