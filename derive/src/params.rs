//! Type parameters that are types of fields.

use syn::{Error, Field, Generics, Ident, Member, Result, Type, WherePredicate};

use crate::errors::Errors;

/// # Errors
///
/// For each parameter without any bound. The compiler would say so several times.
pub(crate) fn check(generics: &Generics, fields: &[(Member, &Field)]) -> Result<()> {
    let mut errors = Errors::default();
    for param in generics.type_params() {
        let ident = &param.ident;
        let is_field = fields.iter().any(|(_, field)| is(item(&field.ty), ident));
        if is_field && param.bounds.is_empty() && !has_predicate(generics, ident) {
            errors.add(Error::new_spanned(
                ident,
                format!(
                    "a field of type `{ident}` is an element only if `{ident}` is: \
                     write `{ident}: Element`"
                ),
            ));
        }
    }
    errors.finish(())
}

fn has_predicate(generics: &Generics, ident: &Ident) -> bool {
    let mut predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    predicates.any(|predicate| match predicate {
        WherePredicate::Type(predicate) => is(&predicate.bounded_ty, ident),
        _ => false,
    })
}

/// The type of the items of an array of any number of dimensions.
fn item(ty: &Type) -> &Type {
    match ty {
        Type::Array(array) => item(&array.elem),
        _ => ty,
    }
}

fn is(ty: &Type, ident: &Ident) -> bool {
    matches!(ty, Type::Path(ty) if ty.path.is_ident(ident))
}
