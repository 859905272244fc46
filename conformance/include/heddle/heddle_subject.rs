//! A kit for adapters in Rust 2021, from Rust 1.63 on: `heddle/subject.h`, and what every adapter
//! needs around its tables, so that its author writes only what the runtime differs in.
//!
//! Take it as a module (`#[path = "..."] mod heddle_subject;`), or compile it to a crate of its own:
//!
//!     rustc --edition 2021 -O --crate-type rlib heddle_subject.rs
//!
//! The ABI `C-unwind` is stable from Rust 1.71 on. A compiler that is older needs
//! `--cfg without_c_unwind`, and a body that unwinds then ends the process.
//!
//! A cookie of the suite's is a `Value`, a body with what it has captured a `closure`, and a panic a
//! panic. Every function of a table is written as
//!
//!     extern "C" fn join(handle: Box<Join>, out: &mut Outcome) {
//!         call(out, move || handle.join());
//!     }
//!
//! so that no panic leaves it, and the outcome is written after everything that it owned is gone.
//!
//! Everything here may be used by any thread.

// The build defines these configurations itself. Compilers do not know their names, and old ones do
// not know the lint. Few adapters use all of this.
#![allow(unknown_lints, unexpected_cfgs, dead_code)]
// A `Box` or a reference to a Rust type is a plain pointer for C, which only hands it back.
#![allow(improper_ctypes, improper_ctypes_definitions)]

use std::any::Any;
use std::cell::Cell;
use std::ffi::c_void;
use std::io;
use std::mem::size_of;
use std::os::raw::c_char;
use std::panic::{self, AssertUnwindSafe};
use std::ptr::{null, null_mut};
use std::slice;
use std::str;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread::{self, AccessError};

#[path = "heddle_abi.rs"]
pub mod abi;

pub use abi::*;

// ---- The suite's values and outcomes ------------------------------------------------------------

/// Written once, before anything else of the subject runs, so relaxed accesses are enough.
static HOST: AtomicPtr<Host> = AtomicPtr::new(null_mut());

/// Returns the suite, which stays valid until the process is gone.
pub fn host() -> &'static Host {
    unsafe { &*HOST.load(Ordering::Relaxed) }
}

/// Returns bytes of the suite, which promises that its text is UTF-8 and static.
pub unsafe fn bytes(text: *const u8, length: usize) -> &'static [u8] {
    if length == 0 {
        &[]
    } else {
        slice::from_raw_parts(text, length)
    }
}

pub unsafe fn owned_text(text: *const u8, length: usize) -> String {
    String::from_utf8_lossy(bytes(text, length)).into_owned()
}

impl Outcome {
    pub const fn nothing() -> Outcome {
        Outcome {
            tag: RETURNED,
            payload: OPAQUE,
            os_error: 0,
            reserved: 0,
            value: 0,
            handle: null_mut(),
            text: null(),
            text_length: 0,
            next: None,
            next_env: 0,
        }
    }

    const fn tagged(tag: u32, payload: u32) -> Outcome {
        Outcome {
            tag,
            payload,
            ..Outcome::nothing()
        }
    }

    /// Returns the text that the suite wrote.
    pub fn static_bytes(&self) -> &'static [u8] {
        unsafe { bytes(self.text, self.text_length) }
    }

    fn literal(&self) -> &'static str {
        str::from_utf8(self.static_bytes()).expect("the suite's text is UTF-8")
    }

    /// The same outcome with a text, of which the suite keeps a copy.
    pub fn with_text(self, text: &str) -> Outcome {
        let kept = unsafe { (host().keep_text)(text.as_ptr(), text.len()) };
        Outcome {
            text: kept,
            text_length: text.len(),
            ..self
        }
    }

    /// Makes the outcome for a panic, which is CAUGHT or PANICKED. A cookie in its payload belongs
    /// to the suite again.
    pub fn of_panic(tag: u32, payload: Payload) -> Outcome {
        let payload = match payload.downcast::<Value>() {
            Ok(value) => {
                return Outcome {
                    value: value.into_cookie(),
                    ..Outcome::tagged(tag, OPAQUE)
                }
            }
            Err(payload) => payload,
        };
        if let Some(text) = payload.downcast_ref::<&'static str>() {
            Outcome::tagged(tag, LITERAL).with_text(text)
        } else if let Some(text) = payload.downcast_ref::<String>() {
            Outcome::tagged(tag, STRING).with_text(text)
        } else {
            Outcome::tagged(tag, FOREIGN)
        }
    }
}

