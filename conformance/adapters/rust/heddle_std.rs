//! Rust's std as a subject: the tables of `heddle/subject.h`, filled with `std::thread` and what
//! belongs to it.
//!
//! Built as a `cdylib`, this is a plug-in. Built as a program (`--cfg owns_main`), it is a Rust
//! `main` that hosts the suite, with all that Rust's start-up sets up: the overflow handler and the
//! name of the main thread. `conformance/adapters/README.md` has both command lines, and says what
//! each unstable feature is for.

// The build defines these configurations itself. Compilers do not know their names, and old ones do
// not know the lint.
#![allow(unknown_lints, unexpected_cfgs)]
// A `Box` or a reference to a Rust type is a plain pointer for C, which only hands it back.
#![allow(improper_ctypes, improper_ctypes_definitions)]
#![feature(internal_output_capture)]
#![cfg_attr(before_1_71, feature(c_unwind, thread_local_internals))]
#![cfg_attr(before_1_73, feature(local_key_cell_methods))]

mod abi;
mod capture;
mod outcomes;
mod panics;
mod thread_locals;
mod threads;
mod values;

use std::mem::size_of;
use std::os::raw::c_char;

const NAME: &str = "rust-std\0";
const PROFILE: &str = concat!(env!("HEDDLE_RUST_PROFILE"), "\0");
#[cfg(not(before_1_73))]
const VERSION: &str = concat!(
    env!("HEDDLE_RUSTC_VERSION"),
    ", with RUSTC_BOOTSTRAP for internal_output_capture\0"
);
#[cfg(all(before_1_73, not(before_1_71)))]
const VERSION: &str = concat!(
    env!("HEDDLE_RUSTC_VERSION"),
    ", with RUSTC_BOOTSTRAP for internal_output_capture, local_key_cell_methods\0"
);
#[cfg(before_1_71)]
const VERSION: &str = concat!(
    env!("HEDDLE_RUSTC_VERSION"),
    ", with RUSTC_BOOTSTRAP for internal_output_capture, c_unwind, local_key_cell_methods, ",
    "thread_local_internals\0"
);

static PROCESS: abi::Process = abi::Process {
    size: size_of::<abi::Process>(),
    flags: 0,
    // Only Rust's own `main` can run its start-up: see the program.
    start: None,
    cleanup: None,
    run_as_main: None,
    exit,
};

extern "C" fn exit(status: i32) {
    std::process::exit(status)
}

/// Offered only where Rust's start-up has installed the handler that reports an overflow. std does
/// not reveal the bounds of the guard.
static GUARD: abi::Guard = abi::Guard {
    size: size_of::<abi::Guard>(),
    flags: 0,
    range: None,
};

static SUBJECT: abi::Subject = abi::Subject {
    major: abi::MAJOR,
    minor: abi::MINOR,
    size: size_of::<abi::Subject>(),
    outcome_size: size_of::<abi::Outcome>(),
    flags: if cfg!(owns_main) { abi::OWNS_MAIN } else { 0 },
    name: NAME.as_ptr() as *const c_char,
    version: VERSION.as_ptr() as *const c_char,
    profile: PROFILE.as_ptr() as *const c_char,
    deviations: None,
    deviation_count: 0,
    spawning: Some(&threads::SPAWNING),
    threads: Some(&threads::THREADS),
    parking: Some(&threads::PARKING),
    pausing: Some(&threads::PAUSING),
    scopes: Some(&threads::SCOPES),
    panics: Some(&panics::PANICS),
    tls: Some(&thread_locals::TLS),
    keys: None,
    capture: Some(&capture::CAPTURE),
    guard: if cfg!(owns_main) { Some(&GUARD) } else { None },
    process: Some(&PROCESS),
    presets: None,
};

/// Returns the subject's table, or null if the host speaks another major version.
#[no_mangle]
pub extern "C" fn heddle_subject(host: &'static abi::Host) -> Option<&'static abi::Subject> {
    if host.major != abi::MAJOR {
        return None;
    }
    values::set_host(host);
    Some(&SUBJECT)
}

#[cfg(owns_main)]
mod hosting;

/// Ends as the suite says: with a status, or with a real panic of main.
#[cfg(owns_main)]
fn main() -> std::process::ExitCode {
    hosting::run(heddle_subject)
}
