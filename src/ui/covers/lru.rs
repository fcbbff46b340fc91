//! The order in which things were last used, as a list threaded through an array: every step takes constant time.

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Node {
    older: u32,
    newer: u32,
    listed: bool,
}

/// Small numbers in the order of their last use.
pub(super) struct Lru {
    nodes: Vec<Node>,
    oldest: u32,
    newest: u32,
}

impl Default for Lru {
    fn default() -> Self {
        Self { nodes: Vec::new(), oldest: NONE, newest: NONE }
    }
}

impl Lru {
    /// Makes `id` the most recently used, listed before or not.
    pub(super) fn touch(&mut self, id: u32) {
        if self.newest == id {
            return;
        }
        self.remove(id);
        if self.nodes.len() <= id as usize {
            self.nodes.resize(id as usize + 1, Node { older: NONE, newer: NONE, listed: false });
        }
        self.nodes[id as usize] = Node { older: self.newest, newer: NONE, listed: true };
        match self.newest {
            NONE => self.oldest = id,
            newest => self.nodes[newest as usize].newer = id,
        }
        self.newest = id;
    }

    pub(super) fn remove(&mut self, id: u32) {
        let Some(node) = self.nodes.get_mut(id as usize).filter(|node| node.listed) else { return };
        node.listed = false;
        let Node { older, newer, .. } = *node;
        match older {
            NONE => self.oldest = newer,
            older => self.nodes[older as usize].newer = newer,
        }
        match newer {
            NONE => self.newest = older,
            newer => self.nodes[newer as usize].older = older,
        }
    }

    pub(super) fn oldest(&self) -> Option<u32> {
        (self.oldest != NONE).then_some(self.oldest)
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    #[test]
    fn keeps_the_order_of_a_plain_list() {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(7);
        let (mut lru, mut plain) = (Lru::default(), Vec::<u32>::new());
        for _ in 0..20_000 {
            let id = rng.random_range(0..40);
            plain.retain(|other| *other != id);
            if rng.random_range(0..3) == 0 {
                lru.remove(id);
            } else {
                lru.touch(id);
                plain.push(id);
            }
            assert_eq!(lru.oldest(), plain.first().copied());
        }
        for expected in plain {
            assert_eq!(lru.oldest(), Some(expected));
            lru.remove(expected);
        }
        assert_eq!(lru.oldest(), None);
    }
}
