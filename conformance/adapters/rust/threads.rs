//! Spawned and scoped threads, thread handles, parking and pausing.

use std::io;
use std::mem::{forget, size_of};
use std::os::unix::thread::JoinHandleExt;
use std::ptr::null_mut;
use std::slice;
use std::thread::{self, Thread, ThreadId};
use std::time::Duration;

use crate::abi::{self, Body, Builder, Cookie, Join, Outcome, Scope, ScopedJoin, Setting};
use crate::outcomes::call;
use crate::values::{complete, owned_text, Probe};

pub static SPAWNING: abi::Spawning = abi::Spawning {
    size: size_of::<abi::Spawning>(),
    flags: abi::CARRIES_VALUE
        | abi::CARRIES_PANIC
        | abi::TAKES_NAME
        | abi::TAKES_STACK_SIZE
        | abi::REPORTS_ERRNO
        | abi::TAKES_ANY_NAME
        | abi::JOIN_AWAITS_LOCALS,
    spawn,
    spawn_or_panic,
    join,
    detach,
    forget: forget_join,
    is_finished,
    thread: thread_of,
    as_native,
    into_native,
};

/// Returns the closure that a thread runs. It captures the whole of `env`, which dies where the
/// closure ends.
fn closure(body: Body, env: Probe) -> impl FnOnce() -> Probe + Send + 'static {
    move || complete(env, body, null_mut()).value
}

fn settings(builder: Option<&Builder>) -> &[Setting] {
    match builder {
        Some(builder) if builder.count > 0 => unsafe {
            slice::from_raw_parts(builder.settings, builder.count)
        },
        _ => &[],
    }
}

fn configured(builder: Option<&Builder>) -> io::Result<thread::Builder> {
    settings(builder)
        .iter()
        .try_fold(thread::Builder::new(), |built, setting| {
            match setting.kind {
                abi::SETTING_NAME => {
                    let name = unsafe { owned_text(setting.text, setting.number as usize) };
                    Ok(built.name(name))
                }
                abi::SETTING_STACK_SIZE => Ok(built.stack_size(setting.number as usize)),
                kind => Err(io::Error::new(
                    io::ErrorKind::Unsupported,
                    format!("setting of kind {kind} for a thread: std has no such setting"),
                )),
            }
        })
}

extern "C" fn spawn(builder: Option<&Builder>, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Probe::new(env);
    call(out, move || {
        configured(builder)?.spawn(closure(body, env)).map(Box::new)
    });
}

extern "C" fn spawn_or_panic(body: Body, env: Cookie, out: &mut Outcome) {
    let env = Probe::new(env);
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

pub static SCOPES: abi::Scopes = abi::Scopes {
    size: size_of::<abi::Scopes>(),
    flags: abi::SCOPE_PANICS,
    scope,
    spawn: scope_spawn,
    spawn_or_panic: scope_spawn_or_panic,
    join: scope_join,
    drop: scope_drop,
    forget: scope_forget,
    is_finished: scope_is_finished,
    thread: scope_thread,
};

extern "C" fn scope(body: Body, env: Cookie, out: &mut Outcome) {
    let env = Probe::new(env);
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
    let env = Probe::new(env);
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
    let env = Probe::new(env);
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

pub static THREADS: abi::Threads = abi::Threads {
    size: size_of::<abi::Threads>(),
    flags: abi::UNIQUE_IDS,
    current,
    clone,
    drop: drop_thread,
    id,
    name,
    unpark,
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

pub static PARKING: abi::Parking = abi::Parking {
    size: size_of::<abi::Parking>(),
    flags: 0,
    park,
    park_timeout,
};

extern "C" fn park(out: &mut Outcome) {
    call(out, thread::park);
}

extern "C" fn park_timeout(seconds: u64, nanoseconds: u32, out: &mut Outcome) {
    call(out, || {
        thread::park_timeout(Duration::new(seconds, nanoseconds))
    });
}

pub static PAUSING: abi::Pausing = abi::Pausing {
    size: size_of::<abi::Pausing>(),
    flags: abi::SLEEPS_WHOLE,
    sleep,
    yield_now,
};

extern "C" fn sleep(seconds: u64, nanoseconds: u32, out: &mut Outcome) {
    call(out, || thread::sleep(Duration::new(seconds, nanoseconds)));
}

extern "C" fn yield_now(out: &mut Outcome) {
    call(out, thread::yield_now);
}
