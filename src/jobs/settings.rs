//! Every setting between a data set and its evaluated lanes, by key (`item2vec.min_count`), with bounds.

mod keys;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use self::keys::{keys, resolve, suggestion};
use super::mix::MixSettings;
use crate::{
    dataset::split::SplitSettings,
    evaluate::EvaluateSettings,
    graph::GraphSettings,
    models::{
        cover::CoverSettings,
        device,
        ease::EaseSettings,
        fused::FusedSettings,
        gnn::{GnnSettings, Network},
        item2vec::Item2vecSettings,
        rp3beta::Rp3betaSettings,
        skip_gram::SkipGramSettings,
        user_cluster::UserClusterSettings,
        walks::{Metapath2vecSettings, Node2vecSettings, WalkSettings},
    },
    recall::{
        LaneKind, cover::CoverLaneSettings, hot::HotSettings, index::IndexSettings, item_cf::ItemCfSettings,
        item2vec::Item2vecLaneSettings, user_cluster::UserClusterLaneSettings, walks::WalkLaneSettings,
    },
};

/// All settings of the pipeline. The text form is JSON of the same nesting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineSettings {
    pub split: SplitSettings,
    pub graph: GraphSettings,
    pub hot: HotSettings,
    pub item_cf: ItemCfSettings,
    /// Training.
    pub item2vec: Item2vecSettings,
    /// Recalling.
    pub item2vec_lane: Item2vecLaneSettings,
    pub graphsage: GnnSettings,
    pub gat: GnnSettings,
    pub gaan: GnnSettings,
    pub ease: EaseSettings,
    pub rp3beta: Rp3betaSettings,
    /// Training.
    pub cover: CoverSettings,
    /// Recalling.
    pub cover_lane: CoverLaneSettings,
    pub fused: FusedSettings,
    pub deepwalk: WalkSettings,
    pub node2vec: Node2vecSettings,
    pub metapath2vec: Metapath2vecSettings,
    /// Recalling, of all three.
    pub walk_lane: WalkLaneSettings,
    /// Training.
    pub user_cluster: UserClusterSettings,
    /// Recalling.
    pub user_cluster_lane: UserClusterLaneSettings,
    pub index: IndexSettings,
    pub evaluate: EvaluateSettings,
    /// Of a mix alone, whose parts are runs of the workspace; not a setting that is typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mix: Option<MixSettings>,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            split: SplitSettings::default(),
            graph: GraphSettings::default(),
            hot: HotSettings::default(),
            item_cf: ItemCfSettings::default(),
            item2vec: Item2vecSettings::default(),
            item2vec_lane: Item2vecLaneSettings::default(),
            graphsage: GnnSettings::of(Network::Sage),
            gat: GnnSettings::of(Network::Gat),
            gaan: GnnSettings::of(Network::Gaan),
            ease: EaseSettings::default(),
            rp3beta: Rp3betaSettings::default(),
            cover: CoverSettings::default(),
            cover_lane: CoverLaneSettings::default(),
            fused: FusedSettings::default(),
            deepwalk: WalkSettings::default(),
            node2vec: Node2vecSettings::default(),
            metapath2vec: Metapath2vecSettings::default(),
            walk_lane: WalkLaneSettings::default(),
            user_cluster: UserClusterSettings::default(),
            user_cluster_lane: UserClusterLaneSettings::default(),
            index: IndexSettings::default(),
            evaluate: EvaluateSettings::default(),
            mix: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("there is no setting `{key}`{}; `recallscope run --settings` lists all", suggestion(.nearest))]
    UnknownKey { key: String, nearest: Vec<String> },
    #[error("`{key}` may mean {}; write it in full", .meanings.join(" or "))]
    Ambiguous { key: String, meanings: Vec<String> },
    #[error("`{key}` has to be {expected}, not `{value}`")]
    OutOfBounds { key: String, expected: String, value: String },
    #[error("`{key}` cannot be `{value}`: {what}")]
    Unusable { key: String, value: String, what: String },
}

