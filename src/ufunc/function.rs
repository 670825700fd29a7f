//! Functions of single elements, and the loops that call them for many.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

use pyo3::prelude::*;

use crate::element::field::Field;
use crate::element::memory::TypeInfo;
#[cfg(feature = "rayon")]
use crate::ufunc::call::Extent;
use crate::ufunc::call::{Call, Failure, Kernel};
use crate::ufunc::element::UfuncElement;
use crate::ufunc::operand::{Operand, SLOT_SIZE, Slot, is_in_place, pack};
use crate::ufunc::results::Results;

/// A function of one to twelve elements that a ufunc can be made of. `Args` is the tuple of their types, or
/// [`Attached`] of it if the function takes a token first.
#[diagnostic::on_unimplemented(
    message = "this function cannot be made a ufunc",
    note = "it takes one to twelve elements by value, before them a token `Python<'_>` if it needs one, and returns \
            one element, a tuple of two to eight, or a `Result` of these"
)]
pub trait ElementFunction<Args>: Send + Sync {
    /// How many elements the function takes.
    #[doc(hidden)]
    const INPUTS: usize;

    /// What it returns.
    #[doc(hidden)]
    type Results: Results;

    /// Whether the thread must be attached.
    #[doc(hidden)]
    const NEEDS_TOKEN: bool;

    /// The types of the arguments, and behind them of the results.
    #[doc(hidden)]
    fn types() -> Vec<TypeInfo>;

    /// Calls the function for each of the elements.
    ///
    /// # Safety
    ///
    /// The call is for operands of these types. The thread is attached if it needs to be.
    #[doc(hidden)]
    unsafe fn run(&self, call: &Call) -> Result<(), Failure>;
}

/// The `Args` of an [`ElementFunction`] whose first argument is a token, `Python<'_>`.
#[derive(Debug)]
pub struct Attached<Args>(PhantomData<Args>);

/// A function of single elements as a kernel.
pub(crate) struct Elementwise<Args, F> {
    function: F,
    args: PhantomData<fn(Args)>,
}

impl<Args, F> Elementwise<Args, F> {
    pub(crate) fn new(function: F) -> Self {
        Self {
            function,
            args: PhantomData,
        }
    }
}

impl<Args, F: ElementFunction<Args>> Kernel for Elementwise<Args, F> {
    fn needs_token(&self) -> bool {
        F::NEEDS_TOKEN
    }

    fn is_fallible(&self) -> bool {
        F::NEEDS_TOKEN || F::Results::IS_FALLIBLE
    }

    unsafe fn work(&self, call: &Call) -> usize {
        call.len()
    }

    unsafe fn run(&self, call: &Call) -> Result<(), Failure> {
        // SAFETY: the caller's promise.
        unsafe { self.function.run(call) }
    }

    #[cfg(feature = "rayon")]
    fn counts(&self) -> (usize, usize) {
        (F::INPUTS + F::Results::COUNT, 0)
    }

    #[cfg(feature = "rayon")]
    unsafe fn extents(&self, call: &Call) -> Vec<Extent> {
        let extent = |(n, info): (usize, TypeInfo)| Extent {
            // SAFETY: one of the operands.
            start: unsafe { call.data(n) }.addr(),
            width: info.size,
            // SAFETY: one of the operands.
            step: unsafe { call.step(n) },
            is_output: n >= F::INPUTS,
        };
        F::types().into_iter().enumerate().map(extent).collect()
    }
}

