// The functions of `calls/` that pybind11 can have, as its documentation would write them.
//
// The number of dimensions is no part of an argument's type, so each function checks it by the
// proxy that it takes, with a ValueError.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

namespace py = pybind11;

namespace {

using Array = py::array_t<double>;
using ArrayLike = py::array_t<double, py::array::forcecast>;

const std::vector<double> ONES(1'000'000, 1.0);

// --- Arguments ---------------------------------------------------------------------------------

// A handle is passed on as it is, where an object would take a reference.
void any(py::handle) {}

void untyped(const py::array &) {}

void readonly(const Array &array) { array.unchecked<1>(); }

void readwrite(Array array) { array.mutable_unchecked<1>(); }

void three(const Array &a, const Array &b, const Array &c) {
    a.unchecked<2>();
    b.unchecked<2>();
    c.unchecked<2>();
}

py::ssize_t like1(const ArrayLike &array) { return array.unchecked<1>().size(); }

py::ssize_t like2(const ArrayLike &array) { return array.unchecked<2>().size(); }

// --- Results -----------------------------------------------------------------------------------

Array from_vec(py::size_t n) {
    using Values = std::vector<double>;
    auto values = std::make_unique<Values>(n, 1.0);
    py::capsule owner(values.get(), [](void *p) { delete static_cast<Values *>(p); });
    return Array(static_cast<py::ssize_t>(n), values.release()->data(), owner);
}

Array from_slice(py::size_t n) {
    if (n > ONES.size())
        throw py::value_error("there are 1,000,000 ones");
    Array result(static_cast<py::ssize_t>(n));
    std::memcpy(result.mutable_data(), ONES.data(), n * sizeof(double));
    return result;
}

// --- A choice of dtypes ------------------------------------------------------------------------

template <typename... T>
int position(const py::array &array) {
    int at = 0;
    if (((py::isinstance<py::array_t<T>>(array) || (++at, false)) || ...))
        return at;
    throw py::type_error("none of the dtypes");
}

// Which of ten dtypes an array has.
int dispatch(const py::array &array) {
    return position<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                    std::uint16_t, std::uint32_t, float, double>(array);
}

// --- Arithmetic --------------------------------------------------------------------------------

// `py::vectorize` makes a function of it that converts and broadcasts as NumPy's do.
double hypotenuse(double a, double b) { return std::hypot(a, b); }

void axpy(double alpha, const Array &x, Array y) {
    auto u = x.unchecked<1>();
    auto v = y.mutable_unchecked<1>();
    if (u.shape(0) != v.shape(0))
        throw py::value_error("the arrays differ in length");
    py::gil_scoped_release released;
    for (py::ssize_t i = 0; i < v.shape(0); ++i)
        v(i) += alpha * u(i);
}

}  // namespace

PYBIND11_MODULE(pybind11_calls, module, py::mod_gil_not_used()) {
    const auto as_it_is = py::arg().noconvert();
    module.def("any", &any);
    module.def("untyped", &untyped);
    module.def("readonly", &readonly, as_it_is);
    module.def("readwrite", &readwrite, as_it_is);
    module.def("three", &three, as_it_is, as_it_is, as_it_is);
    module.def("like1", &like1);
    module.def("like2", &like2);
    module.def("from_vec", &from_vec);
    module.def("from_slice", &from_slice);
    module.def("dispatch", &dispatch);
    module.def("hypot", py::vectorize(hypotenuse));
    module.def("axpy", &axpy, py::arg(), as_it_is, as_it_is);
}
