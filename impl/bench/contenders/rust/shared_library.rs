//! The thread locals of the shared library.

#![cfg_attr(black_box_is_unstable, feature(bench_black_box))]

mod thread_locals;

#[no_mangle]
pub extern "C" fn heddle_bench_rust_in_shared_library() -> *const thread_locals::ThreadLocals {
    &thread_locals::THREAD_LOCALS
}
