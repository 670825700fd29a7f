//! The names of the fields in the dtype.

use std::collections::HashSet;

use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Field, LitStr, Member, Result};

use crate::attrs;
use crate::errors::Errors;

/// A name for each field: the one it is renamed to, or its own, or `f0`, `f1`, … by position.
///
/// # Errors
///
/// For names that NumPy does not take, and those that occur twice.
pub(crate) fn of(fields: &[(Member, &Field)]) -> Result<Vec<LitStr>> {
    let mut errors = Errors::default();
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(fields.len());
    for (position, (member, field)) in fields.iter().enumerate() {
        let Some(rename) = errors.check(attrs::rename(&field.attrs)) else {
            continue;
        };
        let name = rename.unwrap_or_else(|| match member {
            Member::Named(ident) => LitStr::new(&ident.unraw().to_string(), ident.span()),
            Member::Unnamed(_) => LitStr::new(&format!("f{position}"), field.ty.span()),
        });
        errors.check(check(&name, &mut seen));
        names.push(name);
    }
    errors.finish(names)
}

fn check(name: &LitStr, seen: &mut HashSet<String>) -> Result<()> {
    let text = name.value();
    let problem = if text.is_empty() {
        "the name of a field must not be empty: give it one, or remove the attribute".to_owned()
    } else if text.contains('\0') {
        "the name of a field must not contain NUL: remove the `\\0`".to_owned()
    } else if seen.contains(&text) {
        format!("there is another field named `{text}`: rename one of the two")
    } else {
        seen.insert(text);
        return Ok(());
    };
    Err(Error::new(name.span(), problem))
}
