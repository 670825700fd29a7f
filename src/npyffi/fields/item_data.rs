//! Where the fields of an object are.

/// Declares the function that finds the fields of an object.
macro_rules! item_data {
    ($(#[$attr:meta])* $vis:vis fn $name:ident($object:ty) -> $fields:ty, $api:expr) => {
        $(#[$attr])*
        ///
        /// # Safety
        ///
        /// The pointer must be one to a live object of this type, and the thread attached.
        #[allow(non_snake_case)]
        #[inline(always)]
        $vis unsafe fn $name(object: *const $object) -> *mut $fields {
            #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
            {
                // SAFETY: the object is live, so that the place is within its allocation.
                unsafe { &raw mut (*object.cast_mut()).fields }
            }
            #[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
            {
                // SAFETY: the caller's thread is attached.
                let py = unsafe { pyo3::Python::assume_attached() };
                // SAFETY: the object is live and of this type.
                match unsafe { $api.$name(py, object) } {
                    Ok(fields) => fields,
                    Err(error) => panic!("{error}"),
                }
            }
        }
    };
}

pub(crate) use item_data;
