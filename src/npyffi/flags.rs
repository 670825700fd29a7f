//! Flags of arrays, of NumPy's iterator and of descriptors.

use std::ffi::c_int;

use crate::npyffi::types::{npy_uint32, npy_uint64};

/// The last index varies fastest, and there are no gaps.
pub const NPY_ARRAY_C_CONTIGUOUS: c_int = 0x0001;
/// The first index varies fastest, and there are no gaps.
pub const NPY_ARRAY_F_CONTIGUOUS: c_int = 0x0002;
/// The array frees its data.
pub const NPY_ARRAY_OWNDATA: c_int = 0x0004;
/// Request: cast even where that is not safe.
pub const NPY_ARRAY_FORCECAST: c_int = 0x0010;
/// Request: copy always.
pub const NPY_ARRAY_ENSURECOPY: c_int = 0x0020;
/// Request: a base-class array.
pub const NPY_ARRAY_ENSUREARRAY: c_int = 0x0040;
/// Request: strides that are multiples of the item size.
pub const NPY_ARRAY_ELEMENTSTRIDES: c_int = 0x0080;
/// The data is aligned as the descriptor asks.
pub const NPY_ARRAY_ALIGNED: c_int = 0x0100;
/// Request: native byte order.
pub const NPY_ARRAY_NOTSWAPPED: c_int = 0x0200;
/// The data may be written.
pub const NPY_ARRAY_WRITEABLE: c_int = 0x0400;
/// Writing is deprecated, and warned of: set for what `numpy.broadcast_arrays` returns.
pub const NPY_ARRAY_WARN_ON_WRITE: c_int = c_int::MIN;
/// In `__array_struct__`: the `descr` field is present.
pub const NPY_ARR_HAS_DESCR: c_int = 0x0800;
/// The base is an array to be updated from this one.
pub const NPY_ARRAY_WRITEBACKIFCOPY: c_int = 0x2000;
/// Request: never copy.
pub const NPY_ARRAY_ENSURENOCOPY: c_int = 0x4000;

/// Aligned and writeable.
pub const NPY_ARRAY_BEHAVED: c_int = NPY_ARRAY_ALIGNED | NPY_ARRAY_WRITEABLE;
/// Aligned, writeable and in native byte order.
pub const NPY_ARRAY_BEHAVED_NS: c_int = NPY_ARRAY_BEHAVED | NPY_ARRAY_NOTSWAPPED;
/// C-contiguous, aligned and writeable.
pub const NPY_ARRAY_CARRAY: c_int = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_BEHAVED;
/// C-contiguous and aligned.
pub const NPY_ARRAY_CARRAY_RO: c_int = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED;
/// Fortran-contiguous, aligned and writeable.
pub const NPY_ARRAY_FARRAY: c_int = NPY_ARRAY_F_CONTIGUOUS | NPY_ARRAY_BEHAVED;
/// Fortran-contiguous and aligned.
pub const NPY_ARRAY_FARRAY_RO: c_int = NPY_ARRAY_F_CONTIGUOUS | NPY_ARRAY_ALIGNED;
/// What a new array has.
pub const NPY_ARRAY_DEFAULT: c_int = NPY_ARRAY_CARRAY;
/// An input, in C order.
pub const NPY_ARRAY_IN_ARRAY: c_int = NPY_ARRAY_CARRAY_RO;
/// An output, in C order.
pub const NPY_ARRAY_OUT_ARRAY: c_int = NPY_ARRAY_CARRAY;
/// An input that is also an output, in C order.
pub const NPY_ARRAY_INOUT_ARRAY: c_int = NPY_ARRAY_CARRAY;
/// An input that is also an output, in C order, through a copy if need be.
pub const NPY_ARRAY_INOUT_ARRAY2: c_int = NPY_ARRAY_CARRAY | NPY_ARRAY_WRITEBACKIFCOPY;
/// An input, in Fortran order.
pub const NPY_ARRAY_IN_FARRAY: c_int = NPY_ARRAY_FARRAY_RO;
/// An output, in Fortran order.
pub const NPY_ARRAY_OUT_FARRAY: c_int = NPY_ARRAY_FARRAY;
/// An input that is also an output, in Fortran order.
pub const NPY_ARRAY_INOUT_FARRAY: c_int = NPY_ARRAY_FARRAY;
/// An input that is also an output, in Fortran order, through a copy if need be.
pub const NPY_ARRAY_INOUT_FARRAY2: c_int = NPY_ARRAY_FARRAY | NPY_ARRAY_WRITEBACKIFCOPY;
/// The flags that follow from pointer, shape and strides.
pub const NPY_ARRAY_UPDATE_ALL: c_int =
    NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_F_CONTIGUOUS | NPY_ARRAY_ALIGNED;

