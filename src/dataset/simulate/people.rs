//! Users: attributes, tastes that partly follow from them and drift, activity, and when they came.

use rand::{Rng, RngExt as _};
use rand_distr::{Distribution as _, LogNormal};

use super::{
    DAY_SECS, Simulation,
    random::{Stream, choose, dirichlet, generator, normal, rounded, softmax},
    tree::{CIRCLES, LEAVES, LEVEL1, STYLE_COUNT},
};

pub(super) const AGES: [&str; 5] = ["18-24", "25-34", "35-44", "45-54", "55+"];
const AGE_SHARES: [f64; 5] = [0.30, 0.35, 0.19, 0.10, 0.06];
pub(super) const GENDERS: [(&str, &str); 3] = [("女", "Female"), ("男", "Male"), ("保密", "Undisclosed")];
const GENDER_SHARES: [f64; 3] = [0.55, 0.39, 0.06];

/// Name, English, part of the country, share.
pub(super) const REGIONS: [(&str, &str, usize, f64); 24] = [
    ("上海", "Shanghai", 0, 6.0),
    ("江苏", "Jiangsu", 0, 8.0),
    ("浙江", "Zhejiang", 0, 8.5),
    ("安徽", "Anhui", 0, 3.5),
    ("福建", "Fujian", 1, 4.5),
    ("广东", "Guangdong", 1, 12.0),
    ("广西", "Guangxi", 1, 2.5),
    ("海南", "Hainan", 1, 1.2),
    ("北京", "Beijing", 2, 6.5),
    ("天津", "Tianjin", 2, 2.0),
    ("河北", "Hebei", 2, 3.5),
    ("山东", "Shandong", 2, 6.0),
    ("重庆", "Chongqing", 3, 3.5),
    ("四川", "Sichuan", 3, 6.5),
    ("贵州", "Guizhou", 3, 1.5),
    ("云南", "Yunnan", 3, 2.5),
    ("湖北", "Hubei", 4, 4.5),
    ("湖南", "Hunan", 4, 4.0),
    ("河南", "Henan", 4, 4.5),
    ("江西", "Jiangxi", 4, 2.0),
    ("辽宁", "Liaoning", 5, 3.0),
    ("黑龙江", "Heilongjiang", 5, 1.8),
    ("陕西", "Shaanxi", 5, 2.8),
    ("新疆", "Xinjiang", 5, 1.2),
];
const PARTS: usize = 6;

/// What age, gender and part of the country do to the eight tags of level 1, in logits: home, food, handicraft,
/// designer toys, photography, plants, pets, travel.
const BY_AGE: [[f64; LEVEL1]; 5] = [
    [-0.6, 0.5, 0.0, 1.1, 0.1, -0.8, 0.4, 0.2],
    [0.8, 0.2, 0.0, 0.2, 0.0, 0.0, 0.5, 0.2],
    [0.7, 0.1, 0.3, -0.4, 0.1, 0.4, 0.0, 0.0],
    [0.1, 0.0, 0.4, -1.2, 0.5, 1.0, -0.4, 0.5],
    [-0.4, -0.2, 0.5, -1.6, 0.7, 1.4, -0.5, 0.9],
];
const BY_GENDER: [[f64; LEVEL1]; 3] =
    [[0.4, 0.2, 0.7, -0.2, -0.5, 0.4, 0.2, 0.0], [-0.3, 0.0, -0.9, 0.5, 0.8, -0.5, -0.1, 0.2], [0.0; LEVEL1]];
const BY_PART: [[f64; LEVEL1]; PARTS] = [
    [0.4, 0.0, 0.2, 0.2, 0.0, -0.1, 0.2, -0.2],
    [-0.2, 0.6, -0.2, 0.3, 0.0, 0.4, -0.2, 0.1],
    [0.3, -0.1, 0.0, 0.1, 0.2, -0.4, 0.3, 0.0],
    [-0.3, 0.5, 0.1, -0.2, 0.2, 0.3, 0.0, 0.6],
    [0.1, 0.3, 0.0, -0.1, -0.2, 0.0, 0.1, -0.1],
    [0.2, -0.3, 0.3, -0.2, 0.4, -0.3, 0.0, 0.3],
];

