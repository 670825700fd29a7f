//! The type that the macro is for, and what all expansions have in common.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Generics, Ident, Path};

use crate::repr::Repr;

pub(crate) struct Target<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) repr: Repr,
    /// Where npyo is.
    pub(crate) krate: Path,
}

impl Target<'_> {
    /// The path of what is there for this macro only.
    pub(crate) fn private(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::__private)
    }

    /// The whole expansion, out of the implementations.
    pub(crate) fn expansion(&self, impls: &TokenStream) -> TokenStream {
        let Self { ident, krate, .. } = self;
        // The constants of a type with parameters are computed where it is used.
        let checked = self.generics.params.is_empty().then(|| {
            quote! {
                const _: bool = <#ident as #krate::Element>::IS_COPY;
            }
        });
        quote! {
            #[allow(deprecated)]
            const _: () = {
                #impls
                #checked
            };
        }
    }

    /// The implementation of `Element`.
    pub(crate) fn impl_element(&self, generics: &Generics, items: &TokenStream) -> TokenStream {
        let Self { ident, krate, .. } = self;
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            unsafe impl #impl_generics #krate::Element for #ident #ty_generics #where_clause {
                #items
            }
        }
    }

    /// `IS_COPY`, which a type with a destructor cannot be: it would run for each of the copies.
    pub(crate) fn is_copy(&self, is_copy: &TokenStream) -> TokenStream {
        let problem = format!(
            "`{}` is copied bit by bit, so it must not implement `Drop`",
            self.ident
        );
        let check = quote_spanned! {at(self.ident.span())=>
            ::core::assert!(!(is_copy && ::core::mem::needs_drop::<Self>()), #problem);
        };
        quote! {
            const IS_COPY: bool = {
                let is_copy = #is_copy;
                #check
                is_copy
            };
        }
    }

    /// The dtype of another type, which this one has the layout of.
    pub(crate) fn dtype_of(&self, other: &TokenStream) -> TokenStream {
        let (krate, private) = (&self.krate, self.private());
        let other = quote!(<#other as #krate::Element>);
        quote! {
            const INTERNALS: #private::Internals = #other::INTERNALS;

            fn get_dtype(
                py: #private::pyo3::Python<'_>,
            ) -> #private::pyo3::Bound<'_, #krate::PyArrayDescr> {
                #other::get_dtype(py)
            }

            fn try_get_dtype(
                py: #private::pyo3::Python<'_>,
            ) -> #private::pyo3::PyResult<#private::pyo3::Bound<'_, #krate::PyArrayDescr>> {
                #other::try_get_dtype(py)
            }
        }
    }
}

/// The place of the user's code that an error points at, in code that is not the user's.
pub(crate) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}
