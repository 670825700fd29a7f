//! Functions of generalised ufuncs, and the loops that call them.

use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;

use pyo3::prelude::*;

use crate::borrow::registry::Borrow;
use crate::borrow::table::Access;
use crate::element::memory::TypeInfo;
use crate::error::BorrowError;
#[cfg(feature = "rayon")]
use crate::ufunc::call::Extent;
use crate::ufunc::call::{Call, Failure, Kernel};
use crate::ufunc::core::{CoreArgument, CoreOperand};
use crate::ufunc::operand::Operand;
use crate::ufunc::results::Results;
use crate::ufunc::signature::Signature;

/// A function of one to twelve [`CoreArgument`]s that a generalised ufunc can be made of. `Args` is the tuple of
/// their types.
#[diagnostic::on_unimplemented(
    message = "this function cannot be made a generalised ufunc",
    note = "it takes an `ArrayView<'_, T, D>` or an element for each argument, up to twelve in all, and then either \
            an `ArrayViewMut<'_, T, D>` for each result, or it returns one element, a tuple of two to eight, or a \
            `Result` of these"
)]
pub trait CoreFunction<Args>: Send + Sync + 'static {
    /// What it returns.
    #[doc(hidden)]
    type Results: Results;

    /// Whether the thread must be attached.
    #[doc(hidden)]
    const NEEDS_TOKEN: bool;

    /// What it takes, first the arguments.
    #[doc(hidden)]
    fn parameters() -> Vec<Parameter>;

    /// Calls the function for each of the elements.
    ///
    /// # Safety
    ///
    /// The operands are those of the parameters, and behind them those of the results, and each has as many
    /// dimensions as the parameter. Those of results that other operands may touch are shared. The thread is
    /// attached if it needs to be.
    #[doc(hidden)]
    unsafe fn run(&self, operands: &[CoreOperand], len: usize) -> Result<(), Failure>;
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) is_output: bool,
    pub(crate) ndim: Option<usize>,
    pub(crate) info: TypeInfo,
}

/// A function that tells sizes of core dimensions.
pub(crate) type CoreDims = Arc<dyn Fn(&mut [Option<usize>]) -> PyResult<()> + Send + Sync>;

/// A function of core dimensions as a kernel.
pub(crate) struct Generalised<Args, F> {
    pub(crate) function: F,
    pub(crate) signature: Arc<Signature>,
    /// To be called with the sizes of each call, if NumPy does not do it.
    pub(crate) check: Option<CoreDims>,
    /// The sizes of the operands' elements.
    pub(crate) sizes: Vec<usize>,
    pub(crate) args: PhantomData<fn(Args)>,
}

/// Finds the results in whose range of memory there is another operand: NumPy copies results that overlap with
/// an argument, but not if the two are the very same array.
fn share(operands: &mut [CoreOperand], inputs: usize, sizes: &[usize]) {
    let spans: Vec<_> = operands
        .iter()
        .zip(sizes)
        .map(|(one, &size)| one.span(size))
        .collect();
    for (n, operand) in operands.iter_mut().enumerate().skip(inputs) {
        let mut others = spans.iter().enumerate().filter(|(other, _)| *other != n);
        if others.any(|(_, span)| span.overlaps(spans[n])) {
            operand.share();
        }
    }
}

impl<Args, F: CoreFunction<Args>> Kernel for Generalised<Args, F> {
    fn needs_token(&self) -> bool {
        F::NEEDS_TOKEN || self.check.is_some()
    }

    fn is_fallible(&self) -> bool {
        F::NEEDS_TOKEN || F::Results::IS_FALLIBLE || self.check.is_some()
    }

    unsafe fn work(&self, call: &Call) -> usize {
        // SAFETY: the call has the core dimensions of the signature.
        let sizes = (0..self.signature.dims).map(|dim| unsafe { call.core_dim(dim) });
        sizes.fold(call.len(), usize::saturating_mul)
    }

    unsafe fn run(&self, call: &Call) -> Result<(), Failure> {
        if let Some(check) = &self.check {
            // SAFETY: the call has the core dimensions of the signature.
            let sizes = (0..self.signature.dims).map(|dim| Some(unsafe { call.core_dim(dim) }));
            check(&mut sizes.collect::<Vec<_>>()).map_err(|err| Failure { done: 0, err })?;
        }
        // SAFETY: the caller's promise.
        let mut operands = unsafe { self.operands(call) };
        share(&mut operands, self.signature.inputs, &self.sizes);
        let _borrows = self.borrow(&operands).map_err(|err| Failure {
            done: 0,
            err: err.into(),
        })?;
        // SAFETY: the caller's promise; that the dimensions go together has been checked by the builder.
        unsafe { self.function.run(&operands, call.len()) }
    }

    #[cfg(feature = "rayon")]
    fn counts(&self) -> (usize, usize) {
        (self.signature.operands.len(), self.signature.dims)
    }