/// How much an attribute says below level 1, in logits.
const EFFECT: f64 = 0.5;
/// How sparse one person's taste is around what the attributes say, at the three levels.
const CONCENTRATION: [f64; 3] = [2.6, 2.0, 2.5];
const STYLE_CONCENTRATION: f64 = 2.5;
/// Share of users who come while the log runs.
const NEWCOMERS: f64 = 0.3;

/// Tastes are kept in these parts of 1: what is used is what is written down.
pub(super) const TASTE_UNITS: f64 = 4_096.0;

/// What attributes and circles mean in this world, drawn from the seed.
pub(super) struct World {
    /// `[attribute value][leaf]`, with what level 2 adds.
    leaf: [Vec<[f64; LEAVES]>; 3],
    style: [Vec<[f64; STYLE_COUNT]>; 3],
    /// The two styles that are at home in each circle.
    pub(super) circle_styles: [[usize; 2]; CIRCLES],
}

impl World {
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = generator(seed, Stream::World, 0);
        let sizes = [AGES.len(), GENDERS.len(), PARTS];
        let leaf = sizes.map(|size| {
            (0..size)
                .map(|_| {
                    let shared: Vec<f64> = (0..LEAVES / 3).map(|_| EFFECT * normal(&mut rng)).collect();
                    std::array::from_fn(|leaf| shared[leaf / 3] + EFFECT * normal(&mut rng))
                })
                .collect()
        });
        let style = sizes.map(|size| (0..size).map(|_| std::array::from_fn(|_| EFFECT * normal(&mut rng))).collect());
        let circle_styles = std::array::from_fn(|circle| {
            // The three circles of a tag of level 1 share out the six styles.
            let turn = rng.random_range(0..STYLE_COUNT);
            let first = (turn + 2 * (circle % 3)) % STYLE_COUNT;
            [first, (first + 1) % STYLE_COUNT]
        });
        Self { leaf, style, circle_styles }
    }

    fn level1_mean(values: [usize; 3]) -> Vec<f64> {
        let [age, gender, part] = values;
        let logits: Vec<f64> =
            (0..LEVEL1).map(|tag| BY_AGE[age][tag] + BY_GENDER[gender][tag] + BY_PART[part][tag]).collect();
        softmax(&logits)
    }

    /// What people of these attributes (age, gender, part) like on average: shares over the leaves.
    pub(super) fn mean(&self, values: [usize; 3]) -> [f64; LEAVES] {
        let level1 = Self::level1_mean(values);
        let mut mean = [0.0; LEAVES];
        for (tag, share) in level1.iter().enumerate() {
            let (level2, leaves) = self.below(values, tag);
            for leaf in 0..9 {
                mean[tag * 9 + leaf] = share * level2[leaf / 3] * leaves[leaf / 3][leaf % 3];
            }
        }
        mean
    }

    /// Below one tag of level 1: shares of its tags of level 2, and of their leaves.
    fn below(&self, values: [usize; 3], tag: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
        let logit = |leaf: usize| values.iter().enumerate().map(|(field, &value)| self.leaf[field][value][leaf]).sum();
        let logits: Vec<f64> = (tag * 9..tag * 9 + 9).map(logit).collect();
        let means: Vec<f64> = logits.chunks(3).map(|three| three.iter().sum::<f64>() / 3.0).collect();
        (softmax(&means), logits.chunks(3).map(softmax).collect())
    }

    fn taste(&self, rng: &mut impl Rng, values: [usize; 3]) -> Taste {
        let level1 = dirichlet(rng, &Self::level1_mean(values), CONCENTRATION[0]);
        let mut shares = [0.0; LEAVES];
        for (tag, share) in level1.iter().enumerate() {
            let (level2, leaves) = self.below(values, tag);
            let level2 = dirichlet(rng, &level2, CONCENTRATION[1]);
            for (two, (within, leaves)) in level2.iter().zip(&leaves).enumerate() {
                for (leaf, own) in dirichlet(rng, leaves, CONCENTRATION[2]).into_iter().enumerate() {
                    shares[tag * 9 + two * 3 + leaf] = share * within * own;
                }
            }
        }
        shares.map(|share| if share < 0.002 { 0 } else { (share * TASTE_UNITS).round() as u16 })
    }
}

