//! What a function of a ufunc returns.

use pyo3::prelude::*;

use crate::element::field::Field;
use crate::element::memory::TypeInfo;
use crate::ufunc::element::UfuncElement;
use crate::ufunc::operand::Operand;

/// What a function of a ufunc returns: an element, a tuple of up to eight, or a `Result` of these. Nothing,
/// or a `Result` of it, if it writes to what it is given.
pub trait Results: Sized {
    /// How many elements.
    #[doc(hidden)]
    const COUNT: usize;

    /// Whether there is nothing but elements that are copied bit by bit, and never an error.
    #[doc(hidden)]
    const IS_PLAIN: bool;

    /// Whether there may be an error.
    #[doc(hidden)]
    const IS_FALLIBLE: bool = false;

    /// Whether they are written by an attached thread only.
    #[doc(hidden)]
    const NEEDS_TOKEN: bool;

    /// Their types.
    #[doc(hidden)]
    fn types() -> Vec<TypeInfo>;

    /// Whether each of the operands is packed.
    #[doc(hidden)]
    fn are_packed(operands: &[Operand]) -> bool;

    /// The operands with steps that the compiler knows.
    #[doc(hidden)]
    fn packed(operands: &mut [Operand]);

    /// Writes element number `i` of each operand.
    ///
    /// # Safety
    ///
    /// There are `COUNT` operands, each with room for that element. The thread is attached if it needs to be.
    #[doc(hidden)]
    unsafe fn store(self, operands: &[Operand], i: usize) -> PyResult<()>;
}

impl<T: UfuncElement> Results for T {
    const COUNT: usize = 1;
    const IS_PLAIN: bool = !Self::NEEDS_TOKEN;
    const NEEDS_TOKEN: bool = T::NEEDS_TOKEN;

    fn types() -> Vec<TypeInfo> {
        vec![T::INFO]
    }

    #[inline(always)]
    fn are_packed(operands: &[Operand]) -> bool {
        operands[0].is_packed::<T>()
    }

    #[inline(always)]
    fn packed(operands: &mut [Operand]) {
        operands[0] = operands[0].packed::<T>();
    }

    #[inline(always)]
    unsafe fn store(self, operands: &[Operand], i: usize) -> PyResult<()> {
        // SAFETY: the caller's promise.
        unsafe { UfuncElement::store(self, operands[0].place(i)) };
        Ok(())
    }
}

macro_rules! impl_results_of_tuple {
    ($count:literal: $($ty:ident $n:tt),*) => {
        impl<$($ty: UfuncElement),*> Results for ($($ty,)*) {
            const COUNT: usize = $count;
            const IS_PLAIN: bool = !Self::NEEDS_TOKEN;
            const NEEDS_TOKEN: bool = false $(|| $ty::NEEDS_TOKEN)*;

            fn types() -> Vec<TypeInfo> {
                vec![$($ty::INFO),*]
            }

            #[inline(always)]
            fn are_packed(_operands: &[Operand]) -> bool {
                true $(&& _operands[$n].is_packed::<$ty>())*
            }

            #[inline(always)]
            fn packed(_operands: &mut [Operand]) {
                $(_operands[$n] = _operands[$n].packed::<$ty>();)*
            }

            #[inline(always)]
            unsafe fn store(self, _operands: &[Operand], _i: usize) -> PyResult<()> {
                $(
                    // SAFETY: the caller's promise.
                    unsafe { UfuncElement::store(self.$n, _operands[$n].place(_i)) };
                )*
                Ok(())
            }
        }
    };
}

impl_results_of_tuple!(0:);
impl_results_of_tuple!(2: A 0, B 1);
impl_results_of_tuple!(3: A 0, B 1, C 2);
impl_results_of_tuple!(4: A 0, B 1, C 2, D 3);
impl_results_of_tuple!(5: A 0, B 1, C 2, D 3, E 4);
impl_results_of_tuple!(6: A 0, B 1, C 2, D 3, E 4, F 5);
impl_results_of_tuple!(7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
impl_results_of_tuple!(8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

impl<R: Results, E: Into<PyErr>> Results for Result<R, E> {
    const COUNT: usize = R::COUNT;
    const IS_PLAIN: bool = false;
    const IS_FALLIBLE: bool = true;
    const NEEDS_TOKEN: bool = R::NEEDS_TOKEN;

    fn types() -> Vec<TypeInfo> {
        R::types()
    }

    #[inline(always)]
    fn are_packed(operands: &[Operand]) -> bool {
        R::are_packed(operands)
    }

    #[inline(always)]
    fn packed(operands: &mut [Operand]) {
        R::packed(operands);
    }

    #[inline(always)]
    unsafe fn store(self, operands: &[Operand], i: usize) -> PyResult<()> {
        let results = self.map_err(Into::into)?;
        // SAFETY: the caller's promise.
        unsafe { results.store(operands, i) }
    }
}
