//! Two structured descriptors side by side, for the reader of an error.

use std::fmt::Write;

use pyo3::prelude::*;

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};

/// The fields of two structured descriptors side by side, for a reader; the first line says where they
/// differ first.
pub(crate) fn side_by_side(
    found: &Bound<'_, PyArrayDescr>,
    wanted: &Bound<'_, PyArrayDescr>,
) -> Option<String> {
    let (found, wanted) = (cells(found)?, cells(wanted)?);
    let width = found.iter().map(|cell| cell.chars().count()).max()?;
    let mut text = format!("\n   {:width$}   wanted", "array");
    let mut differs = false;
    for i in 0..wanted.len().max(found.len()) {
        let (one, other) = (found.get(i), wanted.get(i));
        let mark = if one != other && !differs {
            differs = true;
            "   <- first difference"
        } else {
            ""
        };
        let cell = |cell: Option<&String>| cell.cloned().unwrap_or_default();
        // Writing to a String does not fail.
        let _ = write!(text, "\n   {:width$}   {}{mark}", cell(one), cell(other));
    }
    Some(text)
}

/// A line for each field, with its name, its type and where it is, and one for the size of an item.
fn cells(descr: &Bound<'_, PyArrayDescr>) -> Option<Vec<String>> {
    let names = descr.names()?;
    let width = names.iter().map(|name| name.chars().count()).max()?;
    let mut cells = Vec::with_capacity(names.len() + 1);
    for name in names {
        cells.push(match descr.get_field(&name) {
            Ok((field, offset)) => format!("{name:width$}  {field} at byte {offset}"),
            // Names that are no Unicode are shown in another way than they are.
            Err(_) => name,
        });
    }
    cells.push(format!("{} bytes", descr.itemsize()));
    Some(cells)
}
