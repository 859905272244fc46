//! Values of the suite inside Rust: how a cookie is carried, and how a body ends.

use std::any::Any;
use std::cell::Cell;
use std::ffi::c_void;
use std::panic;
use std::ptr::null_mut;
use std::slice;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::abi::{self, Body, Cookie, Host, Outcome};

/// Written once, before anything else of the subject runs, so relaxed accesses are enough.
static HOST: AtomicPtr<Host> = AtomicPtr::new(null_mut());

pub fn set_host(host: &'static Host) {
    HOST.store(host as *const Host as *mut Host, Ordering::Relaxed);
}

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

pub type Payload = Box<dyn Any + Send>;

/// Owns a cookie and reports its death. It has a cell because an access to a thread local hands out
/// the address of the number, and the suite may write there.
#[derive(Default)]
pub struct Probe(Cell<Cookie>);

impl Probe {
    pub const fn new(cookie: Cookie) -> Probe {
        Probe(Cell::new(cookie))
    }

    /// Hands the cookie back to the suite, without reporting a death.
    pub fn into_cookie(self) -> Cookie {
        self.0.replace(0)
    }

    pub fn address(&self) -> *mut c_void {
        self.0.as_ptr().cast()
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let cookie = self.0.get();
        if cookie != 0 {
            let mut out = Outcome::nothing();
            unsafe { (host().dropped)(cookie, self.address(), &mut out) };
            if out.tag != abi::RETURNED {
                raise(&out);
            }
        }
    }
}

/// What a body returned.
pub struct Ending {
    pub value: Probe,
    pub text: &'static [u8],
}

/// Panics as the suite asks.
fn raise(out: &Outcome) -> ! {
    match (out.tag, out.payload) {
        (abi::PANICKED, abi::OPAQUE) => panic::panic_any(Probe::new(out.value)),
        (abi::PANICKED, abi::LITERAL) => panic::panic_any(out.literal()),
        (abi::PANICKED, abi::STRING) => panic::panic_any(out.literal().to_owned()),
        (abi::RESUMED, abi::OPAQUE) => panic::resume_unwind(Box::new(Probe::new(out.value))),
        (abi::RESUMED, abi::LITERAL) => panic::resume_unwind(Box::new(out.literal())),
        (abi::RESUMED, abi::STRING) => panic::resume_unwind(Box::new(out.literal().to_owned())),
        (tag, payload) => panic!("the suite asks for tag {} with payload {}", tag, payload),
    }
}

/// Returns the cookie from a callback of the suite other than a body, or panics as the callback
/// asks.
pub fn settle(out: &Outcome) -> Cookie {
    match out.tag {
        abi::RETURNED => out.value,
        _ => raise(out),
    }
}

/// Runs a body as if it were a closure that has captured `env`. The parameter is moved in whole: a
/// closure that mentions a field of `env` would capture only that field, and drop it elsewhere.
pub fn complete(env: Probe, body: Body, argument: *mut c_void) -> Ending {
    let mut out = Outcome::nothing();
    unsafe { body(env.0.get(), argument, &mut out) };
    let ending = if out.tag == abi::ENTER {
        let local = Probe::new(out.value);
        let next = out.next.expect("ENTER names the body to run next");
        let inner = complete(Probe::new(out.next_env), next, argument);
        drop(local);
        inner
    } else {
        Ending {
            value: Probe::new(settle(&out)),
            text: out.static_bytes(),
        }
    };
    // Dropped by hand rather than at the closing brace: if a later drop panics, a value that is
    // already in the return slot leaks (rust-lang/rust#47949), while a local does not.
    drop(env);
    ending
}
