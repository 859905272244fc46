//! Rust's thread locals: part of the executable as well as of the shared library.

use std::cell::Cell;
use std::hint::black_box;

pub type Loop = Option<extern "C" fn(usize)>;

/// As in loops.hpp.
#[repr(C)]
pub struct ThreadLocalLoops {
    trivial: Loop,
    constant: Loop,
    lazy: Loop,
    system_key: Loop,
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

fn read_trivial() -> u64 {
    TRIVIAL.with(|cell| cell.get())
}

fn read_constant() -> u64 {
    CONSTANT.with(|value| value.0)
}

fn read_lazy() -> u64 {
    LAZY.with(|value| value.0)
}

/// Calls `once` so often, or up to seven times more: eight calls a turn, since a loop of a few
/// instructions is faster or slower by a third for where it happens to lie.
#[inline(always)]
pub fn repeat(mut once: impl FnMut(), iterations: usize) {
    for _ in (0..iterations).step_by(8) {
        once();
        once();
        once();
        once();
        once();
        once();
        once();
        once();
    }
}

/// Through a pointer of which the compiler knows nothing: it would find the address of the thread
/// local, or even its value, once for all calls.
fn repeat_read(read: fn() -> u64, iterations: usize) {
    let read = black_box(read);
    let mut sum = 0u64;
    repeat(|| sum = sum.wrapping_add(read()), iterations);
    black_box(sum);
}

extern "C" fn repeat_trivial(iterations: usize) {
    // Written to, or the compiler would know that it is constant.
    TRIVIAL.with(|cell| cell.set(iterations as u64));
    repeat_read(read_trivial, iterations);
}

extern "C" fn repeat_constant(iterations: usize) {
    repeat_read(read_constant, iterations);
}

extern "C" fn repeat_lazy(iterations: usize) {
    repeat_read(read_lazy, iterations);
}

/// Keys of the operating system are there for targets without thread-local storage only.
pub static LOOPS: ThreadLocalLoops = ThreadLocalLoops {
    trivial: Some(repeat_trivial),
    constant: Some(repeat_constant),
    lazy: Some(repeat_lazy),
    system_key: None,
};
