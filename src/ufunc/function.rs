//! Functions of single elements, and the loops that call them for many.

use std::ffi::c_int;

use pyo3::prelude::*;

use crate::ufunc::element::UfuncElement;

/// Where the elements of one operand are.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    data: *mut u8,
    step: isize,
}

impl Operand {
    #[inline(always)]
    fn place(self, i: usize) -> *mut u8 {
        self.data
            .wrapping_offset(self.step.wrapping_mul(i as isize))
    }

    /// The same where the step is known to be the size of a `T`, so that the compiler knows it too.
    #[inline(always)]
    fn packed<T>(self) -> Self {
        Self {
            step: size_of::<T>() as isize,
            ..self
        }
    }

    #[inline(always)]
    fn is_packed<T>(self) -> bool {
        self.step == size_of::<T>() as isize
    }
}

/// What a function of a ufunc returns: an element, a tuple of up to four, or a `Result` of these.
pub trait Results: Sized {
    /// How many elements.
    #[doc(hidden)]
    const COUNT: usize;

    /// The numbers of their types.
    #[doc(hidden)]
    fn type_nums(nums: &mut Vec<c_int>);

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
    /// There are `COUNT` operands, each with room for that element.
    #[doc(hidden)]
    unsafe fn store(self, operands: &[Operand], i: usize) -> PyResult<()>;
}

impl<T: UfuncElement> Results for T {
    const COUNT: usize = 1;

    fn type_nums(nums: &mut Vec<c_int>) {
        nums.extend(T::INTERNALS.type_num());
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

            fn type_nums(nums: &mut Vec<c_int>) {
                $(nums.extend($ty::INTERNALS.type_num());)*
            }

            #[inline(always)]
            fn are_packed(operands: &[Operand]) -> bool {
                $(operands[$n].is_packed::<$ty>())&&*
            }

            #[inline(always)]
            fn packed(operands: &mut [Operand]) {
                $(operands[$n] = operands[$n].packed::<$ty>();)*
            }

            #[inline(always)]
            unsafe fn store(self, operands: &[Operand], i: usize) -> PyResult<()> {
                $(
                    // SAFETY: the caller's promise.
                    unsafe { UfuncElement::store(self.$n, operands[$n].place(i)) };
                )*
                Ok(())
            }
        }
    };
}

impl_results_of_tuple!(2: A 0, B 1);
impl_results_of_tuple!(3: A 0, B 1, C 2);
impl_results_of_tuple!(4: A 0, B 1, C 2, D 3);

impl<R: Results, E: Into<PyErr>> Results for Result<R, E> {
    const COUNT: usize = R::COUNT;

    fn type_nums(nums: &mut Vec<c_int>) {
        R::type_nums(nums);
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

/// A function of one to six elements that a ufunc can be made of. `Args` is the tuple of their types.
pub trait ElementFunction<Args>: Send + Sync + 'static {
    /// How many elements the function takes.
    #[doc(hidden)]
    const INPUTS: usize;

    /// How many it returns.
    #[doc(hidden)]
    const OUTPUTS: usize;

    /// The numbers of their types, those of the arguments first.
    #[doc(hidden)]
    fn type_nums() -> Vec<c_int>;

    /// Calls the function for each of `len` elements of the operands.
    ///
    /// An output may be the very memory of an input. So there are no references into either, and each
    /// element is read before the result for it is written.
    ///
    /// # Safety
    ///
    /// `data` and `steps` have a pointer and a step for each argument and each result, and each
    /// operand has `len` elements of its dtype.
    #[doc(hidden)]
    unsafe fn run(&self, data: *const *mut u8, len: usize, steps: *const isize) -> PyResult<()>;
}

macro_rules! impl_function {
    ($count:literal: $($ty:ident $n:tt),*) => {
        impl<Func, Res, $($ty),*> ElementFunction<($($ty,)*)> for Func
        where
            Func: Fn($($ty),*) -> Res + Send + Sync + 'static,
            Res: Results,
            $($ty: UfuncElement,)*
        {
            const INPUTS: usize = $count;
            const OUTPUTS: usize = Res::COUNT;

            fn type_nums() -> Vec<c_int> {
                let mut nums = Vec::new();
                $(nums.extend($ty::INTERNALS.type_num());)*
                Res::type_nums(&mut nums);
                nums
            }

            unsafe fn run(
                &self,
                data: *const *mut u8,
                len: usize,
                steps: *const isize,
            ) -> PyResult<()> {
                let operand = |n: usize| Operand {
                    // SAFETY: one of the pointers that the caller promises.
                    data: unsafe { *data.wrapping_add(n) },
                    // SAFETY: one of the steps that the caller promises.
                    step: unsafe { *steps.wrapping_add(n) },
                };
                let mut inputs = [$(operand($n)),*];
                let mut outputs = [Operand { data: std::ptr::null_mut(), step: 0 }; MOST_OUTPUTS];
                for (n, output) in outputs[..Res::COUNT].iter_mut().enumerate() {
                    *output = operand($count + n);
                }
                let call = |inputs: &[Operand; $count], outputs: &[Operand; MOST_OUTPUTS], i| {
                    // SAFETY: element number `i` of each argument.
                    let results = (self)($(unsafe { $ty::load(inputs[$n].place(i)) }),*);
                    // SAFETY: element number `i` of each result.
                    unsafe { results.store(outputs, i) }
                };
                let are_packed = $(inputs[$n].is_packed::<$ty>())&&* && Res::are_packed(&outputs);
                if are_packed {
                    // The same loop once more, with steps that the compiler knows and can make
                    // vector code for.
                    $(inputs[$n] = inputs[$n].packed::<$ty>();)*
                    Res::packed(&mut outputs);
                    return (0..len).try_for_each(|i| call(&inputs, &outputs, i));
                }
                (0..len).try_for_each(|i| call(&inputs, &outputs, i))
            }
        }
    };
}

/// Most results that a function can have.
const MOST_OUTPUTS: usize = 4;

impl_function!(1: A 0);
impl_function!(2: A 0, B 1);
impl_function!(3: A 0, B 1, C 2);
impl_function!(4: A 0, B 1, C 2, D 3);
impl_function!(5: A 0, B 1, C 2, D 3, E 4);
impl_function!(6: A 0, B 1, C 2, D 3, E 4, F 5);
