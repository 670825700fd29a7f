#[allow(deprecated)]
const _: () = {
    #[automatically_derived]
    unsafe impl<T: Element, U: Send + Sync> crate::arrays::npyo::Element
    for Length<T, U> {
        const IS_COPY: bool = {
            let is_copy = <T as crate::arrays::npyo::Element>::IS_COPY;
            ::core::assert!(
                ! (is_copy && ::core::mem::needs_drop:: < Self > ()),
                "`Length` is copied bit by bit, so it must not implement `Drop`"
            );
            is_copy
        };
        const ALL_BITS_VALID: bool = <T as crate::arrays::npyo::Element>::ALL_BITS_VALID;
        const INTERNALS: crate::arrays::npyo::__private::Internals = <T as crate::arrays::npyo::Element>::INTERNALS;
        fn get_dtype(
            py: crate::arrays::npyo::__private::pyo3::Python<'_>,
        ) -> crate::arrays::npyo::__private::pyo3::Bound<
            '_,
            crate::arrays::npyo::PyArrayDescr,
        > {
            <T as crate::arrays::npyo::Element>::get_dtype(py)
        }
        fn try_get_dtype(
            py: crate::arrays::npyo::__private::pyo3::Python<'_>,
        ) -> crate::arrays::npyo::__private::pyo3::PyResult<
            crate::arrays::npyo::__private::pyo3::Bound<
                '_,
                crate::arrays::npyo::PyArrayDescr,
            >,
        > {
            <T as crate::arrays::npyo::Element>::try_get_dtype(py)
        }
        #[inline]
        fn clone_ref(
            &self,
            py: crate::arrays::npyo::__private::pyo3::Python<'_>,
        ) -> Self {
            Self {
                value: <T as crate::arrays::npyo::Element>::clone_ref(&self.value, py),
                unit: ::core::marker::PhantomData,
            }
        }
        unsafe fn first_invalid(
            py: crate::arrays::npyo::__private::pyo3::Python<'_>,
            data: *const u8,
            len: usize,
            stride: isize,
        ) -> ::core::option::Option<crate::arrays::npyo::InvalidElement> {
            unsafe {
                <T as crate::arrays::npyo::Element>::first_invalid(py, data, len, stride)
            }
        }
        unsafe fn canonicalize(
            py: crate::arrays::npyo::__private::pyo3::Python<'_>,
            data: *mut u8,
            len: usize,
        ) {
            unsafe { <T as crate::arrays::npyo::Element>::canonicalize(py, data, len) }
        }
        fn stays_valid(py: crate::arrays::npyo::__private::pyo3::Python<'_>) -> bool {
            <T as crate::arrays::npyo::Element>::stays_valid(py)
        }
    }
};
