//! What the open cover model makes of one item's cover, at a glance: for other views.

use egui::{Rect, Ui};

use super::{
    chosen, heat, level_name,
    looking::{self, Looked, Subject},
    models, percent, tag_name,
};
use crate::{
    models::cover::Framing,
    ui::{
        covers::CoverKey,
        session::Opened,
        theme::radius,
        views::{Scene, asked::Asked},
        words::Word,
    },
};

/// Tags that are named.
const TAGS: usize = 3;

/// Names what is seen: item and run.
type Key = (u32, String);

#[derive(Default)]
pub struct Glance {
    looked: Asked<Key, Looked>,
}

impl Glance {
    /// The surest tags in words; `None` while they are being found, and without a cover or an open model.
    pub fn tags(&mut self, scene: &Scene<'_>, opened: &Opened, item: u32) -> Option<String> {
        opened.dataset.items.cover[item as usize].as_ref()?;
        let models = models(scene, opened);
        let model = chosen(&models, &scene.desk.covers)?.clone();
        let (key, dataset) = ((item, model.id.clone()), opened.dataset.clone());
        let asked = [model.clone()];
        self.looked.ask(scene.session, key, move |job| looking::look(&asked, &Subject::Item(item), &dataset, job));
        let seen = self.looked.answer()?.as_ref().ok()?.first()?;
        let named = |&(tag, confidence): &(u32, f32)| {
            format!("{} {}", tag_name(scene, &opened.dataset, model.level, tag), percent(confidence))
        };
        let tags: Vec<String> = seen.tags.iter().take(TAGS).map(named).collect();
        Some(scene.words.fill(Word::ReadOff, &[level_name(scene.words, model.level), &tags.join(" · ")]))
    }

    /// The whole cover in `rect`, and over it where the surest tag is seen, once that is known; `strength` from 0 to 1.
    pub fn picture_ui(&self, ui: &Ui, scene: &mut Scene<'_>, opened: &Opened, item: u32, rect: Rect, strength: f32) {
        let path = opened.dataset.items.cover[item as usize].as_deref();
        let (_, fitted) =
            scene.covers.paint_whole(ui.painter(), rect, radius::COVER, CoverKey::from(item), path, f32::MAX);
        let Some(((of, run), fitted)) = self.looked.question().zip(fitted) else { return };
        if *of == item
            && strength > 0.0
            && let Some(Ok(seen)) = self.looked.answer()
            && let Some(seen) = seen.first()
            && let Some(model) = models(scene, opened).iter().find(|model| model.id == *run)
            && let Some(lane) = model.lane()
        {
            let over = heated(lane.model().settings.framing, fitted);
            heat::paint(ui.painter(), over, &seen.heat, strength * scene.desk.covers.opacity);
        }
    }
}

/// The part of a picture, drawn in `fitted`, that a network sees.
pub fn heated(framing: Framing, fitted: Rect) -> Rect {
    match framing {
        Framing::Stretch => fitted,
        // Of the middle square 7 of 8 parts are seen.
        Framing::Crop => {
            Rect::from_center_size(fitted.center(), egui::Vec2::splat(fitted.size().min_elem() * 7.0 / 8.0))
        }
    }
}
