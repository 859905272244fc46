//! Rust's thread locals: part of the executable as well as of the shared library.

use std::cell::Cell;
use std::hint::black_box;

type Read = Option<extern "C" fn() -> u64>;

/// As in loops.hpp.
#[repr(C)]
pub struct ThreadLocals {
    prepare: extern "C" fn(u64),
    trivial: Read,
    constant: Read,
    lazy: Read,
    system_key: Read,
}

pub struct Droppable(pub u64);

impl Drop for Droppable {
    fn drop(&mut self) {
        black_box(self.0);
    }
}

thread_local! {
    static TRIVIAL: Cell<u64> = const { Cell::new(1) };
    static CONSTANT: Droppable = const { Droppable(1) };
    static LAZY: Droppable = Droppable(black_box(1));
}

extern "C" fn prepare(number: u64) {
    TRIVIAL.with(|cell| cell.set(number));
}

extern "C" fn read_trivial() -> u64 {
    TRIVIAL.with(|cell| cell.get())
}

extern "C" fn read_constant() -> u64 {
    CONSTANT.with(|value| value.0)
}

extern "C" fn read_lazy() -> u64 {
    LAZY.with(|value| value.0)
}

/// Keys of the operating system are there for targets without thread-local storage only.
pub static THREAD_LOCALS: ThreadLocals = ThreadLocals {
    prepare,
    trivial: Some(read_trivial),
    constant: Some(read_constant),
    lazy: Some(read_lazy),
    system_key: None,
};
