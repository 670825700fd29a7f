#[allow(deprecated)]
const _: () = {
    #[automatically_derived]
    unsafe impl ::npyo::__private::Record for Trade {
        const FIELDS: &'static [::npyo::__private::FieldInfo] = &[
            <::npyo::__private::FieldInfo>::of::<
                u32,
            >("id", ::core::mem::offset_of!(Self, id)),
            <::npyo::__private::FieldInfo>::of::<
                f64,
            >("px", ::core::mem::offset_of!(Self, price)),
            <::npyo::__private::FieldInfo>::of::<
                Side,
            >("type", ::core::mem::offset_of!(Self, r#type)),
            <::npyo::__private::FieldInfo>::of::<
                [f32; 3],
            >("position", ::core::mem::offset_of!(Self, position)),
            <::npyo::__private::FieldInfo>::of::<
                Py<PyAny>,
            >("note", ::core::mem::offset_of!(Self, note)),
        ];
        const IS_ALIGNED: bool = true;
    }
    #[automatically_derived]
    unsafe impl ::npyo::Element for Trade {
        const IS_COPY: bool = {
            let is_copy = ::npyo::__private::record::is_copy(
                <Self as ::npyo::__private::Record>::FIELDS,
            );
            ::core::assert!(
                ! (is_copy && ::core::mem::needs_drop:: < Self > ()),
                "`Trade` is copied bit by bit, so it must not implement `Drop`"
            );
            is_copy
        };
        const ALL_BITS_VALID: bool = ::npyo::__private::record::all_bits_valid(
            <Self as ::npyo::__private::Record>::FIELDS,
        );
        const INTERNALS: ::npyo::__private::Internals = ::npyo::__private::Internals::record(
            <Self as ::npyo::__private::Record>::FIELDS,
            ::core::mem::size_of::<Self>(),
        );
        fn get_dtype(
            py: ::npyo::__private::pyo3::Python<'_>,
        ) -> ::npyo::__private::pyo3::Bound<'_, ::npyo::PyArrayDescr> {
            match <Self as ::npyo::Element>::try_get_dtype(py) {
                ::core::result::Result::Ok(dtype) => dtype,
                ::core::result::Result::Err(error) => ::core::panic!("{}", error),
            }
        }
        fn try_get_dtype(
            py: ::npyo::__private::pyo3::Python<'_>,
        ) -> ::npyo::__private::pyo3::PyResult<
            ::npyo::__private::pyo3::Bound<'_, ::npyo::PyArrayDescr>,
        > {
            ::npyo::__private::record::try_dtype::<Self>(py)
        }
        #[inline]
        fn clone_ref(&self, py: ::npyo::__private::pyo3::Python<'_>) -> Self {
            Self {
                id: unsafe {
                    ::npyo::__private::clone_field::<
                        u32,
                    >(py, ::core::ptr::addr_of!(self.id))
                },
                price: unsafe {
                    ::npyo::__private::clone_field::<
                        f64,
                    >(py, ::core::ptr::addr_of!(self.price))
                },
                r#type: unsafe {
                    ::npyo::__private::clone_field::<
                        Side,
                    >(py, ::core::ptr::addr_of!(self.r#type))
                },
                position: unsafe {
                    ::npyo::__private::clone_field::<
                        [f32; 3],
                    >(py, ::core::ptr::addr_of!(self.position))
                },
                note: unsafe {
                    ::npyo::__private::clone_field::<
                        Py<PyAny>,
                    >(py, ::core::ptr::addr_of!(self.note))
                },
            }
        }
        unsafe fn first_invalid(
            py: ::npyo::__private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<::npyo::InvalidElement> {
            unsafe {
                ::npyo::__private::record::first_invalid::<Self>(py, data, len, stride)
            }
        }
        unsafe fn canonicalize(
            py: ::npyo::__private::pyo3::Python<'_>,
            data: *mut u8,
            len: usize,
        ) {
            unsafe { ::npyo::__private::record::canonicalize::<Self>(py, data, len) }
        }
        fn stays_valid(py: ::npyo::__private::pyo3::Python<'_>) -> bool {
            ::npyo::__private::record::stays_valid::<Self>(py)
        }
    }
    const _: bool = <Trade as ::npyo::Element>::IS_COPY;
};
