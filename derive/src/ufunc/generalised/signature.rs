//! The signature of a generalised ufunc: the core dimensions of its inputs and outputs, in NumPy's
//! grammar.

use std::fmt;

use syn::{Error, LitStr, Result};

/// Such as `(m?,n),(n,3)->(m?)`.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) inputs: Vec<Core>,
    pub(crate) outputs: Vec<Core>,
}

/// The core dimensions of an input or an output, such as `(m?,3)`.
#[derive(Debug, PartialEq)]
pub(crate) struct Core(Vec<Dimension>);

#[derive(Debug, PartialEq)]
struct Dimension {
    /// A name, or a number if the size is fixed.
    name: String,
    /// Whether it may be missing, as `?` says.
    is_flexible: bool,
}

impl Signature {
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub(crate) fn parse(literal: &LitStr) -> Result<Self> {
        let fail = |problem: String| Error::new(literal.span(), problem);
        Self::of(&literal.value()).map_err(fail)
    }

    fn of(text: &str) -> Parsed<Self> {
        if text.trim().is_empty() {
            return Err("the signature is empty: write one such as `(m,n),(n)->(m)`".to_owned());
        }
        let mut parser = Parser { text, position: 0 };
        let inputs = parser.arguments(Some("->"))?;
        let outputs = parser.arguments(None)?;
        let sides = [(&inputs, "input", "before"), (&outputs, "output", "after")];
        for (arguments, kind, place) in sides {
            if arguments.is_empty() {
                return Err(format!(
                    "a generalised ufunc has at least one {kind}: write its core dimensions \
                     {place} `->`, such as `(n)`, or `()` if it has none"
                ));
            }
        }
        let signature = Self { inputs, outputs };
        signature.check()?;
        Ok(signature)
    }

    fn check(&self) -> Parsed<()> {
        let mut seen: Vec<&Dimension> = Vec::new();
        for core in self.inputs.iter().chain(&self.outputs) {
            for dimension in &core.0 {
                let name = &dimension.name;
                match seen.iter().find(|other| other.name == *name) {
                    Some(other) if other.is_flexible != dimension.is_flexible => {
                        return Err(format!(
                            "`{name}` is here with `?` and there without: write `{name}?` \
                             everywhere if it may be missing, else `{name}`"
                        ));
                    }
                    Some(_) => {}
                    None => seen.push(dimension),
                }
            }
        }
        Ok(())
    }
}

impl Core {
    /// The number of dimensions.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dimensions = self.0.iter().map(|dimension| match dimension.is_flexible {
            true => format!("{}?", dimension.name),
            false => dimension.name.clone(),
        });
        write!(f, "({})", dimensions.collect::<Vec<_>>().join(","))
    }
}

/// A part of the signature, or what is wrong.
type Parsed<T> = std::result::Result<T, String>;

struct Parser<'a> {
    text: &'a str,
    /// In bytes.
    position: usize,
}

