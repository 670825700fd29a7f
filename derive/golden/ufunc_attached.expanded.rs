#[doc(hidden)]
mod join {
    pub struct Def;
    pub static _PYO3_DEF: Def = Def;
    pub const _PYO3_INTROSPECTION_ID: &'static str = ::core::module_path!();
}
#[allow(deprecated, non_local_definitions)]
impl join::Def {
    #[doc(hidden)]
    pub fn builder(&self) -> ::npyo::ufunc::UfuncBuilder {
        ::npyo::ufunc::UfuncBuilder::new("join")
            .doc("The two, one behind the other.")
            .function(join)
            .identity(::npyo::ufunc::Identity::Reorderable)
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