macro_rules! impl_function {
    ($count:literal $run:ident: $($ty:ident $n:tt),*) => {
        impl<Func, Res, $($ty),*> ElementFunction<($($ty,)*)> for Func
        where
            Func: Fn($($ty),*) -> Res + Send + Sync,
            Res: Results,
            $($ty: UfuncElement,)*
        {
            const INPUTS: usize = $count;
            type Results = Res;
            const NEEDS_TOKEN: bool = Res::NEEDS_TOKEN $(|| $ty::NEEDS_TOKEN)*;

            fn types() -> Vec<TypeInfo> {
                [vec![$($ty::INFO),*], Res::types()].concat()
            }

            unsafe fn run(&self, call: &Call) -> Result<(), Failure> {
                // SAFETY: the caller's promise.
                unsafe { $run(call, Self::NEEDS_TOKEN, self) }
            }
        }

        impl<Func, Res, $($ty),*> ElementFunction<Attached<($($ty,)*)>> for Func
        where
            Func: Fn(Python<'_>, $($ty),*) -> Res + Send + Sync,
            Res: Results,
            $($ty: UfuncElement,)*
        {
            const INPUTS: usize = $count;
            type Results = Res;
            const NEEDS_TOKEN: bool = true;

            fn types() -> Vec<TypeInfo> {
                [vec![$($ty::INFO),*], Res::types()].concat()
            }

            unsafe fn run(&self, call: &Call) -> Result<(), Failure> {
                // SAFETY: attached, as the caller promises.
                let py = unsafe { Python::assume_attached() };
                #[allow(non_snake_case)]
                let function = |$($ty: $ty),*| self(py, $($ty),*);
                // SAFETY: the caller's promise.
                unsafe { $run(call, true, function) }
            }
        }

        /// Calls a function for each of the elements of a call.
        ///
        /// An output may be the very memory of an input. So there are no references into either, and each
        /// element is read before the result for it is written.
        ///
        /// # Safety
        ///
        /// The call is for operands of these types. The thread is attached if `needs_token`.
        #[inline(always)]
        unsafe fn $run<Res, $($ty),*>(
            call: &Call,
            needs_token: bool,
            function: impl Fn($($ty),*) -> Res,
        ) -> Result<(), Failure>
        where
            Res: Results,
            $($ty: UfuncElement,)*
        {
            let len = call.len();
            let operand = |n: usize| {
                // SAFETY: one of the operands.
                let data = unsafe { call.data(n) };
                // SAFETY: one of the operands.
                Operand::new(data, unsafe { call.step(n) })
            };
            let mut inputs = [$(operand($n)),*];
            let mut outputs = [Operand::new(ptr::null_mut(), 0); MOST_OUTPUTS];
            for (n, output) in outputs[..Res::COUNT].iter_mut().enumerate() {
                *output = operand($count + n);
            }
            let result = |inputs: &[Operand; $count], i: usize| {
                // SAFETY: element number `i` of each argument.
                Ok((function)($(unsafe { $ty::load(inputs[$n].place(i)) }?),*))
            };
            // It is compiled once for each of the calls below, with what is known there of the steps.
            let each = |inputs: &[Operand; $count], outputs: &[Operand; MOST_OUTPUTS]| {
                (0..len).try_for_each(|i| {
                    let done = match result(inputs, i) {
                        // SAFETY: element number `i` of each result.
                        Ok(result) => unsafe { result.store(outputs, i) },
                        Err(err) => Err(err),
                    };
                    done.map_err(|err| Failure { done: i, err })
                })
            };
            let sizes = [$(size_of::<$ty>()),*];
            if needs_token || sizes.iter().any(|&size| size > SLOT_SIZE) {
                return each(&inputs, &outputs);
            }
            let are_packed = [$(inputs[$n].is_packed::<$ty>()),*];

            let is_reduced = $count == 2
                && Res::COUNT == 1
                && inputs[0].is_same()
                && outputs[0].is_same()
                && inputs[0].place(0) == outputs[0].place(0);
            if is_reduced && are_packed[$count - 1] && len > 0 {
                // SAFETY: there is an element.
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
            if !Res::IS_PLAIN || const { !Block::fits::<Res>() } || !is_in_place {
                return each(&inputs, &outputs);
            }
            // SAFETY: the results are plain and fit a block, and the caller's promise.
            unsafe { in_blocks::<Res>(len, |i| result(&inputs, i), &outputs) }
        }
    };
}

/// So many results are computed before the first of them is written, where they go to the memory of
/// arguments: the compiler sees then that they change none of those that are read with them.
const BLOCK: usize = 64;

/// Room for a block of results, of the same size whatever they are: the stack of a thread may not have more, and
/// the compiler may make room for what is not used.
#[repr(align(16))]
struct Block([MaybeUninit<u8>; BLOCK * MOST_IN_BLOCK]);

/// Most bytes of a result that there is room for.
const MOST_IN_BLOCK: usize = 64;

impl Block {
    const EMPTY: Self = Self([const { MaybeUninit::uninit() }; BLOCK * MOST_IN_BLOCK]);

    /// Whether there is room for a block of these.
    const fn fits<T>() -> bool {
        size_of::<T>() <= MOST_IN_BLOCK && align_of::<T>() <= align_of::<Self>()
    }
}

/// Computes results that go to the memory of arguments, block by block.
///
/// # Safety
///
/// The results are plain and fit a block, and the outputs have `len` elements of them. The thread is attached if it
/// needs to be.
#[inline(always)]
unsafe fn in_blocks<Res: Results>(
    len: usize,
    result: impl Fn(usize) -> PyResult<Res>,
    outputs: &[Operand],
) -> Result<(), Failure> {
    let mut block = Block::EMPTY;
    let results: *mut Res = block.0.as_mut_ptr().cast();
    for start in (0..len).step_by(BLOCK) {
        let count = BLOCK.min(len - start);
        let failed = |i: usize| {
            move |err: PyErr| Failure {
                done: start + i,
                err,
            }
        };
        for i in 0..count {
            let result = result(start + i).map_err(failed(i))?;
            // SAFETY: there is room for so many, at an address that is aligned for them.
            unsafe { results.wrapping_add(i).write(result) };
        }
        for i in 0..count {
            // SAFETY: written above, and nothing to drop, as it is plain.
            let result = unsafe { results.wrapping_add(i).read() };
            // SAFETY: an element of each result.
            unsafe { result.store(outputs, start + i) }.map_err(failed(i))?;
        }
    }
    Ok(())
}

/// Most results that a function can have.
const MOST_OUTPUTS: usize = 8;

impl_function!(1 run_1: A 0);
impl_function!(2 run_2: A 0, B 1);
impl_function!(3 run_3: A 0, B 1, C 2);
impl_function!(4 run_4: A 0, B 1, C 2, D 3);
impl_function!(5 run_5: A 0, B 1, C 2, D 3, E 4);
impl_function!(6 run_6: A 0, B 1, C 2, D 3, E 4, F 5);
impl_function!(7 run_7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
impl_function!(8 run_8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
impl_function!(9 run_9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
impl_function!(10 run_10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
impl_function!(11 run_11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
impl_function!(12 run_12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
