#[allow(deprecated)]
const _: () = {
    #[automatically_derived]
    unsafe impl ::npyo::Element for Side {
        const IS_COPY: bool = {
            let is_copy = true;
            ::core::assert!(
                ! (is_copy && ::core::mem::needs_drop:: < Self > ()),
                "`Side` is copied bit by bit, so it must not implement `Drop`"
            );
            is_copy
        };
        const ALL_BITS_VALID: bool = false;
        const INTERNALS: ::npyo::__private::Internals = <i16 as ::npyo::Element>::INTERNALS;
        fn get_dtype(
            py: ::npyo::__private::pyo3::Python<'_>,
        ) -> ::npyo::__private::pyo3::Bound<'_, ::npyo::PyArrayDescr> {
            <i16 as ::npyo::Element>::get_dtype(py)
        }
        fn try_get_dtype(
            py: ::npyo::__private::pyo3::Python<'_>,
        ) -> ::npyo::__private::pyo3::PyResult<
            ::npyo::__private::pyo3::Bound<'_, ::npyo::PyArrayDescr>,
        > {
            <i16 as ::npyo::Element>::try_get_dtype(py)
        }
        #[inline]
        fn clone_ref(&self, _py: ::npyo::__private::pyo3::Python<'_>) -> Self {
            unsafe { ::core::ptr::read(self) }
        }
        unsafe fn first_invalid(
            _py: ::npyo::__private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<::npyo::InvalidElement> {
            let variants = [
                (Self::Buy as i16, "Buy"),
                (Self::Sell as i16, "Sell"),
                (Self::Unknown as i16, "Unknown"),
            ];
            unsafe {
                ::npyo::__private::variants::first_invalid::<
                    i16,
                >("Side", &variants, data, len, stride)
            }
        }
    }
    const _: bool = <Side as ::npyo::Element>::IS_COPY;
};
