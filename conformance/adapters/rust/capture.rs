//! Output capture, an internal of std on which Rust's test runner is built.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::ptr::null_mut;
use std::sync::{Arc, Mutex, PoisonError};

use crate::heddle_subject::{call, complete, owned_text, Body, Capture, Cookie, Outcome, Value};

pub type Sink = Arc<Mutex<Vec<u8>>>;

pub static CAPTURE: Capture<Sink> = Capture {
    new_sink: Some(new_sink),
    drop_sink: Some(drop_sink),
    references: Some(references),
    read: Some(read),
    set: Some(set),
    print: Some(print),
    print_with: Some(print_with),
    ..Capture::NONE
};

extern "C" fn new_sink(out: &mut Outcome) {
    call(out, || Box::new(Sink::default()));
}

extern "C" fn drop_sink(sink: Box<Sink>, out: &mut Outcome) {
    call(out, move || drop(sink));
}

extern "C" fn references(sink: &Sink, out: &mut Outcome) {
    call(out, || Arc::strong_count(sink) as u64);
}

extern "C" fn read(sink: &Sink, out: &mut Outcome) {
    call(out, || {
        // A copy, so that the lock is released before the suite is called.
        let collected = sink.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8_lossy(&collected).into_owned()
    });
}

extern "C" fn set(sink: Option<Box<Sink>>, out: &mut Outcome) {
    call(out, move || {
        io::set_output_capture(sink.map(|sink| *sink)).map(Box::new)
    });
}

fn write(stream: u32, text: impl fmt::Display) {
    match stream {
        1 => print!("{text}"),
        2 => eprint!("{text}"),
        _ => panic!("printing to stream {stream}: only 1 and 2 are known"),
    }
}

extern "C" fn print(stream: u32, text: *const u8, text_length: usize, out: &mut Outcome) {
    call(out, || {
        write(stream, unsafe { owned_text(text, text_length) })
    });
}

/// A text that is made while it is written.
struct LateText {
    body: Body,
    env: Cell<Option<Value>>,
}

impl fmt::Display for LateText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let env = self.env.take().unwrap_or_default();
        let ending = complete(env, self.body, null_mut());
        formatter.write_str(&String::from_utf8_lossy(ending.text))
    }
}

extern "C" fn print_with(stream: u32, body: Body, env: Cookie, out: &mut Outcome) {
    let env = Cell::new(Some(Value::new(env)));
    call(out, move || write(stream, LateText { body, env }));
}
