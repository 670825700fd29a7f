//! The variants of an enum are integers.
use npyo::Element;

#[derive(Element)]
#[repr(u8)]
enum Shape {
    Point,
    Circle(f64),
    Square { side: f64 },
}

fn main() {
    let _ = (Shape::Point, Shape::Circle(0.5), Shape::Square { side: 0.5 });
}