impl From<()> for Outcome {
    fn from(_: ()) -> Outcome {
        Outcome::nothing()
    }
}

impl From<u64> for Outcome {
    fn from(value: u64) -> Outcome {
        Outcome {
            value,
            ..Outcome::nothing()
        }
    }
}

impl From<bool> for Outcome {
    fn from(flag: bool) -> Outcome {
        u64::from(flag).into()
    }
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Outcome {
        value.into_cookie().into()
    }
}

impl From<String> for Outcome {
    fn from(text: String) -> Outcome {
        Outcome::from(true).with_text(&text)
    }
}

/// A new handle.
impl<Handle> From<Box<Handle>> for Outcome {
    fn from(handle: Box<Handle>) -> Outcome {
        Outcome {
            handle: Box::into_raw(handle).cast(),
            ..Outcome::nothing()
        }
    }
}

impl<Thing: Into<Outcome>> From<Option<Thing>> for Outcome {
    fn from(thing: Option<Thing>) -> Outcome {
        thing.map_or_else(Outcome::nothing, Into::into)
    }
}

/// The outcome of a thread or a catch.
impl From<Result<Value, Payload>> for Outcome {
    fn from(result: Result<Value, Payload>) -> Outcome {
        match result {
            Ok(value) => value.into(),
            Err(payload) => Outcome::of_panic(CAUGHT, payload),
        }
    }
}

/// A new handle, or the system's refusal.
impl<Handle> From<io::Result<Box<Handle>>> for Outcome {
    fn from(result: io::Result<Box<Handle>>) -> Outcome {
        match result {
            Ok(handle) => handle.into(),
            Err(error) => Outcome {
                os_error: error.raw_os_error().unwrap_or(0),
                ..Outcome::tagged(FAILED, OPAQUE).with_text(&error.to_string())
            },
        }
    }
}

impl From<Result<Value, AccessError>> for Outcome {
    fn from(result: Result<Value, AccessError>) -> Outcome {
        match result {
            Ok(value) => value.into(),
            Err(error) => Outcome::tagged(NO_ACCESS, OPAQUE).with_text(&error.to_string()),
        }
    }
}

/// Runs the work of a function of the tables. Any call into a runtime may panic, and no panic may
/// leave an `extern "C"` function. The outcome is written after everything that the call owned is
/// gone.
pub fn call<T: Into<Outcome>>(out: &mut Outcome, work: impl FnOnce() -> T) {
    *out = match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.into(),
        Err(payload) => Outcome::of_panic(PANICKED, payload),
    };
}

pub type Payload = Box<dyn Any + Send>;

/// Owns a cookie and reports its death, which panics if the suite asks for that. It has a cell
/// because an access to a thread local hands out the address of the number, and the suite may write
/// there.
#[derive(Default)]
pub struct Value(Cell<Cookie>);

impl Value {
    pub const fn new(cookie: Cookie) -> Value {
        Value(Cell::new(cookie))
    }

    /// Hands the cookie back to the suite, without reporting a death.
    pub fn into_cookie(self) -> Cookie {
        self.0.replace(0)
    }

    pub fn address(&self) -> *mut c_void {
        self.0.as_ptr().cast()
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        let cookie = self.0.get();
        if cookie != 0 {
            let mut out = Outcome::nothing();
            unsafe { (host().dropped)(cookie, self.address(), &mut out) };
            settle(&out);
        }
    }
}

/// Panics as the suite asks.
fn raise(out: &Outcome) -> ! {
    match (out.tag, out.payload) {
        (PANICKED, OPAQUE) => panic::panic_any(Value::new(out.value)),
        (PANICKED, LITERAL) => panic::panic_any(out.literal()),
        (PANICKED, STRING) => panic::panic_any(out.literal().to_owned()),
        (RESUMED, OPAQUE) => panic::resume_unwind(Box::new(Value::new(out.value))),
        (RESUMED, LITERAL) => panic::resume_unwind(Box::new(out.literal())),
        (RESUMED, STRING) => panic::resume_unwind(Box::new(out.literal().to_owned())),
        (tag, payload) => panic!("the suite asks for tag {} with payload {}", tag, payload),
    }
}

/// Returns the cookie from a callback of the suite other than a body, or panics as the callback
/// asks.
pub fn settle(out: &Outcome) -> Cookie {
    match out.tag {
        RETURNED => out.value,
        _ => raise(out),
    }
}

/// What a body returned.
pub struct Ending {
    pub value: Value,
    pub text: &'static [u8],
}

