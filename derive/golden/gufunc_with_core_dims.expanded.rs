#[doc(hidden)]
mod convolve {
    pub struct Def;
    pub static _PYO3_DEF: Def = Def;
    pub const _PYO3_INTROSPECTION_ID: &'static str = ::core::module_path!();
}
#[allow(deprecated, non_local_definitions)]
impl convolve::Def {
    #[doc(hidden)]
    pub fn builder(&self) -> crate::arrays::npyo::ufunc::GufuncBuilder {
        crate::arrays::npyo::ufunc::GufuncBuilder::new("convolve", "(m),(n)->(p)")
            .function(convolve)
            .core_dims(sizes::full_length)
            .parallel()
    }
    #[doc(hidden)]
    pub fn add_to_module(
        &'static self,
        module: &crate::arrays::npyo::__private::pyo3::Bound<
            '_,
            crate::arrays::npyo::__private::pyo3::types::PyModule,
        >,
    ) -> crate::arrays::npyo::__private::pyo3::PyResult<()> {
        self.builder().add_to(module)
    }
}
