//! Id-type features (algorithms, section 3): a node is the sum of the rows that its id and its attributes have in one
//! embedding table; several values of one field count with their mean.

use super::settings::FeatureMode;
use crate::dataset::{Attribute, Dataset, split::Split};

/// Which rows of the embedding table describe each node. Nodes are users, then items.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    pub mode: FeatureMode,
    /// `[nodes + 1]`
    pub offsets: Vec<u32>,
    /// Rows of the table.
    pub rows: Vec<u32>,
    /// What each counts.
    pub weights: Vec<f32>,
    /// How many rows the table has.
    pub table_rows: usize,
    pub users: usize,
    pub items: usize,
    pub user_fields: Vec<Field>,
    pub item_fields: Vec<Field>,
}

/// One field's part of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    /// The row of entry 0; that of nodes without a value, or with one never seen, stands behind the last.
    pub first_row: u32,
    pub entries: u32,
}

impl Field {
    fn unknown(&self) -> u32 {
        self.first_row + self.entries
    }
}

impl Features {
    /// `is_known` says of each node whether training will see it: the others take the unknown id, which stands for
    /// whatever came later.
    fn new(dataset: &Dataset, mode: FeatureMode, is_known: &[bool]) -> Self {
        let (users, items) = (dataset.user_count(), dataset.item_count());
        let of_users: Vec<&Attribute> = if mode.has_attributes() { user_fields(dataset) } else { Vec::new() };
        let of_items: Vec<&Attribute> = if mode.has_attributes() { item_fields(dataset) } else { Vec::new() };
        Self::of_fields(mode, [users, items], [&of_users, &of_items], is_known)
    }

    /// Items alone, by their own fields and `more` of them.
    pub fn of_content(dataset: &Dataset, more: &[Attribute]) -> Self {
        let fields: Vec<&Attribute> = item_fields(dataset).into_iter().chain(more).collect();
        let items = dataset.item_count();
        Self::of_fields(FeatureMode::Attributes, [0, items], [&[], &fields], &vec![true; items])
    }

    fn of_fields(
        mode: FeatureMode,
        [users, items]: [usize; 2],
        [of_users, of_items]: [&[&Attribute]; 2],
        is_known: &[bool],
    ) -> Self {
        let mut features = Self {
            mode,
            offsets: Vec::with_capacity(users + items + 1),
            rows: Vec::new(),
            weights: Vec::new(),
            table_rows: 0,
            users,
            items,
            user_fields: Vec::new(),
            item_fields: Vec::new(),
        };
        if mode.has_ids() {
            features.table_rows = users + items + 2;
        }
        let mut place = |attribute: &Attribute| {
            let entries = attribute.vocabulary.len() as u32;
            let field = Field { name: attribute.name.clone(), first_row: features.table_rows as u32, entries };
            features.table_rows += entries as usize + 1;
            field
        };
        features.user_fields = of_users.iter().map(|attribute| place(attribute)).collect();
        features.item_fields = of_items.iter().map(|attribute| place(attribute)).collect();
        features.offsets.push(0);
        for node in 0..(users + items) as u32 {
            let is_user = (node as usize) < users;
            if let Some(row) = features.id_row(node, is_known[node as usize]) {
                features.rows.push(row);
                features.weights.push(1.0);
            }
            let (attributes, own) = if is_user { (of_users, node) } else { (of_items, node - users as u32) };
            let fields = if is_user { &features.user_fields } else { &features.item_fields };
            for (attribute, field) in attributes.iter().zip(fields) {
                push_values(field, attribute.of(own), &mut features.rows, &mut features.weights);
            }
            features.offsets.push(features.rows.len() as u32);
        }
        features
    }

    /// Of the nodes of `split`: known is who or what has an interaction in its training part.
    pub fn of_split(dataset: &Dataset, split: &Split, mode: FeatureMode) -> Self {
        let users = dataset.user_count();
        let mut is_known = vec![false; users + dataset.item_count()];
        for &row in &split.train {
            is_known[dataset.events.user[row as usize] as usize] = true;
            is_known[users + dataset.events.item[row as usize] as usize] = true;
        }
        Self::new(dataset, mode, &is_known)
    }

