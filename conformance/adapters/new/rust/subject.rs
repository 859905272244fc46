//! A subject for heddle-conform. It judges `std::thread`: put your runtime in its place.
//!
//! heddle/subject.h says what each function of a table does, and the rules that all of them keep.
//! heddle/heddle_subject.rs has what is the same in every adapter: values, bodies, panics,
//! outcomes.

// A `Box` or a reference to a Rust type is a plain pointer for C, which only hands it back.
#![allow(improper_ctypes_definitions)]

use heddle_subject::{call, closure, Body, Builder, Cookie, Host, Outcome, Value};
use heddle_subject::{Panics, Spawning, Subject, CARRIES_PANIC, CARRIES_VALUE};
use std::thread;

/// What a join handle points to.
type Join = thread::JoinHandle<Value>;

/// The builder is None, since no flag below says that this runtime takes names or stack sizes.
extern "C" fn spawn(_: Option<&Builder>, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        thread::Builder::new()
            .spawn(closure(body, env))
            .map(Box::new)
    });
}

/// Eats the join handle.
extern "C" fn join(handle: Box<Join>, out: &mut Outcome) {
    call(out, move || handle.join());
}

// ---- Next: fill these in, and name them in the tables below -------------------------------------
//
// Eats the join handle; the thread runs on.
//
// extern "C" fn detach(handle: Box<Join>, out: &mut Outcome) {
//     call(out, move || ...);
// }
//
// Returns true if the thread's body has ended. Never blocks.
//
// extern "C" fn is_finished(handle: &Join, out: &mut Outcome) {
//     call(out, || ...);
// }
//
// Lets other threads run. It belongs to a table of its own, Pausing.
//
// extern "C" fn yield_now(out: &mut Outcome) {
//     call(out, || ...);
// }

static SPAWNING: Spawning<Join> = Spawning {
    // What the runtime promises: its documentation must say so.
    flags: CARRIES_VALUE | CARRIES_PANIC,
    spawn: Some(spawn),
    join: Some(join),
    ..Spawning::NONE // not offered: its clauses do not apply
};

static SUBJECT: Subject = Subject::named("my runtime\0", "0\0", "\0")
    .spawning(&SPAWNING)
    .panics(&Panics::CAUGHT);

/// Returns the subject's table, or null for a suite with another major version.
#[no_mangle]
pub extern "C" fn heddle_subject(host: &'static Host) -> Option<&'static Subject> {
    SUBJECT.enter(host)
}
