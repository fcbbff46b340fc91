//! The click model: how taste, quality, place and chance make a click, and what follows it. All of it is in these
//! numbers, which are written down with the truth.

use serde::{Deserialize, Serialize};

use super::{
    items::Item,
    people::User,
    random::sigmoid,
    tree::{LEAVES, STYLE_COUNT},
};

/// Logits unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ClickModel {
    pub(super) base: f64,
    /// Times ln(`taste_floor` + leaves × share of the leaf), where a fifth of the share is that of its level 2.
    pub(super) taste: f64,
    pub(super) taste_floor: f64,
    /// Times ln(`style_floor` + styles × share of the style).
    pub(super) style: f64,
    pub(super) style_floor: f64,
    pub(super) quality: f64,
    /// The item's circle is one of the user's.
    pub(super) circle: f64,
    /// The item is what this visit is about (its level 2; its style).
    pub(super) intent: f64,
    pub(super) intent_style: f64,
    /// Times what freshness is lost.
    pub(super) staleness: f64,
    /// A place is looked at with the probability max(`least_seen`, `seen_next` ^ place).
    pub(super) seen_next: f64,
    pub(super) least_seen: f64,
    /// Probability of a click by mistake, at any place.
    pub(super) misclick: f64,
    /// Interest (the logit without `base`) to like, favorite, comment: slope, and the three bases.
    pub(super) depth: f64,
    pub(super) like: f64,
    pub(super) favorite: f64,
    pub(super) comment: f64,
    /// Deviation of the interest that shows only after the click.
    pub(super) depth_noise: f64,
    /// After each impression the visit ends with the probability sigmoid(`leave` - `leave_mood` × mood).
    pub(super) leave: f64,
    pub(super) leave_mood: f64,
    /// The mood begins at `mood_begin` plus the user's patience, and changes with each impression.
    pub(super) mood_begin: f64,
    pub(super) mood_click: f64,
    pub(super) mood_skip: f64,
    pub(super) mood_misclick: f64,
}

impl Default for ClickModel {
    fn default() -> Self {
        Self {
            base: -2.3,
            taste: 0.85,
            taste_floor: 0.05,
            style: 0.7,
            style_floor: 0.1,
            quality: 0.6,
            circle: 0.6,
            intent: 0.6,
            intent_style: 0.4,
            staleness: -0.6,
            seen_next: 0.975,
            least_seen: 0.4,
            misclick: 0.008,
            depth: 0.7,
            like: -3.4,
            favorite: -3.9,
            comment: -4.7,
            depth_noise: 0.7,
            leave: -1.7,
            leave_mood: 0.9,
            mood_begin: 0.4,
            mood_click: 0.4,
            mood_skip: -0.05,
            mood_misclick: -0.4,
        }
    }
}

/// What a user brings to one visit, worked out once.
pub(super) struct Lens {
    taste: [f64; LEAVES],
    style: [f64; STYLE_COUNT],
    circles: u32,
    /// Tag of level 2, and style.
    pub(super) intent: (usize, usize),
}

impl ClickModel {
    pub(super) fn lens(&self, user: &User, taste: &[f64; LEAVES], intent: (usize, usize)) -> Lens {
        let shared: Vec<f64> = taste.chunks(3).map(|three| three.iter().sum::<f64>() / 3.0).collect();
        let share = |leaf: usize| 0.8 * taste[leaf] + 0.2 * shared[leaf / 3];
        Lens {
            taste: std::array::from_fn(|leaf| self.taste * (self.taste_floor + LEAVES as f64 * share(leaf)).ln()),
            style: std::array::from_fn(|style| {
                self.style * (self.style_floor + STYLE_COUNT as f64 * user.style[style]).ln()
            }),
            circles: user.circles.iter().fold(0, |all, circle| all | 1 << circle),
            intent,
        }
    }

    /// The logit of a click on `item` once it is seen, without `base`.
    pub(super) fn interest(&self, lens: &Lens, item: &Item, secs: i64) -> f64 {
        let (leaf, style) = (usize::from(item.leaf), usize::from(item.style));
        let mut interest = lens.taste[leaf] + lens.style[style] + self.quality * item.quality;
        if lens.circles >> item.circle & 1 == 1 {
            interest += self.circle;
        }
        if lens.intent.0 == leaf / 3 {
            interest += self.intent;
        }
        if lens.intent.1 == style {
            interest += self.intent_style;
        }
        interest + self.staleness * (1.0 - item.freshness(secs))
    }

    pub(super) fn seen(&self, place: usize) -> f64 {
        self.seen_next.powi(place as i32).max(self.least_seen)
    }

    pub(super) fn click(&self, interest: f64) -> f64 {
        sigmoid(self.base + interest)
    }

    /// In which `user` begins a visit.
    pub(super) fn mood(&self, user: &User) -> f64 {
        self.mood_begin + user.patience
    }

    /// What an impression does to the mood.
    pub(super) fn mood_after(&self, is_click: bool, is_misclick: bool) -> f64 {
        if is_click {
            self.mood_click
        } else if is_misclick {
            self.mood_misclick
        } else {
            self.mood_skip
        }
    }

    pub(super) fn leaves(&self, mood: f64) -> f64 {
        sigmoid(self.leave - self.leave_mood * mood)
    }
}
