//! Which setting a key means that somebody has typed: in full, with inner names left out, or with a slip.

use serde_json::Value;
use strsim::levenshtein;

use super::SettingsError;

/// The dotted names of everything that can be set.
pub(super) fn keys(tree: &Value) -> Vec<String> {
    fn collect(tree: &Value, prefix: &str, found: &mut Vec<String>) {
        if let Value::Object(map) = tree {
            for (name, value) in map {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                collect(value, &key, found);
            }
        } else {
            found.push(prefix.to_owned());
        }
    }
    let mut found = Vec::new();
    collect(tree, "", &mut found);
    found
}

/// The full key that `key` means.
pub(super) fn resolve(key: &str, keys: &[String]) -> Result<String, SettingsError> {
    // Lanes are written `item-cf`, settings `item_cf`.
    let wanted = key.trim().replace('-', "_");
    if keys.contains(&wanted) {
        return Ok(wanted);
    }
    let mut meant: Vec<&String> = keys.iter().filter(|full| is_short_for(&wanted, full)).collect();
    match meant.len() {
        1 => Ok(meant.remove(0).clone()),
        0 => {
            let mut near: Vec<&String> = keys.iter().filter(|full| is_near(&wanted, full)).collect();
            near.sort_by_key(|full| distance_to(&wanted, full));
            let nearest = near.into_iter().take(3).map(|full| format!("`{full}`")).collect();
            Err(SettingsError::UnknownKey { key: key.to_owned(), nearest })
        }
        _ => Err(SettingsError::Ambiguous {
            key: key.to_owned(),
            meanings: meant.into_iter().map(|full| format!("`{full}`")).collect(),
        }),
    }
}

/// Whether `short` is `full` with inner names left out.
fn is_short_for(short: &str, full: &str) -> bool {
    let (short, full): (Vec<&str>, Vec<&str>) = (short.split('.').collect(), full.split('.').collect());
    let mut rest = full.iter();
    short.len() >= 2
        && short.first() == full.first()
        && short.last() == full.last()
        && short.iter().all(|name| rest.any(|own| own == name))
}

pub(super) fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; the nearest are {}", nearest.join(", ")) }
}

/// How far a mistyped key is from `full`: by its last name above all, since the group is often left out.
fn distance_to(wanted: &str, full: &str) -> usize {
    levenshtein(wanted, full).min(2 * levenshtein(last_name(wanted), last_name(full)))
}

/// Whether `wanted` may be `full` mistyped: at most one letter in three is wrong, of the whole or of the last name.
fn is_near(wanted: &str, full: &str) -> bool {
    let is_close = |one: &str, other: &str| 3 * levenshtein(one, other) <= one.chars().count();
    is_close(wanted, full) || is_close(last_name(wanted), last_name(full))
}

fn last_name(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or_default()
}