/// Least and greatest value of the numbers, both allowed. Kept far from where memory or time would run away.
const BOUNDS: &[(&str, f64, f64)] = &[
    ("split.window_days", 1.0 / 86_400.0, 36_500.0),
    ("graph.top_k", 1.0, 10_000.0),
    ("graph.min_support", 1.0, 1e9),
    ("graph.window", 1.0, 1_000.0),
    ("graph.swing_alpha", 0.0, 1e6),
    ("graph.swing_beta", -2.0, 2.0),
    ("graph.cap", 2.0, 1e6),
    ("hot.half_life_days", 1.0 / 86_400.0, 36_500.0),
    ("item_cf.last_items", 1.0, 1e6),
    ("item_cf.half_life_items", 1e-3, 1e6),
    ("item_cf.attribute_weight", 0.0, 1e3),
    ("skip_gram.dim", 1.0, 4_096.0),
    ("skip_gram.epochs", 1.0, 10_000.0),
    ("skip_gram.window", 0.0, 10_000.0),
    ("skip_gram.negatives", 1.0, 1_000.0),
    ("skip_gram.share_negatives", 1.0, 1_000.0),
    ("skip_gram.ns_exponent", -2.0, 2.0),
    ("skip_gram.learning_rate", 1e-6, 10.0),
    ("skip_gram.subsampling", 0.0, 1.0),
    ("skip_gram.threads", 0.0, 256.0),
    ("item2vec.min_count", 1.0, 1e9),
    ("item2vec_lane.last_items", 1.0, 1e6),
    ("item2vec_lane.half_life_items", 1e-3, 1e6),
    ("item2vec_lane.neighbours_per_seed", 1.0, 10_000.0),
    ("gnn.dim", 1.0, 1_024.0),
    ("gnn.layers", 1.0, 3.0),
    ("gnn.fan_outs", 0.0, 10_000.0),
    ("gnn.item_neighbours", 1.0, 10_000.0),
    ("gnn.heads", 1.0, 64.0),
    ("gnn.user_neighbours", 0.0, 100_000.0),
    ("gnn.dropout", 0.0, 0.9),
    ("gnn.id_dropout", 0.0, 0.9),
    ("gnn.newcomers", 0.0, 0.9),
    ("gnn.half_life_days", 1.0 / 86_400.0, 36_500.0),
    ("gnn.temperature", 0.01, 10.0),
    ("gnn.negatives", 0.0, 100_000.0),
    ("gnn.batch", 1.0, 65_536.0),
    ("gnn.epochs", 1.0, 10_000.0),
    ("gnn.patience", 1.0, 10_000.0),
    ("gnn.validation", 0.0, 0.9),
    ("gnn.learning_rate", 1e-6, 1.0),
    ("gnn.dense_learning_rate", 1e-6, 1.0),
    ("gnn.threads", 0.0, 256.0),
    ("ease.regularisation", 1e-3, 1e9),
    ("ease.most_items", 1.0, 50_000.0),
    ("ease.keep", 1.0, 50_000.0),
    ("rp3beta.alpha", 0.0, 10.0),
    ("rp3beta.beta", 0.0, 10.0),
    ("rp3beta.top_k", 1.0, 50_000.0),
    ("cover.side", 0.0, 512.0),
    ("cover.dim", 1.0, 4_096.0),
    ("cover.epochs", 0.0, 10_000.0),
    ("cover.batch", 2.0, 1_024.0),
    ("cover.learning_rate", 1e-6, 10.0),
    ("cover.weight_decay", 0.0, 1.0),
    ("cover.label_smoothing", 0.0, 0.9),
    ("cover.class_balance", 0.0, 1.0),
    ("cover.crop", 0.0, 0.5),
    ("cover.colour", 0.0, 0.9),
    ("cover.held_out", 0.0, 0.9),
    ("cover.validation", 0.0, 0.9),
    ("cover.patience", 1.0, 10_000.0),
    ("cover.most_covers", 10.0, 1e6),
    ("cover.threads", 0.0, 256.0),
    ("cover_lane.last_items", 1.0, 1e6),
    ("cover_lane.half_life_items", 1e-3, 1e6),
    ("cover_lane.new_share", 0.0, 1.0),
    ("fused.dim", 1.0, 1_024.0),
    ("fused.last_items", 1.0, 1e6),
    ("fused.half_life_items", 1e-3, 1e6),
    ("fused.half_life_days", 1.0 / 86_400.0, 36_500.0),
    ("fused.epochs", 1.0, 10_000.0),
    ("fused.batch", 1.0, 65_536.0),
    ("fused.negatives", 0.0, 100_000.0),
    ("fused.temperature", 0.01, 10.0),
    ("fused.dropout", 0.0, 0.9),
    ("fused.title_dropout", 0.0, 1.0),
    ("fused.learning_rate", 1e-6, 1.0),
    ("walks.walks", 1.0, 10_000.0),
    ("walks.length", 2.0, 10_000.0),
    ("walks.half_life_days", 1.0 / 86_400.0, 36_500.0),
    ("walks.min_count", 1.0, 1e9),
    ("node2vec.p", 0.01, 100.0),
    ("node2vec.q", 0.01, 100.0),
    ("walk_lane.user_share", 0.0, 1.0),
    ("walk_lane.last_items", 1.0, 1e6),
    ("walk_lane.half_life_items", 1e-3, 1e6),
    ("user_cluster.rounds", 1.0, 10_000.0),
    ("user_cluster.half_life_days", 1.0 / 86_400.0, 36_500.0),
    ("user_cluster.min_users", 1.0, 1e9),
    ("user_cluster.shrink_users", 0.0, 1e9),
    ("user_cluster.attribute_weight", 0.0, 10.0),
    ("user_cluster.shrink_items", 0.0, 1e9),
    ("user_cluster.min_count", 1.0, 1e9),
    ("user_cluster_lane.item_weight", 0.0, 100.0),
    ("user_cluster_lane.last_items", 1.0, 1e6),
    ("user_cluster_lane.half_life_items", 1e-3, 1e6),
    ("index.m", 2.0, 255.0),
    ("index.ef_construction", 5.0, 100_000.0),
    ("index.ef_search", 1.0, 100_000.0),
    ("evaluate.ks", 1.0, 10_000.0),
    ("evaluate.bootstrap", 0.0, 100_000.0),
];

