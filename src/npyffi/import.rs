//! The import of NumPy's C function tables, done once a process.
//!
//! The table pointers are plain atomics: NumPy refuses to be loaded twice in a process, so every
//! thread that imports finds the same tables, and storing one twice changes nothing. No lock is
//! held while Python runs.

use std::{
    ffi::{c_int, c_uint, c_void},
    mem,
    sync::atomic::{AtomicPtr, AtomicU32, Ordering},
};

use pyo3::{
    exceptions::{PyException, PyImportError, PyModuleNotFoundError, PyNotImplementedError},
    ffi::PyTypeObject,
    prelude::*,
    types::PyCapsule,
};

use crate::npyffi::version::{
    NPY_1_ABI_VERSION, NPY_2_0_API_VERSION, NPY_CPU_BIG, NPY_CPU_LITTLE, NPY_VERSION, Version,
};

/// A table of NumPy's: an array of pointers to functions and objects.
pub(crate) type Table = *const *const c_void;

static ARRAY_API: AtomicPtr<*const c_void> = AtomicPtr::new(std::ptr::null_mut());
static UFUNC_API: AtomicPtr<*const c_void> = AtomicPtr::new(std::ptr::null_mut());
static ARRAY_TYPE: AtomicPtr<PyTypeObject> = AtomicPtr::new(std::ptr::null_mut());
static DESCR_TYPE: AtomicPtr<PyTypeObject> = AtomicPtr::new(std::ptr::null_mut());
/// The feature version of the running NumPy; zero before the import.
static FEATURE_VERSION: AtomicU32 = AtomicU32::new(0);

const SLOT_ABI_VERSION: usize = 0;
const SLOT_ARRAY_TYPE: usize = 2;
const SLOT_DESCR_TYPE: usize = 3;
const SLOT_ENDIANNESS: usize = 210;
const SLOT_FEATURE_VERSION: usize = 211;

/// Imports NumPy and checks that it is one that these bindings can work with.
///
/// Errs with an `ImportError` that names the version needed if NumPy is missing, broken, too old or
/// too new. Nothing is remembered then, so that a later call can succeed.
#[inline]
pub(crate) fn import(py: Python<'_>) -> PyResult<()> {
    if ARRAY_API.load(Ordering::Acquire).is_null() {
        load(py)
    } else {
        Ok(())
    }
}

/// The pointer that `cache` holds, after an import if there has been none.
///
/// Every cache here is filled by a successful [`load`], so the result is never null.
#[inline(always)]
fn cached<T>(py: Python<'_>, cache: &AtomicPtr<T>) -> PyResult<*mut T> {
    let pointer = cache.load(Ordering::Acquire);
    if pointer.is_null() {
        load(py)?;
        Ok(cache.load(Ordering::Acquire))
    } else {
        Ok(pointer)
    }
}

/// Like [`cached`], for signatures without a `Result`: panics with the `ImportError`'s text.
#[inline(always)]
fn cached_or_panic<T>(py: Python<'_>, cache: &AtomicPtr<T>) -> *mut T {
    let pointer = cache.load(Ordering::Acquire);
    if pointer.is_null() {
        load_or_panic(py);
        cache.load(Ordering::Acquire)
    } else {
        pointer
    }
}

/// What slot `slot` of `table` holds.
///
/// # Safety
///
/// The table must have the slot, and it must hold a pointer of type `T`.
#[inline(always)]
pub(crate) unsafe fn read<T: Copy>(table: Table, slot: usize) -> T {
    const { assert!(size_of::<T>() == size_of::<*const c_void>()) };
    // SAFETY: the caller vouches for the slot.
    let slot = unsafe { table.add(slot) };
    // SAFETY: the caller vouches for the type, which has the size of a pointer.
    unsafe { slot.cast::<T>().read() }
}

/// The table `PyArray_API`. Panics with the `ImportError`'s text if NumPy cannot be imported.
#[inline(always)]
pub(crate) fn array_table(py: Python<'_>) -> Table {
    cached_or_panic(py, &ARRAY_API)
}

/// The table `PyArray_API`, if it has what came with version `since`.
#[inline(always)]
pub(crate) fn array_table_since(py: Python<'_>, since: Version, what: &str) -> PyResult<Table> {
    let table = cached(py, &ARRAY_API)?;
    require(py, since, what)?;
    Ok(table)
}

