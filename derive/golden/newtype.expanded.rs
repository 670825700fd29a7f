#[allow(deprecated)]
const _: () = {
    #[automatically_derived]
    unsafe impl ::npyo::Element for Celsius {
        const IS_COPY: bool = {
            let is_copy = <f64 as ::npyo::Element>::IS_COPY;
            ::core::assert!(
                ! (is_copy && ::core::mem::needs_drop:: < Self > ()),
                "`Celsius` is copied bit by bit, so it must not implement `Drop`"
            );
            is_copy
        };
        const ALL_BITS_VALID: bool = <f64 as ::npyo::Element>::ALL_BITS_VALID;
        const INTERNALS: ::npyo::__private::Internals = <f64 as ::npyo::Element>::INTERNALS;
        fn get_dtype(
            py: ::npyo::__private::pyo3::Python<'_>,
        ) -> ::npyo::__private::pyo3::Bound<'_, ::npyo::PyArrayDescr> {
            <f64 as ::npyo::Element>::get_dtype(py)
        }
        fn try_get_dtype(
            py: ::npyo::__private::pyo3::Python<'_>,
        ) -> ::npyo::__private::pyo3::PyResult<
            ::npyo::__private::pyo3::Bound<'_, ::npyo::PyArrayDescr>,
        > {
            <f64 as ::npyo::Element>::try_get_dtype(py)
        }
        #[inline]
        fn clone_ref(&self, py: ::npyo::__private::pyo3::Python<'_>) -> Self {
            Self {
                0: <f64 as ::npyo::Element>::clone_ref(&self.0, py),
            }
        }
        unsafe fn first_invalid(
            py: ::npyo::__private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<::npyo::InvalidElement> {
            unsafe { <f64 as ::npyo::Element>::first_invalid(py, data, len, stride) }
        }
        unsafe fn canonicalize(
            py: ::npyo::__private::pyo3::Python<'_>,
            data: *mut u8,
            len: usize,
        ) {
            unsafe { <f64 as ::npyo::Element>::canonicalize(py, data, len) }
        }
        fn stays_valid(py: ::npyo::__private::pyo3::Python<'_>) -> bool {
            <f64 as ::npyo::Element>::stays_valid(py)
        }
    }
    const _: bool = <Celsius as ::npyo::Element>::IS_COPY;
};
