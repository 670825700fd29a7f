//! A struct with `#[repr(transparent)]`: an element like its one field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Result};

use crate::errors::Errors;
use crate::fields::Fields;
use crate::target::Target;
use crate::{attrs, params, types};

pub(crate) fn expand(target: &Target<'_>, fields: &syn::Fields) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let Fields { values, phantoms } = Fields::of(fields);
    for (_, field) in &values {
        errors.check(types::check(&field.ty));
    }
    errors.check(params::check(target.generics, &values));
    for (_, field) in values.iter().chain(&phantoms) {
        errors.check(attrs::none(&field.attrs, "a field of a newtype"));
    }
    let problem = "a newtype has one field, beside those of type `PhantomData`: \
                   use `#[repr(C)]` for a record of several";
    let [(member, field)] = &values[..] else {
        errors.add(match values.get(1) {
            None => Error::new_spanned(target.ident, problem),
            Some((_, second)) => Error::new_spanned(second, problem),
        });
        return errors.finish(TokenStream::new());
    };
    errors.finish(())?;

    let (krate, private) = (&target.krate, target.private());
    let ty = &field.ty;
    let inner = quote!(<#ty as #krate::Element>);
    let is_copy = target.is_copy(&quote!(#inner::IS_COPY));
    let dtype = target.dtype_of(&quote!(#ty));
    let phantoms = phantoms.iter().map(|(member, _)| member);
    // SAFETY (of the expansion): the layout is that of the field, of which every value makes one
    // of the newtype; the unsafe functions are called with what the caller promises.
    let items = quote! {
        #is_copy
        const ALL_BITS_VALID: bool = #inner::ALL_BITS_VALID;
        #dtype

        #[inline]
        fn clone_ref(&self, py: #private::pyo3::Python<'_>) -> Self {
            Self {
                #member: #inner::clone_ref(&self.#member, py),
                #(#phantoms: ::core::marker::PhantomData,)*
            }
        }

        unsafe fn first_invalid(
            py: #private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<#krate::InvalidElement> {
            unsafe { #inner::first_invalid(py, data, len, stride) }
        }

        unsafe fn canonicalize(py: #private::pyo3::Python<'_>, data: *mut u8, len: usize) {
            unsafe { #inner::canonicalize(py, data, len) }
        }

        fn stays_valid(py: #private::pyo3::Python<'_>) -> bool {
            #inner::stays_valid(py)
        }
    };
    Ok(target.expansion(&target.impl_element(target.generics, &items)))
}
