//! A ufunc is made of a function that can be called for any element.

struct Point {
    x: f64,
}

impl Point {
    fn scaled(&self, factor: f64) -> f64 {
        scaled(self.x, factor)
    }
}

#[npyo::ufunc]
fn scaled(x: f64, factor: f64) -> f64 {
    x * factor
}

trait Area {
    fn area(radius: f64) -> f64;
}

#[npyo::ufunc]
fn read(place: u64) -> f64 {
    place as f64
}

#[npyo::ufunc]
fn from_c(a: f64) -> f64 {
    a
}

fn main() {
    let _ = Point { x: 0.5 }.scaled(2.0);
    let _ = from_c(0.5);
}
