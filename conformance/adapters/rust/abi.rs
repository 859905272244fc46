//! `heddle/subject.h` in Rust, as far as std has something to offer.
//!
//! The types express ownership: a handle that a function eats is a `Box`, a handle that stays with
//! the suite is a reference. Both are plain pointers on the C side.

use std::ffi::c_void;
use std::os::raw::c_char;
use std::thread::{JoinHandle, ScopedJoinHandle, Thread};

use crate::capture::Sink;
use crate::values::Probe;

pub const MAJOR: u32 = 1;
pub const MINOR: u32 = 0;

pub type Cookie = u64;

/// A closure of the suite. It may unwind: `pthread_exit` and foreign exceptions pass through.
pub type Body = unsafe extern "C-unwind" fn(Cookie, *mut c_void, *mut Outcome);

pub const RETURNED: u32 = 0;
pub const PANICKED: u32 = 1;
pub const RESUMED: u32 = 2;
pub const ENTER: u32 = 3;
pub const FAILED: u32 = 4;
pub const NO_ACCESS: u32 = 5;
pub const CAUGHT: u32 = 6;

pub const OPAQUE: u32 = 0;
pub const LITERAL: u32 = 1;
pub const STRING: u32 = 2;
pub const FOREIGN: u32 = 3;

#[repr(C)]
pub struct Outcome {
    pub tag: u32,
    pub payload: u32,
    pub os_error: i32,
    pub reserved: u32,
    pub value: u64,
    pub handle: *mut c_void,
    pub text: *const u8,
    pub text_length: usize,
    pub next: Option<Body>,
    pub next_env: Cookie,
}

#[repr(C)]
pub struct Host {
    pub major: u32,
    pub minor: u32,
    pub size: usize,
    pub outcome_size: usize,
    pub dropped: unsafe extern "C" fn(Cookie, *const c_void, *mut Outcome),
    pub tls_initial: unsafe extern "C" fn(u32, u32, *mut Outcome),
    pub hook: unsafe extern "C" fn(*const u8, usize, *mut Outcome),
    pub key_destructor: unsafe extern "C" fn(u32, *mut c_void),
    pub keep_text: unsafe extern "C" fn(*const u8, usize) -> *const u8,
}

pub type Call = extern "C" fn(&mut Outcome);
pub type Eats<Handle> = extern "C" fn(Box<Handle>, &mut Outcome);
pub type Borrows<Handle> = extern "C" fn(&Handle, &mut Outcome);
pub type RunsBody = extern "C" fn(Body, Cookie, &mut Outcome);
pub type TakesTime = extern "C" fn(u64, u32, &mut Outcome);

pub const SETTING_NAME: u32 = 1;
pub const SETTING_STACK_SIZE: u32 = 2;

#[repr(C)]
pub struct Setting {
    pub kind: u32,
    pub reserved: u32,
    pub text: *const u8,
    pub number: u64,
}

#[repr(C)]
pub struct Builder {
    pub count: usize,
    pub settings: *const Setting,
}

pub const CARRIES_VALUE: u64 = 1;
pub const CARRIES_PANIC: u64 = 2;
pub const TAKES_NAME: u64 = 4;
pub const TAKES_STACK_SIZE: u64 = 8;
pub const REPORTS_ERRNO: u64 = 16;
pub const TAKES_ANY_NAME: u64 = 32;
pub const JOIN_AWAITS_LOCALS: u64 = 64;
pub const UNIQUE_IDS: u64 = 1;
pub const SLEEPS_WHOLE: u64 = 1;
pub const SCOPE_PANICS: u64 = 1;
pub const TYPED_PAYLOADS: u64 = 1;

pub type Join = JoinHandle<Probe>;

#[repr(C)]
pub struct Spawning {
    pub size: usize,
    pub flags: u64,
    pub spawn: extern "C" fn(Option<&Builder>, Body, Cookie, &mut Outcome),
    pub spawn_or_panic: RunsBody,
    pub join: Eats<Join>,
    pub detach: Eats<Join>,
    pub forget: Eats<Join>,
    pub is_finished: Borrows<Join>,
    pub thread: Borrows<Join>,
    pub as_native: Borrows<Join>,
    pub into_native: Eats<Join>,
}

#[repr(C)]
pub struct Threads {
    pub size: usize,
    pub flags: u64,
    pub current: Call,
    pub clone: Borrows<Thread>,
    pub drop: Eats<Thread>,
    pub id: Borrows<Thread>,
    pub name: Borrows<Thread>,
    pub unpark: Borrows<Thread>,
}

