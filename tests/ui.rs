//! What must not compile: each file of `ui/fail` has a twin of the same name in `ui/pass` that
//! compiles and differs in the forbidden lines only.
#![allow(
    clippy::unwrap_used,
    reason = "a test that unwraps an error has failed, and says where"
)]

use std::collections::BTreeSet;
use std::path::Path;

/// The names of the Rust files in a folder beside this one.
fn names(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/ui")
        .join(folder);
    let files = folder
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let names = files.map(|name| name.into_string().unwrap());
    names.filter(|name| name.ends_with(".rs")).collect()
}

#[test]
fn every_example_that_fails_stands_beside_one_that_compiles() {
    assert_eq!(names("fail"), names("pass"));
}

/// Skipped where `NPYO_SKIP_UI` is set, and without the features `nalgebra`, `derive` and `rayon`: the messages are
/// those of one compiler, and what it says and how it names a type depends on the features.
#[test]
fn what_must_not_compile_does_not() {
    if std::env::var_os("NPYO_SKIP_UI").is_some()
        || !cfg!(all(
            feature = "nalgebra",
            feature = "derive",
            feature = "rayon"
        ))
    {
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
