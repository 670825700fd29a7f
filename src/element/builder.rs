//! Records whose fields are known at run time only.

use std::fmt;

use pyo3::prelude::*;

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::record::{RecordField, record_descr};
use crate::element::trait_::Element;

/// Builds the dtype of records field by field.
///
/// Where the fields are known at compile time, `#[derive(Element)]` on a struct does so.
///
/// ```
/// use npyo::{RecordBuilder, prelude::*};
/// use pyo3::prelude::*;
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let dtype = RecordBuilder::new(py)
///         .field::<i32>("id")?
///         .field::<f64>("price")?
///         .build()?;
///     assert_eq!(dtype.itemsize(), 12);
///     assert_eq!(dtype.get_field("price")?.1, 4);
///
///     let dtype = RecordBuilder::new(py)
///         .aligned()
///         .field::<i32>("id")?
///         .field::<f64>("price")?
///         .build()?;
///     assert_eq!(dtype.itemsize(), 16);
///     assert!(dtype.is_aligned_struct());
///     Ok(())
/// })
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct RecordBuilder<'py> {
    py: Python<'py>,
    fields: Vec<RecordField<'static, 'py>>,
    /// Where the last of the fields ends.
    end: usize,
    itemsize: Option<usize>,
    /// The greatest alignment of a field, if fields are aligned.
    alignment: Option<usize>,
}

impl<'py> RecordBuilder<'py> {
    /// A record without fields, in which each field follows the one before with no gap.
    pub fn new(py: Python<'py>) -> Self {
        Self {
            py,
            fields: Vec::new(),
            end: 0,
            itemsize: None,
            alignment: None,
        }
    }

    /// Aligns the fields that are added from here on, and the size of the record, as C does.
    pub fn aligned(mut self) -> Self {
        self.alignment.get_or_insert(1);
        self
    }

    /// Adds a field of type `T` behind the others.
    ///
    /// # Errors
    ///
    /// If there is no dtype of `T` at run time.
    pub fn field<T: Element>(self, name: impl Into<String>) -> PyResult<Self> {
        let descr = PyArrayDescr::try_of::<T>(self.py)?;
        Ok(self.field_of(name, descr))
    }

    /// Adds a field of any dtype behind the others: a sub-array, another record …
    pub fn field_of(mut self, name: impl Into<String>, dtype: Bound<'py, PyArrayDescr>) -> Self {
        let mut offset = self.end;
        if let Some(greatest) = &mut self.alignment {
            let alignment = dtype.alignment().max(1);
            *greatest = alignment.max(*greatest);
            offset = offset.next_multiple_of(alignment);
        }
        self.field_at(name, dtype, offset)
    }

    /// Adds a field that starts at the given byte.
    pub fn field_at(
        mut self,
        name: impl Into<String>,
        dtype: Bound<'py, PyArrayDescr>,
        offset: usize,
    ) -> Self {
        self.end = self.end.max(offset.saturating_add(dtype.itemsize()));
        self.fields.push(RecordField {
            name: name.into().into(),
            descr: dtype,
            offset,
        });
        self
    }

    /// Sets the bytes from one record to the next, which are otherwise those up to the end of the last
    /// field, or, with [`aligned`][Self::aligned], up to the next record that is aligned.
    pub fn itemsize(mut self, bytes: usize) -> Self {
        self.itemsize = Some(bytes);
        self
    }

    /// The dtype.
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` for names that occur twice, for fields that end behind the record, and for
    /// offsets that are not aligned after [`aligned`][Self::aligned].
    pub fn build(self) -> PyResult<Bound<'py, PyArrayDescr>> {
        let end = self.end;
        let natural = self
            .alignment
            .map_or(end, |most| end.next_multiple_of(most));
        let itemsize = self.itemsize.unwrap_or(natural);
        record_descr(self.py, &self.fields, itemsize, self.alignment.is_some())
    }
}

impl fmt::Debug for RecordBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.fields).finish()
    }
}