#[repr(C)]
pub struct Parking {
    pub size: usize,
    pub flags: u64,
    pub park: Call,
    pub park_timeout: TakesTime,
}

#[repr(C)]
pub struct Pausing {
    pub size: usize,
    pub flags: u64,
    pub sleep: TakesTime,
    pub yield_now: Call,
}

/// The lifetimes rest on the suite's promise: it uses a scope pointer only until `scope` returns.
pub type Scope = std::thread::Scope<'static, 'static>;
pub type ScopedJoin = ScopedJoinHandle<'static, Probe>;

#[repr(C)]
pub struct Scopes {
    pub size: usize,
    pub flags: u64,
    pub scope: RunsBody,
    pub spawn: extern "C" fn(&'static Scope, Option<&Builder>, Body, Cookie, &mut Outcome),
    pub spawn_or_panic: extern "C" fn(&'static Scope, Body, Cookie, &mut Outcome),
    pub join: Eats<ScopedJoin>,
    pub drop: Eats<ScopedJoin>,
    pub forget: Eats<ScopedJoin>,
    pub is_finished: Borrows<ScopedJoin>,
    pub thread: Borrows<ScopedJoin>,
}

#[repr(C)]
pub struct Panics {
    pub size: usize,
    pub flags: u64,
    pub catch_unwind: RunsBody,
    pub panicking: Call,
    pub set_hook: extern "C" fn(u32, &mut Outcome),
    pub take_hook: Call,
}

pub const STORAGE_LAZY: u32 = 0;
pub const STORAGE_LAZY_PLAIN: u32 = 1;
pub const STORAGE_CONST: u32 = 2;
pub const STORAGE_CONST_PLAIN: u32 = 3;
pub const STORAGE_CELL: u32 = 4;
pub const STORAGE_REFCELL: u32 = 5;
#[cfg(before_1_71)]
pub const STORAGE_OS: u32 = 6;
#[cfg(before_1_71)]
pub const STORAGE_OS_PLAIN: u32 = 7;

pub const fn const_cookie(storage: u32, slot: u32) -> Cookie {
    0x4844_0000 + storage as u64 * 256 + slot as u64
}

pub type Access = extern "C" fn(u32, u32, Body, Cookie, &mut Outcome);
pub type Assign = extern "C" fn(u32, u32, Cookie, &mut Outcome);

#[repr(C)]
pub struct Tls {
    pub size: usize,
    pub flags: u64,
    pub slots: [u32; 8],
    pub with: Access,
    pub try_with: Access,
    pub set: Assign,
    pub replace: Assign,
    pub take: extern "C" fn(u32, u32, &mut Outcome),
}

#[repr(C)]
pub struct Capture {
    pub size: usize,
    pub flags: u64,
    pub new_sink: Call,
    pub drop_sink: Eats<Sink>,
    pub references: Borrows<Sink>,
    pub read: Borrows<Sink>,
    pub set: extern "C" fn(Option<Box<Sink>>, &mut Outcome),
    pub print: extern "C" fn(u32, *const u8, usize, &mut Outcome),
    pub print_with: extern "C" fn(u32, Body, Cookie, &mut Outcome),
}

#[repr(C)]
pub struct Guard {
    pub size: usize,
    pub flags: u64,
    pub range: Option<Call>,
}

#[repr(C)]
pub struct Process {
    pub size: usize,
    pub flags: u64,
    pub start: Option<Call>,
    pub cleanup: Option<Call>,
    pub run_as_main: Option<RunsBody>,
    pub exit: extern "C" fn(i32),
}

/// A feature that std does not have: always null.
pub type NotOffered = Option<&'static u8>;

pub const OWNS_MAIN: u64 = 2;

#[repr(C)]
pub struct Subject {
    pub major: u32,
    pub minor: u32,
    pub size: usize,
    pub outcome_size: usize,
    pub flags: u64,
    pub name: *const c_char,
    pub version: *const c_char,
    pub profile: *const c_char,
    pub deviations: NotOffered,
    pub deviation_count: usize,
    pub spawning: Option<&'static Spawning>,
    pub threads: Option<&'static Threads>,
    pub parking: Option<&'static Parking>,
    pub pausing: Option<&'static Pausing>,
    pub scopes: Option<&'static Scopes>,
    pub panics: Option<&'static Panics>,
    pub tls: Option<&'static Tls>,
    pub keys: NotOffered,
    pub capture: Option<&'static Capture>,
    pub guard: Option<&'static Guard>,
    pub process: Option<&'static Process>,
    pub presets: NotOffered,
}

/// Safety: the table never changes, and its texts are static.
unsafe impl Sync for Subject {}
