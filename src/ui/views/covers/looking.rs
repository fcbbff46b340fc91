//! What cover models make of a picture, and who would probably take it; found off the frame.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use rayon::prelude::*;

use super::heat;
use crate::{
    dataset::{Dataset, TagLevel},
    jobs::pipeline::TrainedLane,
    models::Embeddings,
    recall::{
        Recalled,
        cover::{CoverLane, Look},
    },
    task::JobContext,
    ui::{covers::CoverKey, session::Basis},
};

/// The nearest covers that are found, and users.
pub const NEAREST: usize = 40;
pub const TAKERS: usize = 24;
/// Of a user's items those that are shown as the reason.
pub const REASONS: usize = 3;

/// What is looked at: an item's cover, or a picture of the analyst's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Item(u32),
    /// With the key of the file as it stood when it was last looked for.
    Picture(PathBuf, CoverKey),
}

/// A run with a cover model, open.
#[derive(Clone)]
pub struct Model {
    pub run: usize,
    pub id: String,
    pub level: TagLevel,
    pub trained: Arc<TrainedLane>,
    pub basis: Arc<Basis>,
}

impl Model {
    pub fn lane(&self) -> Option<&CoverLane> {
        self.trained.lane.cover()
    }
}

/// What one model makes of a picture.
pub struct Seen {
    /// The run's id.
    pub run: String,
    pub look: Arc<Look>,
    /// Where the surest tag is seen, `[SIDE, SIDE]` of [`heat`].
    pub heat: Vec<f32>,
    /// All tags, the surest first.
    pub tags: Vec<(u32, f32)>,
    /// The nearest covers, without the picture itself.
    pub nearest: Vec<Recalled>,
}

/// Or why the picture cannot be looked at.
pub type Looked = Result<Vec<Seen>, String>;

/// What each of `models` makes of `subject`.
pub fn look(models: &[Model], subject: &Subject, dataset: &Dataset, ctx: &JobContext) -> anyhow::Result<Looked> {
    let path: &Path = match subject {
        Subject::Picture(path, _) => path,
        Subject::Item(item) => match dataset.items.cover[*item as usize].as_deref() {
            Some(path) => path,
            None => return Ok(Ok(Vec::new())),
        },
    };
    let mut seen = Vec::new();
    for model in models {
        ctx.check()?;
        let Some(lane) = model.lane() else { continue };
        let look = match lane.model().look_at(path, dataset, ctx) {
            Ok(look) => look,
            Err(error) => {
                ctx.check()?;
                return Ok(Err(error.to_string()));
            }
        };
        let own: &[u32] = if let Subject::Item(item) = subject { std::slice::from_ref(item) } else { &[] };
        let nearest = lane.nearest(&look.vector, NEAREST, own);
        let tags = lane.model().tags(&look.vector);
        let heat = tags.first().map(|&(tag, _)| heat::enlarged(&lane.model().heat(&look, tag))).unwrap_or_default();
        seen.push(Seen { run: model.id.clone(), tags, nearest, heat, look: Arc::new(look) });
    }
    Ok(Ok(seen))
}

/// The vectors of all users who have one, of one run; made when somebody first asks who would take a picture.
pub type Users = Arc<OnceLock<(Vec<u32>, Embeddings)>>;

/// Somebody who would probably take it.
#[derive(Debug, Clone, PartialEq)]
pub struct Taker {
    pub user: u32,
    /// Of the vector of his recent covers to the picture's.
    pub cosine: f32,
    /// His items that look most like it, the nearest first.
    pub reasons: Vec<u32>,
}

/// The users whose recent covers are nearest to what `vector` shows, without those who have taken `subject`.
pub fn takers(
    model: &Model,
    users: &Users,
    subject: &Subject,
    vector: &[f32],
    ctx: &JobContext,
) -> anyhow::Result<Vec<Taker>> {
    let Some(lane) = model.lane() else { return Ok(Vec::new()) };
    let triggers = &model.basis.triggers;
    let (rows, vectors) = users.get_or_init(|| {
        let found: Vec<(u32, Vec<f32>)> = (0..triggers.len() as u32)
            .into_par_iter()
            .filter_map(|user| Some((user, lane.user_vector(&triggers.of(user))?)))
            .collect();
        let rows = found.iter().map(|(user, _)| *user).collect();
        let vectors = found.into_iter().flat_map(|(_, vector)| vector).collect();
        (rows, Embeddings { dim: lane.index().dim(), rows: vectors })
    });
    ctx.check()?;
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    let cosine = |other: &[f32]| {
        other.iter().zip(vector).map(|(one, other)| one * other).sum::<f32>() / length.max(f32::MIN_POSITIVE)
    };
    let mut found: Vec<(u32, f32)> = rows
        .iter()
        .zip(vectors.rows.chunks_exact(vectors.dim.max(1)))
        .map(|(&user, own)| (user, cosine(own)))
        .collect();
    found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    let has_taken = |user: u32| match subject {
        Subject::Item(item) => triggers.of(user).exclude.binary_search(item).is_ok(),
        Subject::Picture(..) => false,
    };
    let chosen = found.into_iter().filter(|&(user, _)| !has_taken(user)).take(TAKERS);
    let taker = |(user, near): (u32, f32)| {
        let mut reasons: Vec<(u32, f32)> = triggers
            .of(user)
            .exclude
            .into_iter()
            .filter_map(|item| Some((item, cosine(lane.index().vector(item)?))))
            .collect();
        reasons.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let reasons = reasons.into_iter().take(REASONS).map(|(item, _)| item).collect();
        Taker { user, cosine: near, reasons }
    };
    Ok(chosen.map(taker).collect())
}
