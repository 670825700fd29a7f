#[cfg(feature = "logit")]
#[doc(hidden)]
pub(crate) mod logit {
    pub struct Def;
    pub static _PYO3_DEF: Def = Def;
    pub const _PYO3_INTROSPECTION_ID: &'static str = ::core::module_path!();
}
#[cfg(feature = "logit")]
#[allow(deprecated, non_local_definitions)]
impl logit::Def {
    #[doc(hidden)]
    pub fn builder(&self) -> ::npyo::ufunc::UfuncBuilder {
        ::npyo::ufunc::UfuncBuilder::new("logit")
            .doc(["Logit of a probability.", "", "That is ln(p / (1 - p))."].join("\n"))
            .function(logit::<f32>)
            .function(logit::<f64>)
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
