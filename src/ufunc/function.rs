//! Functions of single elements, and the loops that call them for many.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr;

use pyo3::prelude::*;

use crate::ufunc::element::UfuncElement;
use crate::ufunc::operand::{Operand, Slot, is_in_place, pack};

/// What a function of a ufunc returns: an element, a tuple of up to four, or a `Result` of these.
pub trait Results: Sized {
    /// How many elements.
    #[doc(hidden)]
    const COUNT: usize;

    /// Whether there is nothing but elements, and never an error.
    #[doc(hidden)]
    const IS_PLAIN: bool;

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
    const IS_PLAIN: bool = true;

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
            const IS_PLAIN: bool = true;

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
    const IS_PLAIN: bool = false;

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
#[diagnostic::on_unimplemented(
    message = "this function cannot be made a ufunc",
    note = "it takes one to six elements by value and returns one, a tuple of two to four, or a `Result` of \
            these; elements are `bool`, integers, floating-point and complex numbers"
)]
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
                let operand = |n: usize| {
                    // SAFETY: one of the pointers that the caller promises.
                    let data = unsafe { *data.wrapping_add(n) };
                    // SAFETY: one of the steps that the caller promises.
                    Operand::new(data, unsafe { *steps.wrapping_add(n) })
                };
                let mut inputs = [$(operand($n)),*];
                let mut outputs = [Operand::new(ptr::null_mut(), 0); MOST_OUTPUTS];
                for (n, output) in outputs[..Res::COUNT].iter_mut().enumerate() {
                    *output = operand($count + n);
                }
                let result = |inputs: &[Operand; $count], i: usize| {
                    // SAFETY: element number `i` of each argument.
                    (self)($(unsafe { $ty::load(inputs[$n].place(i)) }),*)
                };
                // It is compiled once for each of the calls below, with what is known there of the steps.
                let each = |inputs: &[Operand; $count], outputs: &[Operand; MOST_OUTPUTS]| {
                    (0..len).try_for_each(|i| {
                        // SAFETY: element number `i` of each result.
                        unsafe { result(inputs, i).store(outputs, i) }
                    })
                };
                let are_packed = [$(inputs[$n].is_packed::<$ty>()),*];
                let sizes = [$(size_of::<$ty>()),*];

                let is_reduced = $count == 2
                    && Res::COUNT == 1
                    && inputs[0].is_same()
                    && outputs[0].is_same()
                    && inputs[0].place(0) == outputs[0].place(0);
                if is_reduced && are_packed[$count - 1] {
                    // SAFETY: NumPy reduces with at least one element only.
                    let mut slot = unsafe { Slot::of(outputs[0], sizes[0]) };
                    let place = outputs[0];
                    pack(&mut inputs, &sizes);
                    inputs[0] = slot.operand();
                    outputs[0] = inputs[0];
                    let done = each(&inputs, &outputs);
                    // SAFETY: the place of the result, of the same type as the argument.
                    unsafe { slot.write_to(place, sizes[0]) };
                    return done;
                }
                if !Res::are_packed(&outputs) {
                    return each(&inputs, &outputs);
                }
                $(
                    let others = (0..$count).filter(|&n| n != $n);
                    if inputs[$n].is_same() && len > 0 && others.clone().all(|n| are_packed[n]) {
                        // SAFETY: there is an element.
                        let mut slot = unsafe { Slot::of(inputs[$n], sizes[$n]) };
                        let same = slot.operand();
                        pack(&mut inputs, &sizes);
                        inputs[$n] = same;
                        Res::packed(&mut outputs);
                        return each(&inputs, &outputs);
                    }
                )*
                if are_packed.contains(&false) {
                    return each(&inputs, &outputs);
                }
                let is_in_place = is_in_place(&inputs, &outputs[..Res::COUNT], len);
                pack(&mut inputs, &sizes);
                Res::packed(&mut outputs);
                if !Res::IS_PLAIN || !is_in_place {
                    return each(&inputs, &outputs);
                }
                let mut results = [const { MaybeUninit::<Res>::uninit() }; BLOCK];
                for start in (0..len).step_by(BLOCK) {
                    let results = &mut results[..BLOCK.min(len - start)];
                    for (i, place) in results.iter_mut().enumerate() {
                        place.write(result(&inputs, start + i));
                    }
                    for (i, place) in results.iter().enumerate() {
                        // SAFETY: written above, and nothing to drop, as it is plain.
                        let result = unsafe { place.assume_init_read() };
                        // SAFETY: an element of each result.
                        unsafe { result.store(&outputs, start + i) }?;
                    }
                }
                Ok(())
            }
        }
    };
}

/// So many results are computed before the first of them is written, where they go to the memory of
/// arguments: the compiler sees then that they change none of those that are read with them.
const BLOCK: usize = 64;

/// Most results that a function can have.
const MOST_OUTPUTS: usize = 4;

impl_function!(1: A 0);
impl_function!(2: A 0, B 1);
impl_function!(3: A 0, B 1, C 2);
impl_function!(4: A 0, B 1, C 2, D 3);
impl_function!(5: A 0, B 1, C 2, D 3, E 4);
impl_function!(6: A 0, B 1, C 2, D 3, E 4, F 5);
