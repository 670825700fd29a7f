//! A struct with `#[repr(C)]`: its fields are those of a structured dtype.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Result, parse_quote};

use crate::errors::Errors;
use crate::fields::Fields;
use crate::target::{Target, at};
use crate::{attrs, names, params, types};

pub(crate) fn expand(target: &Target<'_>, fields: &syn::Fields) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let ident = target.ident;
    if !target.repr.has("C") {
        errors.add(target.repr.error(
            ident,
            "a record needs `#[repr(C)]`, so that its layout is fixed: add `#[repr(C)]`, \
             `#[repr(C, packed)]` or, for a newtype, `#[repr(transparent)]`",
        ));
    }
    let fields = Fields::of(fields);
    if fields.values.is_empty() {
        errors.add(Error::new_spanned(
            ident,
            "a record needs a field, as an item of an array has at least one byte: add one",
        ));
    }
    for (_, field) in &fields.values {
        errors.check(types::check(&field.ty));
    }
    errors.check(params::check(target.generics, &fields.values));
    for (_, field) in &fields.phantoms {
        errors.check(attrs::none(&field.attrs, "a field of type `PhantomData`"));
    }
    let names = errors.check(names::of(&fields.values)).unwrap_or_default();
    errors.finish(())?;

    let private = target.private();
    let infos = fields
        .values
        .iter()
        .zip(&names)
        .map(|((member, field), name)| {
            let ty = &field.ty;
            // In angle brackets, so that the call begins at the type, as errors of it shall.
            quote_spanned! {at(ty.span())=>
                <#private::FieldInfo>::of::<#ty>(#name, ::core::mem::offset_of!(Self, #member))
            }
        });
    let is_aligned = !target.repr.has("packed");
    let mut generics = target.generics.clone();
    for param in target.generics.type_params() {
        let param = &param.ident;
        let predicate = parse_quote!(#param: 'static);
        generics.make_where_clause().predicates.push(predicate);
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let element = target.impl_element(&generics, &items(target, &fields));
    // SAFETY (of the expansion): those are all fields, as `clone_ref` names each of them, and the
    // compiler computes their offsets.
    Ok(target.expansion(&quote! {
        #[automatically_derived]
        unsafe impl #impl_generics #private::Record for #ident #ty_generics #where_clause {
            const FIELDS: &'static [#private::FieldInfo] = &[#(#infos),*];
            const IS_ALIGNED: bool = #is_aligned;
        }

        #element
    }))
}

/// The items of `Element`.
fn items(target: &Target<'_>, fields: &Fields<'_>) -> TokenStream {
    let (krate, private) = (&target.krate, target.private());
    let record_fields = quote!(<Self as #private::Record>::FIELDS);
    let is_copy = target.is_copy(&quote!(#private::record::is_copy(#record_fields)));
    let values = fields.values.iter().map(|(member, field)| {
        let ty = &field.ty;
        // SAFETY (of the expansion): a field of `self`; the pointer need not be aligned.
        quote! {
            #member: unsafe {
                #private::clone_field::<#ty>(py, ::core::ptr::addr_of!(self.#member))
            }
        }
    });
    let phantoms = fields.phantoms.iter().map(|(member, _)| member);
    // SAFETY (of the expansion): the unsafe functions are called with what the caller promises.
    quote! {
        #is_copy
        const ALL_BITS_VALID: bool = #private::record::all_bits_valid(#record_fields);
        const INTERNALS: #private::Internals =
            #private::Internals::record(#record_fields, ::core::mem::size_of::<Self>());

        fn get_dtype(
            py: #private::pyo3::Python<'_>,
        ) -> #private::pyo3::Bound<'_, #krate::PyArrayDescr> {
            match <Self as #krate::Element>::try_get_dtype(py) {
                ::core::result::Result::Ok(dtype) => dtype,
                ::core::result::Result::Err(error) => ::core::panic!("{}", error),
            }
        }

        fn try_get_dtype(
            py: #private::pyo3::Python<'_>,
        ) -> #private::pyo3::PyResult<#private::pyo3::Bound<'_, #krate::PyArrayDescr>> {
            #private::record::try_dtype::<Self>(py)
        }

        #[inline]
        fn clone_ref(&self, py: #private::pyo3::Python<'_>) -> Self {
            Self {
                #(#values,)*
                #(#phantoms: ::core::marker::PhantomData,)*
            }
        }

        unsafe fn first_invalid(
            py: #private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<#krate::InvalidElement> {
            unsafe { #private::record::first_invalid::<Self>(py, data, len, stride) }
        }

        unsafe fn canonicalize(py: #private::pyo3::Python<'_>, data: *mut u8, len: usize) {
            unsafe { #private::record::canonicalize::<Self>(py, data, len) }
        }

        fn stays_valid(py: #private::pyo3::Python<'_>) -> bool {
            #private::record::stays_valid::<Self>(py)
        }
    }
}
