#[cfg(feature = "distance")]
#[doc(hidden)]
pub(crate) mod distance {
    pub struct Def;
    pub static _PYO3_DEF: Def = Def;
    pub const _PYO3_INTROSPECTION_ID: &'static str = ::core::module_path!();
}
#[cfg(feature = "distance")]
#[allow(deprecated, non_local_definitions)]
impl distance::Def {
    #[doc(hidden)]
    pub fn builder(&self) -> ::npyo::ufunc::GufuncBuilder {
        ::npyo::ufunc::GufuncBuilder::new("euclid", "(n),(n)->()")
            .doc("Distance of two points.")
            .function(distance::<f32>)
            .function(distance::<f64>)
            .without_fp_errors()
    }
    #[doc(hidden)]
    pub fn add_to_module(
        &'static self,
        module: &::npyo::__private::pyo3::Bound<
            '_,
            ::npyo::__private::pyo3::types::PyModule,
        >,
    ) -> ::npyo::__private::pyo3::PyResult<()> {
        self.builder().add_to(module)
    }
}