    #[cfg(feature = "rayon")]
    unsafe fn extents(&self, call: &Call) -> Vec<Extent> {
        // SAFETY: the caller's promise.
        let operands = unsafe { self.operands(call) };
        let extent = |(n, operand): (usize, &CoreOperand)| {
            let span = operand.core_span(self.sizes[n]);
            Extent {
                start: span.start,
                width: span.len(),
                step: operand.outer().step(),
                is_output: n >= self.signature.inputs,
            }
        };
        operands.iter().enumerate().map(extent).collect()
    }
}

impl<Args, F> Generalised<Args, F> {
    /// Borrows the operands, so that there are no views to write to of what other Rust code refers to. Results
    /// that are shared are written by pointers only, as NumPy does it.
    fn borrow(&self, operands: &[CoreOperand]) -> Result<Vec<Borrow>, BorrowError> {
        let operands = operands.iter().zip(&self.sizes).enumerate();
        let viewed = operands.filter(|(_, (operand, _))| !operand.is_shared());
        let borrow = |(n, (operand, size)): (usize, (&CoreOperand, &usize))| {
            let is_input = n < self.signature.inputs;
            operand.borrow(
                *size,
                if is_input {
                    Access::Shared
                } else {
                    Access::Exclusive
                },
            )
        };
        viewed.map(borrow).collect()
    }

    /// The operands of a call.
    ///
    /// # Safety
    ///
    /// The call is one for this function.
    unsafe fn operands(&self, call: &Call) -> Vec<CoreOperand> {
        let mut strides = self.signature.operands.len();
        let operands = self.signature.operands.iter().enumerate().map(|(n, dims)| {
            let start = strides;
            strides += dims.len();
            // SAFETY: the call has the operands of the signature, and behind their steps the strides of their
            // core dimensions.
            unsafe { CoreOperand::of(call, n, dims, start..strides) }
        });
        operands.collect()
    }
}

macro_rules! impl_function {
    ($count:literal: $($ty:ident $n:tt),*) => {
        impl<Func, Res, $($ty),*> CoreFunction<($($ty,)*)> for Func
        where
            Func: Send + Sync + 'static,
            // The first tells the compiler what the types are, the second what it is called with.
            Func: Fn($($ty),*) -> Res + for<'a> Fn($($ty::Item<'a>),*) -> Res,
            Res: Results,
            $($ty: CoreArgument,)*
        {
            type Results = Res;
            const NEEDS_TOKEN: bool = Res::NEEDS_TOKEN $(|| $ty::NEEDS_TOKEN)*;

            fn parameters() -> Vec<Parameter> {
                vec![$(Parameter {
                    is_output: $ty::IS_OUTPUT,
                    ndim: $ty::NDIM,
                    info: $ty::INFO,
                }),*]
            }

            #[allow(non_snake_case)]
            unsafe fn run(&self, operands: &[CoreOperand], len: usize) -> Result<(), Failure> {
                /// With this the compiler knows which of the two it is.
                #[inline(always)]
                #[allow(clippy::too_many_arguments)]
                fn call<Res, $($ty),*>(function: impl Fn($($ty),*) -> Res, $($ty: $ty),*) -> Res {
                    function($($ty),*)
                }

                let mut results = [Operand::new(ptr::null_mut(), 0); MOST_OUTPUTS];
                for (result, operand) in results.iter_mut().zip(&operands[$count..]) {
                    *result = operand.outer();
                }
                $(let mut $ty = $ty::buffer(&operands[$n]);)*
                let mut each = |i: usize| {
                    // SAFETY: element number `i` of the operands of the parameters. Results that share memory
                    // with other operands are shared, as the caller promises.
                    let result = call::<Res, $($ty::Item<'_>),*>(self, $(unsafe { $ty::item(&operands[$n], &mut $ty, i) }?),*);
                    // SAFETY: element number `i` of the operands of the results.
                    unsafe { result.store(&results, i) }?;
                    $(
                        // SAFETY: as for the items.
                        unsafe { $ty::finish(&operands[$n], &mut $ty, i) };
                    )*
                    Ok(())
                };
                (0..len).try_for_each(|i| each(i).map_err(|err| Failure { done: i, err }))
            }
        }
    };
}

/// Most results that a function can return.
const MOST_OUTPUTS: usize = 8;

impl_function!(1: A 0);
impl_function!(2: A 0, B 1);
impl_function!(3: A 0, B 1, C 2);
impl_function!(4: A 0, B 1, C 2, D 3);
impl_function!(5: A 0, B 1, C 2, D 3, E 4);
impl_function!(6: A 0, B 1, C 2, D 3, E 4, F 5);
impl_function!(7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
impl_function!(8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
impl_function!(9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
impl_function!(10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
impl_function!(11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
impl_function!(12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
