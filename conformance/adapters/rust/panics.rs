//! The panic hook.

use std::cell::Cell;
use std::panic;

use crate::heddle_subject::{call, host, settle, Outcome, Panics};

pub static PANICS: Panics = Panics {
    set_hook: Some(set_hook),
    take_hook: Some(take_hook),
    ..Panics::CAUGHT
};

thread_local! {
    /// Counts the suite's hooks that have died on this thread.
    static HOOKS_DROPPED: Cell<u64> = const { Cell::new(0) };
}

/// Captured by the suite's hook, so that a hook that was taken out can be told from std's own: a
/// `Box<dyn Fn>` does not say which it is.
struct Mark;

impl Drop for Mark {
    fn drop(&mut self) {
        HOOKS_DROPPED.with(|count| count.set(count.get() + 1));
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> &str {
    match (
        payload.downcast_ref::<&'static str>(),
        payload.downcast_ref::<String>(),
    ) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "Box<dyn Any>",
    }
}

extern "C" fn set_hook(on: u32, out: &mut Outcome) {
    call(out, || {
        if on == 0 {
            drop(panic::take_hook());
            return;
        }
        let mark = Mark;
        panic::set_hook(Box::new(move |info| {
            let _captured = &mark;
            let text = message(info.payload());
            let mut ending = Outcome::nothing();
            unsafe { (host().hook)(text.as_ptr(), text.len(), &mut ending) };
            settle(&ending);
        }));
    });
}

extern "C" fn take_hook(out: &mut Outcome) {
    call(out, || {
        let before = HOOKS_DROPPED.with(Cell::get);
        drop(panic::take_hook());
        HOOKS_DROPPED.with(Cell::get) > before
    });
}
