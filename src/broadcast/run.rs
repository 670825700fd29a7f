//! From arguments to results: borrowed, broadcast, computed.

use pyo3::prelude::*;

use crate::array::raw;
use crate::array::untyped::PyUntypedArray;
use crate::broadcast::iter::{Iter, Setup};
use crate::broadcast::operand::{Operand, Target};
use crate::broadcast::options::Options;
use crate::broadcast::plan::{Extent, MOST, Plan, broadcast};
use crate::broadcast::walk::Walk;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::element::memory::TypeInfo;
use crate::pool::{PARTS, for_each_part};
use crate::ufunc::call::Kernel;
use crate::ufunc::run::DETACHED;

/// The arrays of one call, and the descriptors of all operands of the function.
struct Operands<'py> {
    py: Python<'py>,
    descrs: Vec<Bound<'py, PyArrayDescr>>,
    inputs: Vec<Operand<'py>>,
    /// Empty if the results are to be made.
    outputs: Vec<Operand<'py>>,
}

/// Calls the function for the elements of the arguments, and returns the arrays that were made for the results,
/// if there are none to write to.
pub(crate) fn run<'py>(
    options: Options,
    kernel: &dyn Kernel,
    types: &[TypeInfo],
    arguments: &[&Bound<'py, PyAny>],
    outputs: Option<&[&Bound<'py, PyAny>]>,
) -> PyResult<Vec<Bound<'py, PyUntypedArray>>> {
    let py = arguments[0].py();
    let descrs = types.iter().map(|info| (info.dtype)(py));
    let descrs = descrs.collect::<PyResult<Vec<_>>>()?;
    let (taken, returned) = descrs.split_at(arguments.len());
    let targets = outputs.unwrap_or_default().iter().zip(returned);
    let targets = targets.map(|(ob, descr)| Target::new(ob, descr));
    let targets = targets.collect::<PyResult<Vec<_>>>()?;
    let inputs = arguments.iter().zip(taken);
    let inputs = inputs.map(|(ob, descr)| Operand::to_read(ob, descr, &targets));
    let inputs = inputs.collect::<PyResult<_>>()?;
    let targets = targets.into_iter().map(Target::into_operand);
    let operands = Operands {
        py,
        inputs,
        outputs: targets.collect::<Result<_, _>>()?,
        descrs,
    };
    for (n, operand) in operands.inputs.iter().enumerate() {
        operand.check_cast(n, &operands.descrs[n], options.rule(), options.rule_name())?;
    }
    let is_cast = operands.given().any(Operand::is_cast);
    let shape = if is_cast { None } else { operands.shape() };
    match shape {
        Some(shape) => operands.walk(options, kernel, &shape),
        None => operands.iterate(options, kernel),
    }
}