/// What the settings that are a name may be.
const CHOICES: &[(&str, &[&str])] = &[
    ("split.kind", &["temporal", "user-time", "leave-last-out", "random", "given"]),
    ("graph.measure", &["cosine", "window", "swing"]),
    ("skip_gram.shrink_windows", &["false", "true"]),
    ("item2vec.session", &["train", "window", "visit"]),
    ("item2vec.vectors", &["input-output", "input"]),
    ("item2vec_lane.query", &["mean", "per-seed"]),
    ("gnn.features", &["id-attributes", "id", "attributes"]),
    ("gnn.draw_users", &["uniform", "weight", "falling"]),
    ("gnn.draw_items", &["falling", "weight", "uniform"]),
    ("gnn.aggregator", &["mean", "weighted-mean", "max-pool"]),
    ("gnn.loss", &["softmax", "bce"]),
    ("cover.level", &["level2", "leaf", "level1"]),
    ("cover.backbone", &["resnet18", "resnet34", "resnet50"]),
    ("cover.tuning", &["all", "last-stage", "frozen"]),
    ("cover.max_pool", &["true", "false"]),
    ("cover.framing", &["stretch", "crop"]),
    ("cover.schedule", &["cosine", "linear", "constant"]),
    ("cover.flip", &["true", "false"]),
    ("fused.covers", &["true", "false"]),
    ("fused.titles", &["true", "false"]),
    ("walks.scoring", &["likelihood", "product", "cosine"]),
    ("metapath2vec.same_type_negatives", &["true", "false"]),
    ("user_cluster.item_types", &["level2", "leaf", "level1"]),
    ("index.exact", &["none", "true", "false"]),
    ("index.reproducible", &["true", "false"]),
];

/// The numbers that may be unset.
const OPTIONAL: &[&str] = &[
    "split.window_days",
    "hot.half_life_days",
    "gnn.half_life_days",
    "item_cf.half_life_items",
    "item2vec_lane.half_life_items",
    "cover_lane.half_life_items",
    "fused.half_life_items",
    "fused.half_life_days",
    "walks.half_life_days",
    "walk_lane.half_life_items",
    "user_cluster.half_life_days",
    "user_cluster_lane.half_life_items",
];

/// Settings that several lanes have stand once in the lists above, under the name of their kind.
pub fn listed(key: &str) -> String {
    let of_skip_gram = key.split_once(".skip_gram.").map(|(_, rest)| format!("skip_gram.{rest}"));
    of_skip_gram.unwrap_or_else(|| match key.split_once('.') {
        Some(("graphsage" | "gat" | "gaan", rest)) => format!("gnn.{rest}"),
        Some(("deepwalk", rest)) => format!("walks.{rest}"),
        Some(("user_cluster", rest @ ("dim" | "window" | "negatives" | "learning_rate" | "seed"))) => {
            format!("skip_gram.{rest}")
        }
        Some(("node2vec" | "metapath2vec", rest)) if rest.starts_with("walks.") => rest.to_owned(),
        _ => key.to_owned(),
    })
}

