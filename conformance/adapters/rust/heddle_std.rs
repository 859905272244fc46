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

mod capture;
#[path = "../../include/heddle/heddle_subject.rs"]
mod heddle_subject;
mod panics;
mod thread_locals;
mod threads;

use heddle_subject::{Guard, Host, Process, Subject, OWNS_MAIN};

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

// Only Rust's own `main` can run its start-up: see the program.
static PROCESS: Process = Process {
    exit: Some(exit),
    ..Process::NONE
};

extern "C" fn exit(status: i32) {
    std::process::exit(status)
}

static SUBJECT: Subject = {
    let plugin = Subject::named(NAME, VERSION, PROFILE)
        .spawning(&threads::SPAWNING)
        .threads(&threads::THREADS)
        .parking(&threads::PARKING)
        .pausing(&threads::PAUSING)
        .scopes(&threads::SCOPES)
        .panics(&panics::PANICS)
        .tls(&thread_locals::TLS)
        .capture(&capture::CAPTURE)
        .process(&PROCESS);
    if cfg!(owns_main) {
        // Rust's start-up has installed the handler that reports an overflow. std does not reveal
        // the bounds of the guard.
        plugin.flags(OWNS_MAIN).guard(&Guard::NONE)
    } else {
        plugin
    }
};

/// Returns the subject's table, or null if the host speaks another major version.
#[no_mangle]
pub extern "C" fn heddle_subject(host: &'static Host) -> Option<&'static Subject> {
    SUBJECT.enter(host)
}

#[cfg(owns_main)]
mod hosting;

/// Ends as the suite says: with a status, or with a real panic of main.
#[cfg(owns_main)]
fn main() -> std::process::ExitCode {
    hosting::run(heddle_subject)
}
