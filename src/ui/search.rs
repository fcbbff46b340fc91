//! Finding users, items and tags as one types: one pass over all names in lower case.

use memchr::memmem;
use rustc_hash::FxHashSet;

use super::selection::Thing;
use crate::dataset::{Dataset, Language};

/// How many of everything are found at most.
const MAX_FOUND: usize = 30;
const MAX_TAGS: usize = 6;
const MAX_USERS: usize = 10;

/// Names in lower case, each between line breaks, and where each row's begin.
#[derive(Debug, Default)]
struct Names {
    text: String,
    starts: Vec<usize>,
}

impl Names {
    fn push<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.starts.push(self.text.len());
        for name in names {
            self.text.push('\n');
            for letter in name.chars() {
                match letter {
                    '\n' => {}
                    // Most titles are of letters that have no case, and the others' is quicker found by hand.
                    '\0'..='\x7f' => self.text.push(letter.to_ascii_lowercase()),
                    '\u{2e80}'..='\u{9fff}' => self.text.push(letter),
                    _ => self.text.extend(letter.to_lowercase()),
                }
            }
        }
    }

    /// Rows with `wanted` in one of their names, each once, in order.
    fn find<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = u32> + 'a {
        let finder = memmem::find_iter(self.text.as_bytes(), wanted.as_bytes());
        let mut last = None;
        finder.filter_map(move |at| {
            let row = self.starts.partition_point(|&start| start <= at) - 1;
            (last.replace(row) != Some(row)).then_some(row as u32)
        })
    }
}

/// What can be searched in a data set.
#[derive(Debug, Default)]
pub struct SearchIndex {
    titles: Names,
    users: Names,
}

impl SearchIndex {
    pub fn new(dataset: &Dataset) -> Self {
        let mut index = Self::default();
        for item in 0..dataset.item_count() {
            let titles = [&dataset.items.title[item], &dataset.items.title_en[item]];
            index.titles.push(titles.into_iter().filter(|title| !title.is_empty()));
        }
        for id in dataset.users.ids.iter() {
            index.users.push([id]);
        }
        index
    }

    /// A user and an item by id, tags by name, items by title, users by the beginning of their id, in that order.
    pub fn find(&self, dataset: &Dataset, query: &str) -> Vec<Thing> {
        let query = query.trim();
        if query.is_empty() {
            return Vec::new();
        }
        let wanted = query.to_lowercase().replace('\n', " ");
        let mut found: Vec<Thing> = Vec::new();
        found.extend(dataset.users.ids.row(query).map(Thing::User));
        found.extend(dataset.items.ids.row(query).map(Thing::Item));
        let is_named = |name: &str| {
            [name, dataset.label(name, Language::English)].iter().any(|name| name.to_lowercase().contains(&wanted))
        };
        let tags = dataset.items.tags.vocabulary.iter().enumerate().filter(|(_, name)| is_named(name));
        found.extend(tags.take(MAX_TAGS).map(|(tag, _)| Thing::Tag(tag as u32)));
        found.extend(self.titles.find(&wanted).take(MAX_FOUND).map(Thing::Item));
        found.extend(self.users.find(&format!("\n{wanted}")).take(MAX_USERS).map(Thing::User));
        let mut seen = FxHashSet::default();
        found.retain(|&thing| seen.insert(thing));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_their_case_and_each_row_once() {
        let mut names = Names::default();
        names.push(["Toy Story (1995)", "玩具总动员"]);
        names.push([]);
        names.push(["ÉCLAIR toy, toy", "窗边的沙发"]);
        let find = |wanted: &str| names.find(wanted).collect::<Vec<_>>();
        assert_eq!(find("story"), [0]);
        assert_eq!(find("toy"), [0, 2]);
        assert_eq!(find("éclair"), [2]);
        assert_eq!(find("沙发"), [2]);
        assert_eq!(find("\ntoy"), [0]);
        assert!(find("toys").is_empty());
    }
}