/// Shares of the leaves in 1/4096.
pub(super) type Taste = [u16; LEAVES];

pub(super) struct User {
    /// Age, gender, region: rows of the tables above.
    pub(super) age: usize,
    pub(super) gender: usize,
    pub(super) region: usize,
    /// Seconds since 1970; before the log for those who were there already.
    pub(super) joined_secs: i64,
    pub(super) visits_per_day: f64,
    /// Added to the mood in which a visit begins.
    pub(super) patience: f64,
    /// At the beginning, and where it would drift to.
    pub(super) taste: [Taste; 2],
    /// How much of the way is gone by the end of the log.
    pub(super) drift: f64,
    /// Shares over the styles.
    pub(super) style: [f64; STYLE_COUNT],
    pub(super) circles: Vec<u8>,
    /// How often he publishes, relative to others; 0 for most.
    pub(super) authorship: f64,
}

impl User {
    pub(super) fn attributes(&self) -> [usize; 3] {
        [self.age, self.gender, REGIONS[self.region].2]
    }

    /// Shares over the leaves at `progress`, 0 at the begin of the log and 1 at its end.
    pub(super) fn taste_at(&self, progress: f64) -> [f64; LEAVES] {
        let way = (self.drift * progress).clamp(0.0, 1.0);
        std::array::from_fn(|leaf| {
            ((1.0 - way) * f64::from(self.taste[0][leaf]) + way * f64::from(self.taste[1][leaf])) / TASTE_UNITS
        })
    }
}

pub(super) fn draw(simulation: &Simulation, world: &World, number: usize) -> User {
    let mut rng = generator(simulation.seed, Stream::User, number as u64);
    let rng = &mut rng;
    let (age, gender) = (choose(rng, &AGE_SHARES), choose(rng, &GENDER_SHARES));
    let region = choose(rng, &REGIONS.map(|region| region.3));
    let values = [age, gender, REGIONS[region].2];
    let is_newcomer = rng.random_bool(NEWCOMERS);
    let day = if is_newcomer { rng.random_range(0..simulation.days as i64) } else { -rng.random_range(1..400) };
    let joined_secs = super::START_SECS + day * DAY_SECS + rng.random_range(7 * 3_600..23 * 3_600);
    let taste = [world.taste(rng, values), world.taste(rng, values)];
    let style_logits: Vec<f64> = (0..STYLE_COUNT)
        .map(|style| values.iter().enumerate().map(|(field, &value)| world.style[field][value][style]).sum())
        .collect();
    let drawn = dirichlet(rng, &softmax(&style_logits), STYLE_CONCENTRATION);
    let style: [f64; STYLE_COUNT] = std::array::from_fn(|style| rounded(drawn[style]));
    let rate: f64 = LogNormal::new(-0.87, 1.15).map_or(0.5, |rate| rate.sample(rng));
    let visits_per_day = rounded(rate.min(9.0));
    let is_author = rng.random_bool(0.3);
    let mut user = User {
        age,
        gender,
        region,
        joined_secs,
        visits_per_day,
        patience: rounded(0.4 * normal(rng)),
        taste,
        drift: rounded(rng.random_range(0.1..0.8)),
        style,
        circles: Vec::new(),
        authorship: if is_author { (1.1 * normal(rng)).exp() } else { 0.0 },
    };
    user.circles = circles(rng, world, &user);
    user
}

/// One to four circles that fit taste and style.
fn circles(rng: &mut impl Rng, world: &World, user: &User) -> Vec<u8> {
    let taste = user.taste_at(0.0);
    let mut weights: Vec<f64> = (0..CIRCLES)
        .map(|circle| {
            let interest: f64 =
                (0..9).map(|leaf| taste[circle / 3 * 9 + leaf] * if leaf / 3 == circle % 3 { 1.0 } else { 0.25 }).sum();
            interest * (0.1 + world.circle_styles[circle].iter().map(|&style| user.style[style]).sum::<f64>())
        })
        .collect();
    let mut circles: Vec<u8> = Vec::new();
    for _ in 0..rng.random_range(1..=4) {
        let circle = choose(rng, &weights);
        if weights[circle] > 0.0 {
            circles.push(circle as u8);
        }
        weights[circle] = 0.0;
    }
    circles.sort_unstable();
    circles
}
