//! What the macros expand to depends on no name that is in scope, and makes no lint complain.
#![deny(warnings, clippy::pedantic)]
#![forbid(unsafe_code)]
#![allow(dead_code, missing_docs, unreachable_pub)]

mod shadowed {
    use ::numpy as numpy_of_python;
    use ::numpy::Element as ElementOfNumPy;
    use ::std::marker::PhantomData;

    pub struct Option;
    pub struct Vec;
    pub struct Result;
    pub struct Python;
    pub trait Element {}
    mod core {}
    mod std {}
    mod numpy {}
    mod pyo3 {}
    mod record {}

    #[derive(ElementOfNumPy)]
    #[deprecated]
    #[repr(C, packed(2))]
    pub struct Record<T: ElementOfNumPy, U, const N: usize = { 1 + 1 }>
    where
        U: Send + Sync,
    {
        py: f64,
        data: [[T; N]; {
            let n = 2;
            n + 1
        }],
        #[deprecated]
        len: i8,
        r#self_: u8,
        r#type: Side,
        marker: PhantomData<U>,
        #[npyo(rename = "størrelse {}")]
        size: f64,
    }

    #[allow(deprecated)]
    impl<T: ElementOfNumPy, U: Send + Sync, const N: usize> Record<T, U, N> {
        const FIELDS: u8 = 1;
        fn try_get_dtype() {}
        fn clone_ref() {}
    }

    #[derive(ElementOfNumPy, Clone, Copy)]
    #[repr(i8)]
    #[allow(non_camel_case_types)]
    pub enum Side {
        r#type = -1,
        None,
        Some = 1 << 2,
    }

    impl Side {
        const IS_COPY: u8 = 1;
    }

    #[derive(ElementOfNumPy, Clone, Copy)]
    #[repr(transparent)]
    pub struct Newtype<T: ElementOfNumPy>(PhantomData<fn() -> T>, T);

    macro_rules! record {
        ($name:ident { $($field:ident: $ty:ty),* }) => {
            #[derive(ElementOfNumPy)]
            #[repr(C)]
            pub struct $name { $($field: $ty),* }
        };
    }

    record!(Declared { first: [f64; 2], second: Newtype<Newtype<u8>> });

    type Real = f64;

    /// Of a type that only this module knows.
    #[numpy_of_python::ufunc]
    #[deprecated]
    pub fn r#match(a: Real) -> Real {
        a
    }

    #[numpy_of_python::ufunc(types((Real, i32), (::core::primitive::f32, i64)), identity = reorderable)]
    fn pyo3_ufunc<Def, UfuncBuilder: Into<i64>>(a: Def, b: UfuncBuilder) -> Def {
        let _: i64 = b.into();
        a
    }

    #[numpy_of_python::ufunc]
    #[cfg(any())]
    fn absent(a: f64) -> f64 {
        a
    }

    macro_rules! ufunc {
        ($(#[$attribute:meta])* $vis:vis $name:ident($ty:ty)) => {
            #[numpy_of_python::ufunc(types($ty))]
            $(#[$attribute])*
            $vis fn $name<T>(a: T) -> T {
                a
            }
        };
    }

    ufunc!(
        /// Declared.
        pub(crate) builder(f64)
    );

    /// Of names that the expansion has too.
    #[numpy_of_python::gufunc("(n),()->(n),(m)", types((Real, i32)), core_dims = self::core_dims)]
    fn gufunc<GufuncBuilder: Copy, Def: Into<Real>>(
        builder: ::numpy::ndarray::ArrayView1<'_, GufuncBuilder>,
        def: Def,
        mut krate: ::numpy::ndarray::ArrayViewMut<'_, GufuncBuilder, ::numpy::ndarray::Ix1>,
        mut signature: ::numpy::ndarray::ArrayViewMut1<'_, Real>,
    ) {
        krate.assign(&builder);
        signature.fill(def.into());
    }

    fn core_dims(sizes: &mut [::std::option::Option<usize>]) -> ::pyo3::PyResult<()> {
        match sizes {
            [size, .., other] => *other = *size,
            _ => return ::pyo3::PyResult::Err(::pyo3::exceptions::PyValueError::new_err("")),
        }
        ::pyo3::PyResult::Ok(())
    }

    #[numpy_of_python::ufunc(without_fp_errors)]
    fn attached(py: ::pyo3::Python<'_>, a: ::pyo3::Py<::pyo3::PyAny>) -> bool {
        a.is_none(py)
    }

    macro_rules! gufunc {
        ($signature:literal $name:ident($input:ty) -> $output:ty) => {
            #[numpy_of_python::gufunc($signature, name = "declared")]
            fn $name(x: $input) -> $output {
                x.sum()
            }
        };
    }

    gufunc!("(n)->()" declared_here(::numpy::ndarray::ArrayView1<'_, f64>) -> f64);

    pub fn add_to(module: &::pyo3::Bound<'_, ::pyo3::types::PyModule>) -> ::pyo3::PyResult<()> {
        /// A function in a function.
        #[numpy_of_python::ufunc]
        fn inner(a: Real) -> Real {
            a
        }

        numpy_of_python::add_ufuncs!(
            module,
            r#match,
            self::builder,
            pyo3_ufunc,
            inner,
            gufunc,
            attached,
            declared_here
        )
    }
}

#[test]
#[allow(deprecated)]
fn the_names_of_fields_are_those_of_the_struct() {
    use numpy::prelude::*;

    pyo3::Python::attach(|py| {
        let dtype = numpy::dtype::<shadowed::Record<f32, u8, 2>>(py);
        let names = ["py", "data", "len", "self_", "type", "størrelse {}"];
        assert_eq!(dtype.names(), Some(names.map(str::to_owned).to_vec()));
        assert_eq!(dtype.itemsize(), 8 + 24 + 3 + 1 + 8);
        assert_eq!(numpy::dtype::<shadowed::Declared>(py).itemsize(), 24);
    });
}

#[test]
fn ufuncs_have_the_names_of_the_functions() {
    use pyo3::prelude::*;

    pyo3::Python::attach(|py| -> PyResult<()> {
        let module = PyModule::new(py, "shadowed")?;
        shadowed::add_to(&module)?;
        for name in [
            "match",
            "builder",
            "pyo3_ufunc",
            "inner",
            "gufunc",
            "attached",
            "declared",
        ] {
            let ufunc = module.getattr(name)?;
            assert_eq!(ufunc.getattr("__name__")?.to_string(), name);
        }
        Ok(())
    })
    .expect("ufuncs are made");
}
