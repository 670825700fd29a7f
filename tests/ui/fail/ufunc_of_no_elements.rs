//! Arguments and results are elements of arrays.

#[npyo::ufunc]
fn length(text: String) -> usize {
    text.len()
}

#[npyo::ufunc]
fn text(number: f64) -> String {
    number.to_string()
}

#[npyo::ufunc(types(f64, String))]
fn same<T>(a: T) -> T {
    a
}

fn main() {}
