//! How to broadcast, and the calls that do it.

use pyo3::prelude::*;

use crate::array::order::Order;
use crate::broadcast::argument::TakesArrays;
use crate::broadcast::options::{Casting, Options};
use crate::broadcast::results::{NewArrays, ResultArrays, WritesTo};
use crate::broadcast::run::run;
use crate::ufunc::function::{ElementFunction, Elementwise};

/// Calls a function of single elements for whole arrays, which are broadcast against each other.
///
/// See [the module][crate::broadcast] for what functions and arguments may be.
///
/// ```
/// use npyo::broadcast::{Broadcast, Casting};
/// use npyo::{PyArrayDyn, prelude::*};
/// use pyo3::prelude::*;
///
/// /// The position after a time, and the distance that has been gone.
/// #[pyfunction]
/// fn gone<'py>(
///     position: &Bound<'py, PyAny>,
///     speed: &Bound<'py, PyAny>,
///     time: f32,
/// ) -> PyResult<(Bound<'py, PyArrayDyn<f32>>, Bound<'py, PyArrayDyn<f32>>)> {
///     Broadcast::new()
///         .casting(Casting::SameKind)
///         .call([position, speed], |x: f32, v: f32| (x + v * time, (v * time).abs()))
/// }
/// # fn main() -> PyResult<()> {
/// #     Python::attach(|py| {
/// #         let gone = wrap_pyfunction!(gone)(py)?;
/// #         let (to, distance): (Bound<'_, PyArrayDyn<f32>>, Bound<'_, PyArrayDyn<f32>>) =
/// #             gone.call1((vec![1.0, 2.0], -1.5, 2.0))?.extract()?;
/// #         assert_eq!(to.to_vec()?, [-2.0, -1.0]);
/// #         assert_eq!(distance.to_vec()?, [3.0, 3.0]);
/// #         Ok(())
/// #     })
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[must_use = "it does nothing until a function is called by it"]
pub struct Broadcast(Options);

