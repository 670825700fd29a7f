//! `dot`, `inner` and `einsum`: their values, what they accept, and what they are refused.

use std::fmt::Debug;

use npyo::ndarray::{Ix1, Ix2, array};
use npyo::{
    ArrayBorrowError, Complex64, Element, PyArray, PyArray0, PyArray1, PyArray2, PyArray3,
    PyArrayDyn, dot, einsum, inner, prelude::*, pyarray,
};
use pyo3::exceptions::{PyTypeError, PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;

use crate::common::{array as made, eval, eval_on, exec, keeps_refcount, max_ndim, refused};

/// The two arrays that Python code leaves as `a` and `b`.
fn pair<'py, T: Element>(
    py: Python<'py>,
    code: &str,
) -> (Bound<'py, PyArrayDyn<T>>, Bound<'py, PyArrayDyn<T>>) {
    let names = exec(py, code);
    let array = |name| {
        let array = names.get_item(name).unwrap().unwrap();
        array.cast_into::<PyArrayDyn<T>>().unwrap()
    };
    (array("a"), array("b"))
}

/// Checks a product against what NumPy's Python function makes of the same arrays: the same array,
/// or an error as well.
#[track_caller]
fn check_against<'py, T: Element + PartialEq + Debug + Clone>(
    call: &str,
    (a, b): (&Bound<'py, PyArrayDyn<T>>, &Bound<'py, PyArrayDyn<T>>),
    product: PyResult<Bound<'py, PyArrayDyn<T>>>,
) -> bool {
    let code = format!("lambda a, b: np.asarray(np.{call})");
    match eval(a.py(), &code).call1((a, b)) {
        Ok(wanted) => {
            let wanted = wanted.cast_into::<PyArrayDyn<T>>().unwrap();
            assert_eq!(product.unwrap().to_owned_array(), wanted.to_owned_array());
            true
        }
        Err(err) => {
            let ours = product.unwrap_err();
            assert_eq!(ours.to_string(), err.to_string());
            false
        }
    }
}

/// Checks the products of two arrays against those of Python; returns how many there are.
#[track_caller]
fn check<T: Element + PartialEq + Debug + Clone + 'static>(py: Python<'_>, code: &str) -> usize {
    let (a, b) = pair::<T>(py, code);
    let both = (&a, &b);
    let products = [
        check_against("dot(a, b)", both, dot(&a, &b)),
        check_against("inner(a, b)", both, inner(&a, &b)),
        check_against(
            "einsum('...a,...a', a, b)",
            both,
            einsum!("...a,...a", a, b),
        ),
    ];
    products.into_iter().filter(|&there_is| there_is).count()
}

// --- Values -------------------------------------------------------------------------------

#[test]
fn dot_multiplies_matrices_and_vectors() {
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let b = pyarray![py, [5, 6], [7, 8]];
        let product: Bound<'_, PyArray2<i32>> = dot(&a, &b).unwrap();
        assert_eq!(product.to_owned_array(), array![[19, 22], [43, 50]]);
        let v = pyarray![py, 1, 10];
        let product: Bound<'_, PyArray1<i32>> = dot(&a, &v).unwrap();
        assert_eq!(product.to_owned_array(), array![21, 43]);
        let product: Bound<'_, PyArray1<i32>> = dot(&v, &a).unwrap();
        assert_eq!(product.to_owned_array(), array![31, 42]);
        let product: i32 = dot(&v, &v).unwrap();
        assert_eq!(product, 101);
        let tensor: Bound<'_, PyArray3<i64>> =
            PyArray::arange(py, 0, 24, 1).reshape([2, 3, 4]).unwrap();
        let vector = PyArray1::<i64>::from_vec(py, vec![1, 0, 0, 2]);
        let product: Bound<'_, PyArray2<i64>> = dot(&tensor, &vector).unwrap();
        assert_eq!(product.to_owned_array(), array![[6, 18, 30], [42, 54, 66]]);
    });
}

