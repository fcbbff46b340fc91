//! What users are called in a report: by their ids, or by other names that lead nowhere.

use rustc_hash::FxHashMap;

use crate::dataset::Dataset;

/// Values of attributes that fewer users share tell too much of who somebody is.
const LEAST_ALIKE: usize = 5;
/// In bytes; longer ids are not looked for in texts.
const LONGEST_ID: usize = 96;

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

    /// What the user of this id is called; `None` for nobody's id.
    pub(super) fn of_id(&mut self, id: &str) -> Option<String> {
        self.dataset.users.ids.row(id).map(|user| self.of(user))
    }

    /// A text of the analyst's, in which ids of users may stand: those of the report's users, and any other that is more
    /// than a number.
    pub(super) fn own_text(&mut self, text: &str) -> String {
        self.replaced(text, |id, is_shown| is_shown || !id.chars().all(|c| c.is_ascii_digit()))
    }

    /// A text of the data set's: in it a number is hardly a user, and neither is a word.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.replaced(text, |id, _| id.contains(|c: char| c.is_ascii_digit()) && id.contains(char::is_alphabetic))
    }

    /// With other names in place of the ids that `is_meant`, which is told whether the report shows their users.
    fn replaced(&mut self, text: &str, is_meant: impl Fn(&str, bool) -> bool) -> String {
        if self.given.is_none() {
            return text.to_owned();
        }
        let mut written = String::with_capacity(text.len());
        let (mut before, mut rest) = (None, text);
        while let Some(first) = rest.chars().next() {
            let found = if is_parted(before, first) { self.id_at(rest, &is_meant) } else { None };
            let length = match found {
                Some((length, user)) => {
                    written += &self.of(user);
                    length
                }
                None => {
                    written.push(first);
                    first.len_utf8()
                }
            };
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        }
        written
    }

    /// The longest id with which `text` begins, by its length, and its user.
    fn id_at(&self, text: &str, is_meant: impl Fn(&str, bool) -> bool) -> Option<(usize, u32)> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= LONGEST_ID);
        let ends: Vec<usize> = ends.collect();
        ends.into_iter().rev().find_map(|end| {
            let (id, after) = text.split_at(end);
            let is_whole = after.chars().next().is_none_or(|next| is_parted(id.chars().next_back(), next));
            let user = self.dataset.users.ids.row(id).filter(|_| is_whole)?;
            let is_shown = self.given.as_ref().is_some_and(|given| given.contains_key(&user));
            is_meant(id, is_shown).then_some((end, user))
        })
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

/// Whether a word may end before `next`. Scripts without blanks part from letters and digits of others, and within
/// themselves anywhere.
fn is_parted(before: Option<char>, next: char) -> bool {
    before.is_none_or(|before| {
        !(before.is_alphanumeric() && next.is_alphanumeric() && before.is_ascii() && next.is_ascii())
    })
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
        let ids: Vec<String> =
            (0..12).map(|user| format!("u{user}")).chain(["42", "小明", "u1-2"].map(str::to_owned)).collect();
        let values = (0..15).map(|user| vec![if user < 2 { "rare" } else { "common" }]);
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
        assert_eq!(names.text("42 chairs of u1 and 小明"), "42 chairs of A and 小明");
        assert_eq!(names.own_text("用户u1喜欢，看小明也是，u1-2 too"), "用户A喜欢，看E也是，F too");
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