impl Broadcast {
    /// With safe conversions only, and results in the order of the arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets which conversions are allowed, from the arguments' elements to the types that the function takes,
    /// and from those that it returns to elements of the arrays that are written to.
    ///
    /// ```
    /// use npyo::broadcast::{Broadcast, Casting};
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     let doubles = pyarray![py, 0.5, 1.5];
    ///     let add = |a: f32| a + 1.0;
    ///     assert!(Broadcast::new().call([&doubles], add).is_err());
    ///     let sums = Broadcast::new().casting(Casting::SameKind).call([&doubles], add)?;
    ///     assert_eq!(sums.to_vec()?, [1.5, 2.5]);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn casting(mut self, casting: Casting) -> Self {
        self.0.casting = casting;
        self
    }

    /// Sets the order of the results in memory, and of the calls of the function.
    ///
    /// Otherwise both are as close to the order of the arguments as can be: arguments in Fortran order give
    /// results in Fortran order.
    ///
    /// ```
    /// use npyo::broadcast::Broadcast;
    /// use npyo::{Order, prelude::*, pyarray};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]];
    ///     let negative = |a: i32| -a;
    ///     assert!(Broadcast::new().call([&array], negative)?.is_c_contiguous());
    ///     let fortran = Broadcast::new().order(Order::Fortran);
    ///     assert!(fortran.call([&array], negative)?.is_fortran_contiguous());
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn order(mut self, order: Order) -> Self {
        self.0.order = Some(order);
        self
    }

    /// Computes large arrays on all threads of [rayon]'s pool.
    ///
    /// The results are the very same, and so is the error, if there are several. It pays where a function takes
    /// longer than the memory for its arguments, from some ten operations on. Functions that run attached stay
    /// on their thread, and so do all in a process that was forked after [`npyo::init`][crate::init].
    ///
    /// [rayon]: https://docs.rs/rayon
    ///
    /// ```
    /// use npyo::broadcast::Broadcast;
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     let array = PyArray::arange(py, 0.0, 100_000.0, 1.0);
    ///     let roots = Broadcast::new().parallel().call([&array], f64::sqrt)?;
    ///     assert_eq!(roots.to_vec()?[9801], 99.0);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[cfg(feature = "rayon")]
    pub fn parallel(mut self) -> Self {
        self.0.is_parallel = true;
        self
    }

    /// Calls the function for all elements, and returns new arrays of what it returns: one for an element, a
    /// tuple for a tuple, and nothing for nothing.
    ///
    /// The function is called in whatever order is the fastest, unless one was [asked for][Self::order]. It may
    /// return nothing:
    ///
    /// ```
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// use npyo::broadcast::Broadcast;
    /// use pyo3::prelude::*;
    ///
    /// /// How many points are within a circle around the origin.
    /// #[pyfunction]
    /// fn within(x: &Bound<'_, PyAny>, y: &Bound<'_, PyAny>, radius: f64) -> PyResult<usize> {
    ///     let count = AtomicUsize::new(0);
    ///     Broadcast::new().call([x, y], |x: f64, y: f64| {
    ///         count.fetch_add((x.hypot(y) < radius).into(), Ordering::Relaxed);
    ///     })?;
    ///     Ok(count.into_inner())
    /// }
    /// # fn main() -> PyResult<()> {
    /// #     Python::attach(|py| {
    /// #         let within = wrap_pyfunction!(within)(py)?;
    /// #         assert_eq!(within.call1((vec![1.0, 2.0, 3.0], 4, 4.5))?.extract::<usize>()?, 2);
    /// #         Ok(())
    /// #     })
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The first that the function returns; no result is to be seen then. NumPy's: a `TypeError` if a dtype
    /// cannot be converted as [allowed][Self::casting], a `ValueError` if the shapes cannot be broadcast, and
    /// whatever a conversion raises. An [`ArrayBorrowError`][crate::ArrayBorrowError] if a guard to write to one of
    /// the arrays lives, a `TypeError` if one is masked, and an `OverflowError` if a Python number does not fit
    /// the integers that the function takes.
    pub fn call<'py, Args, F, const N: usize>(
        &self,
        arguments: [&Bound<'py, PyAny>; N],
        function: F,
    ) -> PyResult<<F::Results as ResultArrays>::Arrays<'py>>
    where
        Args: TakesArrays<N>,
        F: ElementFunction<Args>,
        F::Results: ResultArrays,
    {
        let kernel = Elementwise::<Args, F>::new(function);
        let arrays = run(self.0, &kernel, &F::types(), &arguments, None)?;
        // SAFETY: they have just been made, and handed to nobody.
        F::Results::take(&mut unsafe { NewArrays::new(arrays) })
    }

    /// Calls the function for all elements, and writes what it returns to arrays, one for an element, and for a
    /// tuple one for each element.
    ///
    /// They have the shape to which the arguments are broadcast, and any dtype to which the elements may be
    /// [converted][Self::casting]. An array may be an argument too, which is then changed in place. Arguments of
    /// which an array has a part, as `a[1:]` and `a[:-1]` have, are copied first.
    ///
    /// ```
    /// use npyo::broadcast::Broadcast;
    /// use npyo::{PyArrayMethods, pyarray};
    /// use pyo3::prelude::*;
    ///
    /// /// y += a * x
    /// #[pyfunction]
    /// fn axpy(a: f64, x: &Bound<'_, PyAny>, y: &Bound<'_, PyAny>) -> PyResult<()> {
    ///     Broadcast::new().call_into([x, y], [y], |x: f64, y: f64| y + a * x)
    /// }
    /// # fn main() -> PyResult<()> {
    /// #     Python::attach(|py| {
    /// #         let axpy = wrap_pyfunction!(axpy)(py)?;
    /// #         let y = pyarray![py, [1.0, 2.0], [3.0, 4.0]];
    /// #         axpy.call1((10.0, vec![1.0, 2.0], &y))?;
    /// #         assert_eq!(y.to_vec()?, [11.0, 22.0, 13.0, 24.0]);
    /// #         axpy.call1((10.0, vec![1.0, 2.0, 3.0], &y)).unwrap_err();
    /// #         Ok(())
    /// #     })
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`call`][Self::call]. After an error of the function or of a conversion, some results may have been
    /// written. A `TypeError` if one of `outputs` is no array, a `ValueError` if it is read-only, of another
    /// shape, or has elements that share memory, and an [`ArrayBorrowError`][crate::ArrayBorrowError] if any guard
    /// to it lives, or if two of `outputs` share memory.
    pub fn call_into<'py, Args, F, const N: usize, const M: usize>(
        &self,
        arguments: [&Bound<'py, PyAny>; N],
        outputs: [&Bound<'py, PyAny>; M],
        function: F,
    ) -> PyResult<()>
    where
        Args: TakesArrays<N>,
        F: ElementFunction<Args>,
        F::Results: WritesTo<M>,
    {
        let kernel = Elementwise::<Args, F>::new(function);
        run(self.0, &kernel, &F::types(), &arguments, Some(&outputs))?;
        Ok(())
    }
}
