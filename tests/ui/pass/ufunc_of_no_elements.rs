//! Arguments and results are elements of arrays.

#[npyo::ufunc]
fn length(number: u64) -> u32 {
    number.ilog10()
}

#[npyo::ufunc]
fn text(number: f64) -> f64 {
    number.round()
}

#[npyo::ufunc(types(f64, f32))]
fn same<T>(a: T) -> T {
    a
}

fn main() {}
