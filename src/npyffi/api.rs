//! The macro that turns the tables of C functions into methods.

/// Declares the methods of a table of C functions, one for each slot.
///
/// `[42] fn f(…) -> R;` makes a method `f(&self, py, …) -> R` for a slot that every supported NumPy
/// has. `[65, since 2.0] fn f(…) -> R;` makes one that returns `PyResult<R>` and does not read the
/// slot on an older NumPy, whose table may well end before it.
macro_rules! api_functions {
    (
        impl $api:ident, $c_name:literal, $table:ident, $table_since:ident;
        $(
            $(#[$attr:meta])*
            [$slot:literal $(, since $since:literal)?]
            fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)?;
        )*
    ) => {
        impl $api {
            $(
                $crate::npyffi::api::api_function! {
                    $c_name, $table, $table_since,
                    $(#[$attr])*
                    [$slot $(, $since)?]
                    fn $name($($arg: $type),*) $(-> $ret)?;
                }
            )*

            /// Every declared slot, with its function and the version that brought it.
            #[cfg(test)]
            pub(crate) const SLOTS: &[(usize, &str, $crate::npyffi::version::Version)] = &[$(
                (
                    $slot,
                    stringify!($name),
                    $crate::npyffi::api::since!($($since)?),
                ),
            )*];
        }
    };
}

/// The version that a slot needs: the floor unless one is given.
#[cfg(test)]
macro_rules! since {
    () => {
        $crate::npyffi::version::Version::V1_21
    };
    ($since:literal) => {
        $crate::npyffi::version::Version::since(stringify!($since))
    };
}

/// One method of [`api_functions`].
macro_rules! api_function {
    (
        $c_name:literal, $table:ident, $table_since:ident,
        $(#[$attr:meta])*
        [$slot:literal]
        fn $name:ident($($arg:ident: $type:ty),*) $(-> $ret:ty)?;
    ) => {
        #[doc = concat!("Calls the C function `", stringify!($name), "`, slot ", $slot, " of `", $c_name, "`.")]
        #[doc = ""]
        $(#[$attr])*
        #[doc = ""]
        #[doc = "# Safety"]
        #[doc = ""]
        #[doc = "The arguments must be what NumPy's documentation of the function asks for; see"]
        #[doc = "[what holds for all of them](Self#safety)."]
        #[inline]
        #[allow(non_snake_case)]
        pub unsafe fn $name(
            &self,
            py: pyo3::Python<'_>,
            $($arg: $type),*
        ) $(-> $ret)? {
            let table = $crate::npyffi::import::$table(py);
            // SAFETY: every supported NumPy has this slot, and it holds this C function, with a
            // signature that the declaration here repeats from NumPy's header.
            let function = unsafe {
                $crate::npyffi::import::read::<unsafe extern "C" fn($($type),*) $(-> $ret)?>(
                    table, $slot,
                )
            };
            // SAFETY: the caller vouches for the arguments; `py` shows that the thread is attached.
            unsafe { function($($arg),*) }
        }
    };
    (
        $c_name:literal, $table:ident, $table_since:ident,
        $(#[$attr:meta])*
        [$slot:literal, $since:literal]
        fn $name:ident($($arg:ident: $type:ty),*) $(-> $ret:ty)?;
    ) => {
        #[doc = concat!("Calls the C function `", stringify!($name), "`, slot ", $slot, " of `", $c_name, "`.")]
        #[doc = ""]
        #[doc = concat!("Since NumPy ", $since, ". An error that says so on an older one.")]
        #[doc = ""]
        $(#[$attr])*
        #[doc = ""]
        #[doc = "# Safety"]
        #[doc = ""]
        #[doc = "The arguments must be what NumPy's documentation of the function asks for; see"]
        #[doc = "[what holds for all of them](Self#safety)."]
        #[inline]
        #[allow(non_snake_case)]
        pub unsafe fn $name(
            &self,
            py: pyo3::Python<'_>,
            $($arg: $type),*
        ) -> pyo3::PyResult<$crate::npyffi::api::result!($($ret)?)> {
            const SINCE: $crate::npyffi::version::Version =
                $crate::npyffi::version::Version::since(stringify!($since));
            let table = $crate::npyffi::import::$table_since(py, SINCE, stringify!($name))?;
            // SAFETY: the running NumPy is new enough to have this slot, and from that version on
            // it holds this C function, with a signature that the declaration here repeats from
            // NumPy's header.
            let function = unsafe {
                $crate::npyffi::import::read::<unsafe extern "C" fn($($type),*) $(-> $ret)?>(
                    table, $slot,
                )
            };
            // SAFETY: the caller vouches for the arguments; `py` shows that the thread is attached.
            Ok(unsafe { function($($arg),*) })
        }
    };
}

/// The type a C function returns.
macro_rules! result {
    () => {
        ()
    };
    ($ret:ty) => {
        $ret
    };
}

pub(crate) use {api_function, api_functions, result};

#[cfg(test)]
pub(crate) use since;
