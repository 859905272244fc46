//! Thread locals: eight slots of each kind that this version of std has.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::size_of;
use std::thread::LocalKey;

use crate::heddle_subject::{
    self as kit, call, complete, const_cookie, host, settle, Body, Cookie, Outcome, Tls, Value,
};

const SLOTS: usize = 8;
const OS_SLOTS: u32 = if cfg!(before_1_71) { SLOTS as u32 } else { 0 };

pub static TLS: Tls = Tls {
    size: size_of::<Tls>(),
    flags: 0,
    slots: [8, 8, 8, 8, 8, 8, OS_SLOTS, OS_SLOTS],
    with: Some(with),
    try_with: Some(try_with),
    set: Some(set),
    replace: Some(replace),
    take: Some(take),
};

type Keys<T> = [&'static LocalKey<T>; SLOTS];

fn initial(storage: u32, slot: u32) -> Cookie {
    let mut out = Outcome::nothing();
    unsafe { (host().tls_initial)(storage, slot, &mut out) };
    settle(&out)
}

/// Makes eight keys from an expression for one: each `key!(slot)` declares a variable of its own.
macro_rules! keys {
    ($key:ident) => {
        [
            $key!(0),
            $key!(1),
            $key!(2),
            $key!(3),
            $key!(4),
            $key!(5),
            $key!(6),
            $key!(7),
        ]
    };
}

macro_rules! lazy {
    ($slot:literal) => {{
        thread_local!(static KEY: Value = Value::new(initial(kit::STORAGE_LAZY, $slot)));
        &KEY
    }};
}
static LAZY: Keys<Value> = keys!(lazy);

macro_rules! lazy_plain {
    ($slot:literal) => {{
        thread_local!(static KEY: Cell<u64> = Cell::new(initial(kit::STORAGE_LAZY_PLAIN, $slot)));
        &KEY
    }};
}
static LAZY_PLAIN: Keys<Cell<u64>> = keys!(lazy_plain);

macro_rules! constant {
    ($slot:literal) => {{
        thread_local!(static KEY: Value =
            const { Value::new(const_cookie(kit::STORAGE_CONST, $slot)) });
        &KEY
    }};
}
static CONST: Keys<Value> = keys!(constant);

macro_rules! constant_plain {
    ($slot:literal) => {{
        thread_local!(static KEY: Cell<u64> =
            const { Cell::new(const_cookie(kit::STORAGE_CONST_PLAIN, $slot)) });
        &KEY
    }};
}
static CONST_PLAIN: Keys<Cell<u64>> = keys!(constant_plain);

macro_rules! cell {
    ($slot:literal) => {{
        thread_local!(static KEY: Cell<Value> =
            Cell::new(Value::new(initial(kit::STORAGE_CELL, $slot))));
        &KEY
    }};
}
static CELL: Keys<Cell<Value>> = keys!(cell);

macro_rules! refcell {
    ($slot:literal) => {{
        thread_local!(static KEY: RefCell<Value> =
            RefCell::new(Value::new(initial(kit::STORAGE_REFCELL, $slot))));
        &KEY
    }};
}
static REFCELL: Keys<RefCell<Value>> = keys!(refcell);

/// Variables over keys of the operating system. On systems with native thread locals these are an
/// internal of std, which later versions leave out.
#[cfg(before_1_71)]
mod os {
    use super::*;
    use std::thread::__OsLocalKeyInner as OsKey;

    macro_rules! os {
        ($slot:literal, $type:ty, $make:path, $storage:expr) => {{
            unsafe fn get(given: Option<&mut Option<$type>>) -> Option<&'static $type> {
                static KEY: OsKey<$type> = OsKey::new();
                KEY.get(|| {
                    given
                        .and_then(Option::take)
                        .unwrap_or_else(|| $make(initial($storage, $slot)))
                })
            }
            const KEY: LocalKey<$type> = unsafe { LocalKey::new(get) };
            &KEY
        }};
    }
    macro_rules! os_value {
        ($slot:literal) => {
            os!($slot, Value, Value::new, kit::STORAGE_OS)
        };
    }
    macro_rules! os_plain {
        ($slot:literal) => {
            os!($slot, Cell<u64>, Cell::new, kit::STORAGE_OS_PLAIN)
        };
    }
    pub static OS: Keys<Value> = keys!(os_value);
    pub static OS_PLAIN: Keys<Cell<u64>> = keys!(os_plain);
}

/// Calls `$method` (`with` or `try_with`) of the key. `$work` gets the address of the number.
macro_rules! access {
    ($method:ident, $storage:expr, $slot:expr, $work:expr) => {{
        let (slot, work) = ($slot as usize, $work);
        match $storage {
            kit::STORAGE_LAZY => LAZY[slot].$method(move |value| work(value.address())),
            kit::STORAGE_LAZY_PLAIN => LAZY_PLAIN[slot].$method(move |n| work(n.as_ptr().cast())),
            kit::STORAGE_CONST => CONST[slot].$method(move |value| work(value.address())),
            kit::STORAGE_CONST_PLAIN => CONST_PLAIN[slot].$method(move |n| work(n.as_ptr().cast())),
            kit::STORAGE_CELL => CELL[slot].$method(move |cell| work(cell.as_ptr().cast())),
            // The borrow lasts as long as the body runs: a conflicting borrow in the body must
            // panic.
            kit::STORAGE_REFCELL => REFCELL[slot].$method(move |c| work(c.borrow().address())),
            #[cfg(before_1_71)]
            kit::STORAGE_OS => os::OS[slot].$method(move |value| work(value.address())),
            #[cfg(before_1_71)]
            kit::STORAGE_OS_PLAIN => os::OS_PLAIN[slot].$method(move |n| work(n.as_ptr().cast())),
            storage => panic!("thread local of storage {}: std has none", storage),
        }
    }};
}

fn accessor(body: Body, env: Value) -> impl FnOnce(*mut c_void) -> Value {
    move |address| complete(env, body, address).value
}

extern "C" fn with(storage: u32, slot: u32, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        access!(with, storage, slot, accessor(body, env))
    });
}

extern "C" fn try_with(storage: u32, slot: u32, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Value::new(env);
    call(out, move || {
        access!(try_with, storage, slot, accessor(body, env))
    });
}

/// Calls `$method` of the key with the arguments. Only some keys can be assigned to.
macro_rules! assign {
    ($method:ident, $storage:expr, $slot:expr $(, $value:expr)?) => {
        match $storage {
            kit::STORAGE_CELL => CELL[$slot as usize].$method($($value)?),
            kit::STORAGE_REFCELL => REFCELL[$slot as usize].$method($($value)?),
            storage => panic!("assignment to a thread local of storage {}: std has none", storage),
        }
    };
}

extern "C" fn set(storage: u32, slot: u32, value: Cookie, out: &mut Outcome) {
    let value = Value::new(value);
    call(out, move || assign!(set, storage, slot, value));
}

extern "C" fn replace(storage: u32, slot: u32, value: Cookie, out: &mut Outcome) {
    let value = Value::new(value);
    call(out, move || assign!(replace, storage, slot, value));
}

extern "C" fn take(storage: u32, slot: u32, out: &mut Outcome) {
    call(out, move || assign!(take, storage, slot));
}