impl<'a> Parser<'a> {
    /// Inputs or outputs, up to the `end`, which is that of the text if there is none.
    fn arguments(&mut self, end: Option<&str>) -> Parsed<Vec<Core>> {
        let mut arguments = Vec::new();
        if self.eat_end(end) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.core()?);
            if self.eat_end(end) {
                return Ok(arguments);
            }
            if !self.eat(",") {
                let end = end.map_or("the end".to_owned(), |end| format!("`{end}`"));
                return Err(self.unexpected(&format!("`,` or {end}")));
            }
        }
    }

    fn core(&mut self) -> Parsed<Core> {
        let mut dimensions = Vec::new();
        if !self.eat("(") {
            return Err(self.unexpected("`(`"));
        }
        if self.eat(")") {
            return Ok(Core(dimensions));
        }
        loop {
            dimensions.push(self.dimension()?);
            if self.eat(")") {
                return Ok(Core(dimensions));
            }
            if !self.eat(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn dimension(&mut self) -> Parsed<Dimension> {
        let rest = self.rest();
        let is_end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
        let (word, rest) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        if word.is_empty() {
            return Err(self.unexpected("the name or the size of a dimension"));
        }
        let is_size = word.starts_with(|c: char| c.is_ascii_digit());
        let dimension = Dimension {
            name: if is_size {
                size(word)?
            } else {
                word.to_owned()
            },
            is_flexible: rest.starts_with('?'),
        };
        self.position += word.len() + usize::from(dimension.is_flexible);
        Ok(dimension)
    }

    fn eat_end(&mut self, end: Option<&str>) -> bool {
        match end {
            Some(end) => self.eat(end),
            None => self.rest().is_empty(),
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.position += if found { token.len() } else { 0 };
        found
    }

    /// What comes next, after spaces, of those that NumPy skips.
    fn rest(&mut self) -> &'a str {
        let rest = self.text[self.position..].trim_start_matches([' ', '\t']);
        self.position = self.text.len() - rest.len();
        rest
    }

    fn unexpected(&mut self, expected: &str) -> String {
        let found = match self.rest().chars().next() {
            Some(next) if !next.is_ascii() && next.is_alphanumeric() => {
                return format!(
                    "`{next}` cannot be in the name of a dimension: use ASCII letters, digits and \
                     `_`"
                );
            }
            Some(next) => format!("there is `{}`", next.escape_debug()),
            None => "the signature ends".to_owned(),
        };
        let place = match self.text[..self.position].trim_end() {
            "" => "at the beginning".to_owned(),
            before => format!("after `{before}`"),
        };
        format!(
            "{place} {found} where {expected} should be: write a signature such as \
             `(m,n),(n)->(m)`"
        )
    }
}

/// The number of a fixed size, as NumPy compares them.
fn size(word: &str) -> Parsed<String> {
    if !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "`{word}` is neither the name of a dimension nor its size: begin a name with a letter \
             or `_`, or write digits only"
        ));
    }
    match word.parse::<i64>() {
        Ok(0) => Err(
            "a dimension of size `0` has no elements: write a size of at least 1, or a name"
                .to_owned(),
        ),
        Ok(size) => Ok(size.to_string()),
        Err(_) => Err(format!(
            "no dimension is of size `{word}`: write a smaller one, or a name"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::Signature;

    /// The signature as it is understood, without spaces.
    fn parsed(text: &str) -> Result<String, String> {
        let Signature { inputs, outputs } = Signature::of(text)?;
        let list = |cores: &[super::Core]| {
            let cores: Vec<_> = cores.iter().map(ToString::to_string).collect();
            cores.join(",")
        };
        Ok(format!("{}->{}", list(&inputs), list(&outputs)))
    }

    #[test]
    fn signatures_of_the_grammar_of_numpy_are_parsed() {
        for text in [
            "()->()",
            "(n),(n)->()",
            "(m,n),(n,p)->(m,p)",
            "(m?,n),(n,p?)->(m?,p?)",
            "(3),(3)->(3)",
            "(n),(2?)->(n,2?),()",
            "(a_1,B2,_)->(_)",
        ] {
            assert_eq!(parsed(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn spaces_are_skipped_and_zeros_before_a_size() {
        let text = " ( m? ,\tn ) , ( 03 )  -> ( 3, n ) ";
        assert_eq!(parsed(text).as_deref(), Ok("(m?,n),(3)->(3,n)"));
    }

    #[test]
    fn other_texts_are_errors_that_say_where() {
        for (text, problem) in [
            ("", "the signature is empty"),
            ("n->n", "at the beginning there is `n` where `(`"),
            ("(n)", "after `(n)` the signature ends where `,` or `->`"),
            ("(n)(m)->()", "after `(n)` there is `(` where `,` or `->`"),
            ("(n),->()", "after `(n),` there is `-` where `(`"),
            ("(n)- >()", "after `(n)` there is `-` where `,` or `->`"),
            ("(n)->(n)->()", "there is `-` where `,` or the end"),
            ("(n)->(n),", "the signature ends where `(`"),
            ("(m n)->()", "after `(m` there is `n` where `,` or `)`"),
            ("(n ?)->()", "after `(n` there is `?` where `,` or `)`"),
            ("(n??)->()", "after `(n?` there is `?` where `,` or `)`"),
            ("(n", "after `(n` the signature ends where `,` or `)`"),
            ("(n,)->()", "after `(n,` there is `)` where the name"),
            ("(ñ)->()", "`ñ` cannot be in the name of a dimension"),
            ("(-3)->()", "after `(` there is `-` where the name"),
            ("(n)\n->()", "after `(n)` there is `\\n` where `,` or `->`"),
            ("->()", "has at least one input"),
            ("()->", "has at least one output"),
            ("(3d)->()", "`3d` is neither the name of"),
            ("(0)->()", "a dimension of size `0` has no elements"),
            ("(9223372036854775808)->()", "no dimension is of size `9223"),
            ("(n),(n?)->()", "`n` is here with `?` and there without"),
            ("(3?)->(03)", "`3` is here with `?` and there without"),
        ] {
            let error = parsed(text).expect_err(text);
            assert!(error.contains(problem), "{text:?}: {error}");
        }
    }
}