#[test]
fn inner_sums_over_both_last_axes() {
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let b = pyarray![py, [5, 6], [7, 8]];
        let product: Bound<'_, PyArray2<i32>> = inner(&a, &b).unwrap();
        assert_eq!(product.to_owned_array(), array![[17, 23], [39, 53]]);
        let product: i32 = inner(&pyarray![py, 1, 2], &pyarray![py, 3, 4]).unwrap();
        assert_eq!(product, 11);
    });
}

#[test]
fn einsum_follows_its_subscripts() {
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let v = pyarray![py, 1, 10];
        let sum: i32 = einsum!("ij->", a).unwrap();
        assert_eq!(sum, 10);
        let diagonal: Bound<'_, PyArray1<i32>> = einsum!("ii->i", a).unwrap();
        assert_eq!(diagonal.to_owned_array(), array![1, 4]);
        let outer: Bound<'_, PyArray2<i32>> = einsum!("i,j->ij", v, v).unwrap();
        assert_eq!(outer.to_owned_array(), array![[1, 10], [10, 100]]);
        let form: i32 = einsum!("i,ij,j", v, a, v).unwrap();
        assert_eq!(form, 1 + 20 + 30 + 400);
        let spaced: Bound<'_, PyArray1<i32>> = einsum!(" i j , j -> i ", a, v,).unwrap();
        assert_eq!(spaced.to_owned_array(), array![21, 43]);
        let tensor: Bound<'_, PyArray3<i32>> =
            PyArray::arange(py, 0, 8, 1).reshape([2, 2, 2]).unwrap();
        let product: Bound<'_, PyArray2<i32>> = einsum!("...ij,j", tensor, v).unwrap();
        assert_eq!(product.to_owned_array(), array![[10, 32], [54, 76]]);
    });
}

#[test]
fn arrays_without_dimensions_are_factors() {
    Python::attach(|py| {
        let factor: Bound<'_, PyArray0<f64>> = made(py, "np.array(3.0)");
        let v = pyarray![py, 1.0, 2.0];
        let product: Bound<'_, PyArray1<f64>> = dot(&factor, &v).unwrap();
        assert_eq!(product.to_owned_array(), array![3.0, 6.0]);
        let product: Bound<'_, PyArray1<f64>> = inner(&v, &factor).unwrap();
        assert_eq!(product.to_owned_array(), array![3.0, 6.0]);
        let product: f64 = dot(&factor, &factor).unwrap();
        assert_eq!(product, 9.0);
        let product: f64 = einsum!(",", factor, factor).unwrap();
        assert_eq!(product, 9.0);
    });
}

