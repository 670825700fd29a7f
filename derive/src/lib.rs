//! The macros of npyo, which re-exports them as `npyo::Element`, `npyo::ufunc` and `npyo::gufunc` with
//! the feature `derive`.

mod attrs;
mod enumeration;
mod errors;
mod fields;
mod krate;
mod names;
mod params;
mod record;
mod repr;
mod target;
#[cfg(test)]
mod tests;
mod transparent;
mod types;
mod ufunc;

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Path, Result, parse_macro_input, parse_quote};

use crate::errors::Errors;
use crate::repr::Repr;
use crate::target::Target;

/// Makes a struct or an enum an element of NumPy arrays.
///
/// There are three kinds of such types, told apart by their `#[repr(…)]`, which fixes their layout:
///
/// - a *record*, a struct with `#[repr(C)]` or `#[repr(C, packed)]`, is an item of a structured
///   array. Its fields are those of the dtype, with their names, offsets and padding; those of a
///   tuple struct are called `f0`, `f1` and so on. A field can have any element type, records and
///   Python objects `Py<T>` included, or be an array `[T; N]` of such, which is a sub-array to
///   NumPy. If it is not packed, the dtype is an aligned one, like `np.dtype(…, align=True)`;
/// - a *newtype*, a struct with `#[repr(transparent)]` and one field, has the dtype of the field;
/// - an *enum* without fields, with a `#[repr(u8)]` or another integer of at most 64 bits, has the
///   dtype of the integer. What Python writes is checked before Rust sees it: an integer that is no
///   variant is an error that names it.
///
/// Fields of type `PhantomData` are nothing to NumPy. Types and numbers may be parameters, as in
/// `struct Pair<T: Element>`; lifetimes may not, since an array may outlive what they borrow.
///
/// The values of an array come from Python as well as from Rust. So a private field keeps no promise
/// of yours: whatever is a value of its type may be in it.
///
/// A type that implements `Drop` is an element only if it holds Python objects, as others are copied
/// bit by bit.
///
/// # Attributes
///
/// - `#[npyo(rename = "name")]`, of a field of a record: its name in the dtype.
/// - `#[npyo(crate = "path")]`, of a type: where npyo is, if it is not among the dependencies in
///   `Cargo.toml`, as in `#[npyo(crate = "other::npyo")]`. A dependency of another name, as in
///   `numpy = { package = "npyo", … }`, is found without.
///
/// # Example
///
/// ```text
/// #[derive(Element)]
/// #[repr(C)]
/// struct Trade {
///     id: u32,
///     #[npyo(rename = "px")]
///     price: f64,
///     side: Side,
///     position: [f32; 3],
/// }
///
/// #[derive(Element)]
/// #[repr(u8)]
/// enum Side {
///     Buy,
///     Sell,
/// }
/// ```
///
/// To NumPy, that is
///
/// ```text
/// np.dtype([("id", "u4"), ("px", "f8"), ("side", "u1"), ("position", "f4", 3)], align=True)
/// ```
#[proc_macro_derive(Element, attributes(npyo))]
pub fn derive_element(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, krate::find)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// Makes a function of elements one that a NumPy ufunc, `numpy.ufunc`, can be made of.
///
/// The function takes one to twelve elements by value and returns one, or a tuple of up to eight, or a
/// `Result` of that. Before the elements it may take a token, `Python<'_>`, and then runs attached. It
/// stays as it is, and can be called from Rust. What the ufunc does and which types there are says the
/// module `npyo::ufunc`.
///
/// A module of the function's name and visibility stands beside it. So wherever the function can be
/// named, its ufunc can be added to a module of Python: with `npyo::add_ufuncs!(module, logit, gcd)?`
/// in a function, or with `#[pymodule_export] use super::logit;` in a `#[pymodule] mod`.
///
/// # Arguments
///
/// - `types(f32, f64)`, of a generic function: the types that there are, or tuples of them if there
///   are several type parameters, as in `types((f32, i32), (f64, i64))`. NumPy takes the first to
///   which it can convert the arguments safely, so small types come first.
/// - `identity = zero`, of a function of two elements: what `reduce` gives for no elements, which may
///   also be `one`, `minus_one`, or a value such as `f64::NEG_INFINITY`. With `reorderable` there is
///   none, but the order of the elements does not matter, so that `reduce` goes along several axes at
///   once.
/// - `parallel`, of a function without a token: large arrays are computed on all threads of rayon's
///   pool. It needs the feature `rayon` of npyo.
/// - `without_fp_errors`: NumPy does not look at the processor's floating-point flags, so that there
///   are no warnings.
/// - `name = "name"`: its name in Python, if it is not that of the function.
/// - `crate = "path"`: where npyo is, if it is not among the dependencies in `Cargo.toml`.
///
/// The comment of the function is the text for `help` in Python.
///
/// # Example
///
/// ```text
/// /// Logit of a probability, ln(p / (1 - p)).
/// #[npyo::ufunc(types(f32, f64), parallel)]
/// fn logit<T: Float>(p: T) -> T {
///     (p / (T::one() - p)).ln()
/// }
///
/// /// The two objects, with a hyphen between.
/// #[npyo::ufunc]
/// fn hyphenate(py: Python<'_>, a: Py<PyAny>, b: Py<PyAny>) -> PyResult<Py<PyAny>> {
///     Ok(a.bind(py).add("-")?.add(b)?.unbind())
/// }
/// ```
#[proc_macro_attribute]
pub fn ufunc(args: TokenStream, item: TokenStream) -> TokenStream {
    beside(ufunc::elementwise::expand, args, item)
}

