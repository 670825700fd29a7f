//! The attribute `#[npyo(…)]`.

use syn::{Attribute, Error, LitStr, Path, Result};

use crate::errors::Errors;

/// `#[npyo(crate = "path")]` of a type: where npyo is.
pub(crate) fn krate(attrs: &[Attribute]) -> Result<Option<Path>> {
    let krate = value_of(attrs, "a type", Some("crate"))?;
    krate.as_ref().map(path).transpose()
}

/// The path in a string.
pub(crate) fn path(string: &LitStr) -> Result<Path> {
    string
        .parse_with(Path::parse_mod_style)
        .map_err(|_| Error::new(string.span(), "this is no path, such as `\"other::npyo\"`"))
}

/// `#[npyo(rename = "name")]` of a field: what it is called in the dtype.
pub(crate) fn rename(attrs: &[Attribute]) -> Result<Option<LitStr>> {
    value_of(attrs, "a field", Some("rename"))
}

/// No attribute, as of what has no name in the dtype.
pub(crate) fn none(attrs: &[Attribute], of: &str) -> Result<()> {
    value_of(attrs, of, None).map(drop)
}

/// The value of the one key that there can be.
fn value_of(attrs: &[Attribute], of: &str, key: Option<&str>) -> Result<Option<LitStr>> {
    let mut errors = Errors::default();
    let mut value = None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("npyo")) {
        errors.check(attr.parse_nested_meta(|meta| {
            let Some(key) = key else {
                return Err(meta.error(format!("{of} has no `npyo` attributes: remove this one")));
            };
            if !meta.path.is_ident(key) {
                return Err(meta.error(format!(
                    "{of} has no such attribute, only `#[npyo({key} = \"…\")]`"
                )));
            }
            if value.is_some() {
                return Err(meta.error(format!("`{key}` is given twice: remove one of the two")));
            }
            value = Some(meta.value()?.parse()?);
            Ok(())
        }));
    }
    errors.finish(value)
}