/// The table `PyUFunc_API`. Panics with the `ImportError`'s text if NumPy cannot be imported.
#[inline(always)]
pub(crate) fn ufunc_table(py: Python<'_>) -> Table {
    cached_or_panic(py, &UFUNC_API)
}

/// The table `PyUFunc_API`, if it has what came with version `since`.
#[inline(always)]
pub(crate) fn ufunc_table_since(py: Python<'_>, since: Version, what: &str) -> PyResult<Table> {
    let table = cached(py, &UFUNC_API)?;
    require(py, since, what)?;
    Ok(table)
}

/// The type `numpy.ndarray`. Panics with the `ImportError`'s text if NumPy cannot be imported.
#[inline(always)]
pub(crate) fn array_type_or_panic(py: Python<'_>) -> *mut PyTypeObject {
    cached_or_panic(py, &ARRAY_TYPE)
}

/// The type `numpy.dtype`. Panics with the `ImportError`'s text if NumPy cannot be imported.
#[inline(always)]
pub(crate) fn descr_type_or_panic(py: Python<'_>) -> *mut PyTypeObject {
    cached_or_panic(py, &DESCR_TYPE)
}

/// The feature version of the running NumPy.
///
/// The releases it stands for are named by the constants `NPY_…_API_VERSION`, as in
/// [`NPY_2_0_API_VERSION`].
///
/// # Panics
///
/// If NumPy cannot be imported, with the `ImportError`'s text.
#[inline]
pub fn runtime_version(py: Python<'_>) -> c_uint {
    let feature = FEATURE_VERSION.load(Ordering::Relaxed);
    if feature == 0 {
        load_or_panic(py);
        FEATURE_VERSION.load(Ordering::Relaxed)
    } else {
        feature
    }
}

/// Whether the running NumPy is 2.0 or newer.
///
/// # Panics
///
/// If NumPy cannot be imported, with the `ImportError`'s text.
#[inline]
pub fn is_numpy_2(py: Python<'_>) -> bool {
    runtime_version(py) >= NPY_2_0_API_VERSION
}

/// The version of the NumPy that has been imported, for code that runs detached from Python.
///
/// Older than every release while none has been imported.
#[inline]
pub(crate) fn imported_version() -> Version {
    Version::from_feature(FEATURE_VERSION.load(Ordering::Relaxed))
}

/// Errs with a `NotImplementedError` (a `RuntimeError`) that names `what` and the version it needs,
/// unless the running NumPy is `since` or newer; with the `ImportError` if NumPy cannot be
/// imported.
#[inline]
pub(crate) fn require(py: Python<'_>, since: Version, what: &str) -> PyResult<()> {
    if imported_version() >= since {
        Ok(())
    } else {
        refuse(py, since, what)
    }
}

#[cold]
fn refuse(py: Python<'_>, since: Version, what: &str) -> PyResult<()> {
    import(py)?;
    if imported_version() >= since {
        return Ok(());
    }
    Err(PyNotImplementedError::new_err(format!(
        "{what} needs NumPy {since} or newer; the running NumPy is {}",
        running_numpy(py),
    )))
}

