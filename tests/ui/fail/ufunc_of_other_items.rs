//! A ufunc is made of a function that can be called for any element.

#[npyo::ufunc]
struct Point {
    x: f64,
}

impl Point {
    #[npyo::ufunc]
    fn scaled(&self, factor: f64) -> f64 {
        self.x * factor
    }
}

trait Area {
    #[npyo::ufunc]
    fn area(radius: f64) -> f64;
}

#[npyo::ufunc]
async unsafe fn read(place: u64) -> f64 {
    place as f64
}

#[npyo::ufunc]
extern "C" fn from_c(a: f64) -> f64 {
    a
}

fn main() {
    let _ = Point { x: 0.5 }.scaled(2.0);
    let _ = from_c(0.5);
}
