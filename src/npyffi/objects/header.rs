//! What the structs of all objects have in common: the header of a Python object.

/// Declares an object as its Python header followed by its fields; as opaque under `abi3t`.
macro_rules! object_struct {
    ($(#[$attr:meta])* pub struct $name:ident { fields: $fields:ty }) => {
        $(#[$attr])*
        #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            pub ob_base: pyo3::ffi::PyObject,
            pub fields: $fields,
        }

        $(#[$attr])*
        #[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            _data: (),
            _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
        }
    };
}

pub(crate) use object_struct;