    /// The row of the node's id, or of the unknown one; `None` where ids do not count.
    fn id_row(&self, node: u32, is_known: bool) -> Option<u32> {
        if !self.mode.has_ids() {
            return None;
        }
        Some(if is_known { node } else { self.unknown_id((node as usize) < self.users) })
    }

    /// The row that stands for ids never seen.
    pub fn unknown_id(&self, is_user: bool) -> u32 {
        (self.users + self.items) as u32 + u32::from(!is_user)
    }

    /// Rows of the table for `node`, and what each counts.
    pub fn of(&self, node: u32) -> (&[u32], &[f32]) {
        let range = self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize;
        (&self.rows[range.clone()], &self.weights[range])
    }

    /// Rows for a user of the data set (`None`: somebody unknown) whose fields were changed by hand: name of the field
    /// and entries of its vocabulary.
    pub fn of_user(&self, user: Option<u32>, changed: &[(String, Vec<u32>)]) -> (Vec<u32>, Vec<f32>) {
        let (mut rows, mut weights) = match user.filter(|&user| (user as usize) < self.users) {
            Some(user) => {
                let (rows, weights) = self.of(user);
                (rows.to_vec(), weights.to_vec())
            }
            None => {
                let (mut rows, mut weights) = (Vec::new(), Vec::new());
                if self.mode.has_ids() {
                    rows.push(self.unknown_id(true));
                    weights.push(1.0);
                }
                for field in &self.user_fields {
                    push_values(field, &[], &mut rows, &mut weights);
                }
                (rows, weights)
            }
        };
        for (name, values) in changed {
            let Some(field) = self.user_fields.iter().find(|field| field.name == *name) else { continue };
            let own = field.first_row..=field.unknown();
            let kept: Vec<(u32, f32)> =
                rows.iter().copied().zip(weights.iter().copied()).filter(|(row, _)| !own.contains(row)).collect();
            (rows, weights) = kept.into_iter().unzip();
            push_values(field, values, &mut rows, &mut weights);
        }
        (rows, weights)
    }
}

fn push_values(field: &Field, values: &[u32], rows: &mut Vec<u32>, weights: &mut Vec<f32>) {
    let known: Vec<u32> = values.iter().copied().filter(|&value| value < field.entries).collect();
    if known.is_empty() {
        rows.push(field.unknown());
        weights.push(1.0);
    }
    for value in &known {
        rows.push(field.first_row + value);
        weights.push(1.0 / known.len() as f32);
    }
}

impl FeatureMode {
    pub fn has_ids(self) -> bool {
        self != Self::Attributes
    }

    pub fn has_attributes(self) -> bool {
        self != Self::Id
    }
}

fn user_fields(dataset: &Dataset) -> Vec<&Attribute> {
    dataset.users.attributes.iter().filter(|attribute| tells_nodes_alike(attribute)).collect()
}

fn item_fields(dataset: &Dataset) -> Vec<&Attribute> {
    let items = &dataset.items;
    let own = [&items.tags, &items.circle, &items.topics];
    own.into_iter().chain(&items.attributes).filter(|attribute| tells_nodes_alike(attribute)).collect()
}

/// A field whose values hardly ever come twice (a title, a link) is a second id, and tells nothing about new nodes.
fn tells_nodes_alike(attribute: &Attribute) -> bool {
    !attribute.values.is_empty() && attribute.vocabulary.len() * 2 <= attribute.values.len().max(20)
}

impl Features {
    /// Ids alone, all of them known.
    pub fn of_ids(users: usize, items: usize) -> Self {
        let nodes = users + items;
        Self {
            mode: FeatureMode::Id,
            offsets: (0..=nodes as u32).collect(),
            rows: (0..nodes as u32).collect(),
            weights: vec![1.0; nodes],
            table_rows: nodes + 2,
            users,
            items,
            user_fields: Vec::new(),
            item_fields: Vec::new(),
        }
    }
}
