//! The variants of an enum are integers.
use npyo::Element;

#[derive(Element)]
#[repr(u8)]
enum Shape {
    Point,
    Circle,
    Square,
}

fn main() {
    let _ = (Shape::Point, Shape::Circle, Shape::Square);
}