/// Runs a body as if it were a closure that has captured `env`. The parameter is moved in whole: a
/// closure that mentions a field of `env` would capture only that field, and drop it elsewhere.
pub fn complete(env: Value, body: Body, argument: *mut c_void) -> Ending {
    let mut out = Outcome::nothing();
    unsafe { body(env.0.get(), argument, &mut out) };
    let ending = if out.tag == ENTER {
        let local = Value::new(out.value);
        let next = out.next.expect("ENTER names the body to run next");
        let inner = complete(Value::new(out.next_env), next, argument);
        drop(local);
        inner
    } else {
        Ending {
            value: Value::new(settle(&out)),
            text: out.static_bytes(),
        }
    };
    // Dropped by hand rather than at the closing brace: if a later drop panics, a value that is
    // already in the return slot leaks (rust-lang/rust#47949), while a local does not.
    drop(env);
    ending
}

/// Returns the closure that a thread runs. It captures the whole of `env`, which dies where the
/// closure ends.
pub fn closure(body: Body, env: Value) -> impl FnOnce() -> Value + Send + 'static {
    move || complete(env, body, null_mut()).value
}

// ---- Settings -----------------------------------------------------------------------------------

impl Builder {
    /// Returns the settings to be applied, in order. There may be no builder.
    pub fn settings(builder: Option<&Builder>) -> &[Setting] {
        match builder {
            Some(builder) if builder.count > 0 => unsafe {
                slice::from_raw_parts(builder.settings, builder.count)
            },
            _ => &[],
        }
    }
}

impl Setting {
    /// Returns the name, of a setting of the kind SETTING_NAME.
    pub fn name(&self) -> String {
        unsafe { owned_text(self.text, self.number as usize) }
    }
}

// ---- Panics as a table --------------------------------------------------------------------------

impl Panics {
    /// Rust's panics, without the hook.
    pub const CAUGHT: Panics = Panics {
        flags: TYPED_PAYLOADS,
        catch_unwind: Some(catch_unwind),
        panicking: Some(panicking),
        ..Panics::NONE
    };
}

extern "C" fn catch_unwind(body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || -> Result<Value, Payload> {
        panic::catch_unwind(AssertUnwindSafe(closure(body, env)))
    });
}

extern "C" fn panicking(out: &mut Outcome) {
    call(out, thread::panicking);
}

// ---- The subject --------------------------------------------------------------------------------

/// Defines a function for each table, which adds it to the subject.
macro_rules! offers {
    ($($name:ident: $table:ident<$($parameter:ident),*>,)*) => {
        $(pub const fn $name<$($parameter),*>(
            mut self,
            table: &'static $table<$($parameter),*>,
        ) -> Subject {
            self.$name = table as *const $table<$($parameter),*> as *const c_void;
            self
        })*
    };
}

impl Subject {
    /// Returns a subject that offers nothing yet. Each text ends with a NUL. An empty profile is
    /// none.
    pub const fn named(name: &'static str, version: &'static str, profile: &'static str) -> Self {
        Subject {
            major: MAJOR,
            minor: MINOR,
            size: size_of::<Subject>(),
            outcome_size: size_of::<Outcome>(),
            flags: 0,
            name: terminated(name),
            version: terminated(version),
            profile: terminated(profile),
            deviations: null(),
            deviation_count: 0,
            spawning: null(),
            threads: null(),
            parking: null(),
            pausing: null(),
            scopes: null(),
            panics: null(),
            tls: null(),
            keys: null(),
            capture: null(),
            guard: null(),
            process: null(),
            presets: null(),
        }
    }

    pub const fn flags(mut self, flags: u64) -> Self {
        self.flags = flags;
        self
    }

    offers! {
        spawning: Spawning<Join>,
        threads: Threads<Thread>,
        parking: Parking<>,
        pausing: Pausing<>,
        scopes: Scopes<Scope, Join>,
        panics: Panics<>,
        tls: Tls<>,
        capture: Capture<Sink>,
        guard: Guard<>,
        process: Process<>,
    }

    /// What `heddle_subject` returns: the table, or null for a suite with another major version.
    pub fn enter(&'static self, host: &'static Host) -> Option<&'static Subject> {
        if host.major != MAJOR {
            return None;
        }
        HOST.store(host as *const Host as *mut Host, Ordering::Relaxed);
        Some(self)
    }
}

const fn terminated(text: &'static str) -> *const c_char {
    let bytes = text.as_bytes();
    assert!(
        !bytes.is_empty() && bytes[bytes.len() - 1] == 0,
        "a text ends with a NUL"
    );
    bytes.as_ptr() as *const c_char
}