#[test]
fn a_result_without_dimensions_is_an_array_or_its_element() {
    fn check<T>(py: Python<'_>, dtype: &str)
    where
        T: Element + Copy + PartialEq + Debug + 'static,
        T: for<'a, 'py> FromPyObject<'a, 'py>,
    {
        let v = made::<T, Ix1>(py, &format!("np.array([1, 0, 1], dtype='{dtype}')"));
        let wanted = made::<T, Ix1>(py, &format!("np.array([1 + 1], dtype='{dtype}')"));
        let wanted = wanted.get_owned(0).unwrap();
        let array: Bound<'_, PyArray0<T>> = dot(&v, &v).unwrap();
        assert_eq!(array.item(), wanted, "{dtype}");
        let array: Bound<'_, PyArray0<T>> = inner(&v, &v).unwrap();
        assert_eq!(array.item(), wanted, "{dtype}");
        let array: Bound<'_, PyArray0<T>> = einsum!("i,i", v, v).unwrap();
        assert_eq!(array.item(), wanted, "{dtype}");
        let array: Bound<'_, PyArrayDyn<T>> = dot(&v, &v).unwrap();
        assert_eq!(array.ndim(), 0);
        assert_eq!(dot::<_, _, _, T>(&v, &v).unwrap(), wanted, "{dtype}");
        assert_eq!(inner::<_, _, _, T>(&v, &v).unwrap(), wanted, "{dtype}");
        let element: T = einsum!("i,i", v, v).unwrap();
        assert_eq!(element, wanted, "{dtype}");
    }
    Python::attach(|py| {
        check::<f64>(py, "f8");
        check::<f32>(py, "f4");
        check::<i8>(py, "i1");
        check::<i16>(py, "i2");
        check::<i32>(py, "i4");
        check::<i64>(py, "i8");
        check::<u8>(py, "u1");
        check::<u64>(py, "u8");
        check::<isize>(py, "p");
        check::<bool>(py, "?");
    });
}

#[test]
fn complex_elements_are_not_conjugated() {
    Python::attach(|py| {
        let v = made::<Complex64, Ix1>(py, "np.array([1j, 2])");
        let square: Bound<'_, PyArray0<Complex64>> = dot(&v, &v).unwrap();
        assert_eq!(square.item(), Complex64::new(3.0, 0.0));
        let square: Bound<'_, PyArray0<Complex64>> = inner(&v, &v).unwrap();
        assert_eq!(square.item(), Complex64::new(3.0, 0.0));
        let square: Bound<'_, PyArray0<Complex64>> = einsum!("i,i", v, v).unwrap();
        assert_eq!(square.item(), Complex64::new(3.0, 0.0));
    });
}

#[test]
fn every_layout_has_the_products_that_python_finds() {
    Python::attach(|py| {
        for (a, b) in [
            ("x", "y"),
            ("x", "np.asfortranarray(y)"),
            ("np.asfortranarray(x)", "y"),
            ("x[::-1]", "y[:, ::-1]"),
            ("x[::-1, ::-1]", "y"),
            (
                "np.repeat(x, 2, axis=1)[:, ::2]",
                "np.repeat(y, 3, axis=0)[::3]",
            ),
            ("np.broadcast_to(x[0], (3, 3))", "y"),
            ("np.lib.stride_tricks.as_strided(x, (3, 3), (8, 8))", "y"),
            ("x[:0]", "y"),
            ("x[:, :0]", "y[:0]"),
            ("x[:, :1]", "y[:1]"),
            ("x[0]", "y[0]"),
            ("x.reshape(3, 1, 3)", "y.reshape(1, 3, 3)"),
            ("packed['x']", "y"),
            ("x", "packed['x'].T"),
            ("misaligned", "y"),
            ("np.array(2.0)", "y"),
        ] {
            let code = format!(
                "x = np.arange(9.0).reshape(3, 3); y = np.arange(3.0, 12.0).reshape(3, 3)\n\
                 packed = np.zeros((3, 3), dtype=[('i', 'i4'), ('x', 'f8')]); packed['x'] = x + 1\n\
                 misaligned = np.zeros(73, 'u1')[1:].view('f8').reshape(3, 3); misaligned[:] = x\n\
                 a = {a}; b = {b}"
            );
            assert!(check::<f64>(py, &code) > 0, "{a} and {b}");
        }
        for dtype in ["i8", "i4", "u1", "?"] {
            let code = format!("a = np.arange(9).reshape(3, 3).astype('{dtype}'); b = a[::-1]");
            let products = match dtype {
                "i8" => check::<i64>(py, &code),
                "i4" => check::<i32>(py, &code),
                "u1" => check::<u8>(py, &code),
                _ => check::<bool>(py, &code),
            };
            assert_eq!(products, 3, "{dtype}");
        }
        // Bytes that are no `bool` to Rust are read as NumPy reads them.
        let code = "a = np.array([[0, 2], [255, 0]], 'u1').view('?')\n\
                    b = np.array([[24, 0], [0, 9]], 'u1').view('?')";
        assert_eq!(check::<bool>(py, code), 3);
    });
}

#[test]
fn objects_are_multiplied_by_python() {
    Python::attach(|py| {
        let v = made::<Py<PyAny>, Ix1>(
            py,
            "np.array([__import__('fractions').Fraction(1, 3), 2], dtype=object)",
        );
        let product: Py<PyAny> = dot(&v, &v).unwrap();
        assert_eq!(product.bind(py).str().unwrap().to_string(), "37/9");
        let product: Bound<'_, PyArray0<Py<PyAny>>> = inner(&v, &v).unwrap();
        assert_eq!(product.str().unwrap().to_string(), "37/9");
        let m = made::<Py<PyAny>, Ix2>(py, "np.array([[1, 2], [3, 4]], dtype=object)");
        let product: Bound<'_, PyArray2<Py<PyAny>>> = dot(&m, &m).unwrap();
        assert!(
            eval_on(&product, "a.tolist() == [[7, 10], [15, 22]]")
                .is_truthy()
                .unwrap()
        );
        let zero = made::<Py<PyAny>, Ix1>(
            py,
            "np.array([type('Zero', (), {'__mul__': lambda s, o: 1 // 0})()], dtype=object)",
        );
        refused::<PyZeroDivisionError>(py, dot::<_, _, _, Py<PyAny>>(&zero, &zero));
    });
}

#[test]
fn arguments_may_be_guards_and_expressions_and_need_no_import() {
    mod without_the_prelude {
        use npyo::{PyArray1, PyReadonlyArray2, einsum};
        use pyo3::prelude::*;

        pub(super) fn twice<'py>(
            a: &PyReadonlyArray2<'py, i32>,
            b: &Bound<'py, PyArray1<i32>>,
        ) -> PyResult<i32> {
            einsum!("ij,j", a, b).and_then(|v: Bound<'_, PyArray1<i32>>| einsum!("i->", v))
        }
    }
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let b = pyarray![py, 1, 10];
        assert_eq!(without_the_prelude::twice(&a.readonly(), &b).unwrap(), 64);
        let guard = a.readonly();
        let product: Bound<'_, PyArray2<i32>> = dot(&guard, &guard).unwrap();
        assert_eq!(product.to_owned_array(), array![[7, 10], [15, 22]]);
        let trace: i32 = einsum!("ij,ji", guard, a.transpose().unwrap()).unwrap();
        assert_eq!(trace, 30);
    });
}

