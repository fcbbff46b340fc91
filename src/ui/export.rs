//! What an analyst can take along as a file.

use std::sync::Arc;

use super::views::ViewKind;
use crate::workspace::{
    Table,
    export::{TableFormat, report::ReportFormat},
};

#[derive(Debug, Clone, PartialEq)]
pub enum Export {
    Table {
        table: Arc<Table>,
        format: TableFormat,
    },
    /// What a run recalls for every user, for a ranking model.
    Candidates {
        /// The run's id.
        run: String,
        /// Candidates a user.
        k: usize,
        format: TableFormat,
    },
    Picture {
        view: ViewKind,
        /// Pixels of a point.
        scale: u32,
    },
    /// Cases of the book, by what they keep.
    Cases {
        /// Their ids, in the order in which they are told.
        ids: Vec<String>,
        format: ReportFormat,
        has_pseudonyms: bool,
    },
    /// What the case study shows when it is written.
    Case {
        format: ReportFormat,
        has_pseudonyms: bool,
    },
}

impl Export {
    pub fn extension(&self) -> &'static str {
        match self {
            Self::Table { format, .. } | Self::Candidates { format, .. } => format.extension(),
            Self::Picture { .. } => "png",
            Self::Case { format, .. } | Self::Cases { format, .. } => format.extension(),
        }
    }
}

/// `name` as a file may be called everywhere.
pub fn file_name(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_alphanumeric() || "-_.@".contains(c) { c } else { '-' });
    let name: String = kept.collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "export".to_owned() } else { name.chars().take(80).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_have_nothing_that_a_disk_refuses() {
        assert_eq!(file_name("evaluation recall@20"), "evaluation-recall@20");
        assert_eq!(file_name("../a/b: c?"), "a-b--c");
        assert_eq!(file_name("评估"), "评估");
        assert_eq!(file_name("///"), "export");
    }
}
