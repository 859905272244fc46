//! Rust's std, and the `main` of the benchmark. Without std's own start-up code its threads would
//! have no alternate stacks, and be cheaper than in a real program.

#![cfg_attr(black_box_is_unstable, feature(bench_black_box))]

mod thread_locals;

use std::ffi::CString;
use std::hint::black_box;
use std::os::raw::{c_char, c_int};
use std::os::unix::ffi::OsStringExt;
use std::panic;
use std::thread;
use thread_locals::{Droppable, ThreadLocals};

type Loop = Option<extern "C" fn(usize)>;

/// As in loops.hpp.
#[repr(C)]
pub struct Loops {
    built_by: *const c_char,
    spawn_join: Loop,
    spawn_64_join: Loop,
    scope_8: Loop,
    scope_64: Loop,
    unpark_park: Loop,
    round_trip: Loop,
    catch_nothing: Loop,
    panic_depth_1: Loop,
    panic_depth_10: Loop,
    panic_depth_10_destructors: Loop,
    current_id: Loop,
    in_executable: *const ThreadLocals,
    in_shared_library: *const ThreadLocals,
}

extern "C" fn spawn_join(iterations: usize) {
    for _ in 0..iterations {
        thread::spawn(|| {}).join().unwrap();
    }
}

extern "C" fn spawn_64_join(iterations: usize) {
    for _ in 0..iterations {
        let mut handles = Vec::with_capacity(64);
        for _ in 0..64 {
            handles.push(thread::spawn(|| {}));
        }
        for handle in handles {
            handle.join().unwrap();
        }
    }
}

fn scope_of(threads: usize, iterations: usize) {
    for _ in 0..iterations {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {});
            }
        });
    }
}

extern "C" fn scope_8(iterations: usize) {
    scope_of(8, iterations);
}

extern "C" fn scope_64(iterations: usize) {
    scope_of(64, iterations);
}

extern "C" fn unpark_park(iterations: usize) {
    let this = thread::current();
    for _ in 0..iterations {
        this.unpark();
        thread::park();
    }
}

fn play_both_ends(iterations: usize) {
    let here = thread::current();
    let there = thread::spawn(move || {
        for _ in 0..iterations {
            thread::park();
            here.unpark();
        }
    });
    for _ in 0..iterations {
        there.thread().unpark();
        thread::park();
    }
    there.join().unwrap();
}

// Runs on a thread of its own: a scope may have left a token to the calling thread, whose first
// park would then return at once.
extern "C" fn round_trip(iterations: usize) {
    thread::spawn(move || play_both_ends(iterations)).join().unwrap();
}

#[inline(never)]
fn work(number: usize) -> usize {
    black_box(number).wrapping_add(1)
}

/// Calls `once` `iterations` times, rounded up to a multiple of eight: eight calls in each turn, so
/// that the loop around them hardly counts.
#[inline(always)]
fn repeat(mut once: impl FnMut(), iterations: usize) {
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

extern "C" fn catch_nothing(iterations: usize) {
    let mut number = 0usize;
    repeat(
        || {
            let value = panic::catch_unwind(|| work(number)).unwrap();
            number = number.wrapping_add(value);
        },
        iterations,
    );
    black_box(number);
}

#[inline(never)]
fn descend(depth: usize) {
    if depth == 1 {
        panic!("snap");
    }
    if depth > 1 {
        descend(depth - 1);
    }
    black_box(()); // no tail call: the frame stays
}

#[inline(never)]
fn descend_with_destructors(depth: usize) {
    let dropped = Droppable(1);
    if depth == 1 {
        panic!("snap");
    }
    if depth > 1 {
        descend_with_destructors(depth - 1);
    }
    black_box(&dropped);
}

fn panic_at(depth: usize, descend: fn(usize), iterations: usize) {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    for _ in 0..iterations {
        let result = panic::catch_unwind(|| descend(depth));
        black_box(result.is_err());
    }
    panic::set_hook(previous);
}

extern "C" fn panic_depth_1(iterations: usize) {
    panic_at(1, descend, iterations);
}

extern "C" fn panic_depth_10(iterations: usize) {
    panic_at(10, descend, iterations);
}

extern "C" fn panic_depth_10_destructors(iterations: usize) {
    panic_at(10, descend_with_destructors, iterations);
}

extern "C" fn current_id(iterations: usize) {
    for _ in 0..iterations {
        black_box(thread::current().id());
    }
}

extern "C" {
    fn heddle_bench_rust_in_shared_library() -> *const ThreadLocals;
    fn heddle_bench_main(argc: c_int, argv: *const *const c_char, rust: *const Loops) -> c_int;
}

fn main() {
    let loops = Loops {
        built_by: concat!(env!("HEDDLE_RUSTC_VERSION"), "\0").as_ptr().cast(),
        spawn_join: Some(spawn_join),
        spawn_64_join: Some(spawn_64_join),
        scope_8: Some(scope_8),
        scope_64: Some(scope_64),
        unpark_park: Some(unpark_park),
        round_trip: Some(round_trip),
        catch_nothing: Some(catch_nothing),
        panic_depth_1: Some(panic_depth_1),
        panic_depth_10: Some(panic_depth_10),
        panic_depth_10_destructors: Some(panic_depth_10_destructors),
        current_id: Some(current_id),
        in_executable: &thread_locals::THREAD_LOCALS,
        in_shared_library: unsafe { heddle_bench_rust_in_shared_library() },
    };
    let arguments: Vec<CString> = std::env::args_os()
        .map(|argument| CString::new(argument.into_vec()).expect("arguments have no NUL inside"))
        .collect();
    let mut argv: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
    argv.push(std::ptr::null());
    let argc = arguments.len() as c_int;
    std::process::exit(unsafe { heddle_bench_main(argc, argv.as_ptr(), &loops) });
}
