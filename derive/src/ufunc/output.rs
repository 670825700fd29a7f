//! What a function returns, as far as its syntax tells.

use syn::{GenericArgument, ReturnType, Type};

use crate::ufunc::ty;

/// Most results that a function can return.
pub(crate) const MOST_RESULTS: usize = 8;

pub(crate) enum Output<'a> {
    /// No type, or `()`, or a `Result` of it.
    Nothing,
    /// A type that is no tuple, or a `Result` of one.
    One(&'a Type),
    /// A tuple of so many, or a `Result` of one.
    Tuple(usize),
    /// A `Result` that does not say of what.
    Unknown,
}

impl<'a> Output<'a> {
    pub(crate) fn of(output: &'a ReturnType) -> Self {
        let ReturnType::Type(_, ty) = output else {
            return Self::Nothing;
        };
        match ty::last_segment(ty) {
            Some(segment) if segment.ident == "Result" || segment.ident == "PyResult" => {
                let ok = ty::arguments(segment).find_map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                });
                ok.map_or(Self::Unknown, Self::of_value)
            }
            _ => Self::of_value(ty),
        }
    }

    fn of_value(ty: &'a Type) -> Self {
        match ty::bare(ty) {
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Nothing,
            Type::Tuple(tuple) => Self::Tuple(tuple.elems.len()),
            ty => Self::One(ty),
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::Output;

    #[test]
    fn the_results_are_those_within_a_result() {
        for ty in [
            parse_quote!(),
            parse_quote!(-> ()),
            parse_quote!(-> PyResult<()>),
        ] {
            assert!(matches!(Output::of(&ty), Output::Nothing));
        }
        for ty in [parse_quote!(-> f64), parse_quote!(-> io::Result<(f64)>)] {
            assert!(matches!(Output::of(&ty), Output::One(_)));
        }
        for ty in [
            parse_quote!(-> (f64, u8)),
            parse_quote!(-> Result<((f64, u8)), E>),
        ] {
            assert!(matches!(Output::of(&ty), Output::Tuple(2)));
        }
        let ty = parse_quote!(-> fmt::Result);
        assert!(matches!(Output::of(&ty), Output::Unknown));
    }
}
