//! Whether a function has the inputs and outputs of the signature.

use syn::{Error, Result, Signature as FunctionSignature, Type};

use crate::errors::Errors;
use crate::ufunc::function::MOST_ARGUMENTS;
use crate::ufunc::generalised::argument::Argument;
use crate::ufunc::generalised::signature::{Core, Signature};
use crate::ufunc::output::{MOST_RESULTS, Output};

/// # Errors
///
/// Everything that does not fit.
pub(crate) fn check(sig: &FunctionSignature, types: &[&Type], signature: &Signature) -> Result<()> {
    let arguments = types.iter().map(|ty| (*ty, Argument::of(ty, sig)));
    let fit = Fit {
        sig,
        arguments: arguments.collect(),
        output: Output::of(&sig.output),
        signature,
    };
    let mut errors = Errors::default();
    errors.check(if fit.writes() {
        fit.check_views()
    } else {
        fit.check_inputs()
    });
    errors.check(if fit.writes() {
        fit.check_returns_nothing()
    } else {
        fit.check_results()
    });
    errors.finish(())
}

struct Fit<'a> {
    sig: &'a FunctionSignature,
    arguments: Vec<(&'a Type, Argument)>,
    output: Output<'a>,
    signature: &'a Signature,
}

impl Fit<'_> {
    /// Whether outputs are arguments, rather than returned.
    fn writes(&self) -> bool {
        self.first_mutable().is_some() || matches!(self.output, Output::Nothing)
    }

    /// The position of the first argument that is surely an output.
    fn first_mutable(&self) -> Option<usize> {
        let is_mutable = |(_, argument): &(_, Argument)| argument.is_mutable();
        self.arguments.iter().position(is_mutable)
    }

    /// Inputs and outputs, as arguments.
    fn check_views(&self) -> Result<()> {
        let (inputs, outputs) = (&self.signature.inputs, &self.signature.outputs);
        self.check_order()?;
        if self.arguments.len() != inputs.len() + outputs.len() {
            return self.check_numbers();
        }
        self.check_most()?;
        let mut errors = Errors::default();
        let (read, written) = self.arguments.split_at(inputs.len());
        for (position, (argument, core)) in read.iter().zip(inputs).enumerate() {
            errors.check(check_input(*argument, position + 1, core));
        }
        for (position, (argument, core)) in written.iter().zip(outputs).enumerate() {
            errors.check(check_output(*argument, position + 1, core));
        }
        errors.finish(())
    }

    /// Outputs behind the inputs.
    fn check_order(&self) -> Result<()> {
        let is_input = |(_, argument): &(_, Argument)| {
            !argument.is_mutable() && *argument != Argument::Unknown
        };
        let last_input = self.arguments.iter().rposition(is_input).unwrap_or(0);
        let early = self.arguments[..last_input].iter();
        let early = early.filter(|(_, argument)| argument.is_mutable());
        let mut errors = Errors::default();
        errors.extend(early.map(|(ty, _)| {
            Error::new_spanned(
                ty,
                "outputs are the last arguments: move this one behind the inputs",
            )
        }));
        errors.finish(())
    }

    /// Why there are not as many arguments as inputs and outputs.
    fn check_numbers(&self) -> Result<()> {
        let (inputs, outputs) = (&self.signature.inputs, &self.signature.outputs);
        let Some(first_output) = self.first_mutable() else {
            let advice = match outputs.iter().find(|core| core.len() > 0) {
                Some(core) => format!(
                    "have an argument behind the inputs for each output, such as \
                     `out: {}<'_, f64>`",
                    view("ArrayViewMut", core)
                ),
                None => "return an element for each output, such as `-> f64`".to_owned(),
            };
            return Err(Error::new_spanned(
                &self.sig.ident,
                format!(
                    "the signature has {}, {}, and the function returns and writes nothing: \
                     {advice}",
                    number(outputs.len(), "output"),
                    list(outputs),
                ),
            ));
        };
        let (read, written) = self.arguments.split_at(first_output);
        let mut errors = Errors::default();
        errors.check(self.check_number(read, inputs, ["input", "takes"]));
        errors.check(self.check_number(written, outputs, ["output", "writes"]));
        errors.finish(())
    }

    /// Only inputs, as arguments.
    fn check_inputs(&self) -> Result<()> {
        let inputs = &self.signature.inputs;
        self.check_number(&self.arguments, inputs, ["input", "takes"])?;
        self.check_most()?;
        let mut errors = Errors::default();
        for (position, (argument, core)) in self.arguments.iter().zip(inputs).enumerate() {
            errors.check(check_input(*argument, position + 1, core));
        }
        errors.finish(())
    }

    fn check_number(
        &self,
        arguments: &[(&Type, Argument)],
        cores: &[Core],
        [kind, verb]: [&str; 2],
    ) -> Result<()> {
        let (found, wanted) = (arguments.len(), cores.len());
        if found == wanted {
            return Ok(());
        }
        let problem = format!(
            "the signature has {}, {}, and the function {verb} {found}: {} {}, or change the \
             signature",
            number(wanted, kind),
            list(cores),
            if found < wanted { "add" } else { "remove" },
            number(found.abs_diff(wanted), "argument"),
        );
        Err(match arguments.get(wanted) {
            Some((surplus, _)) => Error::new_spanned(surplus, problem),
            None => Error::new_spanned(&self.sig.ident, problem),
        })
    }

    fn check_most(&self) -> Result<()> {
        match self.arguments.get(MOST_ARGUMENTS) {
            Some((surplus, _)) => Err(Error::new_spanned(
                surplus,
                format!(
                    "a ufunc is made of functions of at most {MOST_ARGUMENTS} arguments, and here \
                     are {}: have fewer",
                    self.arguments.len()
                ),
            )),
            None => Ok(()),
        }
    }

    fn check_returns_nothing(&self) -> Result<()> {
        let is_nothing = match &self.output {
            Output::Nothing | Output::Unknown => true,
            Output::One(ty) => Argument::of(ty, self.sig) == Argument::Unknown,
            Output::Tuple(_) => false,
        };
        if is_nothing {
            return Ok(());
        }
        Err(Error::new_spanned(
            &self.sig.output,
            "the outputs are written to views, so there is nothing to return: remove the type, or \
             write `Result<(), E>` if the function can fail",
        ))
    }

    /// Outputs that are returned.
    fn check_results(&self) -> Result<()> {
        let outputs = &self.signature.outputs;
        let problem = if let Some(position) = outputs.iter().position(|core| core.len() > 0) {
            let core = &outputs[position];
            format!(
                "output {} of the signature, `{core}`, is an array, which the function writes to: \
                 remove the type, and have an argument behind the inputs for each output, such as \
                 `out: {}<'_, f64>`",
                position + 1,
                view("ArrayViewMut", core),
            )
        } else if outputs.len() > MOST_RESULTS {
            format!(
                "a function returns {MOST_RESULTS} elements at most: remove the type, and have an \
                 argument behind the inputs for each output, such as `out: ArrayViewMut0<'_, f64>`"
            )
        } else if let Some(results) = self.results().filter(|&results| results != outputs.len()) {
            format!(
                "the signature has {}, {}, and the function returns {results}: return {}",
                number(outputs.len(), "output"),
                list(outputs),
                match outputs.len() {
                    1 => "an element".to_owned(),
                    wanted => format!("a tuple of {wanted}"),
                }
            )
        } else if self.returns_an_array() {
            "an output `()` is one element: return its type, such as `f64`, or write the core \
             dimensions of the output in the signature"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(Error::new_spanned(&self.sig.output, problem))
    }

    /// The number of elements that it returns, if that is certain.
    fn results(&self) -> Option<usize> {
        match &self.output {
            Output::Tuple(count) => Some(*count),
            Output::One(ty) if Argument::of(ty, self.sig) == Argument::Element => Some(1),
            _ => None,
        }
    }

    fn returns_an_array(&self) -> bool {
        match &self.output {
            Output::One(ty) => !matches!(
                Argument::of(ty, self.sig),
                Argument::Element | Argument::Unknown
            ),
            _ => false,
        }
    }
}