// --- Results and their memory -------------------------------------------------------------

#[test]
fn a_view_that_einsum_returns_keeps_its_memory_alive() {
    Python::attach(|py| {
        let a = PyArray1::<i64>::from_vec(py, (0..10_000).collect())
            .reshape([100, 100])
            .unwrap();
        let view: Bound<'_, PyArray1<i64>> = einsum!("ii->i", a).unwrap();
        // It is a view, as NumPy's own einsum makes it.
        a.readwrite().as_array_mut()[[1, 1]] = -1;
        assert_eq!(view.get_owned(1), Some(-1));
        view.readwrite().as_array_mut()[2] = -2;
        assert_eq!(a.get_owned([2, 2]), Some(-2));
        let writer = a.readwrite();
        assert!(view.try_readonly().is_err());
        drop(writer);
        drop(a);
        // Memory of the same size, to be where the array was if that was freed.
        let others: Vec<_> = (0..10)
            .map(|_| PyArray1::<i64>::zeros(py, 10_000, false))
            .collect();
        let wanted: Vec<i64> = (0..100)
            .map(|i| if i == 1 || i == 2 { -i } else { 101 * i })
            .collect();
        assert_eq!(view.to_vec().unwrap(), wanted);
        drop(others);

        let bytes = made::<u8, Ix1>(py, "np.frombuffer(bytearray(b'abc'), 'u1')");
        let view: Bound<'_, PyArray1<u8>> = einsum!("i", bytes).unwrap();
        drop(bytes);
        assert_eq!(view.to_vec().unwrap(), b"abc");
    });
}

#[test]
fn a_view_of_a_read_only_array_is_read_only() {
    Python::attach(|py| {
        let a = made::<u8, Ix1>(py, "np.frombuffer(b'abc', 'u1')");
        let view: Bound<'_, PyArray1<u8>> = einsum!("i->i", a).unwrap();
        assert_eq!(view.data(), a.data());
        assert!(view.try_readwrite().is_err());
        let a = made::<f64, Ix2>(py, "np.broadcast_to(np.zeros(3), (3, 3))");
        let view: Bound<'_, PyArray1<f64>> = einsum!("ii->i", a).unwrap();
        assert!(view.try_readwrite().is_err());
    });
}