/// Makes a function of arrays one that a generalised NumPy ufunc, `numpy.ufunc`, can be made of.
///
/// The first argument of the attribute is the *signature*: the names of the *core dimensions*, the last
/// ones of each input and output, which the function sees. NumPy loops over all others, and broadcasts
/// them. With `"(m,n),(n)->(m)"`, say, the function takes a matrix and a vector and makes a vector, and
/// the ufunc takes arrays of such. Dimensions of one name are of one size. A dimension that is a number,
/// as in `"(3),(3)->(3)"`, is of that size; one with a `?`, as in `"(m?,n),(n)->(m?)"`, may be missing in
/// the arguments, and then has size 1 for the function.
///
/// The function takes one to twelve arguments by value:
///
/// - for each input an `ArrayView` of as many dimensions as the signature has for it, such as
///   `ArrayView2<'_, f64>` for `(m,n)`, or an `ArrayViewD`; for an input `()` the element itself;
/// - then for each output an `ArrayViewMut`, to write to, and it returns nothing, or `Result<(), E>`.
///   What is in the arrays before has no meaning;
/// - or, if all outputs are `()`, none for these, and it returns an element, or a tuple of up to eight, or
///   a `Result` of that.
///
/// It has no token, stays as it is, and can be called from Rust. A module of its name stands beside it, as
/// for `#[npyo::ufunc]`, and its ufunc is added to a module of Python in the same ways.
///
/// # Arguments
///
/// - The signature, a string.
/// - `core_dims = path`: a function, `fn(&mut [Option<usize>]) -> PyResult<()>`, that checks the sizes of
///   the core dimensions and computes those that only outputs have. They are in the order in which the
///   signature first names them, and `None` where nothing tells. NumPy asks for them from 2.1 on. Before
///   that, and without such a function, Python has to pass `out` where only outputs have a dimension.
/// - `types(f32, f64)`, of a generic function: the types that there are, or tuples of them if there
///   are several type parameters.
/// - `parallel`: if there are many calls to make, all threads of rayon's pool make them. It needs the
///   feature `rayon` of npyo.
/// - `without_fp_errors`: NumPy does not look at the processor's floating-point flags, so that there
///   are no warnings.
/// - `name = "name"`: its name in Python, if it is not that of the function.
/// - `crate = "path"`: where npyo is, if it is not among the dependencies in `Cargo.toml`.
///
/// The comment of the function is the text for `help` in Python.
///
/// # Example
///
/// ```text
/// /// The distance of two points.
/// #[npyo::gufunc("(n),(n)->()", types(f32, f64))]
/// fn distance<T: Float>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>) -> T {
///     let squares = x.iter().zip(y).map(|(&x, &y)| (x - y) * (x - y));
///     squares.fold(T::zero(), |sum, square| sum + square).sqrt()
/// }
///
/// /// All sums of neighbours.
/// #[npyo::gufunc("(n)->(m)", core_dims = one_less)]
/// fn sums(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
///     for (out, pair) in out.iter_mut().zip(x.windows(2)) {
///         *out = pair[0] + pair[1];
///     }
/// }
///
/// fn one_less(sizes: &mut [Option<usize>]) -> PyResult<()> {
///     sizes[1] = sizes[0].and_then(|n| n.checked_sub(1));
///     Ok(())
/// }
/// ```
#[proc_macro_attribute]
pub fn gufunc(args: TokenStream, item: TokenStream) -> TokenStream {
    beside(ufunc::generalised::expand, args, item)
}

/// The function, which takes by value what it is called with, and what it expands to.
fn beside(expand: ufunc::Expand, args: TokenStream, function: TokenStream) -> TokenStream {
    let function = proc_macro2::TokenStream::from(function);
    let module = expand(args.into(), function.clone(), krate::find)
        .unwrap_or_else(Error::into_compile_error);
    quote!(#[allow(clippy::needless_pass_by_value)] #function #module).into()
}

/// The implementation for a type, unless it says where npyo is, in the crate that `find` finds.
fn expand(input: &DeriveInput, find: fn() -> Result<Path>) -> Result<proc_macro2::TokenStream> {
    let mut errors = Errors::default();
    for lifetime in input.generics.lifetimes() {
        errors.add(Error::new_spanned(
            lifetime,
            "an element must not borrow, as Python keeps arrays for as long as it likes: remove \
             the lifetime, and hold the values themselves",
        ));
    }
    let krate = attrs::krate(&input.attrs).and_then(|path| path.map_or_else(find, Ok));
    let target = Target {
        ident: &input.ident,
        generics: &input.generics,
        repr: Repr::of(&input.attrs)?,
        krate: errors.check(krate).unwrap_or_else(|| parse_quote!(::npyo)),
    };
    let expansion = errors.check(match &input.data {
        Data::Struct(data) if target.repr.has("transparent") => {
            transparent::expand(&target, &data.fields)
        }
        Data::Struct(data) => record::expand(&target, &data.fields),
        Data::Enum(data) => enumeration::expand(&target, data),
        Data::Union(data) => Err(Error::new_spanned(
            data.union_token,
            "a union is no element, as NumPy has no dtype for it: use a struct",
        )),
    });
    errors.finish(expansion.unwrap_or_default())
}
