//! What types expand to: for each `golden/*.rs` the formatted expansion is `*.expanded.rs` beside it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that unwraps an error has failed, and says where"
)]

use std::fs;
use std::path::Path;

use syn::{DeriveInput, parse_quote};

use crate::expand;

fn formatted_expansion(source: &str) -> String {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    let expansion = expand(&input, || Ok(parse_quote!(::npyo))).unwrap();
    prettyplease::unparse(&syn::parse2(expansion).unwrap())
}

/// With `NPYO_BLESS` set, the files are written anew.
#[test]
fn types_expand_to_the_golden_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut differing = Vec::new();
    for file in folder.read_dir().unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(stem) = name.strip_suffix(".rs").filter(|stem| !stem.contains('.')) else {
            continue;
        };
        let expansion = formatted_expansion(&fs::read_to_string(&path).unwrap());
        let golden = folder.join(format!("{stem}.expanded.rs"));
        if std::env::var_os("NPYO_BLESS").is_some() {
            fs::write(golden, expansion).unwrap();
        } else if fs::read_to_string(golden).ok() != Some(expansion) {
            differing.push(stem.to_owned());
        }
    }
    assert!(
        differing.is_empty(),
        "what {differing:?} expand to has changed: set NPYO_BLESS=1 and review the difference"
    );
}
