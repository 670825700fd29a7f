//! Bit patterns that are no values of an element type.

use std::fmt;

use crate::error::{ViewError, ViewProblem};

/// An element whose bytes are no value of its Rust type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidElement {
    position: usize,
    problem: String,
    wrong_object: bool,
}

impl InvalidElement {
    /// Element number `position`, and what is wrong with it: "byte 24 is neither 0 nor 1".
    #[must_use]
    pub fn new(position: usize, problem: impl Into<String>) -> Self {
        Self {
            position,
            problem: problem.into(),
            wrong_object: false,
        }
    }

    /// Like [`new`][Self::new], for a Python object of the wrong type.
    pub(crate) fn wrong_object(position: usize, problem: String) -> Self {
        Self {
            position,
            problem,
            wrong_object: true,
        }
    }

    /// The same of a part of element number `position`.
    pub(crate) fn within(self, position: usize, part: fmt::Arguments<'_>) -> Self {
        Self {
            position,
            problem: format!("{part}: {}", self.problem),
            ..self
        }
    }

    /// The same where `count` elements come before those that were looked at.
    pub(crate) fn after(self, count: usize) -> Self {
        Self {
            position: self.position + count,
            ..self
        }
    }

    /// The position of the element among those that were looked at.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The error that names the element by its index in an array.
    pub(crate) fn at(self, index: Vec<usize>) -> ViewError {
        let problem = self.problem;
        if self.wrong_object {
            ViewProblem::WrongObject { index, problem }.into()
        } else {
            ViewProblem::InvalidValue { index, problem }.into()
        }
    }
}
