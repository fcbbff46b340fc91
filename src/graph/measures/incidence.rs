//! Who took what, as sets, with the caps that keep very active users and very popular items affordable.

use std::borrow::Cow;

use rand::{SeedableRng as _, seq::index};
use rand_pcg::Pcg64;

use crate::graph::Csr;

/// Sets of node ids, each rising.
#[derive(Debug)]
struct Sets {
    offsets: Vec<u64>,
    members: Vec<u32>,
}

impl Sets {
    fn of(&self, node: u32) -> &[u32] {
        &self.members[self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize]
    }
}

/// I_u, the items of each user, and U_i, the users of each item.
#[derive(Debug)]
pub(in crate::graph) struct Incidence {
    by_user: Sets,
    by_item: Sets,
    cap: usize,
    seed: u64,
}

impl Incidence {
    /// From the user-item graph. A user with more than `cap` items keeps a sample of `cap` of them: all that follows,
    /// sizes included, is over these sets.
    pub(in crate::graph) fn new(user_item: &Csr, items: usize, cap: usize, seed: u64) -> Self {
        let mut by_user = Sets { offsets: vec![0], members: Vec::with_capacity(user_item.edge_count()) };
        for user in 0..user_item.rows() as u32 {
            by_user.members.extend_from_slice(&sample(user_item.row(user).0, cap, seed, u64::from(user)));
            by_user.offsets.push(by_user.members.len() as u64);
        }
        let mut by_item = Sets { offsets: vec![0; items + 1], members: vec![0; by_user.members.len()] };
        for &item in &by_user.members {
            by_item.offsets[item as usize + 1] += 1;
        }
        for item in 0..items {
            by_item.offsets[item + 1] += by_item.offsets[item];
        }
        let mut next = by_item.offsets.clone();
        for user in 0..user_item.rows() as u32 {
            for &item in by_user.of(user) {
                let place = &mut next[item as usize];
                by_item.members[*place as usize] = user;
                *place += 1;
            }
        }
        Self { by_user, by_item, cap, seed }
    }

    pub(in crate::graph) fn item_count(&self) -> usize {
        self.by_item.offsets.len() - 1
    }

    pub(super) fn items_of(&self, user: u32) -> &[u32] {
        self.by_user.of(user)
    }

    pub(super) fn users_of(&self, item: u32) -> &[u32] {
        self.by_item.of(item)
    }

    /// Users of a target item, at most `cap` of them, drawn for this target alone: what is counted over them,
    /// times |U_i| / sampled, is an unbiased estimate of the count over all.
    pub(super) fn sampled_users_of(&self, item: u32) -> Cow<'_, [u32]> {
        sample(self.users_of(item), self.cap, self.seed, u64::from(item) | 1 << 32)
    }
}

/// At most `cap` of `list`, in its order; the same for the same seed and node.
fn sample(list: &[u32], cap: usize, seed: u64, node: u64) -> Cow<'_, [u32]> {
    if list.len() <= cap {
        return Cow::Borrowed(list);
    }
    let mut random = Pcg64::seed_from_u64(seed.rotate_left(32) ^ node.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut chosen = index::sample(&mut random, list.len(), cap).into_vec();
    chosen.sort_unstable();
    Cow::Owned(chosen.into_iter().map(|place| list[place]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_bounded_repeatable_and_spread() {
        let list: Vec<u32> = (0..100).collect();
        let mut hits = [0u32; 100];
        for node in 0..1_000 {
            let one = sample(&list, 10, 7, node);
            assert_eq!(one, sample(&list, 10, 7, node));
            assert!(one.len() == 10 && one.is_sorted());
            for &member in one.iter() {
                hits[member as usize] += 1;
            }
        }
        assert!(hits.iter().all(|&hits| (50..200).contains(&hits)), "{hits:?}");
        assert_ne!(sample(&list, 10, 7, 1), sample(&list, 10, 8, 1));
        assert_eq!(sample(&list, 100, 7, 1).len(), 100);
    }

    #[test]
    fn caps_hold_on_both_sides() {
        // User 0 took all of 20 items; items 0 and 1 were taken by all of 30 users.
        let mut triplets: Vec<(u32, u32, f32)> = (0..20).map(|item| (0, item, 1.0)).collect();
        triplets.extend((1..30).flat_map(|user| [(user, 0, 1.0), (user, 1, 1.0)]));
        let incidence = Incidence::new(&Csr::from_triplets(30, 20, &triplets), 20, 5, 1);
        assert_eq!(incidence.items_of(0).len(), 5);
        assert_eq!(incidence.items_of(1), [0, 1]);
        assert!(incidence.users_of(0).len() >= 29);
        assert_eq!(incidence.sampled_users_of(0).len(), 5);
        let edges: usize = (0..20).map(|item| incidence.users_of(item).len()).sum();
        assert_eq!(edges, 5 + 2 * 29);
    }
}
