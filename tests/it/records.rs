//! Records: structs, enumerations and newtypes as elements.

use std::mem::{offset_of, size_of};

use npyo::ndarray::{Ix1, Ix2, array};
use npyo::{
    AllowTypeChange, BorrowError, Complex64, Element, PyArray1, PyArray2, PyArrayDescr,
    PyArrayLike1, PyFixedString, PyFixedUnicode, PyReadonlyArray1, PyReadwriteArray1,
    PyUntypedArray, RecordBuilder, Scalar, datetime::Datetime, datetime::units::Nanoseconds, dtype,
    prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::common::{eval, eval_on, exec_on, refcount, refused};

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(u8)]
enum Side {
    Buy = 1,
    Sell = 2,
}

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(i16)]
enum Sparse {
    Low = -300,
    Zero = 0,
    High = 300,
}

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(transparent)]
struct Celsius(f64);

/// Seven bytes of padding after `side`, seven after `flag`.
#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(C)]
struct Trade {
    side: Side,
    price: f64,
    #[npyo(rename = "ok")]
    flag: bool,
}

const PADDED: [Trade; 2] = [
    Trade {
        side: Side::Buy,
        price: 1.5,
        flag: true,
    },
    Trade {
        side: Side::Sell,
        price: 2.5,
        flag: false,
    },
];

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(C, packed)]
struct Packed {
    id: i32,
    x: f64,
}

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(C)]
struct Point<T: Element> {
    x: T,
    y: T,
}

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(C)]
struct Everything {
    when: Datetime<Nanoseconds>,
    z: Complex64,
    name: PyFixedString<5>,
    label: PyFixedUnicode<3>,
    grid: [[f32; 3]; 2],
    corners: [Point<i16>; 2],
    at: Celsius,
    level: Sparse,
}

#[derive(Element, Debug)]
#[repr(C)]
struct Tagged {
    id: u8,
    tag: Py<PyAny>,
    name: Py<PyString>,
}

#[derive(Element)]
#[repr(C, packed)]
struct PackedTag(u8, Py<PyAny>);

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(C, align(32))]
struct Wide(f64);

#[derive(Element, Debug, Clone, Copy, PartialEq)]
#[repr(C)]
struct Shape {
    corners: [Point<i16>; 2],
    level: Sparse,
}

fn descr<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyArrayDescr> {
    eval(py, &format!("np.dtype({code})")).cast_into().unwrap()
}

fn bytes(array: &Bound<'_, PyAny>) -> Vec<u8> {
    array.call_method0("tobytes").unwrap().extract().unwrap()
}

// --- The dtype ----------------------------------------------------------------------------

#[test]
fn dtypes_have_the_layout_of_the_struct() {
    Python::attach(|py| {
        let trade = dtype::<Trade>(py);
        assert_eq!(trade.names().unwrap(), ["side", "price", "ok"]);
        assert_eq!(trade.itemsize(), size_of::<Trade>());
        assert!(trade.is_aligned_struct());
        assert_eq!(
            trade.get_field("price").unwrap().1,
            offset_of!(Trade, price)
        );
        assert!(
            trade
                .get_field("side")
                .unwrap()
                .0
                .is_equiv_to(&dtype::<u8>(py))
        );

        let packed = dtype::<Packed>(py);
        assert_eq!((packed.itemsize(), packed.is_aligned_struct()), (12, false));
        assert!(packed.is_equiv_to(&descr(py, "[('id', 'i4'), ('x', 'f8')]")));

        let point = dtype::<Point<f32>>(py);
        assert!(point.is_equiv_to(&descr(py, "[('x', 'f4'), ('y', 'f4')]")));
        assert!(dtype::<Point<i8>>(py).is_equiv_to(&descr(py, "[('x', 'i1'), ('y', 'i1')]")));

        let all = dtype::<Everything>(py);
        let wanted = "[('when', 'M8[ns]'), ('z', 'c16'), ('name', 'S5'), ('label', 'U3'), \
                      ('grid', 'f4', (2, 3)), ('corners', [('x', 'i2'), ('y', 'i2')], 2), \
                      ('at', 'f8'), ('level', 'i2')], align=True";
        assert!(all.is_equiv_to(&descr(py, wanted)), "{all}");

        assert!(dtype::<Celsius>(py).is_equiv_to(&dtype::<f64>(py)));
        assert!(dtype::<Sparse>(py).is_equiv_to(&dtype::<i16>(py)));
        assert_eq!(dtype::<Wide>(py).itemsize(), 32);
        let tag = dtype::<PackedTag>(py);
        assert_eq!(
            (tag.names().unwrap(), tag.itemsize()),
            (vec!["f0".into(), "f1".into()], 9)
        );
    });
}

