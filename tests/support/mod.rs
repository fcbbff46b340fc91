//! A small community, made anew for each test, and the binary.

#![allow(clippy::unwrap_used, dead_code)]

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output},
};

pub const USERS: u64 = 150;
pub const ITEMS: u64 = 120;

/// Writes events, items and users into `folder`. Users of one taste (user number modulo 4) mostly take the items of
/// that taste, so that every lane has something to find; same folder contents on every call.
pub fn community(folder: &Path) {
    let mut state = 7u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut events = "user_id,item_id,behaviour,timestamp\n".to_owned();
    for user in 0..USERS {
        for number in 0..40u64 {
            let item = if random(10) < 8 { user % 4 + 4 * random(ITEMS / 4) } else { random(ITEMS) };
            let secs = 1_700_000_000 + number * 43_200 + random(40_000);
            let behaviour = ["click", "like", "favorite"][random(3) as usize];
            writeln!(events, "u{user},i{item},{behaviour},{secs}").unwrap();
        }
    }
    fs::write(folder.join("events.csv"), events).unwrap();
    let mut items = "item_id,title,tags\n".to_owned();
    for item in 0..ITEMS {
        writeln!(items, "i{item},标题 {item},taste{}|all", item % 4).unwrap();
    }
    fs::write(folder.join("items.csv"), items).unwrap();
}

pub fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_recallscope"))
}

/// Runs the binary to its end; none may panic.
pub fn recallscope<const N: usize>(args: [&str; N]) -> Output {
    let output = binary().args(args).output().unwrap();
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    output
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The answer on standard output, which has to be JSON and nothing else.
pub fn json(output: &Output) -> serde_json::Value {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}
