#[doc(hidden)]
mod ldexp {
    pub struct Def;
    pub static _PYO3_DEF: Def = Def;
    pub const _PYO3_INTROSPECTION_ID: &'static str = ::core::module_path!();
}
#[allow(deprecated, non_local_definitions)]
impl ldexp::Def {
    #[doc(hidden)]
    pub fn builder(&self) -> crate::arrays::npyo::ufunc::UfuncBuilder {
        crate::arrays::npyo::ufunc::UfuncBuilder::new("ldexp")
            .doc(include_str!("ldexp.md"))
            .function(ldexp::<f32, i32>)
            .function(ldexp::<f64, i64>)
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