/// What a setting takes, for whoever offers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Takes {
    /// One of these, as [`PipelineSettings::set`] takes them.
    Choice(&'static [&'static str]),
    /// A number from `least` to `greatest`, both allowed; `none` where it `is_optional`.
    Number { least: f64, greatest: f64, is_whole: bool, is_optional: bool },
    /// One or more whole numbers with commas between.
    Numbers { least: f64, greatest: f64 },
    /// Seconds since 1970, or `none`.
    Time,
    /// A file's path, or nothing.
    Path,
    /// One or more metapaths with commas between.
    Metapaths,
}

impl Takes {
    /// `None` for a key that is no setting, written in full.
    pub fn of(key: &str) -> Option<Self> {
        if let Some((_, choices)) = CHOICES.iter().find(|choice| choice.0 == listed(key)) {
            return Some(Self::Choice(choices));
        }
        if key == "cover.checkpoint" {
            return Some(Self::Path);
        }
        if key == "metapath2vec.metapaths" {
            return Some(Self::Metapaths);
        }
        if key == "split.reference_time_secs" {
            return Some(Self::Time);
        }
        if listed(key) == "gnn.device" {
            return Some(Self::Choice(device::names()));
        }
        let tree = PipelineSettings::default().tree();
        let value = tree.pointer(&pointer(key))?;
        let is_whole = value.is_u64();
        match bounds(key) {
            Some((least, greatest)) if value.is_array() => Some(Self::Numbers { least, greatest }),
            Some((least, greatest)) => {
                Some(Self::Number { least, greatest, is_whole, is_optional: OPTIONAL.contains(&listed(key).as_str()) })
            }
            // Seeds: every whole number that JSON carries in full.
            None => is_whole.then_some(Self::Number {
                least: 0.0,
                greatest: 9_007_199_254_740_991.0,
                is_whole,
                is_optional: false,
            }),
        }
    }
}

