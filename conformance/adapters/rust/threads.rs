//! Spawned and scoped threads, thread handles, parking and pausing.

use std::io;
use std::mem::forget;
use std::os::unix::thread::JoinHandleExt;
use std::thread::{self, JoinHandle, ScopedJoinHandle, Thread, ThreadId};
use std::time::Duration;

use crate::heddle_subject::{
    self as kit, call, closure, complete, Body, Builder, Cookie, Outcome, Parking, Pausing, Scopes,
    Spawning, Threads, Value,
};

type Join = JoinHandle<Value>;
/// The lifetimes rest on the suite's promise: it uses a scope pointer only until `scope` returns.
type Scope = std::thread::Scope<'static, 'static>;
type ScopedJoin = ScopedJoinHandle<'static, Value>;

pub static SPAWNING: Spawning<Join> = Spawning {
    flags: kit::CARRIES_VALUE
        | kit::CARRIES_PANIC
        | kit::TAKES_NAME
        | kit::TAKES_STACK_SIZE
        | kit::REPORTS_ERRNO
        | kit::TAKES_ANY_NAME
        | kit::JOIN_AWAITS_LOCALS,
    spawn: Some(spawn),
    spawn_or_panic: Some(spawn_or_panic),
    join: Some(join),
    detach: Some(detach),
    forget: Some(forget_join),
    is_finished: Some(is_finished),
    thread: Some(thread_of),
    as_native: Some(as_native),
    into_native: Some(into_native),
    ..Spawning::NONE
};

fn configured(builder: Option<&Builder>) -> io::Result<thread::Builder> {
    Builder::settings(builder)
        .iter()
        .try_fold(thread::Builder::new(), |built, setting| {
            match setting.kind {
                kit::SETTING_NAME => Ok(built.name(setting.name())),
                kit::SETTING_STACK_SIZE => Ok(built.stack_size(setting.number as usize)),
                kind => Err(io::Error::new(
                    io::ErrorKind::Unsupported,
                    format!("setting of kind {kind} for a thread: std has no such setting"),
                )),
            }
        })
}

extern "C" fn spawn(builder: Option<&Builder>, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        configured(builder)?.spawn(closure(body, env)).map(Box::new)
    });
}

extern "C" fn spawn_or_panic(body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || Box::new(thread::spawn(closure(body, env))));
}

extern "C" fn join(handle: Box<Join>, out: &mut Outcome) {
    call(out, move || handle.join());
}

extern "C" fn detach(handle: Box<Join>, out: &mut Outcome) {
    call(out, move || drop(handle));
}

extern "C" fn forget_join(handle: Box<Join>, out: &mut Outcome) {
    call(out, move || forget(*handle));
}

extern "C" fn is_finished(handle: &Join, out: &mut Outcome) {
    call(out, || handle.is_finished());
}

extern "C" fn thread_of(handle: &Join, out: &mut Outcome) {
    call(out, || Box::new(handle.thread().clone()));
}

extern "C" fn as_native(handle: &Join, out: &mut Outcome) {
    call(out, || handle.as_pthread_t());
}

extern "C" fn into_native(handle: Box<Join>, out: &mut Outcome) {
    call(out, move || handle.into_pthread_t());
}

pub static SCOPES: Scopes<Scope, ScopedJoin> = Scopes {
    flags: kit::SCOPE_PANICS,
    scope: Some(scope),
    spawn: Some(scope_spawn),
    spawn_or_panic: Some(scope_spawn_or_panic),
    join: Some(scope_join),
    drop: Some(scope_drop),
    forget: Some(scope_forget),
    is_finished: Some(scope_is_finished),
    thread: Some(scope_thread),
    ..Scopes::NONE
};

extern "C" fn scope(body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        thread::scope(move |scope| {
            let argument = scope as *const thread::Scope<'_, '_> as *mut _;
            complete(env, body, argument).value
        })
    });
}

extern "C" fn scope_spawn(
    scope: &'static Scope,
    builder: Option<&Builder>,
    body: Body,
    env: Cookie,
    out: &mut Outcome,
) {
    let env = Value::new(env);
    call(out, move || {
        configured(builder)?
            .spawn_scoped(scope, closure(body, env))
            .map(Box::new)
    });
}

extern "C" fn scope_spawn_or_panic(
    scope: &'static Scope,
    body: Body,
    env: Cookie,
    out: &mut Outcome,
) {
    let env = Value::new(env);
    call(out, move || Box::new(scope.spawn(closure(body, env))));
}

extern "C" fn scope_join(handle: Box<ScopedJoin>, out: &mut Outcome) {
    call(out, move || handle.join());
}

extern "C" fn scope_drop(handle: Box<ScopedJoin>, out: &mut Outcome) {
    call(out, move || drop(handle));
}

extern "C" fn scope_forget(handle: Box<ScopedJoin>, out: &mut Outcome) {
    call(out, move || forget(*handle));
}

extern "C" fn scope_is_finished(handle: &ScopedJoin, out: &mut Outcome) {
    call(out, || handle.is_finished());
}

extern "C" fn scope_thread(handle: &ScopedJoin, out: &mut Outcome) {
    call(out, || Box::new(handle.thread().clone()));
}

pub static THREADS: Threads<Thread> = Threads {
    flags: kit::UNIQUE_IDS,
    current: Some(current),
    clone: Some(clone),
    drop: Some(drop_thread),
    id: Some(id),
    name: Some(name),
    unpark: Some(unpark),
    ..Threads::NONE
};

extern "C" fn current(out: &mut Outcome) {
    call(out, || Box::new(thread::current()));
}

extern "C" fn clone(thread: &Thread, out: &mut Outcome) {
    call(out, || Box::new(thread.clone()));
}

extern "C" fn drop_thread(thread: Box<Thread>, out: &mut Outcome) {
    call(out, move || drop(thread));
}

/// Returns the id's number, which stable Rust shows only in the debug text.
fn number(id: ThreadId) -> u64 {
    let digits: String = format!("{id:?}")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    digits
        .parse()
        .expect("the debug text of a ThreadId holds one number")
}

extern "C" fn id(thread: &Thread, out: &mut Outcome) {
    call(out, || number(thread.id()));
}

extern "C" fn name(thread: &Thread, out: &mut Outcome) {
    call(out, || thread.name().map(str::to_owned));
}

extern "C" fn unpark(thread: &Thread, out: &mut Outcome) {
    call(out, || thread.unpark());
}

pub static PARKING: Parking = Parking {
    park: Some(park),
    park_timeout: Some(park_timeout),
    ..Parking::NONE
};

extern "C" fn park(out: &mut Outcome) {
    call(out, thread::park);
}

extern "C" fn park_timeout(seconds: u64, nanoseconds: u32, out: &mut Outcome) {
    call(out, || {
        thread::park_timeout(Duration::new(seconds, nanoseconds))
    });
}

pub static PAUSING: Pausing = Pausing {
    flags: kit::SLEEPS_WHOLE,
    sleep: Some(sleep),
    yield_now: Some(yield_now),
    ..Pausing::NONE
};

extern "C" fn sleep(seconds: u64, nanoseconds: u32, out: &mut Outcome) {
    call(out, || thread::sleep(Duration::new(seconds, nanoseconds)));
}

extern "C" fn yield_now(out: &mut Outcome) {
    call(out, thread::yield_now);
}
