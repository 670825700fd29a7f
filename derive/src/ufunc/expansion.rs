//! What stands beside the function.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, ItemFn, LitStr, Path, Result, parse_quote};

use crate::errors::Errors;
use crate::ufunc::args::SharedArgs;
use crate::ufunc::{doc, types};

/// What both attributes tell a builder.
pub(crate) struct Expansion<'a> {
    function: &'a ItemFn,
    args: SharedArgs,
    /// The function, or for each of the types one.
    functions: Vec<TokenStream>,
    /// Where npyo is.
    pub(crate) krate: Path,
}

impl<'a> Expansion<'a> {
    /// Of a function with these arguments, which calls npyo what they say, or what `find` finds.
    pub(crate) fn new(
        function: &'a ItemFn,
        mut args: SharedArgs,
        find: fn() -> Result<Path>,
    ) -> Result<Self> {
        let mut errors = Errors::default();
        let functions = errors.check(types::functions(&function.sig, args.types.as_ref()));
        let krate = errors.check(args.krate.take().map_or_else(find, Ok));
        errors.finish(Self {
            function,
            args,
            functions: functions.unwrap_or_default(),
            krate: krate.unwrap_or_else(|| parse_quote!(::npyo)),
        })
    }

    /// With a builder of a type that is made of the name and the `signature`, if it has one, and is
    /// told its `own` things at the end.
    pub(crate) fn finish(
        &self,
        builder: &TokenStream,
        signature: Option<&LitStr>,
        own: Option<&TokenStream>,
    ) -> TokenStream {
        let ident = &self.function.sig.ident;
        let name = self
            .args
            .name
            .clone()
            .unwrap_or_else(|| LitStr::new(&ident.unraw().to_string(), ident.span()));
        let signature = signature.map(|signature| quote!(, #signature));
        let doc = doc::text(&self.function.attrs).map(|text| quote!(.doc(#text)));
        let functions = &self.functions;
        // The words of the attribute are the names of the methods.
        let words = self
            .args
            .parallel
            .iter()
            .chain(&self.args.without_fp_errors);
        let expression = quote! {
            #builder::new(#name #signature) #doc #(.function(#functions))* #own #(.#words())*
        };
        self.module(builder, &expression)
    }

    /// The module, and what refers to the function and its types, which is outside of it, so that
    /// their names mean what they mean there. `use` of the function imports the module as well, as the
    /// two have one name, and there PyO3 looks for `_PYO3_DEF` and, with `experimental-inspect`, for
    /// the other.
    fn module(&self, builder: &TokenStream, expression: &TokenStream) -> TokenStream {
        let krate = &self.krate;
        let (vis, ident) = (&self.function.vis, &self.function.sig.ident);
        let pyo3 = quote!(#krate::__private::pyo3);
        let is_cfg = |attr: &&Attribute| attr.path().is_ident("cfg");
        let cfgs: Vec<_> = self.function.attrs.iter().filter(is_cfg).collect();
        quote! {
            #(#cfgs)*
            #[doc(hidden)]
            #vis mod #ident {
                pub struct Def;
                pub static _PYO3_DEF: Def = Def;
                pub const _PYO3_INTROSPECTION_ID: &'static str = ::core::module_path!();
            }

            #(#cfgs)*
            #[allow(deprecated, non_local_definitions)]
            impl #ident::Def {
                #[doc(hidden)]
                pub fn builder(&self) -> #builder {
                    #expression
                }

                #[doc(hidden)]
                pub fn add_to_module(
                    &'static self,
                    module: &#pyo3::Bound<'_, #pyo3::types::PyModule>,
                ) -> #pyo3::PyResult<()> {
                    self.builder().add_to(module)
                }
            }
        }
    }
}
