//! Outcomes of calls into std, in the words of `subject.h`.

use std::io;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::{null, null_mut};
use std::str;
use std::thread::AccessError;

use crate::abi::{self, Outcome};
use crate::values::{bytes, host, Payload, Probe};

/// Runs the work of a function of the tables. Any call into std may panic, and no panic may leave
/// an `extern "C"` function. The outcome is written after everything that the call owned is gone.
pub fn call<T: Into<Outcome>>(out: &mut Outcome, work: impl FnOnce() -> T) {
    *out = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.into(),
        Err(payload) => Outcome::of_panic(abi::PANICKED, payload),
    };
}

impl Outcome {
    pub const fn nothing() -> Outcome {
        Outcome {
            tag: abi::RETURNED,
            payload: abi::OPAQUE,
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

    /// Returns the text that the suite wrote.
    pub fn static_bytes(&self) -> &'static [u8] {
        unsafe { bytes(self.text, self.text_length) }
    }

    pub fn literal(&self) -> &'static str {
        str::from_utf8(self.static_bytes()).expect("the suite's text is UTF-8")
    }

    fn with_text(self, text: &str) -> Outcome {
        let kept = unsafe { (host().keep_text)(text.as_ptr(), text.len()) };
        Outcome {
            text: kept,
            text_length: text.len(),
            ..self
        }
    }

    /// Makes the outcome for a panic out of std. A cookie in its payload belongs to the suite
    /// again.
    fn of_panic(tag: u32, payload: Payload) -> Outcome {
        let outcome = Outcome {
            tag,
            ..Outcome::nothing()
        };
        let payload = match payload.downcast::<Probe>() {
            Ok(probe) => {
                return Outcome {
                    value: probe.into_cookie(),
                    ..outcome
                }
            }
            Err(payload) => payload,
        };
        if let Some(text) = payload.downcast_ref::<&'static str>() {
            Outcome {
                payload: abi::LITERAL,
                ..outcome
            }
            .with_text(text)
        } else if let Some(text) = payload.downcast_ref::<String>() {
            Outcome {
                payload: abi::STRING,
                ..outcome
            }
            .with_text(text)
        } else {
            Outcome {
                payload: abi::FOREIGN,
                ..outcome
            }
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

impl From<Probe> for Outcome {
    fn from(probe: Probe) -> Outcome {
        probe.into_cookie().into()
    }
}

impl From<String> for Outcome {
    fn from(text: String) -> Outcome {
        Outcome::from(true).with_text(&text)
    }
}

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
impl From<Result<Probe, Payload>> for Outcome {
    fn from(result: Result<Probe, Payload>) -> Outcome {
        match result {
            Ok(value) => value.into(),
            Err(payload) => Outcome::of_panic(abi::CAUGHT, payload),
        }
    }
}

/// A new handle, or the system's refusal.
impl<Handle> From<io::Result<Box<Handle>>> for Outcome {
    fn from(result: io::Result<Box<Handle>>) -> Outcome {
        match result {
            Ok(handle) => handle.into(),
            Err(error) => {
                let os_error = error.raw_os_error().unwrap_or(0);
                let outcome = Outcome {
                    tag: abi::FAILED,
                    os_error,
                    ..Outcome::nothing()
                };
                outcome.with_text(&error.to_string())
            }
        }
    }
}

impl From<Result<Probe, AccessError>> for Outcome {
    fn from(result: Result<Probe, AccessError>) -> Outcome {
        match result {
            Ok(value) => value.into(),
            Err(error) => {
                let outcome = Outcome {
                    tag: abi::NO_ACCESS,
                    ..Outcome::nothing()
                };
                outcome.with_text(&error.to_string())
            }
        }
    }
}
