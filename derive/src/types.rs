//! Types that cannot be in the memory of an array, as far as their syntax tells. Of all others the
//! compiler says whether they are elements.

use syn::{Error, Result, Type};

/// # Errors
///
/// What is wrong with the type, and what to use instead.
pub(crate) fn check(ty: &Type) -> Result<()> {
    let problem = match ty {
        Type::Array(array) => return check(&array.elem),
        Type::Group(group) => return check(&group.elem),
        Type::Paren(paren) => return check(&paren.elem),
        Type::Reference(_) => {
            "an element must not borrow, as Python keeps arrays for as long as it likes: hold the \
             value itself, or an array `[T; N]` of values"
        }
        Type::Ptr(_) => {
            "a raw pointer means nothing to NumPy: hold the value itself, or an array `[T; N]` of \
             values"
        }
        Type::Slice(_) => "a slice has no fixed size: use an array `[T; N]`",
        Type::Tuple(_) => {
            "a tuple has no fixed layout: use an array `[T; N]`, or a record of its own, a struct \
             that derives `Element`"
        }
        Type::FnPtr(_) => "a function means nothing to NumPy: hold a Python object `Py<PyAny>`",
        Type::TraitObject(_) | Type::ImplTrait(_) => {
            "a trait object has no fixed layout: name the type itself, or hold a Python object `Py<PyAny>`"
        }
        Type::Never(_) => "there is no value of type `!`: remove the field",
        _ => return Ok(()),
    };
    Err(Error::new_spanned(ty, problem))
}

/// Whether the type is a `PhantomData`, and so nothing to NumPy.
pub(crate) fn is_phantom(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_phantom(&group.elem),
        Type::Paren(paren) => is_phantom(&paren.elem),
        Type::Path(ty) => {
            let last = ty.path.segments.last();
            last.is_some_and(|last| last.ident == "PhantomData")
        }
        _ => false,
    }
}
