//! Which clusters a user belongs to: everybody, one for each value of an attribute, one for how active, and one for all of
//! that together.

use rustc_hash::FxHashMap;

use crate::dataset::{
    Dataset,
    split::{Split, interactions_by_user},
};

/// Interactions so far from which on a user belongs to the next band of activity.
pub const BANDS: [u32; 4] = [0, 3, 10, 30];

/// What a cluster is defined by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Everybody.
    All,
    /// A value of an attribute: its place among the users' attributes, and the entry of its vocabulary.
    Value { field: usize, entry: u32 },
    /// A band of activity, by its place in [`BANDS`].
    Activity(usize),
    /// All values and the band of a user at once: the user type of the paper.
    Whole,
}

/// The clusters of one split. What somebody later is, or is taken to be, is found in them too.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    pub kinds: Vec<Kind>,
    /// Per cluster, users of the training part that were in it.
    pub users: Vec<u32>,
    /// Names of the users' attributes.
    fields: Vec<String>,
    /// Per field, per entry: the cluster, where enough users have the value.
    values: Vec<Vec<Option<u32>>>,
    /// `[users + 1]`
    offsets: Vec<u32>,
    /// Clusters of each user's values.
    of_users: Vec<u32>,
    first_band: u32,
    wholes: FxHashMap<Vec<u32>, u32>,
}

/// The clusters of one user at one time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Membership {
    /// Of single values and the band; always known.
    pub single: Vec<u32>,
    /// Of all together, where somebody was in it.
    pub whole: Option<u32>,
}

impl Membership {
    /// Everybody's, the single ones, the whole one.
    pub fn all(&self) -> impl Iterator<Item = u32> + '_ {
        std::iter::once(0).chain(self.single.iter().copied()).chain(self.whole)
    }
}

impl Clusters {
    /// A value that fewer than `min_users` users of the training part have is no cluster: whoever has it falls back to
    /// what else is known.
    pub fn of(dataset: &Dataset, split: &Split, min_users: u32) -> Self {
        let attributes = &dataset.users.attributes;
        let by_user = interactions_by_user(dataset, &split.train);
        let seen: Vec<u32> = (0..dataset.user_count() as u32).filter(|&user| !by_user.of(user).is_empty()).collect();
        let mut clusters = Self {
            kinds: vec![Kind::All],
            users: vec![seen.len() as u32],
            fields: attributes.iter().map(|attribute| attribute.name.clone()).collect(),
            values: Vec::new(),
            offsets: vec![0],
            of_users: Vec::new(),
            first_band: 0,
            wholes: FxHashMap::default(),
        };
        for (field, attribute) in attributes.iter().enumerate() {
            let mut counts = vec![0u32; attribute.vocabulary.len()];
            for &entry in seen.iter().flat_map(|&user| attribute.of(user)) {
                counts[entry as usize] += 1;
            }
            let of_entries = counts.into_iter().enumerate().map(|(entry, count)| {
                (count >= min_users.max(1)).then(|| clusters.add(Kind::Value { field, entry: entry as u32 }, count))
            });
            let of_entries = of_entries.collect();
            clusters.values.push(of_entries);
        }
        clusters.first_band = clusters.kinds.len() as u32;
        for band in 0..BANDS.len() {
            clusters.add(Kind::Activity(band), 0);
        }
        for user in 0..dataset.user_count() as u32 {
            for (attribute, values) in attributes.iter().zip(&clusters.values) {
                let known = attribute.of(user).iter().filter_map(|&entry| values[entry as usize]);
                clusters.of_users.extend(known);
            }
            clusters.offsets.push(clusters.of_users.len() as u32);
        }
        for &user in &seen {
            let count = by_user.of(user).len() as u32;
            for band in 0..=band_of(count.saturating_sub(1)) {
                let single = clusters.single(Some(user), &[], BANDS[band]);
                clusters.users[clusters.first_band as usize + band] += 1;
                let whole = match clusters.wholes.get(&single) {
                    Some(&whole) => whole,
                    None => {
                        let whole = clusters.add(Kind::Whole, 0);
                        clusters.wholes.insert(single, whole);
                        whole
                    }
                };
                clusters.users[whole as usize] += 1;
            }
        }
        clusters
    }

    fn add(&mut self, kind: Kind, users: u32) -> u32 {
        self.kinds.push(kind);
        self.users.push(users);
        self.kinds.len() as u32 - 1
    }

    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether an attribute of this name has clusters.
    pub fn knows(&self, name: &str) -> bool {
        let of_field = self.fields.iter().zip(&self.values).find(|(field, _)| *field == name);
        of_field.is_some_and(|(_, values)| values.iter().any(Option::is_some))
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Of a user with so many interactions, or of somebody unknown; `changed` stands for attributes of that name.
    pub fn of_user(&self, user: Option<u32>, changed: &[(String, Vec<u32>)], interactions: u32) -> Membership {
        let single = self.single(user, changed, interactions);
        let whole = self.wholes.get(&single).copied();
        Membership { single, whole }
    }

    fn single(&self, user: Option<u32>, changed: &[(String, Vec<u32>)], interactions: u32) -> Vec<u32> {
        let place = |name: &str| self.fields.iter().position(|field| field == name);
        let is_changed = |cluster: u32| match self.kinds[cluster as usize] {
            Kind::Value { field, .. } => changed.iter().any(|(name, _)| place(name) == Some(field)),
            _ => false,
        };
        let rows = user.and_then(|user| {
            let (from, to) = (self.offsets.get(user as usize)?, self.offsets.get(user as usize + 1)?);
            self.of_users.get(*from as usize..*to as usize)
        });
        let own = rows.unwrap_or_default().iter().copied().filter(|&cluster| !is_changed(cluster));
        let others = changed.iter().flat_map(|(name, entries)| {
            let values = place(name).and_then(|field| self.values.get(field));
            entries.iter().filter_map(move |&entry| values?.get(entry as usize).copied().flatten())
        });
        let mut found: Vec<u32> = own.chain(others).collect();
        found.sort_unstable();
        found.dedup();
        found.push(self.first_band + band_of(interactions) as u32);
        found
    }
}

/// The least and, where there is one, the greatest number of interactions of a band.
pub fn reach_of(band: usize) -> (u32, Option<u32>) {
    (BANDS[band], BANDS.get(band + 1).map(|next| next - 1))
}

/// The place in [`BANDS`].
pub fn band_of(interactions: u32) -> usize {
    BANDS.partition_point(|&from| from <= interactions).saturating_sub(1)
}