/// The name of the module that holds `multiarray`'s Python functions, by the version that runs.
pub(crate) fn multiarray_module_name(py: Python<'_>) -> PyResult<&'static str> {
    import(py)?;
    Ok(if imported_version() >= Version::V2_0 {
        "numpy._core.multiarray"
    } else {
        "numpy.core.multiarray"
    })
}

/// What the running NumPy calls its version; what its feature version says where it does not tell.
pub(crate) fn running_numpy(py: Python<'_>) -> String {
    let version = || -> PyResult<String> { py.import("numpy")?.getattr("__version__")?.extract() };
    version().unwrap_or_else(|_| imported_version().to_string())
}

#[cold]
#[inline(never)]
fn load_or_panic(py: Python<'_>) {
    if let Err(error) = load(py) {
        panic!("{error}");
    }
}

#[cold]
#[inline(never)]
fn load(py: Python<'_>) -> PyResult<()> {
    let (array_capsule, ufunc_capsule) = capsules(py).map_err(|error| explain(py, error))?;
    let array_api = table(&array_capsule).map_err(|error| explain(py, error))?;
    let ufunc_api = table(&ufunc_capsule).map_err(|error| explain(py, error))?;

    // SAFETY: it is the table that NumPy itself published as its array API.
    let version = unsafe { check(array_api, || running_numpy(py)) }?;

    // SAFETY: slot 2 of every version's table holds the type `numpy.ndarray`.
    let array_type = unsafe { read::<*mut PyTypeObject>(array_api, SLOT_ARRAY_TYPE) };
    // SAFETY: slot 3 of every version's table holds the type `numpy.dtype`.
    let descr_type = unsafe { read::<*mut PyTypeObject>(array_api, SLOT_DESCR_TYPE) };

    FEATURE_VERSION.store(version.feature(), Ordering::Relaxed);
    ARRAY_TYPE.store(array_type, Ordering::Release);
    DESCR_TYPE.store(descr_type, Ordering::Release);
    UFUNC_API.store(ufunc_api.cast_mut(), Ordering::Release);
    let previous = ARRAY_API.swap(array_api.cast_mut(), Ordering::AcqRel);
    if previous.is_null() {
        // The tables live as long as their capsules: these references are never given back.
        mem::forget(array_capsule);
        mem::forget(ufunc_capsule);
    }
    Ok(())
}

type Capsules<'py> = (Bound<'py, PyCapsule>, Bound<'py, PyCapsule>);

/// The capsules with the two tables, neither of which has a name.
fn capsules(py: Python<'_>) -> PyResult<Capsules<'_>> {
    // From the outside in, as Python code does. Otherwise this thread would hold the lock of the
    // inner module while it waits for `numpy`, and another one that imports `numpy` the other way
    // round; Python breaks such a deadlock by failing one of the imports, and NumPy 2.4 and newer
    // cannot be imported again after that.
    py.import("numpy")?;
    let module = match py.import("numpy._core._multiarray_umath") {
        Ok(module) => module,
        // NumPy 1.x up to 1.25. The old path must not come first: NumPy 2 has a stub there that
        // prints a page of advice.
        Err(error)
            if is_missing(
                py,
                &error,
                &["numpy._core", "numpy._core._multiarray_umath"],
            ) =>
        {
            py.import("numpy.core._multiarray_umath")?
        }
        Err(error) => return Err(error),
    };
    Ok((
        module.getattr("_ARRAY_API")?.cast_into()?,
        module.getattr("_UFUNC_API")?.cast_into()?,
    ))
}

fn table(capsule: &Bound<'_, PyCapsule>) -> PyResult<Table> {
    Ok(capsule
        .pointer_checked(None)?
        .cast::<*const c_void>()
        .as_ptr()
        .cast_const())
}

/// Whether `error` says that one of these modules does not exist.
fn is_missing(py: Python<'_>, error: &PyErr, modules: &[&str]) -> bool {
    error.is_instance_of::<PyModuleNotFoundError>(py)
        && error
            .value(py)
            .getattr("name")
            .and_then(|name| name.extract::<String>())
            .is_ok_and(|name| modules.contains(&name.as_str()))
}

/// The `ImportError` that names the version needed, with `error` as its cause.
fn explain(py: Python<'_>, error: PyErr) -> PyErr {
    // A KeyboardInterrupt or SystemExit is nothing that went wrong with NumPy.
    if !error.is_instance_of::<PyException>(py) {
        return error;
    }
    let what = if is_missing(py, &error, &["numpy"]) {
        "NumPy is not installed"
    } else {
        "importing it failed"
    };
    let explained = PyImportError::new_err(format!(
        "npyo needs NumPy {} or newer, but {what}: {}",
        Version::FLOOR,
        error.value(py),
    ));
    explained.set_cause(py, Some(error));
    explained
}

/// The feature version of the NumPy that `table` comes from, if it is one to work with.
///
/// `running` tells what that NumPy calls itself.
///
/// # Safety
///
/// `table` must be a `PyArray_API` table of NumPy's.
unsafe fn check(table: Table, running: impl Fn() -> String) -> PyResult<Version> {
    // SAFETY: every version's table has this slot with this function.
    let abi = unsafe { read::<extern "C" fn() -> c_uint>(table, SLOT_ABI_VERSION) }();
    if abi != NPY_VERSION && abi != NPY_1_ABI_VERSION {
        return Err(PyImportError::new_err(format!(
            "npyo was built for NumPy 1.x and 2.x, C ABI versions {NPY_1_ABI_VERSION:#x} and \
             {NPY_VERSION:#x}; the running NumPy is {} with C ABI version {abi:#x}",
            running(),
        )));
    }

    // SAFETY: every version with one of these ABIs has this slot with this function.
    let version = unsafe { read::<extern "C" fn() -> c_uint>(table, SLOT_FEATURE_VERSION) }();
    let version = Version::from_feature(version);
    // NumPy 1.20 has the feature version of 1.21; only its name tells.
    let is_1_20 = || version == Version::V1_21 && running().starts_with("1.20.");
    if version < Version::FLOOR || is_1_20() {
        return Err(PyImportError::new_err(format!(
            "npyo needs NumPy {} or newer; the running NumPy is {}",
            Version::FLOOR,
            running(),
        )));
    }

    // SAFETY: every version with one of these ABIs has this slot with this function.
    let endianness = unsafe { read::<extern "C" fn() -> c_int>(table, SLOT_ENDIANNESS) }();
    let expected = if cfg!(target_endian = "big") {
        NPY_CPU_BIG
    } else {
        NPY_CPU_LITTLE
    };
    if endianness != expected {
        return Err(PyImportError::new_err(format!(
            "npyo was built for the byte order {expected} (1 is little-endian, 2 is big-endian); the \
             running NumPy has {endianness}",
        )));
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    extern "C" fn abi_2() -> c_uint {
        NPY_VERSION
    }
    extern "C" fn abi_3() -> c_uint {
        0x0300_0000
    }
    extern "C" fn feature_1_19() -> c_uint {
        0x0d
    }
    extern "C" fn feature_1_21() -> c_uint {
        0x0e
    }
    extern "C" fn feature_2_5() -> c_uint {
        0x16
    }
    extern "C" fn little() -> c_int {
        NPY_CPU_LITTLE
    }
    extern "C" fn big() -> c_int {
        NPY_CPU_BIG
    }

    type Unsigned = extern "C" fn() -> c_uint;

    fn checked(
        abi: Unsigned,
        feature: Unsigned,
        endianness: extern "C" fn() -> c_int,
        running: &str,
    ) -> Result<Version, String> {
        let mut slots = [std::ptr::null::<c_void>(); 212];
        slots[SLOT_ABI_VERSION] = abi as *const c_void;
        slots[SLOT_FEATURE_VERSION] = feature as *const c_void;
        slots[SLOT_ENDIANNESS] = endianness as *const c_void;
        Python::attach(|py| {
            // SAFETY: the slots that are read hold functions of the types of NumPy's.
            unsafe { check(slots.as_ptr(), || running.to_owned()) }.map_err(|error| {
                assert!(error.is_instance_of::<PyImportError>(py));
                error.value(py).to_string()
            })
        })
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn the_running_numpy_is_checked() {
        assert_eq!(
            checked(abi_2, feature_2_5, little, "2.5.5"),
            Ok(Version::V2_5)
        );
        assert_eq!(
            checked(abi_2, feature_1_19, little, "1.19.5"),
            Err("npyo needs NumPy 1.21 or newer; the running NumPy is 1.19.5".to_owned())
        );
        assert_eq!(
            checked(abi_2, feature_1_21, little, "1.20.3"),
            Err("npyo needs NumPy 1.21 or newer; the running NumPy is 1.20.3".to_owned())
        );
        assert_eq!(
            checked(abi_2, feature_1_21, little, "1.21.0"),
            Ok(Version::V1_21)
        );
        assert_eq!(
            checked(abi_3, feature_2_5, little, "3.0.0"),
            Err(
                "npyo was built for NumPy 1.x and 2.x, C ABI versions 0x1000009 and 0x2000000; \
                 the running NumPy is 3.0.0 with C ABI version 0x3000000"
                    .to_owned()
            )
        );
        let error = checked(abi_2, feature_2_5, big, "2.5.5").expect_err("the byte order differs");
        assert!(error.contains("byte order"), "{error}");
    }
}