impl PipelineSettings {
    /// Sets `key`, e.g. `item2vec.min_count`, from text. Inner names may be left out where the rest tells which is
    /// meant: `item2vec.dim` for `item2vec.skip_gram.dim`. `none` clears an optional setting. On error nothing changes.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingsError> {
        let tree = self.tree();
        let key = resolve(key, &keys(&tree))?;
        let mut changed = tree;
        let place = changed.pointer_mut(&pointer(&key)).map(|place| {
            let parsed = parse(value, place);
            *place = parsed.clone();
            parsed
        });
        let unusable = |what: String| match (bounds(&key), place.as_ref().is_some_and(Value::is_number)) {
            (Some((least, greatest)), _) => SettingsError::OutOfBounds {
                key: key.clone(),
                expected: range(&key, least, greatest, self),
                value: value.to_owned(),
            },
            _ => SettingsError::Unusable { key: key.clone(), value: value.to_owned(), what },
        };
        let changed: Self = from_tree(changed).map_err(unusable)?;
        changed.validate_key(&key)?;
        // Only where it is chosen: settings that come from another machine may name a device of that one.
        if listed(&key) == "gnn.device"
            && let Err(error) = device::find(value)
        {
            return Err(SettingsError::Unusable { key, value: value.to_owned(), what: error.to_string() });
        }
        *self = changed;
        Ok(())
    }

    /// Every key with its value, as [`PipelineSettings::set`] takes them.
    pub fn entries(&self) -> Vec<(String, String)> {
        let tree = self.tree();
        keys(&tree)
            .into_iter()
            .map(|key| {
                let value = tree.pointer(&pointer(&key)).map_or_else(String::new, |value| match value {
                    Value::String(text) => text.clone(),
                    Value::Null => "none".to_owned(),
                    other => other.to_string(),
                });
                (key, value)
            })
            .collect()
    }

    /// One seed for everything that draws at random.
    pub fn set_seed(&mut self, seed: u64) {
        let mut tree = self.tree();
        for key in keys(&tree).iter().filter(|key| key.ends_with(".seed")) {
            if let Some(place) = tree.pointer_mut(&pointer(key)) {
                *place = Value::from(seed);
            }
        }
        if let Ok(changed) = from_tree(tree) {
            *self = changed;
        }
    }

    /// So many threads for every training; 0 takes one per core.
    pub fn set_threads(&mut self, threads: usize) {
        for skip_gram in self.skip_grams_mut() {
            skip_gram.threads = threads;
        }
        self.cover.threads = threads;
        for network in [&mut self.graphsage, &mut self.gat, &mut self.gaan] {
            network.threads = threads;
        }
    }

    fn skip_grams_mut(&mut self) -> [&mut SkipGramSettings; 4] {
        [
            &mut self.item2vec.skip_gram,
            &mut self.deepwalk.skip_gram,
            &mut self.node2vec.walks.skip_gram,
            &mut self.metapath2vec.walks.skip_gram,
        ]
    }

    /// The kernel's settings of a lane that skip-gram trains.
    pub fn skip_gram(&self, kind: LaneKind) -> Option<&SkipGramSettings> {
        match kind {
            LaneKind::Item2vec => Some(&self.item2vec.skip_gram),
            LaneKind::Deepwalk => Some(&self.deepwalk.skip_gram),
            LaneKind::Node2vec => Some(&self.node2vec.walks.skip_gram),
            LaneKind::Metapath2vec => Some(&self.metapath2vec.walks.skip_gram),
            _ => None,
        }
    }

    /// Every training that can on the device of this name, see [`crate::models::device`].
    pub fn set_device(&mut self, device: &str) {
        for network in [&mut self.graphsage, &mut self.gat, &mut self.gaan] {
            device.clone_into(&mut network.device);
        }
    }

    /// Checks every setting against its bounds.
    pub fn validate(&self) -> Result<(), SettingsError> {
        keys(&self.tree()).iter().try_for_each(|key| self.validate_key(key))
    }

    fn validate_key(&self, key: &str) -> Result<(), SettingsError> {
        let Some((least, greatest)) = bounds(key) else { return Ok(()) };
        let tree = self.tree();
        let out = |value: &Value| SettingsError::OutOfBounds {
            key: key.to_owned(),
            expected: range(key, least, greatest, self),
            value: value.to_string(),
        };
        let is_within = |value: &Value| value.as_f64().is_some_and(|number| (least..=greatest).contains(&number));
        match tree.pointer(&pointer(key)) {
            Some(list @ Value::Array(values)) if values.is_empty() => Err(out(list)),
            Some(Value::Array(values)) => values.iter().find(|value| !is_within(value)).map_or(Ok(()), |v| Err(out(v))),
            // Optional settings may be unset.
            Some(Value::Null) | None => Ok(()),
            Some(value) if is_within(value) => Ok(()),
            Some(value) => Err(out(value)),
        }
    }

    /// Whether a lane that is made again from the same data and settings is the same to the last bit, on machines with
    /// the same instructions: threads that train or build an index together write over one another.
    pub fn is_repeatable(&self, kind: LaneKind) -> bool {
        match kind {
            LaneKind::Hot | LaneKind::ItemCf | LaneKind::Ease | LaneKind::Rp3beta | LaneKind::Mix => true,
            LaneKind::Item2vec | LaneKind::Deepwalk | LaneKind::Node2vec | LaneKind::Metapath2vec => {
                self.skip_gram(kind).is_some_and(|settings| settings.threads == 1) && self.is_index_repeatable()
            }
            LaneKind::Graphsage | LaneKind::Gat | LaneKind::Gaan => {
                self.gnn(kind).is_some_and(|settings| settings.threads == 1) && self.is_index_repeatable()
            }
            // Every sum is made in one order, by one thread or however many there are.
            LaneKind::Cover | LaneKind::Fused | LaneKind::UserCluster => self.is_index_repeatable(),
        }
    }

    fn is_index_repeatable(&self) -> bool {
        self.index.exact == Some(true) || self.index.reproducible
    }

    /// The training of a lane that has a graph network.
    pub fn gnn(&self, kind: LaneKind) -> Option<&GnnSettings> {
        match kind {
            LaneKind::Graphsage => Some(&self.graphsage),
            LaneKind::Gat => Some(&self.gat),
            LaneKind::Gaan => Some(&self.gaan),
            _ => None,
        }
    }

    /// What shapes the trained model of a lane.
    pub(super) fn of_model(&self, kind: LaneKind) -> Value {
        match kind {
            LaneKind::Hot => self.part(&["split", "hot"]),
            LaneKind::ItemCf => self.part(&["split", "graph"]),
            LaneKind::Item2vec => self.part(&["split", "item2vec"]),
            LaneKind::Graphsage => self.part(&["split", "graph", "graphsage"]),
            LaneKind::Gat => self.part(&["split", "graph", "gat"]),
            LaneKind::Gaan => self.part(&["split", "graph", "gaan"]),
            LaneKind::Ease => self.part(&["split", "ease"]),
            LaneKind::Rp3beta => self.part(&["split", "rp3beta"]),
            LaneKind::Cover => self.part(&["cover"]),
            LaneKind::Fused if self.fused.covers => self.part(&["split", "fused", "cover"]),
            LaneKind::Fused => self.part(&["split", "fused"]),
            LaneKind::Mix => self.part(&["split", "mix"]),
            LaneKind::Deepwalk => self.part(&["split", "deepwalk"]),
            LaneKind::Node2vec => self.part(&["split", "node2vec"]),
            LaneKind::Metapath2vec => self.part(&["split", "graph", "metapath2vec"]),
            LaneKind::UserCluster => self.part(&["split", "user_cluster"]),
        }
    }

    /// What shapes a lane's answers and their evaluation, its model included.
    pub(super) fn of_run(&self, kind: LaneKind) -> Value {
        match kind {
            LaneKind::Hot => self.part(&["split", "hot", "evaluate"]),
            LaneKind::ItemCf => self.part(&["split", "graph", "item_cf", "evaluate"]),
            LaneKind::Item2vec => self.part(&["split", "item2vec", "item2vec_lane", "index", "evaluate"]),
            LaneKind::Graphsage => self.part(&["split", "graph", "graphsage", "index", "evaluate"]),
            LaneKind::Gat => self.part(&["split", "graph", "gat", "index", "evaluate"]),
            LaneKind::Gaan => self.part(&["split", "graph", "gaan", "index", "evaluate"]),
            LaneKind::Ease => self.part(&["split", "ease", "evaluate"]),
            LaneKind::Rp3beta => self.part(&["split", "rp3beta", "evaluate"]),
            LaneKind::Cover => self.part(&["split", "cover", "cover_lane", "index", "evaluate"]),
            LaneKind::Fused if self.fused.covers => self.part(&["split", "fused", "cover", "index", "evaluate"]),
            LaneKind::Fused => self.part(&["split", "fused", "index", "evaluate"]),
            LaneKind::Mix => self.part(&["split", "mix", "evaluate"]),
            LaneKind::Deepwalk => self.part(&["split", "deepwalk", "walk_lane", "index", "evaluate"]),
            LaneKind::Node2vec => self.part(&["split", "node2vec", "walk_lane", "index", "evaluate"]),
            LaneKind::Metapath2vec => self.part(&["split", "graph", "metapath2vec", "walk_lane", "index", "evaluate"]),
            LaneKind::UserCluster => self.part(&["split", "user_cluster", "user_cluster_lane", "index", "evaluate"]),
        }
    }

    /// The entries that shape a lane's answers and their evaluation.
    pub fn entries_of(&self, kind: LaneKind) -> Vec<(String, String)> {
        let parts = self.of_run(kind);
        let is_part = |key: &str| key.split('.').next().is_some_and(|part| parts.get(part).is_some());
        self.entries().into_iter().filter(|(key, _)| is_part(key)).collect()
    }

    /// The seed that a lane's record shows.
    pub fn seed_of(&self, kind: LaneKind) -> u64 {
        let key = match kind {
            LaneKind::Hot | LaneKind::Ease | LaneKind::Rp3beta | LaneKind::Mix => "split.seed",
            LaneKind::ItemCf => "graph.seed",
            LaneKind::Item2vec => "item2vec.seed",
            LaneKind::Graphsage => "graphsage.seed",
            LaneKind::Gat => "gat.seed",
            LaneKind::Gaan => "gaan.seed",
            LaneKind::Cover => "cover.seed",
            LaneKind::Fused => "fused.seed",
            LaneKind::Deepwalk => "deepwalk.seed",
            LaneKind::Node2vec => "node2vec.seed",
            LaneKind::Metapath2vec => "metapath2vec.seed",
            LaneKind::UserCluster => "user_cluster.seed",
        };
        let tree = self.tree();
        let key = resolve(key, &keys(&tree)).unwrap_or_else(|_| "split.seed".to_owned());
        tree.pointer(&pointer(&key)).and_then(Value::as_u64).unwrap_or_default()
    }

    fn part(&self, names: &[&str]) -> Value {
        match self.tree() {
            Value::Object(mut tree) => names
                .iter()
                .filter_map(|&name| Some((name.to_owned(), tree.remove(name)?)))
                .collect::<Map<_, _>>()
                .into(),
            other => other,
        }
    }

    fn tree(&self) -> Value {
        serde_json::to_value(self).expect("settings are plain numbers, names and lists")
    }
}

