//! Keeps ONNX Runtime from reporting to its maker.
//!
//! The official library notes each start, with a number for the machine and the path of the program, and sends that
//! away, before anybody can forbid it through its interface. A variable of the environment forbids it altogether, and a
//! program cannot change its own environment in safety: so it takes its own place, with the variable set.
use crate::app::sources;
use std::{env, io, os::unix::process::CommandExt as _, process::Command};

/// What ONNX Runtime reads before it does anything, and what it has to be.
const VARIABLE: (&str, &str) = ("ORT_DISABLE_TELEMETRY", "1");

/// Comes back in a process where the variable is set.
pub(super) fn ensure() -> io::Result<()> {
    let (name, value) = VARIABLE;
    if sources::variable(name).as_deref() == Some(value) {
        return Ok(());
    }
    let mut arguments = env::args_os();
    let mut command = Command::new(env::current_exe()?);
    if let Some(called) = arguments.next() {
        command.arg0(called);
    }
    // Same process, same arguments; what comes back is a failure.
    Err(command.args(arguments).env(name, value).exec())
}
