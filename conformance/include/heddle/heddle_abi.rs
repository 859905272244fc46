//! `heddle/subject.h` in Rust: what heddle_subject.rs, the kit for adapters, is made of.
//!
//! The types express ownership: a handle that a function eats is a `Box`, a handle that stays with
//! the suite is a reference. Both are plain pointers on the C side. subject.h says what each function
//! does, and the rules that all of them keep.

use std::ffi::c_void;
use std::mem::size_of;
use std::os::raw::c_char;

pub const MAJOR: u32 = 1;
pub const MINOR: u32 = 0;

// ---- Values and outcomes ------------------------------------------------------------------------

pub type Cookie = u64;

/// A closure of the suite. It may unwind: `pthread_exit` and foreign exceptions pass through.
#[cfg(not(without_c_unwind))]
pub type Body = unsafe extern "C-unwind" fn(Cookie, *mut c_void, *mut Outcome);
#[cfg(without_c_unwind)]
pub type Body = unsafe extern "C" fn(Cookie, *mut c_void, *mut Outcome);

pub const RETURNED: u32 = 0;
pub const PANICKED: u32 = 1;
pub const RESUMED: u32 = 2;
pub const ENTER: u32 = 3;
pub const FAILED: u32 = 4;
pub const NO_ACCESS: u32 = 5;
pub const CAUGHT: u32 = 6;
pub const ABSENT: u32 = 7;

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

// ---- Tables: what is None is not offered --------------------------------------------------------

pub type Call = extern "C" fn(&mut Outcome);
pub type Eats<Handle> = extern "C" fn(Box<Handle>, &mut Outcome);
pub type Borrows<Handle> = extern "C" fn(&Handle, &mut Outcome);
pub type RunsBody = extern "C" fn(Body, Cookie, &mut Outcome);
pub type TakesTime = extern "C" fn(u64, u32, &mut Outcome);

/// Declares a table: its fields after `size` and `flags` are functions, and its constant NONE
/// offers none of them.
macro_rules! table {
    ($(#[$note:meta])* $name:ident<$($parameter:ident),*> { $($field:ident: $type:ty,)* }) => {
        $(#[$note])*
        #[repr(C)]
        pub struct $name<$($parameter: 'static),*> {
            pub size: usize,
            pub flags: u64,
            $(pub $field: Option<$type>,)*
        }

        impl<$($parameter),*> $name<$($parameter),*> {
            pub const NONE: Self = Self {
                size: size_of::<Self>(),
                flags: 0,
                $($field: None,)*
            };
        }
    };
}

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

table! {
    Spawning<Join> {
        spawn: extern "C" fn(Option<&Builder>, Body, Cookie, &mut Outcome),
        spawn_or_panic: RunsBody,
        join: Eats<Join>,
        detach: Eats<Join>,
        forget: Eats<Join>,
        is_finished: Borrows<Join>,
        thread: Borrows<Join>,
        as_native: Borrows<Join>,
        into_native: Eats<Join>,
    }
}

pub const UNIQUE_IDS: u64 = 1;

table! {
    Threads<Thread> {
        current: Call,
        clone: Borrows<Thread>,
        drop: Eats<Thread>,
        id: Borrows<Thread>,
        name: Borrows<Thread>,
        unpark: Borrows<Thread>,
    }
}

table! {
    Parking<> {
        park: Call,
        park_timeout: TakesTime,
    }
}

pub const SLEEPS_WHOLE: u64 = 1;

table! {
    Pausing<> {
        sleep: TakesTime,
        yield_now: Call,
    }
}

pub const SCOPE_PANICS: u64 = 1;

table! {
    /// A scope's lifetime rests on the suite's promise: it uses a scope pointer only until `scope`
    /// returns.
    Scopes<Scope, Join> {
        scope: RunsBody,
        spawn: extern "C" fn(&'static Scope, Option<&Builder>, Body, Cookie, &mut Outcome),
        spawn_or_panic: extern "C" fn(&'static Scope, Body, Cookie, &mut Outcome),
        join: Eats<Join>,
        drop: Eats<Join>,
        forget: Eats<Join>,
        is_finished: Borrows<Join>,
        thread: Borrows<Join>,
    }
}

pub const TYPED_PAYLOADS: u64 = 1;

table! {
    Panics<> {
        catch_unwind: RunsBody,
        panicking: Call,
        set_hook: extern "C" fn(u32, &mut Outcome),
        take_hook: Call,
    }
}

pub const STORAGE_LAZY: u32 = 0;
pub const STORAGE_LAZY_PLAIN: u32 = 1;
pub const STORAGE_CONST: u32 = 2;
pub const STORAGE_CONST_PLAIN: u32 = 3;
pub const STORAGE_CELL: u32 = 4;
pub const STORAGE_REFCELL: u32 = 5;
pub const STORAGE_OS: u32 = 6;
pub const STORAGE_OS_PLAIN: u32 = 7;

/// Returns what a slot of a CONST storage starts as.
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
    pub with: Option<Access>,
    pub try_with: Option<Access>,
    pub set: Option<Assign>,
    pub replace: Option<Assign>,
    pub take: Option<extern "C" fn(u32, u32, &mut Outcome)>,
}

table! {
    Capture<Sink> {
        new_sink: Call,
        drop_sink: Eats<Sink>,
        references: Borrows<Sink>,
        read: Borrows<Sink>,
        set: extern "C" fn(Option<Box<Sink>>, &mut Outcome),
        print: extern "C" fn(u32, *const u8, usize, &mut Outcome),
        print_with: extern "C" fn(u32, Body, Cookie, &mut Outcome),
    }
}

table! {
    Guard<> {
        range: Call,
    }
}

table! {
    Process<> {
        start: Call,
        cleanup: Call,
        run_as_main: RunsBody,
        exit: extern "C" fn(i32),
    }
}

// ---- The subject --------------------------------------------------------------------------------

pub const OWNS_MAIN: u64 = 2;
pub const KERNEL_THREADS_STAY: u64 = 4;
pub const COLLECTS_GARBAGE: u64 = 8;

#[repr(C)]
pub struct Deviation {
    pub clause: *const c_char,
    pub reason: *const c_char,
}

/// The table of a subject. The tables behind it may have handles of any type, so they are plain
/// pointers here.
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
    pub deviations: *const Deviation,
    pub deviation_count: usize,
    pub spawning: *const c_void,
    pub threads: *const c_void,
    pub parking: *const c_void,
    pub pausing: *const c_void,
    pub scopes: *const c_void,
    pub panics: *const c_void,
    pub tls: *const c_void,
    pub keys: *const c_void,
    pub capture: *const c_void,
    pub guard: *const c_void,
    pub process: *const c_void,
    pub presets: *const c_void,
}

/// Safety: the table never changes, and what it points to is static.
unsafe impl Sync for Subject {}
