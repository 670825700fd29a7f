// The functions of `calls/` that nanobind can have, as its documentation would write them.
//
// No argument has a name: nanobind calls such functions faster.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace nb = nanobind;

namespace {

using Any = nb::ndarray<nb::ro, nb::device::cpu>;
using Readonly1 = nb::ndarray<const double, nb::ndim<1>, nb::device::cpu>;
using Readonly2 = nb::ndarray<const double, nb::ndim<2>, nb::device::cpu>;
using Readwrite1 = nb::ndarray<double, nb::ndim<1>, nb::device::cpu>;
using Result1 = nb::ndarray<nb::numpy, double, nb::ndim<1>>;

const std::vector<double> ONES(1'000'000, 1.0);

// --- Arguments ---------------------------------------------------------------------------------

// A handle is passed on as it is, where an object would take a reference. None is refused, which
// costs less than to accept it.
void any(nb::handle) {}

void untyped(const Any &) {}

void readonly(const Readonly1 &) {}

void readwrite(const Readwrite1 &) {}

void three(const Readonly2 &, const Readonly2 &, const Readonly2 &) {}

std::size_t like1(const Readonly1 &array) { return array.size(); }

std::size_t like2(const Readonly2 &array) { return array.size(); }

// --- Results -----------------------------------------------------------------------------------

Result1 from_vec(std::size_t n) {
    using Values = std::vector<double>;
    auto values = std::make_unique<Values>(n, 1.0);
    nb::capsule owner(values.get(), [](void *p) noexcept { delete static_cast<Values *>(p); });
    return Result1(values.release()->data(), {n}, owner);
}

// An array of `n` elements whose values are not set.
Result1 empty(std::size_t n) {
    // Not make_unique, which would set them to zero.
    std::unique_ptr<double[]> values(new double[n]);
    nb::capsule owner(values.get(), [](void *p) noexcept { delete[] static_cast<double *>(p); });
    return Result1(values.release(), {n}, owner);
}

Result1 from_slice(std::size_t n) {
    if (n > ONES.size())
        throw nb::value_error("there are 1,000,000 ones");
    Result1 result = empty(n);
    std::copy_n(ONES.data(), n, result.data());
    return result;
}

// --- A choice of dtypes ------------------------------------------------------------------------

template <typename... T>
int position(const Any &array) {
    int at = 0;
    if (((array.dtype() == nb::dtype<T>() || (++at, false)) || ...))
        return at;
    throw nb::type_error("none of the dtypes");
}

// Which of ten dtypes an array has.
int dispatch(const Any &array) {
    return position<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                    std::uint16_t, std::uint32_t, float, double>(array);
}

// --- Arithmetic --------------------------------------------------------------------------------

void check_lengths(std::size_t a, std::size_t b) {
    if (a != b)
        throw nb::value_error("the arrays differ in length");
}

Result1 hypotenuse(const Readonly1 &a, const Readonly1 &b) {
    check_lengths(a.size(), b.size());
    Result1 result = empty(a.size());
    auto u = a.view(), v = b.view();
    auto out = result.view();
    for (std::size_t i = 0; i < out.shape(0); ++i)
        out(i) = std::hypot(u(i), v(i));
    return result;
}

void axpy(double alpha, const Readonly1 &x, const Readwrite1 &y) {
    check_lengths(x.size(), y.size());
    auto u = x.view();
    auto v = y.view();
    nb::gil_scoped_release released;
    for (std::size_t i = 0; i < v.shape(0); ++i)
        v(i) += alpha * u(i);
}

}  // namespace

// With NB_FREE_THREADED, which build.py defines, the module says that it needs no GIL.
NB_MODULE(nanobind_calls, module) {
    const auto as_it_is = nb::arg().noconvert();
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
    module.def("hypot", &hypotenuse, as_it_is, as_it_is);
    module.def("axpy", &axpy, nb::arg(), as_it_is, as_it_is);
}