impl<'py> Operands<'py> {
    /// The arrays that there are already.
    fn given(&self) -> impl Iterator<Item = &Operand<'py>> + Clone {
        self.inputs.iter().chain(&self.outputs)
    }

    /// The shape of the results; `None` if the shapes do not fit, of which NumPy is to say how.
    fn shape(&self) -> Option<Vec<usize>> {
        let shape = broadcast(self.given().map(|operand| operand.extent().shape))?;
        let fits = |output: &Operand<'_>| output.extent().shape == shape;
        self.outputs.iter().all(fits).then_some(shape)
    }

    /// Calls the function for elements where they are.
    fn walk(
        self,
        options: Options,
        kernel: &dyn Kernel,
        shape: &[usize],
    ) -> PyResult<Vec<Bound<'py, PyUntypedArray>>> {
        let extents: Vec<Extent<'_>> = self.given().map(Operand::extent).collect();
        let mut plan = Plan::new(shape, &extents, options.axes());
        let mut data = [std::ptr::null_mut(); MOST];
        for (place, operand) in data.iter_mut().zip(self.given()) {
            *place = operand.data();
        }
        let mut arrays = Vec::new();
        for (n, descr) in self.descrs.iter().enumerate().skip(extents.len()) {
            let strides = plan.strides(descr.itemsize());
            let no_data = std::ptr::null_mut();
            // SAFETY: NumPy allocates the memory; there are as many strides as axes.
            let array =
                unsafe { raw::from_parts(descr.clone(), shape, strides.as_ptr(), no_data, 0) }?;
            // SAFETY: an array.
            data[n] = unsafe { raw::data(&array) };
            plan.add(n, &strides);
            // SAFETY: the function returns arrays.
            arrays.push(unsafe { array.cast_into_unchecked() });
        }
        let walk = Walk::new(data, self.descrs.len(), plan.into_axes(options.axes()));
        let len = walk.len();
        let run = |parts: usize| {
            for_each_part(parts, |n| {
                // Exact, as there are fewer elements than `isize` counts, and few parts.
                let bound = |n: usize| (len as u128 * n as u128 / parts as u128) as usize;
                // SAFETY: elements of the types of the kernel, as none is cast, which are borrowed, or new. Of
                // arrays that are written to, no element shares memory with another, nor with an argument, but for
                // one in the very same place. Each part has other elements. The thread is attached unless the
                // kernel does not need it to be.
                unsafe { walk.run(kernel, bound(n)..bound(n + 1)) }
            })
        };
        let done = if kernel.needs_token() || len < DETACHED {
            run(1)
        } else {
            let threads = options.threads(len);
            let parts = if threads > 1 { PARTS * threads } else { 1 };
            self.py.detach(|| run(parts))
        };
        done.map_err(|failure| failure.err)?;
        Ok(arrays)
    }

    /// Calls the function for elements that NumPy converts.
    fn iterate(
        self,
        options: Options,
        kernel: &dyn Kernel,
    ) -> PyResult<Vec<Bound<'py, PyUntypedArray>>> {
        let py = self.py;
        // SAFETY: `self` outlives the iterator; the outputs are those to write.
        let given = self
            .given()
            .map(|operand| unsafe { operand.array() }.map(Some));
        let mut arrays = given.collect::<PyResult<Vec<_>>>()?;
        let new = arrays.len()..self.descrs.len();
        arrays.resize(new.end, None);
        let setup = Setup {
            arrays,
            descrs: &self.descrs,
            inputs: self.inputs.len(),
            casting: options.rule(),
            order: options.order_of_numpy(),
        };
        // SAFETY: arrays of our own, over memory that `self` keeps alive and borrowed, or copied. What may overlap
        // has been refused by `Target`, or copied by `Operand`.
        let first = unsafe { Iter::new(py, setup) }?;
        let len = first.len();
        // Old versions of NumPy do not say of all conversions that they need Python.
        let is_plain =
            |operand: &Operand<'_>| !operand.is_cast() || b"biufc".contains(&operand.kind());
        let is_attached = kernel.needs_token()
            || first.needs_python()
            || len < DETACHED
            || !self.given().all(is_plain);
        let parts = if is_attached { 1 } else { options.threads(len) };
        let mut iters = vec![first];
        for _ in 1..parts {
            iters.push(iters[0].copy()?);
        }
        if len > 0 {
            let bound = |n: usize| (len as u128 * n as u128 / parts as u128) as usize;
            let pieces = iters.iter().enumerate();
            let pieces = pieces.map(|(n, iter)| iter.start(bound(n)..bound(n + 1)));
            let pieces = pieces.collect::<PyResult<Vec<_>>>()?;
            // SAFETY: the last pieces of their iterators, which live, and each of which is asked once. Each has
            // other elements of the results. The thread is attached if it needs to be.
            let run = || for_each_part(parts, |n| unsafe { pieces[n].run(kernel) });
            let done = if is_attached { run() } else { py.detach(run) };
            done.map_err(|failure| failure.err)?;
            if let Some(err) = PyErr::take(py) {
                return Err(err);
            }
        }
        // SAFETY: the iterator has as many operands.
        let arrays = new.map(|n| unsafe { iters[0].array(n) }).collect();
        iters.into_iter().try_for_each(Iter::close)?;
        Ok(arrays)
    }
}
