//! crossbeam-utils as a subject: its scopes, and its Parker on threads of Rust's std.
//!
//! A thread of a crossbeam scope must not spawn in the scope that the owner sees, but in one that
//! it is handed. The suite knows a scope by one pointer, so each thread remembers what stands for
//! it.

#[path = "../../include/heddle/heddle_subject.rs"]
mod heddle_subject;

use std::cell::RefCell;
use std::ptr::eq;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_utils::sync::{Parker, Unparker};
use crossbeam_utils::thread::{self as scoped, ScopedJoinHandle};
use heddle_subject::{call, closure, complete, Body, Builder, Cookie, Host, Outcome, Value};
use heddle_subject::{Panics, Parking, Scopes, Spawning, Subject, Threads};
use heddle_subject::{CARRIES_PANIC, CARRIES_VALUE, SCOPE_PANICS};

/// The lifetimes rest on the suite's promise: it uses a scope pointer only until `scope` returns.
type Scope = scoped::Scope<'static>;

/// Scopes as the suite knows them, each with what stands for it on a thread, the newest last.
type StandIns = Vec<(&'static Scope, &'static Scope)>;

thread_local! {
    /// The parker of this thread: what its spawner has made, or its own if another has spawned it.
    static PARKER: RefCell<Parker> = RefCell::default();
    static STAND_INS: RefCell<StandIns> = RefCell::default();
}

struct Join<Native> {
    native: Native,
    unparker: Unparker,
}
type Free = Join<JoinHandle<Value>>;
type Scoped = Join<ScopedJoinHandle<'static, Value>>;

/// What a thread has of its own before its body runs.
struct Beginning {
    parker: Parker,
    stand_ins: StandIns,
}

impl Beginning {
    /// Makes it in the spawner. A thread that is spawned outlives none of the spawner's scopes.
    fn new() -> (Beginning, Unparker) {
        let parker = Parker::new();
        let unparker = parker.unparker().clone();
        let stand_ins = STAND_INS.with(|known| known.borrow().clone());
        (Beginning { parker, stand_ins }, unparker)
    }

    fn adopt(self) {
        PARKER.with(|own| drop(own.replace(self.parker)));
        STAND_INS.with(|known| drop(known.replace(self.stand_ins)));
    }
}

static SPAWNING: Spawning<Free> = Spawning {
    flags: CARRIES_VALUE | CARRIES_PANIC,
    spawn: Some(spawn),
    join: Some(join),
    detach: Some(detach),
    thread: Some(thread_of),
    ..Spawning::NONE
};

/// The builder is None, since no flag says that names or stack sizes are taken.
extern "C" fn spawn(_: Option<&Builder>, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        let (beginning, unparker) = Beginning::new();
        let native = thread::Builder::new().spawn(move || {
            beginning.adopt();
            closure(body, env)()
        });
        native.map(|native| Box::new(Join { native, unparker }))
    });
}

extern "C" fn join(handle: Box<Free>, out: &mut Outcome) {
    call(out, move || handle.native.join());
}

extern "C" fn detach(handle: Box<Free>, out: &mut Outcome) {
    call(out, move || drop(handle));
}

extern "C" fn thread_of(handle: &Free, out: &mut Outcome) {
    call(out, || Box::new(handle.unparker.clone()));
}

static SCOPES: Scopes<Scope, Scoped> = Scopes {
    flags: SCOPE_PANICS,
    scope: Some(scope),
    spawn: Some(scope_spawn),
    join: Some(scope_join),
    drop: Some(scope_drop),
    thread: Some(scope_thread),
    ..Scopes::NONE
};

/// A panic of a thread comes back as an error, which the pages of crossbeam unwrap.
extern "C" fn scope(body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        scoped::scope(move |scope| complete(env, body, scope as *const _ as *mut _).value)
            .unwrap_or_else(|panics| {
                drop(panics);
                panic!("a thread of the scope has panicked")
            })
    });
}

extern "C" fn scope_spawn(
    scope: &'static Scope,
    _: Option<&Builder>,
    body: Body,
    env: Cookie,
    out: &mut Outcome,
) {
    let env = Value::new(env);
    call(out, move || {
        let (mut beginning, unparker) = Beginning::new();
        let known = beginning.stand_ins.iter().rev();
        let here = known.clone().find(|(known, _)| eq(*known, scope));
        let here = here.map_or(scope, |(_, stand_in)| *stand_in);
        let native = here.builder().spawn(move |own| {
            let own = unsafe { &*(own as *const Scope) };
            beginning.stand_ins.push((scope, own));
            beginning.adopt();
            closure(body, env)()
        });
        native.map(|native| Box::new(Join { native, unparker }))
    });
}

extern "C" fn scope_join(handle: Box<Scoped>, out: &mut Outcome) {
    call(out, move || handle.native.join());
}

extern "C" fn scope_drop(handle: Box<Scoped>, out: &mut Outcome) {
    call(out, move || drop(handle));
}

extern "C" fn scope_thread(handle: &Scoped, out: &mut Outcome) {
    call(out, || Box::new(handle.unparker.clone()));
}

static THREADS: Threads<Unparker> = Threads {
    current: Some(current),
    clone: Some(clone),
    drop: Some(drop_unparker),
    unpark: Some(unpark),
    ..Threads::NONE
};

extern "C" fn current(out: &mut Outcome) {
    call(out, || {
        PARKER.with(|parker| Box::new(parker.borrow().unparker().clone()))
    });
}

extern "C" fn clone(unparker: &Unparker, out: &mut Outcome) {
    call(out, || Box::new(unparker.clone()));
}

extern "C" fn drop_unparker(unparker: Box<Unparker>, out: &mut Outcome) {
    call(out, move || drop(unparker));
}

extern "C" fn unpark(unparker: &Unparker, out: &mut Outcome) {
    call(out, || unparker.unpark());
}

static PARKING: Parking = Parking {
    park: Some(park),
    park_timeout: Some(park_timeout),
    ..Parking::NONE
};

extern "C" fn park(out: &mut Outcome) {
    call(out, || PARKER.with(|parker| parker.borrow().park()));
}

extern "C" fn park_timeout(seconds: u64, nanoseconds: u32, out: &mut Outcome) {
    call(out, || {
        // The suite's longest times lie beyond the end of the clock, where crossbeam panics.
        let deadline = Instant::now().checked_add(Duration::new(seconds, nanoseconds));
        PARKER.with(|parker| match deadline {
            Some(deadline) => parker.borrow().park_deadline(deadline),
            None => parker.borrow().park(),
        })
    });
}

const VERSION: &str = concat!(env!("HEDDLE_CROSSBEAM_VERSION"), "\0");

static SUBJECT: Subject = Subject::named("crossbeam-utils\0", VERSION, "\0")
    .spawning(&SPAWNING)
    .threads(&THREADS)
    .parking(&PARKING)
    .scopes(&SCOPES)
    .panics(&Panics::CAUGHT);

/// Returns the subject's table, or null if the host speaks another major version.
#[no_mangle]
pub extern "C" fn heddle_subject(host: &'static Host) -> Option<&'static Subject> {
    SUBJECT.enter(host)
}
