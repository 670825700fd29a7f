//! The signature of a generalised ufunc, such as `(m,n),(n,p)->(m,p)`: which core dimensions each operand has.
#![forbid(unsafe_code)]

/// The core dimensions of the operands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// For each operand, the number of each of its core dimensions: dimensions of one name have one number, in
    /// the order in which the names come up.
    pub(crate) operands: Vec<Vec<usize>>,
    /// How many of the operands are arguments.
    pub(crate) inputs: usize,
    /// How many core dimensions there are.
    pub(crate) dims: usize,
}

impl Signature {
    /// `None` if it is none. NumPy says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (inputs, outputs) = text.split_once("->")?;
        let mut names = Vec::new();
        let mut operands = parse_operands(inputs, &mut names)?;
        let inputs = operands.len();
        operands.append(&mut parse_operands(outputs, &mut names)?);
        Some(Self {
            operands,
            inputs,
            dims: names.len(),
        })
    }
}

/// Operands in parentheses, with commas between them.
fn parse_operands<'a>(mut text: &'a str, names: &mut Vec<&'a str>) -> Option<Vec<Vec<usize>>> {
    let mut operands = Vec::new();
    loop {
        let (operand, rest) = text.trim().strip_prefix('(')?.split_once(')')?;
        let dims = operand
            .split(',')
            .filter(|_| !operand.trim().is_empty())
            .map(|dim| number(dim.trim(), names));
        operands.push(dims.collect::<Option<_>>()?);
        text = match rest.trim().strip_prefix(',') {
            Some(rest) => rest,
            None => return rest.trim().is_empty().then_some(operands),
        };
    }
}

/// The number of a dimension, which may be a new one. `?` makes it optional in all operands.
fn number<'a>(dim: &'a str, names: &mut Vec<&'a str>) -> Option<usize> {
    let name = dim.strip_suffix('?').unwrap_or(dim).trim_end();
    // A size is one dimension however it is written.
    let name = match name.trim_start_matches('0') {
        size if size.starts_with(|c: char| c.is_ascii_digit()) => size,
        _ => name,
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| match names.iter().position(|known| *known == name) {
        Some(number) => number,
        None => {
            names.push(name);
            names.len() - 1
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Signature;

    #[test]
    fn operands_share_dimensions_by_name() {
        let parse = |text: &str| Signature::parse(text).map(|sig| (sig.inputs, sig.operands));
        let one = |operands: &[&[usize]]| operands.iter().map(|dims| dims.to_vec()).collect();
        assert_eq!(parse("(n),(n)->()"), Some((2, one(&[&[0], &[0], &[]]))));
        assert_eq!(
            parse("( m? , n ),(n,p?) -> (m?,p?)"),
            Some((2, one(&[&[0, 1], &[1, 2], &[0, 2]])))
        );
        assert_eq!(parse("(3),(3)->(3)"), Some((2, one(&[&[0], &[0], &[0]]))));
        assert_eq!(parse("(3),(03)->(n)"), Some((2, one(&[&[0], &[0], &[1]]))));
        assert_eq!(parse("(i)->(),(j)"), Some((1, one(&[&[0], &[], &[1]]))));
        assert_eq!(parse("(),()->()"), Some((2, one(&[&[], &[], &[]]))));
        for bad in [
            "",
            "(n)",
            "->()",
            "(n)->",
            "(n->()",
            "(n)(n)->()",
            "(n,)->()",
            "(a-b)->()",
            "(a b)->()",
            "(a)- >()",
            "(n)->()x",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