#[test]
fn renaming_the_fields_of_one_array_leaves_the_others() {
    Python::attach(|py| {
        let array = PADDED.to_vec().into_pyarray(py);
        exec_on(&array, "a.dtype.names = ('p', 'q', 'r')");
        assert_eq!(array.dtype().names().unwrap(), ["p", "q", "r"]);
        assert!(array.as_any().cast::<PyArray1<Trade>>().is_err());
        let other = PADDED.to_vec().into_pyarray(py);
        assert_eq!(other.dtype().names().unwrap(), ["side", "price", "ok"]);
        assert_eq!(other.readonly().as_slice().unwrap(), PADDED);

        // The same for records within records, which are objects of their own.
        let array = PyArray1::<Shape>::zeros(py, 1, false);
        exec_on(&array, "a.dtype['corners'].base.names = ('y', 'x')");
        let corners = dtype::<Shape>(py).get_field("corners").unwrap().0;
        assert_eq!(corners.base().names().unwrap(), ["x", "y"]);
        assert!(array.as_any().cast::<PyArray1<Shape>>().is_err());
        assert!(
            PyArray1::<Shape>::zeros(py, 1, false)
                .try_readonly()
                .is_ok()
        );
    });
}

// --- No copy ------------------------------------------------------------------------------

#[test]
fn records_are_handed_over_and_borrowed_with_no_copy() {
    Python::attach(|py| {
        let points = vec![Point { x: 1.0, y: 2.0 }, Point { x: 3.0, y: 4.0 }];
        let address = points.as_ptr();
        let array = points.into_pyarray(py);
        assert_eq!(array.data().cast_const(), address);
        let sum: f64 = eval_on(&array, "float(a['x'].sum())").extract().unwrap();
        assert_eq!(sum, 4.0);
        array.readwrite().as_slice_mut().unwrap()[0].x = 10.0;
        let x: Vec<f64> = eval_on(&array, "a['x'].tolist()").extract().unwrap();
        assert_eq!(x, [10.0, 3.0]);
        assert_eq!(array.readonly().as_slice().unwrap().as_ptr(), address);
    });
}

#[test]
fn padding_is_zero_in_python() {
    Python::attach(|py| {
        // Rust may copy padding or not, so it is dirtied in memory.
        let dirty = || {
            let mut trades = PADDED.to_vec();
            for trade in &mut trades {
                let start = (&raw mut *trade).cast::<u8>();
                for gap in [1..8, 17..24] {
                    for i in gap {
                        // SAFETY: a byte of padding.
                        unsafe { start.wrapping_add(i).write(0xaa) };
                    }
                }
            }
            trades
        };
        let clean = |array: &Bound<'_, PyAny>| {
            let bytes = bytes(array);
            let trades = bytes.chunks(24);
            assert!(trades.clone().count() > 0);
            for trade in trades {
                assert_eq!((&trade[1..8], &trade[17..]), (&[0; 7][..], &[0; 7][..]));
            }
        };
        clean(&dirty().into_pyarray(py));
        clean(&PyArray1::from_slice(py, &dirty()));
        clean(&PyArray1::from_iter(py, dirty()));
        clean(&npyo::ndarray::Array1::from_vec(dirty()).to_pyarray(py));
        clean(&PyArray2::from_vec2(py, &[dirty(), dirty()]).unwrap());
        let reversed = npyo::ndarray::Array1::from_vec(dirty());
        clean(&reversed.slice(npyo::ndarray::s![..;-1]).to_pyarray(py));
        let array = PADDED.to_vec().into_pyarray(py);
        {
            let mut guard = array.readwrite();
            // The bits of the dirty ones, as a move of them may bring them.
            let (source, place) = (dirty(), guard.as_slice_mut().unwrap().as_mut_ptr());
            // SAFETY: two values each.
            unsafe { place.copy_from_nonoverlapping(source.as_ptr(), 2) };
        }
        clean(&array);
        array.readwrite().set(1, dirty()[0]).unwrap();
        clean(&array);
        let scalar = Scalar(dirty()[1]).into_pyobject(py).unwrap();
        clean(&scalar);
    });
}

