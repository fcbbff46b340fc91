//! Commands as a user types them.

#![allow(clippy::unwrap_used)]

use std::{fs, process::Command};

#[test]
fn inspect_reports_what_was_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("events.csv"),
        "user_id,item_id,behaviour,timestamp\n1,a,click,1700000000\n,b,click,1700000001\n",
    )
    .unwrap();
    let run =
        Command::new(env!("CARGO_BIN_EXE_recallscope")).arg("inspect").arg(dir.path()).arg("--json").output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let events = &answer["tables"]["events"];
    assert_eq!((&events["read"], &events["kept"], &events["set_aside"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(events["reasons"]["missing_user"]["count"], 1);
}

#[test]
fn a_folder_without_events_is_wrong_input() {
    let dir = tempfile::tempdir().unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_recallscope")).arg("inspect").arg(dir.path()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(run.stdout.is_empty());
    assert!(String::from_utf8_lossy(&run.stderr).starts_with("error: there is no table of events"));
}
