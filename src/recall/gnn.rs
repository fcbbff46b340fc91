//! `graphsage`, `gat`, `gaan`: the user's vector by a graph network as trigger, the nearest items recalled.

use std::sync::Arc;

use super::{Lane, LaneKind, RecallError, Recalled, SeedShare, Trigger, index::VectorIndex, seeds::shares};
use crate::models::{
    Embeddings,
    gnn::{self, Encoder, Features, GnnSettings, ItemLayers, Neighbourhood, Network, Parameters},
};

/// So many neighbours are struck one by one at most: each costs a forward pass over all others.
const MOST_STRUCK: usize = 200;

/// What is kept of a training.
#[derive(Debug, Clone, PartialEq)]
pub struct GnnModel {
    pub network: Network,
    pub settings: GnnSettings,
    pub parameters: Arc<Parameters>,
    pub items: ItemLayers,
}

/// A graph network that answers: whoever asks is encoded from his attributes and his items, seen in training or not.
pub struct GnnLane {
    kind: LaneKind,
    model: Arc<GnnModel>,
    encoder: Encoder,
    features: Features,
    index: VectorIndex,
}

impl LaneKind {
    /// The network of a lane that has one.
    pub fn network(self) -> Option<Network> {
        match self {
            Self::Graphsage => Some(Network::Sage),
            Self::Gat => Some(Network::Gat),
            Self::Gaan => Some(Network::Gaan),
            Self::Hot | Self::ItemCf | Self::Item2vec | Self::Ease | Self::Rp3beta | Self::Cover | Self::Mix => None,
        }
    }
}

impl GnnLane {
    /// `index` holds the last of the model's layers.
    pub fn build(
        kind: LaneKind,
        model: Arc<GnnModel>,
        features: Features,
        index: VectorIndex,
    ) -> Result<Self, RecallError> {
        let vectors = model.vectors();
        if index.len() != vectors.len() || index.dim() != vectors.dim || features.table_rows != model.table_rows() {
            return Err(RecallError::Shape {
                ids: index.len(),
                vectors: vectors.len(),
                dim: vectors.dim,
                numbers: vectors.rows.len(),
            });
        }
        let encoder = Encoder::new(model.network, &model.settings, model.parameters.clone());
        Ok(Self { kind, model, encoder, features, index })
    }

    pub fn index(&self) -> &VectorIndex {
        &self.index
    }

    pub fn model(&self) -> &Arc<GnnModel> {
        &self.model
    }

    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    pub fn features(&self) -> &Features {
        &self.features
    }

    /// What the network takes of a trigger: his attributes, and each of his items once.
    pub fn neighbourhood(&self, trigger: &Trigger) -> Neighbourhood {
        let (rows, row_weights) = self.features.of_user(trigger.user, &trigger.changed);
        let is_known = |item: &u32| (*item as usize) < self.features.items;
        let (items, item_weights) = trigger.shares().into_iter().filter(|(item, _)| is_known(item)).unzip();
        let all = Neighbourhood { rows, row_weights, items, item_weights };
        all.heaviest(self.model.settings.user_neighbours)
    }

    /// The items that messages come from to whoever has the trigger, by rising row, with their weights.
    pub fn items_of(&self, trigger: &Trigger) -> Vec<(u32, f32)> {
        let Neighbourhood { items, item_weights, .. } = self.neighbourhood(trigger);
        items.into_iter().zip(item_weights).collect()
    }

    /// The unit vector that stands for the trigger, `[dim]`.
    pub fn user_vector(&self, trigger: &Trigger) -> Vec<f32> {
        self.encoder.user(&self.neighbourhood(trigger), &self.model.items)
    }

    /// The cosine of the trigger's vector with `item`'s, and for each of the trigger's items (by rising row) how much it
    /// falls when that one is struck from the neighbourhood (occlusion; Zeiler and Fergus, 2014). Of very many, those that
    /// weigh most are struck. `None` for an item that there is not.
    pub fn occlusion(&self, trigger: &Trigger, item: u32) -> Option<(f32, Vec<(u32, f32)>)> {
        let own = self.index.vector(item)?;
        let whole = self.neighbourhood(trigger);
        let mut struck: Vec<usize> = (0..whole.items.len()).collect();
        struck.sort_by(|&one, &other| whole.item_weights[other].total_cmp(&whole.item_weights[one]));
        struck.truncate(MOST_STRUCK);
        struck.sort_unstable();
        let mut variants = vec![whole.clone()];
        for &place in &struck {
            let mut variant = whole.clone();
            variant.items.remove(place);
            variant.item_weights.remove(place);
            variants.push(variant);
        }
        let context = crate::task::JobContext::default();
        let vectors = self.encoder.users(&variants, &self.model.items, &context).ok()?;
        let score = |place: usize| vectors.row(place).iter().zip(own).map(|(a, b)| a * b).sum::<f32>();
        let with_all = score(0);
        let falls = struck.iter().enumerate().map(|(variant, &at)| (whole.items[at], with_all - score(variant + 1)));
        Some((with_all, falls.collect()))
    }
}

impl GnnModel {
    /// What is searched, one unit vector an item.
    pub fn vectors(&self) -> &Embeddings {
        static NONE: Embeddings = Embeddings { dim: 0, rows: Vec::new() };
        self.items.0.last().unwrap_or(&NONE)
    }

    /// Whether every layer and every weight has the shape that the settings ask for.
    pub fn is_whole(&self) -> bool {
        let Self { network, settings, parameters, items } = self;
        settings.check(*network).is_ok()
            && gnn::fits(*network, settings, parameters)
            && items.0.len() == settings.layers + 1
            && items.0.iter().all(|layer| {
                layer.dim == settings.dim
                    && layer.rows.len() == items.0[0].rows.len()
                    && layer.rows.len() % layer.dim == 0
            })
    }

    fn table_rows(&self) -> usize {
        self.parameters.table.rows()
    }
}

impl Lane for GnnLane {
    fn kind(&self) -> LaneKind {
        self.kind
    }

    fn recall(&self, trigger: &Trigger, k: usize) -> Vec<Recalled> {
        if k == 0 {
            return Vec::new();
        }
        self.index.search(&self.user_vector(trigger), k, &trigger.exclude)
    }

    fn seeds(&self, trigger: &Trigger, item: u32) -> Vec<SeedShare> {
        let Some((_, falls)) = self.occlusion(trigger, item) else { return Vec::new() };
        shares(falls.into_iter().filter(|fall| fall.1 > 0.0).collect())
    }

    fn vectors(&self) -> Option<&VectorIndex> {
        Some(&self.index)
    }

    fn query(&self, trigger: &Trigger) -> Option<Vec<f32>> {
        Some(self.user_vector(trigger))
    }

    fn gnn(&self) -> Option<&GnnLane> {
        Some(self)
    }
}