#[test]
fn padding_that_is_a_field_of_the_base_is_not_written_to() {
    #[derive(Element, Debug, Clone, Copy, PartialEq)]
    #[repr(C)]
    struct Ends {
        x: u8,
        z: u16,
    }

    Python::attach(|py| {
        let base = eval(
            py,
            "np.array([(1, 2, 3)], [('x', 'u1'), ('y', 'u1'), ('z', 'u2')])",
        );
        let ends = eval_on(&base, "a[['x', 'z']]");
        let guard: PyReadonlyArray1<'_, Ends> = ends.extract().unwrap();
        assert_eq!(guard.as_slice().unwrap(), [Ends { x: 1, z: 3 }]);
        drop(guard);
        let text = refused::<PyValueError>(py, ends.extract::<PyReadwriteArray1<'_, Ends>>());
        assert!(text.contains("belong to something else"), "{text}");
        // NumPy forgets views of views, and what is no array.
        for code in [
            "np.zeros(12, 'u1').view([('x', 'u1'), ('y', 'u1'), ('z', 'u2')])[['x', 'z']]",
            "np.lib.stride_tricks.as_strided(\
                np.ones(3, [('x', 'u1'), ('y', 'u1'), ('z', 'u2')])[['x', 'z']])",
            "np.asarray(memoryview(np.ones(3, [('x', 'u1'), ('y', 'u1'), ('z', 'u2')])[['x', 'z']]))",
            "np.ndarray(8, np.dtype([('x', 'u1'), ('z', 'u2')], align=True), \
             buffer=np.full(20, 9, 'u1'), strides=(2,))",
        ] {
            let ends = eval(py, code);
            assert!(
                ends.extract::<PyReadwriteArray1<'_, Ends>>().is_err(),
                "{code}"
            );
            let handle = ends.cast::<PyArray1<Ends>>().unwrap();
            assert_eq!(
                handle.try_readwrite().unwrap_err(),
                BorrowError::SharedPadding
            );
        }
        // Padding that is padding in the base as well.
        let ends = "np.dtype([('x', 'u1'), ('z', 'u2')], align=True)";
        for code in [
            format!("np.zeros(2, np.dtype([('a', 'f8'), ('e', {ends})], align=True))['e'][::-1]"),
            format!("np.zeros(2, [('e', {ends}, 3), ('f', 'f8')])['e'][1]"),
            format!("np.zeros(2, [('e', {ends}, 3), ('f', 'f8')])['e'][:, 1]"),
            format!("np.zeros(12, 'u1').view({ends})"),
            format!("np.frombuffer(bytearray(12), {ends})"),
            "np.frombuffer(bytearray(12), {'names': ['x', 'z'], 'formats': ['u1', 'u2'], \
             'offsets': [0, 2], 'itemsize': 4})"
                .to_owned(),
        ] {
            let ends = eval(py, &code);
            let mut guard: PyReadwriteArray1<'_, Ends> = ends.extract().expect(&code);
            let two = Ends { x: 1, z: 2 };
            guard.as_array_mut().fill(two);
            assert!(guard.iter().unwrap().all(|ends| ends == two));
        }
    });
}

// --- Matching -----------------------------------------------------------------------------

#[test]
fn titles_metadata_and_the_aligned_flag_make_no_difference() {
    Python::attach(|py| {
        for code in [
            "[('x', 'f8'), ('y', 'f8')]",
            "[('x', 'f8'), ('y', 'f8')], align=True",
            "[(('Abscissa', 'x'), 'f8'), ('y', 'f8')]",
            "[('x', 'f8'), ('y', 'f8')], metadata={'unit': 'm'}",
            "[('x', np.dtype('f8', metadata={1: 2})), ('y', 'f8')]",
            "(np.record, [('x', 'f8'), ('y', 'f8')])",
        ] {
            let array = eval(py, &format!("np.ones(3, np.dtype({code}))"));
            let guard: PyReadonlyArray1<'_, Point<f64>> = array.extract().expect(code);
            assert_eq!(guard.as_slice().unwrap()[2], Point { x: 1.0, y: 1.0 });
        }
        let record = eval(py, "np.rec.fromarrays([[1.0], [2.0]], names='x,y')");
        assert!(record.extract::<PyReadonlyArray1<'_, Point<f64>>>().is_ok());
    });
}

#[test]
fn another_layout_is_refused_with_both_side_by_side() {
    Python::attach(|py| {
        for (code, difference) in [
            (
                "[('x', 'f8'), ('z', 'f8')]",
                "z  float64 at byte 8   y  float64 at byte 8",
            ),
            (
                "[('y', 'f8'), ('x', 'f8')]",
                "y  float64 at byte 0   x  float64 at byte 0",
            ),
            (
                "[('x', 'f8'), ('y', 'f4')]",
                "y  float32 at byte 8   y  float64 at byte 8",
            ),
            (
                "[('x', 'f8'), ('y', '>f8')]",
                "y  >f8 at byte 8       y  float64 at byte 8",
            ),
            (
                "[('x', 'f8'), ('y', 'f8'), ('z', 'i1')]",
                "z  int8 at byte 16",
            ),
            (
                "{'names': ['x', 'y'], 'formats': ['f8', 'f8'], 'itemsize': 24}",
                "24 bytes",
            ),
            (
                "{'names': ['x', 'y'], 'formats': ['f8', 'f8'], 'offsets': [8, 0]}",
                "byte 8",
            ),
        ] {
            let array = eval(py, &format!("np.ones(3, np.dtype({code}))"));
            let text =
                refused::<PyTypeError>(py, array.extract::<PyReadonlyArray1<'_, Point<f64>>>());
            let line = text
                .lines()
                .find(|line| line.contains("<- first difference"));
            assert!(line.expect(&text).contains(difference), "{code}: {text}");
        }
        let plain = eval(py, "np.ones(3)");
        let text = refused::<PyTypeError>(py, plain.extract::<PyReadonlyArray1<'_, Point<f64>>>());
        assert!(text.contains("from=float64"), "{text}");
    });
}

#[test]
fn bits_that_are_no_variant_or_bool_are_found() {
    Python::attach(|py| {
        let array = PADDED.to_vec().into_pyarray(py);
        exec_on(&array, "a.view('u1').reshape(2, 24)[1, 0] = 7");
        let text = refused::<PyValueError>(py, array.extract::<PyReadonlyArray1<'_, Trade>>());
        assert_eq!(
            text,
            "array element [1] is invalid: field 'side': 7 is no variant of Side, which has \
             1 (Buy), 2 (Sell)"
        );
        exec_on(
            &array,
            "a['side'] = 1; a.view('u1').reshape(2, 24)[:, 16] = 9, 1",
        );
        let text = refused::<PyValueError>(py, array.extract::<PyReadonlyArray1<'_, Trade>>());
        assert!(
            text.contains("element [0] is invalid: field 'ok': byte 9 is neither"),
            "{text}"
        );
        // NumPy reads the byte as true, and so do copies.
        assert!(array.readonly().get_owned(0).unwrap().flag);
        assert!(array.readonly().iter().unwrap().all(|trade| trade.flag));

        for n in [1, 1023, 1024, 5000] {
            let code = format!("np.array(([-300, 0, 300] * {n})[:{n}], 'i2')");
            let mut level: PyReadwriteArray1<'_, Sparse> = eval(py, &code).extract().unwrap();
            level.as_array_mut().fill(Sparse::High);
            for wrong in [-301, -1, 1, 301] {
                let array = eval_on(&level, &format!("(a.__setitem__(-1, {wrong}), a)[1]"));
                drop(level);
                let text =
                    refused::<PyValueError>(py, array.extract::<PyReadonlyArray1<'_, Sparse>>());
                let wanted = format!("element [{}] is invalid: {wrong} is no variant", n - 1);
                assert!(text.contains(&wanted), "{text}");
                exec_on(&array, "a[-1] = 0");
                level = array.extract().unwrap();
            }
        }
    });
}

// --- Objects ------------------------------------------------------------------------------

#[test]
fn objects_in_records_are_cloned_and_dropped() {
    Python::attach(|py| {
        let one = eval(py, "object()");
        let name = PyString::new(py, "a name of its own");
        let tagged = |id| Tagged {
            id,
            tag: one.clone().unbind(),
            name: name.clone().unbind(),
        };
        let before = (refcount(&one), refcount(&name));
        let added = |n| {
            assert_eq!(
                (refcount(&one), refcount(&name)),
                (before.0 + n, before.1 + n)
            )
        };
        let array = vec![tagged(1), tagged(2), tagged(3)].into_pyarray(py);
        added(3);
        let copies = array.to_vec().unwrap();
        added(6);
        assert_eq!(copies[2].id, 3);
        drop(copies);
        added(3);
        let second = array.readonly().get_owned(1).unwrap();
        assert!(second.tag.is(&one));
        drop(second);
        let strided = eval_on(&array, "a[::2]")
            .cast_into::<PyArray1<Tagged>>()
            .unwrap();
        drop(strided.readonly().to_owned_array());
        drop(strided.readonly().iter().unwrap().collect::<Vec<_>>());
        added(3);
        let clone = array
            .readonly()
            .as_array()
            .map(|tagged| tagged.clone_ref(py));
        added(6);
        drop(clone.into_pyarray(py));
        added(3);
        array
            .readwrite()
            .set(
                0,
                Tagged {
                    id: 0,
                    tag: py.None(),
                    name: name.clone().unbind(),
                },
            )
            .unwrap();
        assert_eq!(
            (refcount(&one), refcount(&name)),
            (before.0 + 2, before.1 + 3)
        );
        let copy = PyArray1::from_slice(py, array.readonly().as_slice().unwrap());
        assert_eq!(refcount(&one), before.0 + 4);
        drop(copy);
        exec_on(&array, "a['name'][1] = 12");
        let text = refused::<PyTypeError>(py, array.extract::<PyReadonlyArray1<'_, Tagged>>());
        assert!(
            text.contains("[1] has the wrong type: field 'name': it is of type 'int'"),
            "{text}"
        );
        assert!(array.readonly().to_vec().is_err());
        assert_eq!(refcount(&one), before.0 + 2);
        drop((array, strided));
        assert_eq!((refcount(&one), refcount(&name)), before);
    });
}

#[test]
fn objects_that_no_field_aligns_are_cloned_too() {
    Python::attach(|py| {
        let one = eval(py, "object()");
        let before = refcount(&one);
        let tags: Vec<_> = (0..3).map(|i| PackedTag(i, one.clone().unbind())).collect();
        let array = tags.into_pyarray(py);
        let copies = array.to_vec().unwrap();
        assert_eq!(refcount(&one), before + 6);
        let ids: Vec<_> = copies.iter().map(|tag| tag.0).collect();
        assert_eq!(ids, [0, 1, 2]);
        drop(copies);
        drop(array);
        assert_eq!(refcount(&one), before);
    });
}

#[test]
fn a_panic_while_records_are_cloned_leaks_nothing() {
    Python::attach(|py| {
        let one = eval(py, "object()");
        let before = refcount(&one);
        let source: Vec<_> = (0..3).map(|i| PackedTag(i, one.clone().unbind())).collect();
        let mut left = 2;
        let array = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            PyArray1::from_iter(
                py,
                source.iter().map(|tag| {
                    left -= 1;
                    assert!(left > 0, "on purpose");
                    tag.clone_ref(py)
                }),
            )
        }));
        assert!(array.is_err());
        assert_eq!(refcount(&one), before + 3);
    });
}

// --- Conversions --------------------------------------------------------------------------

#[test]
fn array_likes_are_converted_by_name() {
    Python::attach(|py| {
        type Like<'py> = PyArrayLike1<'py, Point<f64>>;
        let wanted = [Point { x: 1.0, y: 2.0 }, Point { x: 3.0, y: 4.0 }];
        for code in [
            "np.array([(1, 2), (3, 4)], [('x', 'f8'), ('y', 'f8')])",
            "np.array([(2, 1), (4, 3)], [('y', 'f8'), ('x', 'f8')])",
            "np.array([(1, 2), (3, 4)], [('x', '>f8'), ('y', '>f8')])",
            "np.array([(1, 9, 2), (3, 9, 4)], [('x', 'f8'), ('n', 'u1'), ('y', 'f8')])",
            "np.array([(3, 4), (1, 2)], [('x', 'f8'), ('y', 'f8')])[::-1]",
            "[(1, 2), (3, 4)]",
            "[(1.0, 2.0), {'y': 4, 'x': 3}]",
            "[np.array((2, 1), [('y', 'f8'), ('x', 'f8')])[()], (3, 4)]",
            "np.rec.fromarrays([[2.0, 4.0], [1.0, 3.0]], names='y,x')",
        ] {
            let like: Like<'_> = eval(py, code).extract().expect(code);
            assert_eq!(like.to_vec().unwrap(), wanted, "{code}");
        }
        for (code, problem) in [
            ("np.ones(2)", "type mismatch"),
            ("[1.0, 2.0]", "expected a record with the fields 'x', 'y'"),
            ("1.0", "expected a record"),
            ("[(1, 2, 3)]", "has 3 items"),
            ("[{'x': 1}]", "no field 'y'"),
            ("[{'x': 1, 'y': 2, 'z': 3}]", "a key 'z'"),
            (
                "np.ones(2, [('a', 'f8'), ('b', 'f8')])",
                "no field 'x', only 'a', 'b'",
            ),
            (
                "np.ones(2, [('x', 'f4'), ('y', 'f8')])",
                "field 'x': type mismatch",
            ),
            (
                "np.ones(2, [('x', 'f8', 2), ('y', 'f8')])",
                "field 'x': type mismatch",
            ),
            (
                "np.ones((2, 2), [('y', 'f8'), ('x', 'f8')])",
                "dimensionality mismatch",
            ),
        ] {
            let err = eval(py, code).extract::<Like<'_>>().expect_err(code);
            assert!(err.to_string().contains(problem), "{code}: {err}");
        }
        type AnyType<'py> = PyArrayLike1<'py, Point<f64>, AllowTypeChange>;
        let ints = eval(py, "np.array([(2, 1), (4, 3)], [('y', 'i4'), ('x', 'u1')])");
        let like: AnyType<'_> = ints.extract().unwrap();
        assert_eq!(like.as_slice().unwrap(), wanted);
        assert!(eval(py, "np.ones(2)").extract::<AnyType<'_>>().is_err());
    });
}

#[test]
fn names_that_are_no_unicode_are_in_nobodys_way() {
    Python::attach(|py| {
        let code = "np.ones(2, [('x', 'f8'), ('\\ud800', 'i2'), ('y', 'f8')])";
        let array = eval(py, code);
        let like: PyArrayLike1<'_, Point<f64>> = array.extract().unwrap();
        assert_eq!(like.get(1), Some(&Point { x: 1.0, y: 1.0 }));
        let x = PyArray1::<f64>::from_field(array.cast().unwrap(), "x").unwrap();
        assert_eq!(x.to_vec().unwrap(), [1.0, 1.0]);
        let text = refused::<PyTypeError>(py, array.extract::<PyReadonlyArray1<'_, Point<f64>>>());
        assert!(text.contains("first difference"), "{text}");
    });
}

#[test]
fn nested_records_are_converted_by_name() {
    Python::attach(|py| {
        let code = "np.array([(1, [(2, 3), (4, 5)], 1)], [('level', 'i2'), \
                    ('corners', [('y', 'i2'), ('x', 'i2')], 2), ('more', 'f8')])";
        let ob = eval(py, code);
        exec_on(&ob, "a['level'] = 300");
        let like: PyArrayLike1<'_, Shape> = ob.extract().unwrap();
        let corners = [Point { x: 3, y: 2 }, Point { x: 5, y: 4 }];
        assert_eq!(
            like.get(0),
            Some(&Shape {
                corners,
                level: Sparse::High
            })
        );
        let tuple = eval(py, "([{'x': 3, 'y': 2}, (5, 4)], 300)");
        let Scalar(shape) = tuple.extract::<Scalar<Shape>>().unwrap();
        assert_eq!(shape.corners, corners);
        for (code, problem) in [
            ("([(1, 2)], 0)", "fewer than 2 items"),
            (
                "([(1, 2), (3, 4.5)], 0)",
                "field 'corners': field 'y': cannot convert from float64 to int16 without",
            ),
            (
                "([(1, 2), (3, 40000)], 0)",
                "cannot convert from int64 to int16 without",
            ),
            ("([(1, 2), (3, 4)], 1)", "1 is no variant of Sparse"),
            ("(5, 0)", "array of shape [2]"),
        ] {
            let err = eval(py, code).extract::<Scalar<Shape>>().expect_err(code);
            assert!(err.to_string().contains(problem), "{code}: {err}");
        }
    });
}

#[test]
fn scalars_go_both_ways() {
    Python::attach(|py| {
        let void = Scalar(PADDED[0]).into_pyobject(py).unwrap();
        assert_eq!(void.get_type().name().unwrap(), "void");
        assert_eq!(void.extract::<Scalar<Trade>>().unwrap().0, PADDED[0]);
        for code in ["(1, 1.5, True)", "{'ok': True, 'side': 1, 'price': 1.5}"] {
            assert_eq!(
                eval(py, code).extract::<Scalar<Trade>>().unwrap().0,
                PADDED[0]
            );
        }
        let record =
            "np.rec.array([(1.5, True, 1)], [('price', 'f8'), ('ok', '?'), ('side', 'u1')])[0]";
        assert_eq!(
            eval(py, record).extract::<Scalar<Trade>>().unwrap().0,
            PADDED[0]
        );
        // Misaligned, and without dimensions.
        let x = eval(
            py,
            "np.array([(1, 2.5)], [('id', 'i4'), ('x', 'f8')])['x'].reshape(())",
        );
        assert_eq!(x.extract::<Scalar<f64>>().unwrap().0, 2.5);
        let double = Scalar(2.5_f64).into_pyobject(py).unwrap();
        assert_eq!(double.get_type().name().unwrap(), "float64");
        assert_eq!(eval(py, "3").extract::<Scalar<f64>>().unwrap(), Scalar(3.0));
        assert!(eval(py, "'x'").extract::<Scalar<f64>>().is_err());
        assert!(eval(py, "1.5").extract::<Scalar<i32>>().is_err());
        let text = eval(py, "(5, 1.5, True)")
            .extract::<Scalar<Trade>>()
            .unwrap_err()
            .to_string();
        assert!(text.contains("5 is no variant of Side"), "{text}");
        let long = eval(py, "(0, 0, 'toolong', 'abc', 0, 0, 0, 0)").extract::<Scalar<Everything>>();
        let text = long.unwrap_err().to_string();
        assert!(text.contains("field 'when'"), "{text}");
    });
}

#[test]
fn values_that_do_not_fit_a_field_are_refused() {
    #[derive(Element, Debug, Clone, Copy, PartialEq)]
    #[repr(C)]
    struct Row {
        n: i16,
        x: f32,
        s: PyFixedString<3>,
        u: PyFixedUnicode<3>,
        b: bool,
        when: Datetime<Nanoseconds>,
        pair: [i32; 2],
    }

    Python::attach(|py| {
        let row = |n: &str, x: &str, s: &str, u: &str, b: &str, when: &str, pair: &str| {
            eval(py, &format!("({n}, {x}, {s}, {u}, {b}, {when}, {pair})")).extract::<Scalar<Row>>()
        };
        let day = "np.datetime64('2020-01-01')";
        for (n, x, s, u, b, when, pair) in [
            ("1", "2", "b'abc'", "'abc'", "True", day, "[1, 2]"),
            ("1.0", "2.5", "'abc'", "'äöü'", "False", day, "(1, 2)"),
            (
                "np.int64(1)",
                "np.int8(2)",
                "np.bytes_(b'a')",
                "np.str_('a')",
                "np.bool_(1)",
                day,
                "np.arange(2)",
            ),
            (
                "np.float32(1)",
                "1e300",
                "''",
                "''",
                "True",
                "np.datetime64('NaT')",
                "[1, np.uint8(2)]",
            ),
        ] {
            row(n, x, s, u, b, when, pair).unwrap();
        }
        for (n, x, s, u, b, when, pair) in [
            ("1.5", "2", "''", "''", "True", day, "[1, 2]"),
            ("np.float32(1.5)", "2", "''", "''", "True", day, "[1, 2]"),
            ("np.array(70000)", "2", "''", "''", "True", day, "[1, 2]"),
            ("10**40", "2", "''", "''", "True", day, "[1, 2]"),
            ("None", "2", "''", "''", "True", day, "[1, 2]"),
            ("'1'", "2", "''", "''", "True", day, "[1, 2]"),
            ("1", "np.complex64(1+2j)", "''", "''", "True", day, "[1, 2]"),
            ("1", "None", "''", "''", "True", day, "[1, 2]"),
            ("1", "'2'", "''", "''", "True", day, "[1, 2]"),
            ("1", "2", "'abcd'", "''", "True", day, "[1, 2]"),
            ("1", "2", "'ä'", "''", "True", day, "[1, 2]"),
            ("1", "2", "123", "''", "True", day, "[1, 2]"),
            ("1", "2", "''", "'abcd'", "True", day, "[1, 2]"),
            ("1", "2", "''", "b'abc'", "True", day, "[1, 2]"),
            ("1", "2", "''", "np.array('abcdef')", "True", day, "[1, 2]"),
            ("1", "2", "''", "''", "2", day, "[1, 2]"),
            ("1", "2", "''", "''", "'a'", day, "[1, 2]"),
            ("1", "2", "''", "''", "[]", day, "[1, 2]"),
            (
                "1",
                "2",
                "''",
                "''",
                "True",
                "np.datetime64('300000-01-01')",
                "[1, 2]",
            ),
            ("1", "2", "''", "''", "True", "True", "[1, 2]"),
            ("1", "2", "''", "''", "True", day, "{1, 2}"),
            ("1", "2", "''", "''", "True", day, "{1: 2, 3: 4}"),
            ("1", "2", "''", "''", "True", day, "[1]"),
            ("1", "2", "''", "''", "True", day, "5"),
        ] {
            let err = row(n, x, s, u, b, when, pair)
                .expect_err(&format!("{n} {x} {s} {u} {b} {when} {pair}"));
            assert!(err.to_string().contains("field '"), "{err}");
        }
    });
}

#[test]
fn what_interrupts_a_conversion_comes_through() {
    Python::attach(|py| {
        let code = "type('I', (int,), {'__index__': lambda self: 1 / 0, '__int__': lambda self: 1 / 0, \
                    '__float__': lambda self: 1 / 0})(3)";
        let hostile = eval(py, &format!("({code}, 2)"));
        let text = hostile.extract::<Scalar<Point<i16>>>();
        // Whether NumPy calls one of these depends on its version.
        if let Err(err) = text {
            assert!(!err.to_string().contains("None"), "{err}");
        }
        let nested = eval(py, "[[[[(1, 2)]]]]");
        let text = refused::<PyValueError>(py, nested.extract::<PyArrayLike1<'_, Point<f64>>>());
        assert!(text.contains("nested deeper"), "{text}");
    });
}

// --- Fields -------------------------------------------------------------------------------

#[test]
fn fields_of_packed_records_are_read_and_written() {
    Python::attach(|py| {
        let array = eval(
            py,
            "np.array([(i, i / 2) for i in range(5)], [('id', 'i4'), ('x', 'f8')])",
        );
        let records = array.cast::<PyArray1<Packed>>().unwrap();
        assert_eq!(
            records.readonly().as_slice().unwrap()[3],
            Packed { id: 3, x: 1.5 }
        );
        let x = records.field::<f64>("x").unwrap();
        let mut guard = x.readwrite();
        assert!(guard.try_as_array().unwrap_err().is_layout());
        assert!(guard.as_slice().is_err());
        assert_eq!(guard.get_owned(3), Some(1.5));
        assert_eq!(guard.get_owned(5), None);
        guard.set(4, 7.0).unwrap();
        assert!(guard.set(5, 7.0).is_err());
        assert_eq!(
            guard.iter().unwrap().collect::<Vec<_>>(),
            [0.0, 0.5, 1.0, 1.5, 7.0]
        );
        assert_eq!(guard.to_vec().unwrap(), [0.0, 0.5, 1.0, 1.5, 7.0]);
        assert_eq!(guard.to_owned_array(), array![0.0, 0.5, 1.0, 1.5, 7.0]);
        // The records and their other fields: the borrow is of the bytes of this one.
        assert!(records.try_readonly().is_err());
        let id = records.field::<i32>("id").unwrap();
        let ids: Vec<i32> = id.readonly().iter().unwrap().collect();
        assert_eq!(ids, [0, 1, 2, 3, 4]);
        drop(guard);
        assert!(records.try_readonly().is_ok());
        assert!(eval_on(&array, "a['x'][4] == 7").is_truthy().unwrap());

        let text = records.field::<f32>("x").unwrap_err().to_string();
        assert!(text.contains("type mismatch"), "{text}");
        let text = records.field::<f32>("y").unwrap_err().to_string();
        assert!(text.contains("no field 'y', only 'id', 'x'"), "{text}");
        let text = x.field::<f64>("x").unwrap_err().to_string();
        assert!(text.contains("has no fields"), "{text}");
    });
}

#[test]
fn fields_that_are_arrays_add_their_axes() {
    Python::attach(|py| {
        let array = eval(py, "np.arange(12.0).view([('at', 'f8', 3), ('w', 'f8')])");
        let array = array.cast_into::<PyUntypedArray>().unwrap();
        let at = PyArray2::<f64>::from_field(&array, "at").unwrap();
        assert_eq!(
            at.readonly().as_array(),
            array![[0., 1., 2.], [4., 5., 6.], [8., 9., 10.]]
        );
        assert!(PyArray1::<f64>::from_field(&array, "at").is_err());
    });
}

#[test]
fn rows_of_a_fixed_length_are_arrays() {
    Python::attach(|py| {
        let rows = vec![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let address = rows.as_ptr().cast();
        let wanted = rows.clone();
        let array = rows.into_pyarray(py);
        assert_eq!(
            (array.shape(), array.data().cast_const()),
            (&[2, 3][..], address)
        );
        let guard = array.readonly();
        assert_eq!(guard.as_rows::<3>().unwrap(), wanted);
        assert!(guard.as_rows::<2>().is_err() && guard.as_rows::<0>().is_err());
        drop(guard);
        array.readwrite().as_rows_mut::<3>().unwrap()[0] = [7.0; 3];
        assert_eq!(
            array.readonly().as_slice().unwrap()[..4],
            [7.0, 7.0, 7.0, 4.0]
        );
        let turned = array.transpose().unwrap();
        assert!(turned.readonly().as_rows::<2>().is_err());
        let empty: Vec<[f64; 3]> = Vec::new();
        let empty = empty.into_pyarray(py);
        assert_eq!(
            (
                empty.shape(),
                empty.readonly().as_rows::<3>().unwrap().len()
            ),
            (&[0, 3][..], 0)
        );
        assert_eq!(
            PyArray2::<f64>::zeros(py, (2, 0), false)
                .readonly()
                .as_rows::<3>()
                .ok(),
            None
        );
        let none: Vec<[f64; 0]> = vec![[]; 2];
        assert_eq!(none.into_pyarray(py).shape(), [2, 0]);
    });
}

// --- At run time --------------------------------------------------------------------------

#[test]
fn dtypes_are_built_at_run_time() {
    Python::attach(|py| {
        let point = dtype::<Point<i16>>(py);
        let built = RecordBuilder::new(py)
            .field::<u8>("a")
            .unwrap()
            .field_of("b", point.clone())
            .field_at("c", dtype::<f64>(py), 8)
            .itemsize(20)
            .build()
            .unwrap();
        let spec = "{'names': ['a', 'b', 'c'], 'formats': ['u1', [('x', 'i2'), ('y', 'i2')], 'f8'], \
                    'offsets': [0, 1, 8], 'itemsize': 20}";
        assert!(built.is_equiv_to(&descr(py, spec)), "{built}");
        let built = RecordBuilder::new(py)
            .aligned()
            .field::<u8>("a")
            .unwrap()
            .field_of("b", point);
        let spec =
            "[('a', 'u1'), ('b', np.dtype([('x', 'i2'), ('y', 'i2')], align=True))], align=True";
        assert!(built.build().unwrap().is_equiv_to(&descr(py, spec)));
        let twice = RecordBuilder::new(py)
            .field::<u8>("a")
            .unwrap()
            .field::<u8>("a")
            .unwrap();
        assert!(twice.build().is_err());
        let beyond = RecordBuilder::new(py)
            .field::<f64>("a")
            .unwrap()
            .itemsize(4);
        assert!(beyond.build().is_err());
    });
}

#[test]
fn overaligned_records_are_copied_wherever_numpy_puts_them() {
    Python::attach(|py| {
        for len in 1..20 {
            let values: Vec<_> = (0..len).map(|i| Wide(f64::from(i))).collect();
            let array = PyArray1::from_slice(py, &values);
            assert_eq!(array.to_vec().unwrap(), values);
            assert_eq!(array.readonly().iter().unwrap().collect::<Vec<_>>(), values);
            let array = values.clone().into_pyarray(py);
            assert_eq!(array.readonly().as_slice().unwrap(), values);
        }
    });
}

#[test]
fn records_work_as_elements_of_any_array() {
    fn dims<T: Element>(array: &Bound<'_, npyo::PyArray<T, Ix2>>) -> Ix2 {
        array.dims()
    }
    Python::attach(|py| {
        let points = npyo::ndarray::Array2::from_elem((2, 3), Point { x: 1_i64, y: 2 });
        let array = points.t().to_pyarray(py);
        assert_eq!(dims(&array), Ix2(3, 2));
        assert_eq!(array.readonly().as_array(), points.t());
        let dict = PyDict::new(py);
        dict.set_item("points", &array).unwrap();
        let sorted = eval_on(&array, "np.sort(a.ravel(), order=['y', 'x'])");
        let sorted = sorted
            .cast_into::<npyo::PyArray<Point<i64>, Ix1>>()
            .unwrap();
        assert_eq!(sorted.len(), 6);
    });
}
