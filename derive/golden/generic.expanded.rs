#[allow(deprecated)]
const _: () = {
    #[automatically_derived]
    unsafe impl<T: Element, U, const N: usize> ::npyo::__private::Record
    for Window<T, U, N>
    where
        U: Send + Sync,
        T: 'static,
        U: 'static,
    {
        const FIELDS: &'static [::npyo::__private::FieldInfo] = &[
            <::npyo::__private::FieldInfo>::of::<
                u64,
            >("start", ::core::mem::offset_of!(Self, start)),
            <::npyo::__private::FieldInfo>::of::<
                [T; N],
            >("values", ::core::mem::offset_of!(Self, values)),
        ];
        const IS_ALIGNED: bool = true;
    }
    #[automatically_derived]
    unsafe impl<T: Element, U, const N: usize> ::npyo::Element for Window<T, U, N>
    where
        U: Send + Sync,
        T: 'static,
        U: 'static,
    {
        const IS_COPY: bool = {
            let is_copy = ::npyo::__private::record::is_copy(
                <Self as ::npyo::__private::Record>::FIELDS,
            );
            ::core::assert!(
                ! (is_copy && ::core::mem::needs_drop:: < Self > ()),
                "`Window` is copied bit by bit, so it must not implement `Drop`"
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
                start: unsafe {
                    ::npyo::__private::clone_field::<
                        u64,
                    >(py, ::core::ptr::addr_of!(self.start))
                },
                values: unsafe {
                    ::npyo::__private::clone_field::<
                        [T; N],
                    >(py, ::core::ptr::addr_of!(self.values))
                },
                unit: ::core::marker::PhantomData,
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
};
