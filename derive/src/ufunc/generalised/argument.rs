//! What an argument is, as far as its type tells how it is written. A name that is none of these may
//! be another name for one of them.

use syn::{GenericArgument, Ident, PathSegment, Signature, Type};

use crate::ufunc::ty;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Argument {
    /// `ArrayView1`, or `ArrayView` with `Ix1`.
    View(Dimensions),
    /// `ArrayViewMut1`, or `ArrayViewMut` with `Ix1`.
    MutableView(Dimensions),
    /// A type parameter, or a primitive type.
    Element,
    /// Neither an element nor a view.
    Other,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Dimensions {
    Fixed(usize),
    /// `ArrayViewD`, or `ArrayView` with `IxDyn`.
    Dynamic,
    Unknown,
}

/// Types of arrays that are no views.
const ARRAYS: [&str; 9] = [
    "Array",
    "ArcArray",
    "ArrayRef",
    "CowArray",
    "PyArray",
    "PyArrayLike",
    "PyFrozenArray",
    "PyReadonlyArray",
    "PyReadwriteArray",
];

const PRIMITIVES: [&str; 18] = [
    "bool", "char", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "u8",
    "u16", "u32", "u64", "u128", "usize",
];

impl Argument {
    pub(crate) fn of(ty: &Type, sig: &Signature) -> Self {
        match ty::bare(ty) {
            Type::Path(_) | Type::Macro(_) | Type::Verbatim(_) => {}
            _ => return Self::Other,
        }
        let Some(segment) = ty::last_segment(ty) else {
            return Self::Unknown;
        };
        if let Some(dimensions) = dimensions(segment, "ArrayViewMut") {
            Self::MutableView(dimensions)
        } else if let Some(dimensions) = dimensions(segment, "ArrayView") {
            Self::View(dimensions)
        } else if is_element(ty, sig) {
            Self::Element
        } else if segment.ident == "Vec"
            || ARRAYS
                .iter()
                .any(|name| dimensions(segment, name).is_some())
        {
            Self::Other
        } else {
            Self::Unknown
        }
    }

    pub(crate) fn is_mutable(self) -> bool {
        matches!(self, Self::MutableView(_))
    }
}

fn is_element(ty: &Type, sig: &Signature) -> bool {
    let Type::Path(path) = ty::bare(ty) else {
        return false;
    };
    let is = |ident: &Ident| {
        PRIMITIVES.iter().any(|name| ident == name)
            || sig
                .generics
                .type_params()
                .any(|param| param.ident == *ident)
    };
    path.path.get_ident().is_some_and(is)
}

impl Dimensions {
    pub(crate) fn may_be(self, count: usize) -> bool {
        match self {
            Self::Fixed(dimensions) => dimensions == count,
            Self::Dynamic | Self::Unknown => true,
        }
    }
}

/// Those of a type of this name: `Name1`, `NameD`, or `Name` with `Ix1`.
fn dimensions(segment: &PathSegment, name: &str) -> Option<Dimensions> {
    let ident = segment.ident.to_string();
    match ident.strip_prefix(name)? {
        "" => Some(of_last_argument(segment).unwrap_or(Dimensions::Unknown)),
        suffix => of_suffix(suffix),
    }
}

fn of_last_argument(segment: &PathSegment) -> Option<Dimensions> {
    match ty::arguments(segment).last()? {
        GenericArgument::Type(ty) => {
            let ident = ty::last_segment(ty)?.ident.to_string();
            of_suffix(ident.strip_prefix("Ix")?)
        }
        _ => None,
    }
}

fn of_suffix(suffix: &str) -> Option<Dimensions> {
    match suffix {
        "D" | "Dyn" => Some(Dimensions::Dynamic),
        digit => digit.parse().ok().map(Dimensions::Fixed),
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{Argument, Dimensions};

    #[test]
    fn arguments_are_told_apart_by_their_types() {
        let view = Argument::View;
        let mutable = Argument::MutableView;
        for (text, argument) in [
            ("ArrayView2<'_, T>", view(Dimensions::Fixed(2))),
            (
                "(nd::ArrayView<'_, T, nd::Ix0>)",
                view(Dimensions::Fixed(0)),
            ),
            ("ArrayView<'_, T, D>", view(Dimensions::Unknown)),
            ("ArrayViewMut6<'_, f64>", mutable(Dimensions::Fixed(6))),
            ("ArrayViewMutD<'_, f64>", mutable(Dimensions::Dynamic)),
            ("ArrayViewMut<'_, T, IxDyn>", mutable(Dimensions::Dynamic)),
            ("T", Argument::Element),
            ("u8", Argument::Element),
            ("&f64", Argument::Other),
            ("[T; 3]", Argument::Other),
            ("Array1<T>", Argument::Other),
            ("npyo::PyReadonlyArrayDyn<'_, T>", Argument::Other),
            ("Vec<T>", Argument::Other),
            ("Complex64", Argument::Unknown),
            ("ArrayViewOfMine<'_>", Argument::Unknown),
            ("T::Item", Argument::Unknown),
            ("row!(T)", Argument::Unknown),
        ] {
            let ty = syn::parse_str(text).expect(text);
            let sig = parse_quote!(fn f<T, D>());
            assert_eq!(Argument::of(&ty, &sig), argument, "{text}");
        }
    }
}
