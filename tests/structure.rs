//! The direction of the modules, held by reading the sources.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A module imports only modules that stand before it.
const ORDER: [&str; 11] =
    ["task", "dataset", "graph", "models", "recall", "evaluate", "explain", "workspace", "jobs", "ui", "cli"];

/// Libraries, and the only places under `src/` that may name them.
const KEPT_TO: [(&[&str], &[&str]); 4] = [
    (
        &["egui", "eframe", "egui_extras", "egui_tiles", "egui_plot", "egui_table", "egui_kittest", "wgpu", "rfd"],
        &["ui/"],
    ),
    (&["burn", "burn_store"], &["models/", "explain/"]),
    (&["polars"], &["dataset/", "workspace/export", "cli/bench/"]),
    (&["rusqlite"], &["workspace/"]),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}

/// The code without comments, and without strings on one line.
fn code(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        for (part, piece) in line.split('"').enumerate() {
            if part % 2 == 0 {
                kept += piece;
            }
        }
        kept.push('\n');
    }
    kept
}

fn is_word(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether `library::…` or `use library` stands in the code.
fn names(code: &str, library: &str) -> bool {
    code.match_indices(library).any(|(at, _)| {
        let before = at.checked_sub(1).map(|at| code.as_bytes()[at]);
        let after = &code[at + library.len()..];
        let is_path = after.starts_with("::") || (code[..at].ends_with("use ") && !is_word(after.bytes().next()));
        is_path && !is_word(before) && before != Some(b':')
    })
}

/// First parts of the `crate::…` paths in the code, those in braces after `crate::{` too.
fn imported(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
        let Some(group) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(word(std::mem::take(&mut item).trim())),
                _ => {}
            }
            if depth == 0 && c != ',' {
                item.push(c);
            }
        }
        found.push(word(item.trim()));
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let rank = |module: &str| ORDER.iter().position(|name| *name == module);
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some((module, _)) = file.split_once('/') else { continue };
        let own = rank(module).unwrap_or_else(|| panic!("`{module}` has no place in ORDER"));
        for other in imported(&code(&text)) {
            if rank(&other).is_some_and(|other| other > own) {
                wrong.push(format!("{file} imports {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn libraries_keep_to_their_places() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (libraries, places) in KEPT_TO {
            for library in libraries {
                if names(&code, library) && !places.iter().any(|place| file.starts_with(place)) {
                    wrong.push(format!("{file} names {library}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_of_sources_sees_what_it_should() {
    let text =
        "use crate::{dataset::{Dataset, split}, ui, task::Cancelled};\nfn f() { crate::cli::main() } // crate::jobs\n";
    assert_eq!(imported(&code(text)), ["dataset", "ui", "task", "cli"]);
    assert!(names(&code("let x = egui::Pos2::ZERO;"), "egui"));
    assert!(names(&code("use polars;"), "polars"));
    assert!(!names(&code("// egui::Pos2\nlet my_egui = \"egui::x\"; super::burn::x(); egui_tiles::X"), "egui"));
    assert!(!names(&code("super::burn::x()"), "burn"));
}
