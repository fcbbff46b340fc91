//! The case book's view: what is searched, in which order cases stand, and which one is looked at.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{ui::session::Book, workspace::Case};

/// In which order cases are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BookOrder {
    /// As the analyst has put them.
    #[default]
    Own,
    Title,
    /// Those made last first.
    Newest,
    /// Those changed last first.
    Changed,
}

impl BookOrder {
    pub const ALL: [Self; 4] = [Self::Own, Self::Title, Self::Newest, Self::Changed];
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookDesk {
    pub query: String,
    /// Only cases with this tag.
    pub tag: Option<String>,
    pub order: BookOrder,
    /// The case that is looked at, by id.
    pub chosen: Option<String>,
}

impl BookDesk {
    /// The cases that are listed, in order.
    pub fn listed(&self, book: &Book) -> Vec<Arc<Case>> {
        let has_tag = |case: &Case| self.tag.as_ref().is_none_or(|tag| case.tags.contains(tag));
        let found = book.cases().iter().filter(|case| has_tag(case) && case.matches(&self.query));
        let mut found: Vec<Arc<Case>> = found.cloned().collect();
        match self.order {
            BookOrder::Own => {}
            BookOrder::Title => found.sort_by_cached_key(|case| case.title.to_lowercase()),
            BookOrder::Newest => found.sort_by(|one, other| other.created_secs.total_cmp(&one.created_secs)),
            BookOrder::Changed => found.sort_by(|one, other| other.changed_secs.total_cmp(&one.changed_secs)),
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_listed_by_search_tag_and_order() {
        let mut book = Book::default();
        for (place, (id, title, tag, secs)) in
            [("1", "beta", "x", 30.0), ("2", "Alpha", "y", 10.0), ("3", "gamma", "x", 20.0)].into_iter().enumerate()
        {
            book.set(Arc::new(Case {
                id: id.to_owned(),
                title: title.to_owned(),
                tags: vec![tag.to_owned()],
                place: place as f64,
                created_secs: secs,
                changed_secs: -secs,
                ..Case::default()
            }));
        }
        let ids = |desk: BookDesk| -> String { desk.listed(&book).iter().map(|case| &*case.id).collect() };
        assert_eq!(ids(BookDesk::default()), "123");
        assert_eq!(ids(BookDesk { order: BookOrder::Title, ..BookDesk::default() }), "213");
        assert_eq!(ids(BookDesk { order: BookOrder::Newest, ..BookDesk::default() }), "132");
        assert_eq!(ids(BookDesk { order: BookOrder::Changed, ..BookDesk::default() }), "231");
        assert_eq!(ids(BookDesk { tag: Some("x".to_owned()), ..BookDesk::default() }), "13");
        assert_eq!(ids(BookDesk { query: "ALPHA".to_owned(), ..BookDesk::default() }), "2");
    }
}
