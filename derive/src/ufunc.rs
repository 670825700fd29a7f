//! The attribute `#[ufunc]`: beside the function, a module of its name that makes a ufunc of it.

mod args;
mod doc;
mod signature;
mod types;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Error, Item, ItemFn, LitStr, Path, Result, parse_quote, parse2};

use self::args::Args;
use crate::errors::Errors;

/// What stands beside the function, unless it says where npyo is, in the crate that `find` finds.
pub(crate) fn expand(
    args: TokenStream,
    item: TokenStream,
    find: fn() -> Result<Path>,
) -> Result<TokenStream> {
    let Item::Fn(function) = parse2(item)? else {
        return Err(Error::new(
            Span::call_site(),
            "a ufunc is made of a function with a body, such as \
             `fn twice(a: f64) -> f64 { 2.0 * a }`: move the attribute to one",
        ));
    };
    let mut errors = Errors::default();
    errors.check(signature::check(&function.sig));
    let Some(mut args) = errors.check(Args::parse(args)) else {
        return errors.finish(TokenStream::new());
    };
    errors.check(signature::check_identity(&function.sig, &args));
    let functions = errors.check(types::functions(&function.sig, args.types.as_ref()));
    let krate = errors.check(args.krate.take().map_or_else(find, Ok));
    errors.finish(())?;

    let krate = krate.unwrap_or_else(|| parse_quote!(::npyo));
    let builder = builder(&function, &args, &krate, &functions.unwrap_or_default());
    Ok(expansion(&function, &krate, &builder))
}

/// The expression that makes the builder.
fn builder(function: &ItemFn, args: &Args, krate: &Path, functions: &[TokenStream]) -> TokenStream {
    let ident = &function.sig.ident;
    let name = args
        .name
        .clone()
        .unwrap_or_else(|| LitStr::new(&ident.unraw().to_string(), ident.span()));
    let doc = doc::text(&function.attrs).map(|text| quote!(.doc(#text)));
    let identity = args
        .identity
        .as_ref()
        .map(|variant| quote!(.identity(#krate::ufunc::Identity::#variant)));
    quote!(#krate::ufunc::UfuncBuilder::new(#name) #doc #(.function(#functions))* #identity)
}

/// The module, and what refers to the function and its types, which is outside of it, so that their
/// names mean what they mean there. `use` of the function imports the module as well, as the two
/// have one name, and there PyO3 looks for `_PYO3_DEF` and, with `experimental-inspect`, for the other.
fn expansion(function: &ItemFn, krate: &Path, builder: &TokenStream) -> TokenStream {
    let (vis, ident) = (&function.vis, &function.sig.ident);
    let pyo3 = quote!(#krate::__private::pyo3);
    let is_cfg = |attr: &&Attribute| attr.path().is_ident("cfg");
    let cfgs: Vec<_> = function.attrs.iter().filter(is_cfg).collect();
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
            pub fn builder(&self) -> #krate::ufunc::UfuncBuilder {
                #builder
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