/// Track a flat index in C order.
pub const NPY_ITER_C_INDEX: npy_uint32 = 0x0000_0001;
/// Track a flat index in Fortran order.
pub const NPY_ITER_F_INDEX: npy_uint32 = 0x0000_0002;
/// Track a multi-index.
pub const NPY_ITER_MULTI_INDEX: npy_uint32 = 0x0000_0004;
/// The caller does the innermost loop.
pub const NPY_ITER_EXTERNAL_LOOP: npy_uint32 = 0x0000_0008;
/// Convert the operands to a common dtype.
pub const NPY_ITER_COMMON_DTYPE: npy_uint32 = 0x0000_0010;
/// Accept operands that hold references.
pub const NPY_ITER_REFS_OK: npy_uint32 = 0x0000_0020;
/// Accept operands without elements.
pub const NPY_ITER_ZEROSIZE_OK: npy_uint32 = 0x0000_0040;
/// Accept reductions.
pub const NPY_ITER_REDUCE_OK: npy_uint32 = 0x0000_0080;
/// Allow iterating over a part of the range.
pub const NPY_ITER_RANGED: npy_uint32 = 0x0000_0100;
/// Buffer operands.
pub const NPY_ITER_BUFFERED: npy_uint32 = 0x0000_0200;
/// Make the inner loop longer than the buffer where it can be.
pub const NPY_ITER_GROWINNER: npy_uint32 = 0x0000_0400;
/// Allocate buffers at the first reset.
pub const NPY_ITER_DELAY_BUFALLOC: npy_uint32 = 0x0000_0800;
/// Leave axes with negative strides as they are.
pub const NPY_ITER_DONT_NEGATE_STRIDES: npy_uint32 = 0x0000_1000;
/// Copy an output that may overlap with another operand.
pub const NPY_ITER_COPY_IF_OVERLAP: npy_uint32 = 0x0000_2000;

/// Operand: read and written.
pub const NPY_ITER_READWRITE: npy_uint32 = 0x0001_0000;
/// Operand: only read.
pub const NPY_ITER_READONLY: npy_uint32 = 0x0002_0000;
/// Operand: only written.
pub const NPY_ITER_WRITEONLY: npy_uint32 = 0x0004_0000;
/// Operand: in native byte order.
pub const NPY_ITER_NBO: npy_uint32 = 0x0008_0000;
/// Operand: aligned.
pub const NPY_ITER_ALIGNED: npy_uint32 = 0x0010_0000;
/// Operand: contiguous within the inner loop.
pub const NPY_ITER_CONTIG: npy_uint32 = 0x0020_0000;
/// Operand: may be copied.
pub const NPY_ITER_COPY: npy_uint32 = 0x0040_0000;
/// Operand: may be copied and written back.
pub const NPY_ITER_UPDATEIFCOPY: npy_uint32 = 0x0080_0000;
/// Operand: allocate it if it is NULL.
pub const NPY_ITER_ALLOCATE: npy_uint32 = 0x0100_0000;
/// Operand: allocate no subtype.
pub const NPY_ITER_NO_SUBTYPE: npy_uint32 = 0x0200_0000;
/// Operand: a virtual one, with data only in the buffer.
pub const NPY_ITER_VIRTUAL: npy_uint32 = 0x0400_0000;
/// Operand: must have the iterator's shape.
pub const NPY_ITER_NO_BROADCAST: npy_uint32 = 0x0800_0000;
/// Operand: written through the mask.
pub const NPY_ITER_WRITEMASKED: npy_uint32 = 0x1000_0000;
/// Operand: the mask.
pub const NPY_ITER_ARRAYMASK: npy_uint32 = 0x2000_0000;
/// Operand: for the overlap test, accessed element by element in iteration order.
pub const NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE: npy_uint32 = 0x4000_0000;

/// The bits of the flags for the whole iterator.
pub const NPY_ITER_GLOBAL_FLAGS: npy_uint32 = 0x0000_ffff;
/// The bits of the flags for one operand.
pub const NPY_ITER_PER_OP_FLAGS: npy_uint32 = 0xffff_0000;

/// Items hold references.
pub const NPY_ITEM_REFCOUNT: npy_uint64 = 0x01;
/// The same as [`NPY_ITEM_REFCOUNT`].
pub const NPY_ITEM_HASOBJECT: npy_uint64 = 0x01;
/// Pickled as a list.
pub const NPY_LIST_PICKLE: npy_uint64 = 0x02;
/// The item is a pointer.
pub const NPY_ITEM_IS_POINTER: npy_uint64 = 0x04;
/// New memory must be initialised.
pub const NPY_NEEDS_INIT: npy_uint64 = 0x08;
/// Operations need the Python C API.
pub const NPY_NEEDS_PYAPI: npy_uint64 = 0x10;
/// Items are read with `getitem`.
pub const NPY_USE_GETITEM: npy_uint64 = 0x20;
/// Items are written with `setitem`.
pub const NPY_USE_SETITEM: npy_uint64 = 0x40;
/// A structured dtype made with `align=True`.
pub const NPY_ALIGNED_STRUCT: npy_uint64 = 0x80;
/// A structured dtype with gaps between its fields. Set from NumPy 2.5 on.
pub const NPY_NOT_TRIVIALLY_COPYABLE: npy_uint64 = 0x100;
/// The flags that a structured dtype has if one of its fields has them.
pub const NPY_FROM_FIELDS: npy_uint64 = NPY_NEEDS_INIT
    | NPY_LIST_PICKLE
    | NPY_ITEM_REFCOUNT
    | NPY_NEEDS_PYAPI
    | NPY_NOT_TRIVIALLY_COPYABLE;
/// The flags of the object dtype.
pub const NPY_OBJECT_DTYPE_FLAGS: npy_uint64 = NPY_LIST_PICKLE
    | NPY_USE_GETITEM
    | NPY_ITEM_IS_POINTER
    | NPY_ITEM_REFCOUNT
    | NPY_NEEDS_INIT
    | NPY_NEEDS_PYAPI;
