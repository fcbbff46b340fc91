//! Id-type attributes of users and items (algorithms, section 3).

use super::Ids;

/// One id-type field: compressed rows of vocabulary entries, none, one or several a node.
#[derive(Debug, Default, Clone)]
pub struct Attribute {
    pub name: String,
    pub vocabulary: Ids,
    /// `[nodes + 1]`; node `n` has `values[offsets[n]..offsets[n + 1]]`.
    pub offsets: Vec<u32>,
    /// Entries of `vocabulary`.
    pub values: Vec<u32>,
}

impl Attribute {
    /// A field without a value for any of `nodes`.
    pub fn empty(name: &str, nodes: usize) -> Self {
        Self { name: name.to_owned(), offsets: vec![0; nodes + 1], ..Self::default() }
    }

    /// From one list of values a node, in order of rows.
    pub fn from_lists<'a>(name: &str, lists: impl IntoIterator<Item = Vec<&'a str>>) -> Self {
        let mut field = Self { name: name.to_owned(), offsets: vec![0], ..Self::default() };
        for list in lists {
            for value in list {
                let entry = field.vocabulary.row_or_insert(value);
                field.values.push(entry);
            }
            field.offsets.push(field.values.len() as u32);
        }
        field
    }

    /// The entries of `node`; empty where it has none or was added after this field was read.
    pub fn of(&self, node: u32) -> &[u32] {
        match (self.offsets.get(node as usize), self.offsets.get(node as usize + 1)) {
            (Some(&from), Some(&to)) => &self.values[from as usize..to as usize],
            _ => &[],
        }
    }

    /// The values of `node` as text.
    pub fn texts(&self, node: u32) -> impl Iterator<Item = &str> {
        self.of(node).iter().map(|&entry| self.vocabulary.name(entry))
    }
}
