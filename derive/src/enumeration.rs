//! An enum of an integer type: an integer of which only some values are allowed.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{DataEnum, Error, Fields, Result};

use crate::attrs;
use crate::errors::Errors;
use crate::target::Target;

pub(crate) fn expand(target: &Target<'_>, data: &DataEnum) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let ident = target.ident;
    let integer = target.repr.integer();
    if integer.is_none() {
        errors.add(target.repr.error(
            ident,
            "an enum needs an integer repr, such as `#[repr(u8)]`, of at most 64 bits: its dtype \
             is that of the integer",
        ));
    }
    if data.variants.is_empty() {
        errors.add(Error::new_spanned(
            ident,
            "an enum needs a variant, as there is no value without: add one",
        ));
    }
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            errors.add(Error::new_spanned(
                variant,
                "a variant must not have fields, as it is an integer to NumPy: \
                 use a record, a struct that derives `Element`",
            ));
        }
        errors.check(attrs::none(&variant.attrs, "a variant"));
    }
    errors.finish(())?;

    let (krate, private) = (&target.krate, target.private());
    let is_copy = target.is_copy(&quote!(true));
    let dtype = target.dtype_of(&quote!(#integer));
    let name = ident.unraw().to_string();
    let variants = data.variants.iter().map(|variant| {
        let ident = &variant.ident;
        let name = ident.unraw().to_string();
        quote!((Self::#ident as #integer, #name))
    });
    // SAFETY (of the expansion): the layout is that of the integer, and `first_invalid` finds each
    // that is no variant; a type without a destructor is copied bit by bit. Python code that stores
    // an item may store any integer.
    let items = quote! {
        #is_copy
        const ALL_BITS_VALID: bool = false;
        #dtype

        #[inline]
        fn clone_ref(&self, _py: #private::pyo3::Python<'_>) -> Self {
            unsafe { ::core::ptr::read(self) }
        }

        unsafe fn first_invalid(
            _py: #private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<#krate::InvalidElement> {
            let variants = [#(#variants),*];
            unsafe {
                #private::variants::first_invalid::<#integer>(#name, &variants, data, len, stride)
            }
        }
    };
    Ok(target.expansion(&target.impl_element(target.generics, &items)))
}
