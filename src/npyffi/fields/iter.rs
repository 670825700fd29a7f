//! The functions that find the fields of NumPy's iterators.

use crate::npyffi::{
    fields::item_data::item_data,
    objects::{
        PyArrayIterObject, PyArrayIterObject_fields, PyArrayMultiIterObject,
        PyArrayMultiIterObject_fields, PyArrayNeighborhoodIterObject,
        PyArrayNeighborhoodIterObject_fields,
    },
};

#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
use crate::npyffi::array::PY_ARRAY_API;

item_data! {
    /// The fields of a flat iterator.
    pub fn _PyArrayIter_GET_ITEM_DATA(PyArrayIterObject) -> PyArrayIterObject_fields, PY_ARRAY_API
}

item_data! {
    /// The fields of a broadcast.
    pub fn _PyArrayMultiIter_GET_ITEM_DATA(PyArrayMultiIterObject)
        -> PyArrayMultiIterObject_fields, PY_ARRAY_API
}

item_data! {
    /// The fields of a neighbourhood iterator.
    pub fn _PyArrayNeighborhoodIter_GET_ITEM_DATA(PyArrayNeighborhoodIterObject)
        -> PyArrayNeighborhoodIterObject_fields, PY_ARRAY_API
}
