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
    let (found_rows, rows) = (rows(found)?, rows(wanted)?);
    let width = |rows: &[[String; 2]], title: &str| {
        let cells = rows.iter().map(|row| row[0].len() + row[1].len() + 2);
        cells.max().unwrap_or(0).max(title.len())
    };
    let left = width(&found_rows, "array");
    let cell = |row: Option<&[String; 2]>| row.map_or(String::new(), |row| row.join("  "));
    let mut text = format!("\n   {:left$}   wanted", "array");
    let mut differs = false;
    for i in 0..rows.len().max(found_rows.len()) {
        let (one, other) = (found_rows.get(i), rows.get(i));
        let mark = if one != other && !differs {
            differs = true;
            "   <- first difference"
        } else {
            ""
        };
        // Writing to a String does not fail.
        let _ = write!(text, "\n   {:left$}   {}{mark}", cell(one), cell(other));
    }
    Some(text)
}

/// Name, and type with offset, of each field, and the size of an item.
fn rows(descr: &Bound<'_, PyArrayDescr>) -> Option<Vec<[String; 2]>> {
    let mut rows = Vec::new();
    for name in descr.names()? {
        let (field, offset) = descr.get_field(&name).ok()?;
        rows.push([name, format!("{field} at byte {offset}")]);
    }
    rows.push(["".to_owned(), format!("{} bytes", descr.itemsize())]);
    Some(rows)
}