fn from_tree<T: DeserializeOwned>(tree: Value) -> Result<T, String> {
    serde_json::from_value(tree).map_err(|error| error.to_string())
}

fn pointer(key: &str) -> String {
    format!("/{}", key.replace('.', "/"))
}

fn bounds(key: &str) -> Option<(f64, f64)> {
    let key = listed(key);
    BOUNDS.iter().find(|bound| bound.0 == key).map(|&(_, least, greatest)| (least, greatest))
}

fn range(key: &str, least: f64, greatest: f64, settings: &PipelineSettings) -> String {
    let what = match settings.tree().pointer(&pointer(key)) {
        Some(Value::Array(_)) => "one or more whole numbers",
        Some(number) if number.is_u64() => "a whole number",
        _ => "a number",
    };
    let least = if least > 0.0 && least < 1e-3 { format!("{least:.0e}") } else { least.to_string() };
    format!("{what} from {least} to {greatest}")
}

/// `text` as a value of the kind that stands in its place.
fn parse(text: &str, current: &Value) -> Value {
    let text = text.trim();
    if matches!(text, "none" | "null") {
        return Value::Null;
    }
    match current {
        Value::String(_) => serde_json::from_str::<String>(text).map_or_else(|_| text.into(), Value::String),
        Value::Array(list) if !text.starts_with('[') && list.iter().any(Value::is_string) => {
            text.split(',').map(|one| Value::from(one.trim())).collect()
        }
        Value::Array(_) if !text.starts_with('[') => {
            serde_json::from_str(&format!("[{text}]")).unwrap_or_else(|_| text.into())
        }
        _ => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn set(key: &str, value: &str) -> Result<PipelineSettings, String> {
        let mut settings = PipelineSettings::default();
        settings.set(key, value).map_err(|error| error.to_string())?;
        Ok(settings)
    }

    #[test]
    fn keys_are_found_in_full_and_short() {
        assert_eq!(set("graph.top_k", "7").unwrap().graph.top_k, 7);
        assert_eq!(set("item2vec.dim", "32").unwrap(), set("item2vec.skip_gram.dim", "32").unwrap());
        assert_ne!(set("item2vec.dim", "32").unwrap(), PipelineSettings::default());
        assert_eq!(set("graph.measure", "swing").unwrap().graph.measure, crate::graph::ItemMeasure::Swing);
        assert_eq!(set("split.window_days", "none").unwrap().split.window_days, None);
        assert_eq!(set("split.window_days", "3.5").unwrap().split.window_days, Some(3.5));
        assert_eq!(set("evaluate.ks", "5, 20").unwrap().evaluate.ks, [5, 20]);
        assert_eq!(set("index.exact", "true").unwrap().index.exact, Some(true));
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let error = set("item2vec.dimm", "32").unwrap_err();
        assert!(error.contains("`item2vec.dimm`") && error.contains("skip_gram.dim"), "{error}");
        let error = set("topk", "32").unwrap_err();
        assert!(error.contains("`graph.top_k`"), "{error}");
        for strange in ["nonsense", "x", "a.b.c", "", "verteilung"] {
            let error = set(strange, "1").unwrap_err();
            assert_eq!(error, format!("there is no setting `{strange}`; `recallscope run --settings` lists all"));
        }
    }

    #[test]
    fn only_one_thread_is_repeatable() {
        let repeatable = |key: &str, value: &str| set(key, value).unwrap().is_repeatable(LaneKind::Item2vec);
        assert!(repeatable("item2vec.threads", "1") && !repeatable("item2vec.threads", "2"));
        let mut settings = set("item2vec.threads", "1").unwrap();
        settings.set("index.reproducible", "false").unwrap();
        assert!(!settings.is_repeatable(LaneKind::Item2vec));
        settings.set("index.exact", "true").unwrap();
        assert!(settings.is_repeatable(LaneKind::Item2vec));
        assert!(PipelineSettings::default().is_repeatable(LaneKind::Hot));
    }

    #[test]
    fn values_out_of_bounds_name_key_and_bounds() {
        let error = set("item2vec.dim", "0").unwrap_err();
        assert!(error.contains("`item2vec.skip_gram.dim` has to be a whole number from 1 to"), "{error}");
        for (key, value) in [
            ("graph.window", "-1"),
            ("graph.top_k", "many"),
            ("graph.top_k", "1.5"),
            ("graph.top_k", "none"),
            ("evaluate.ks", "0"),
            ("evaluate.ks", "[]"),
            ("evaluate.ks", "10,1000000"),
            ("split.window_days", "0"),
            ("split.window_days", "-7"),
        ] {
            let error = set(key, value).unwrap_err();
            assert!(error.starts_with(&format!("`{key}` has to be ")), "{key}={value}: {error}");
        }
        let error = set("graph.measure", "euclid").unwrap_err();
        assert!(error.contains("cosine") && error.contains("swing"), "{error}");
    }

    #[test]
    fn nothing_changes_on_error_and_entries_can_be_set_again() {
        let mut settings = PipelineSettings::default();
        assert!(settings.set("graph.top_k", "0").is_err());
        assert_eq!(settings, PipelineSettings::default());
        settings.validate().unwrap();
        settings.set("graph.top_k", "12").unwrap();
        let mut copy = PipelineSettings::default();
        for (key, value) in settings.entries() {
            copy.set(&key, &value).unwrap_or_else(|error| panic!("{error}"));
        }
        assert_eq!(copy, settings);
    }

    #[test]
    fn every_bound_names_a_setting_and_every_number_has_bounds() {
        let tree = PipelineSettings::default().tree();
        let keys = keys(&tree);
        for (key, ..) in BOUNDS {
            assert!(keys.iter().any(|own| listed(own) == *key), "{key}");
        }
        for key in keys.iter().filter(|key| !key.ends_with("seed") && *key != "split.reference_time_secs") {
            let value = tree.pointer(&pointer(key)).unwrap();
            let has_numbers = value.as_array().is_some_and(|list| list.iter().any(Value::is_number));
            if value.is_number() || has_numbers {
                assert!(bounds(key).is_some(), "{key} has no bounds");
            }
        }
    }

    #[test]
    fn every_setting_says_what_it_takes_and_takes_it() {
        for (key, value) in PipelineSettings::default().entries() {
            let takes = Takes::of(&key).unwrap_or_else(|| panic!("{key} does not say what it takes"));
            let bounds = match takes {
                Takes::Choice(choices) => {
                    assert!(choices.contains(&value.as_str()), "{key}={value}");
                    for choice in choices {
                        set(&key, choice).unwrap();
                    }
                    let error = set(&key, "nonsense").unwrap_err();
                    // Names that serde knows and that are not offered would show here.
                    for known in error.split('`').skip(1).step_by(2).filter(|name| *name != key && *name != "nonsense")
                    {
                        assert!(choices.contains(&known), "{key} leaves {known} out");
                    }
                    continue;
                }
                Takes::Path => {
                    assert_eq!(set(&key, "a/b.pth").unwrap().cover.checkpoint, "a/b.pth");
                    continue;
                }
                Takes::Metapaths => {
                    assert_ne!(set(&key, "u-i-t-i-u, i-u-i").unwrap(), PipelineSettings::default());
                    assert_eq!(set(&key, "u-i-u,u-i-i-u").unwrap(), PipelineSettings::default());
                    let error = set(&key, "u-i-u,u-x-u").unwrap_err();
                    assert!(error.contains("`metapath2vec.metapaths`") && error.contains("`x`"), "{error}");
                    continue;
                }
                Takes::Time => {
                    set(&key, "1700000000").unwrap();
                    set(&key, "none").unwrap();
                    continue;
                }
                Takes::Numbers { least, greatest } => (least, greatest),
                Takes::Number { least, greatest, is_optional, .. } => {
                    assert_eq!(set(&key, "none").is_ok(), is_optional, "{key}");
                    (least, greatest)
                }
            };
            // A bound with a fraction may lose its last bits as a text, and more as a 32-bit number.
            let least = if bounds.0.fract() == 0.0 { bounds.0 } else { bounds.0 * (1.0 + 1e-6) };
            for number in [least, bounds.1] {
                set(&key, &number.to_string()).unwrap();
            }
            assert!(set(&key, &(bounds.0 - 1.0).to_string()).is_err(), "{key} takes less");
        }
        assert_eq!(Takes::of("no.such"), None);
    }

    #[test]
    fn one_number_of_threads_reaches_every_training() {
        let mut settings = PipelineSettings::default();
        settings.set_threads(3);
        let threads = settings.entries().into_iter().filter(|(key, _)| key.ends_with("threads"));
        let of_all: Vec<(String, String)> = threads.collect();
        assert!(of_all.len() > 3 && of_all.iter().all(|(_, threads)| threads == "3"), "{of_all:?}");
    }

    #[test]
    fn one_seed_reaches_everything() {
        let mut settings = PipelineSettings::default();
        settings.set_seed(7);
        for kind in LaneKind::ALL {
            assert_eq!(settings.seed_of(kind), 7);
        }
        assert_eq!(settings.graph.seed, 7);
    }
}