#[test]
fn arguments_lose_no_reference_and_keep_none() {
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let v = pyarray![py, 1, 2, 3];
        let object = eval(py, "10 ** 40");
        let objects = PyArray1::from_vec(py, vec![object.clone().unbind()]);
        for array in [a.as_any(), v.as_any(), objects.as_any(), &object] {
            keeps_refcount(array, || {
                for _ in 0..10 {
                    drop(dot::<_, _, _, Bound<'_, PyArray2<i32>>>(&a, &a).unwrap());
                    drop(inner::<_, _, _, Bound<'_, PyArray2<i32>>>(&a, &a).unwrap());
                    drop(dot::<_, _, _, i32>(&a, &v).unwrap_err());
                    drop(dot::<_, _, _, i32>(&a, &a).unwrap_err());
                    drop(einsum!("ii->i", a).map(|_: Bound<'_, PyArray1<i32>>| ()));
                    drop(einsum!("ii->j", a).map(|_: Bound<'_, PyArray1<i32>>| ()));
                    drop(dot::<_, _, _, Py<PyAny>>(&objects, &objects).unwrap());
                    drop(inner::<_, _, _, Bound<'_, PyArray0<Py<PyAny>>>>(
                        &objects, &objects,
                    ));
                }
            });
        }
        // Nothing stays borrowed, neither after a result nor after an error.
        drop(a.readwrite());
        drop(v.readwrite());
        drop(objects.readwrite());
    });
}

#[test]
fn the_result_is_a_plain_array() {
    Python::attach(|py| {
        let a = made::<f64, Ix2>(py, "np.matrix([[1.0, 2.0], [3.0, 4.0]])");
        let product: Bound<'_, PyArray2<f64>> = dot(&a, &a).unwrap();
        assert_eq!(product.to_owned_array(), array![[7.0, 10.0], [15.0, 22.0]]);
        assert!(
            eval_on(&product, "type(a) is np.ndarray")
                .is_truthy()
                .unwrap()
        );
        // Of which a matrix has none: it is always of two dimensions.
        let diagonal: Bound<'_, PyArray1<f64>> = einsum!("ii->i", a).unwrap();
        assert_eq!(diagonal.to_vec().unwrap(), [1.0, 4.0]);
    });
}

// --- Conflicts ----------------------------------------------------------------------------

#[test]
fn a_product_of_an_array_that_is_borrowed_for_writing_is_refused() {
    Python::attach(|py| {
        let a = pyarray![py, 1.0, 2.0];
        let b = pyarray![py, 1.0, 2.0];
        let writer = a.readwrite();
        let text = refused::<ArrayBorrowError>(py, dot::<_, _, _, f64>(&a, &b));
        assert!(text.starts_with("array is already borrowed"), "{text}");
        refused::<ArrayBorrowError>(py, dot::<_, _, _, f64>(&b, &a));
        refused::<ArrayBorrowError>(py, inner::<_, _, _, f64>(&a, &b));
        refused::<ArrayBorrowError>(py, inner::<_, _, _, f64>(&b, &a));
        let sum: PyResult<f64> = einsum!("i,i", b, a);
        refused::<ArrayBorrowError>(py, sum);
        // By the array that the guard leads to, too.
        let sum: PyResult<f64> = einsum!("i->", writer);
        refused::<ArrayBorrowError>(py, sum);
        drop(writer);
        assert_eq!(dot::<_, _, _, f64>(&a, &b).unwrap(), 5.0);
        let reader = a.readonly();
        assert_eq!(dot::<_, _, _, f64>(&a, &b).unwrap(), 5.0);
        assert_eq!(dot::<_, _, _, f64>(&reader, &b).unwrap(), 5.0);

        let halves = exec(py, "x = np.arange(4.0); a = x[:2]; b = x[2:]; c = x[1:3]");
        let half = |name| -> Bound<'_, PyArray1<f64>> {
            let array = halves.get_item(name).unwrap().unwrap();
            array.cast_into().unwrap()
        };
        let writer = half("a").into_readwrite();
        assert_eq!(dot::<_, _, _, f64>(&half("b"), &half("b")).unwrap(), 13.0);
        refused::<ArrayBorrowError>(py, dot::<_, _, _, f64>(&half("c"), &half("c")));
        drop(writer);
    });
}

#[test]
fn python_code_that_runs_during_a_product_meets_the_borrow() {
    #[pyfunction]
    fn write(array: npyo::PyReadwriteArray1<'_, Py<PyAny>>) {
        drop(array);
    }
    Python::attach(|py| {
        let names = exec(
            py,
            "class Nosy:\n\
             \x20   def __mul__(self, other):\n\
             \x20       try:\n\
             \x20           write(a)\n\
             \x20       except RuntimeError as err:\n\
             \x20           errors.append(str(err))\n\
             \x20       a.shape = (1, 1)\n\
             \x20       return 7\n\
             errors = []\n\
             a = np.array([Nosy()], dtype=object)",
        );
        names
            .set_item("write", wrap_pyfunction!(write)(py).unwrap())
            .unwrap();
        let a = names.get_item("a").unwrap().unwrap();
        let a = a.cast_into::<PyArray1<Py<PyAny>>>().unwrap();
        let product: i64 = dot::<_, _, _, Py<PyAny>>(&a, &a)
            .unwrap()
            .extract(py)
            .unwrap();
        assert_eq!(product, 7);
        let errors: Vec<String> = names
            .get_item("errors")
            .unwrap()
            .unwrap()
            .extract()
            .unwrap();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("array is already borrowed"));
        // It has two dimensions by now, so the handle's type is no longer true.
        let text = refused::<PyTypeError>(py, dot::<_, _, _, Py<PyAny>>(&a, &a));
        assert!(text.contains("was changed"), "{text}");
    });
}

#[test]
fn masked_arrays_have_no_products() {
    Python::attach(|py| {
        let a = made::<f64, Ix1>(py, "np.ma.array([1.0, 2.0], mask=[0, 1])");
        let b = pyarray![py, 1.0, 2.0];
        let text = refused::<PyTypeError>(py, dot::<_, _, _, f64>(&a, &b));
        assert!(text.contains("mask would be lost"), "{text}");
        refused::<PyTypeError>(py, inner::<_, _, _, f64>(&b, &a));
        let sum: PyResult<f64> = einsum!("i->", a);
        refused::<PyTypeError>(py, sum);
    });
}

// --- Errors -------------------------------------------------------------------------------

#[test]
fn lengths_that_differ_are_value_errors() {
    Python::attach(|py| {
        let a = pyarray![py, 1, 2, 3];
        let b = pyarray![py, [1, 2], [3, 4]];
        type Matrix<'py> = Bound<'py, PyArray2<i32>>;
        let text = refused::<PyValueError>(py, dot::<_, _, _, Matrix<'_>>(&a, &b));
        assert!(text.contains("not aligned"), "{text}");
        let text = refused::<PyValueError>(py, inner::<_, _, _, Matrix<'_>>(&a, &b));
        assert!(text.contains("not aligned"), "{text}");
        let product: PyResult<Matrix<'_>> = einsum!("i,ij", a, b);
        refused::<PyValueError>(py, product);
    });
}

#[test]
fn a_result_of_other_dimensions_is_a_type_error() {
    Python::attach(|py| {
        let m = pyarray![py, [1, 2], [3, 4]];
        let text = refused::<PyTypeError>(py, dot::<_, _, _, Bound<'_, PyArray1<i32>>>(&m, &m));
        assert!(
            text.contains("PyArray") || text.contains("ndarray"),
            "{text}"
        );
        refused::<PyTypeError>(py, dot::<_, _, _, i32>(&m, &m));
        refused::<PyTypeError>(py, inner::<_, _, _, Bound<'_, PyArray0<i32>>>(&m, &m));
    });
}

#[test]
fn more_dimensions_than_numpy_allows_are_value_errors() {
    Python::attach(|py| {
        let ndim = max_ndim(py);
        let a = made::<f64, npyo::IxDyn>(py, &format!("np.zeros((1,) * {ndim})"));
        type Any<'py> = Bound<'py, PyArrayDyn<f64>>;
        refused::<PyValueError>(py, dot::<_, _, _, Any<'_>>(&a, &a));
        refused::<PyValueError>(py, inner::<_, _, _, Any<'_>>(&a, &a));
        let sum: Any<'_> = einsum!("...->...", a).unwrap();
        assert_eq!(sum.ndim(), ndim);
        let product: PyResult<Any<'_>> = einsum!("...a,...b->...ab", a, a);
        drop(product);
        let subscripts = "a".repeat(ndim + 1);
        refused::<PyValueError>(py, einsum::<f64, Any<'_>>(&subscripts, &[a.as_borrowed()]));
    });
}

#[test]
fn subscripts_that_make_no_sense_are_value_errors() {
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let arrays = [a.to_dyn().as_borrowed()];
        type Any<'py> = Bound<'py, PyArrayDyn<i32>>;
        for subscripts in [
            "", "i", "ijk", "ij,", "ij,jk", ",ij", "ij->k", "ij->ii", "i1", "ij-", "ij-i", "ij>i",
            "ij->i->j", "i..j", "......", "->", "...ijk", "i?", "ij\n;", "i\u{7f}",
        ] {
            let text = refused::<PyValueError>(py, einsum::<_, Any<'_>>(subscripts, &arrays));
            assert!(!text.is_empty());
        }
        for subscripts in ["ié", "ö", "ij→i", "ij->\u{1f600}"] {
            let text = refused::<PyValueError>(py, einsum::<_, Any<'_>>(subscripts, &arrays));
            assert!(text.contains("subscripts are ASCII letters"), "{text}");
        }
        let long = "i".repeat(1_000_000);
        refused::<PyValueError>(py, einsum::<_, Any<'_>>(&long, &arrays));
        let long = " ".repeat(1_000_000) + "ij";
        assert!(einsum::<_, Any<'_>>(&long, &arrays).is_ok());
    });
}

#[test]
fn a_nul_character_ends_the_subscripts_or_is_an_error() {
    Python::attach(|py| {
        let a = pyarray![py, [1, 2], [3, 4]];
        let arrays = [a.to_dyn().as_borrowed()];
        assert_eq!(einsum::<_, i32>("ii\0", &arrays).unwrap(), 5);
        assert_eq!(einsum::<_, i32>("ii", &arrays).unwrap(), 5);
        for (subscripts, position) in [("i\0i", 1), ("ii\0\0", 2), ("\0ii", 0)] {
            let text = refused::<PyValueError>(py, einsum::<_, i32>(subscripts, &arrays));
            assert!(
                text.contains(&format!("NUL character, at byte {position}")),
                "{text}"
            );
        }
    });
}

#[test]
fn einsum_needs_an_array_and_not_too_many() {
    Python::attach(|py| {
        let text = refused::<PyValueError>(py, einsum::<f64, f64>("ii", &[]));
        assert_eq!(text, "einsum needs at least one array");
        let a = pyarray![py, 2.0];
        let array = a.to_dyn().as_borrowed();
        let sum = |count: usize| einsum::<_, f64>(&vec!["i"; count].join(","), &vec![array; count]);
        assert_eq!(sum(20).unwrap(), f64::from(1 << 20));
        for count in [100, 1000] {
            refused::<PyValueError>(py, sum(count));
        }
        drop(a.readwrite());
    });
}

#[test]
fn elements_without_a_product_are_type_errors() {
    Python::attach(|py| {
        let a = made::<npyo::PyFixedUnicode<2>, Ix1>(py, "np.array(['ab', 'cd'])");
        type Any<'py> = Bound<'py, PyArrayDyn<npyo::PyFixedUnicode<2>>>;
        assert!(dot::<_, _, _, Any<'_>>(&a, &a).is_err());
        assert!(inner::<_, _, _, Any<'_>>(&a, &a).is_err());
        let sum: PyResult<Any<'_>> = einsum!("i,i", a, a);
        refused::<PyTypeError>(py, sum);
        drop(a.readwrite());
    });
}
