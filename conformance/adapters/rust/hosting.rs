//! The suite, run from a Rust `main`.

use std::env;
use std::ffi::CString;
use std::os::raw::{c_char, c_int};
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;
use std::ptr::null_mut;

use crate::heddle_subject::{settle, Host, Outcome, Subject};

type Entry = extern "C" fn(&'static Host) -> Option<&'static Subject>;

extern "C" {
    fn heddle_conform_main(argc: c_int, argv: *mut *mut c_char, entry: Entry, end: *mut Outcome);
}

/// Runs the suite with the program's own arguments. Returns main's status, or panics as main has
/// to. It may do either in a forked child, too.
pub fn run(entry: Entry) -> ExitCode {
    let arguments: Vec<CString> = env::args_os()
        .map(|argument| CString::new(argument.into_vec()).expect("arguments hold no NUL"))
        .collect();
    let mut argv: Vec<*mut c_char> = arguments
        .iter()
        .map(|argument| argument.as_ptr() as *mut c_char)
        .collect();
    argv.push(null_mut());

    let mut end = Outcome::nothing();
    let argc = arguments.len() as c_int;
    unsafe { heddle_conform_main(argc, argv.as_mut_ptr(), entry, &mut end) };
    // Only the low byte of a status reaches the parent anyway.
    ExitCode::from(settle(&end) as u8)
}
