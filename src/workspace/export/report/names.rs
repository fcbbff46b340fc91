//! What users are called in a report: by their ids, or by other names that lead nowhere.

use rustc_hash::FxHashMap;

use crate::dataset::Dataset;

/// Values of attributes that fewer users share tell too much of who somebody is.
const LEAST_ALIKE: usize = 5;

/// Names of users, the same all through a report.
pub(super) struct Names<'a> {
    dataset: &'a Dataset,
    /// `None` where users go by their ids.
    given: Option<FxHashMap<u32, String>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(dataset: &'a Dataset, are_hidden: bool) -> Self {
        Self { dataset, given: are_hidden.then(FxHashMap::default) }
    }

    pub(super) fn are_hidden(&self) -> bool {
        self.given.is_some()
    }

    pub(super) fn of(&mut self, user: u32) -> String {
        let Some(given) = &mut self.given else { return self.dataset.users.ids.name(user).to_owned() };
        let next = given.len();
        given.entry(user).or_insert_with(|| letters(next)).clone()
    }

    /// A text of the analyst's, in which ids of users may stand: those of the report's users, and any other that is more
    /// than a number.
    pub(super) fn own_text(&mut self, text: &str) -> String {
        self.replaced(text, true)
    }

    /// A text of the data set's: in it a number is hardly a user.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.replaced(text, false)
    }

    fn replaced(&mut self, text: &str, is_own: bool) -> String {
        let Some(given) = &self.given else { return text.to_owned() };
        let ids = &self.dataset.users.ids;
        let is_number = |id: &str| id.chars().all(|c| c.is_ascii_digit());
        let mut known: Vec<(&str, u32)> = given.keys().map(|&user| (ids.name(user), user)).collect();
        known.retain(|(id, _)| !id.is_empty() && (is_own || !is_number(id)));
        // Of two ids that begin alike the longer one is meant.
        known.sort_unstable_by_key(|&(id, user)| (std::cmp::Reverse(id.len()), user));
        let mut written = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_start = !written.chars().next_back().is_some_and(char::is_alphanumeric);
            let ends_word = |id: &str| !rest[id.len()..].chars().next().is_some_and(char::is_alphanumeric);
            let shown = known.iter().find(|(id, _)| rest.starts_with(id) && ends_word(id)).copied();
            let word = word_of(rest);
            let other = || Some((word, ids.row(word)?)).filter(|_| !word.is_empty() && !is_number(word));
            match if is_start { shown.or_else(other) } else { None } {
                Some((id, user)) => {
                    written += &self.of(user);
                    rest = &rest[id.len()..];
                }
                None => {
                    written.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        written
    }

    /// Fields and values that may be told of `user`.
    pub(super) fn attributes(&self, user: u32) -> Vec<(&'a str, &'a str)> {
        let mut told = Vec::new();
        for field in &self.dataset.users.attributes {
            for &value in field.of(user) {
                let alike = || field.values.iter().filter(|&&other| other == value).take(LEAST_ALIKE).count();
                if !self.are_hidden() || alike() == LEAST_ALIKE {
                    told.push((field.name.as_str(), field.vocabulary.name(value)));
                }
            }
        }
        told
    }
}

/// The word at the beginning, as ids are written.
fn word_of(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || "_-.@:".contains(c))).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ':', '-'])
}

/// A, B, …, Z, AA, AB, …
fn letters(number: usize) -> String {
    let last = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => last.to_string(),
        more => letters(more - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Attribute, Users};

    fn dataset() -> Dataset {
        let ids: Vec<String> = (0..12).map(|user| format!("u{user}")).chain(["42".to_owned()]).collect();
        let values = (0..13).map(|user| vec![if user < 2 { "rare" } else { "common" }]);
        Dataset {
            users: Users {
                ids: ids.iter().map(String::as_str).collect(),
                attributes: vec![Attribute::from_lists("region", values)],
            },
            ..Dataset::default()
        }
    }

    #[test]
    fn ids_are_replaced_wherever_they_stand_as_words() {
        let dataset = dataset();
        let mut names = Names::new(&dataset, true);
        assert_eq!((names.of(1), names.of(11), names.of(1)), ("A".to_owned(), "B".to_owned(), "A".to_owned()));
        let text = "u1, u11; u1x xu1 u1: (u7) 42";
        assert_eq!(names.own_text(text), "A, B; u1x xu1 A: (C) 42");
        assert_eq!(names.of(12), "D");
        assert_eq!(names.own_text("42 and 420"), "D and 420");
        assert_eq!(names.text("42 chairs of u1"), "42 chairs of A");
        let mut plain = Names::new(&dataset, false);
        assert_eq!((plain.of(1), plain.own_text(text)), ("u1".to_owned(), text.to_owned()));
    }

    #[test]
    fn what_few_share_is_not_told_of_a_hidden_user() {
        let dataset = dataset();
        assert_eq!(Names::new(&dataset, false).attributes(0), [("region", "rare")]);
        assert!(Names::new(&dataset, true).attributes(0).is_empty());
        assert_eq!(Names::new(&dataset, true).attributes(5), [("region", "common")]);
    }

    #[test]
    fn letters_go_on_after_the_last() {
        assert_eq!([0, 25, 26, 51, 52, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "AAA"]);
    }
}