fn check_input((ty, argument): (&Type, Argument), position: usize, core: &Core) -> Result<()> {
    let view = view("ArrayView", core);
    let advice = match argument {
        Argument::View(dimensions) if dimensions.may_be(core.len()) => return Ok(()),
        Argument::Element if core.len() == 0 => return Ok(()),
        Argument::Unknown => return Ok(()),
        _ if core.len() == 0 => "is one element: write its type, such as `f64`".to_owned(),
        Argument::View(_) => other_dimensions(core, &view),
        Argument::MutableView(_) => format!("is only read: write `{view}`"),
        _ => format!("is an array: write a view by value, such as `{view}<'_, f64>`"),
    };
    Err(Error::new_spanned(
        ty,
        format!("this is input {position} of the signature, `{core}`, which {advice}"),
    ))
}

fn check_output((ty, argument): (&Type, Argument), position: usize, core: &Core) -> Result<()> {
    let view = view("ArrayViewMut", core);
    let advice = match argument {
        Argument::MutableView(dimensions) if dimensions.may_be(core.len()) => return Ok(()),
        Argument::Unknown => return Ok(()),
        Argument::MutableView(_) => other_dimensions(core, &view),
        _ => format!("is written to: write a mutable view by value, such as `{view}<'_, f64>`"),
    };
    Err(Error::new_spanned(
        ty,
        format!("this is output {position} of the signature, `{core}`, which {advice}"),
    ))
}

fn other_dimensions(core: &Core, view: &str) -> String {
    let dimensions = number(core.len(), "dimension");
    format!("has {dimensions}: write `{view}`, or change the signature")
}

/// The type of a view of these dimensions, such as `ArrayView1`; there are none with a digit above 6.
fn view(name: &str, core: &Core) -> String {
    match core.len() {
        count @ 0..=6 => format!("{name}{count}"),
        _ => format!("{name}D"),
    }
}

/// Such as "1 input" or "2 inputs".
fn number(count: usize, kind: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {kind}{plural}")
}

fn list(cores: &[Core]) -> String {
    let cores: Vec<_> = cores.iter().map(ToString::to_string).collect();
    format!("`{}`", cores.join(","))
}
