//! Items whose nearest differ most between two runs, to walk through.

use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError};
use egui::{RichText, Ui};
use rand::{SeedableRng as _, seq::index::sample};
use rand_pcg::Pcg64Mcg;

use super::{
    super::network::Node,
    points::{KEPT_OF, Points},
};
use crate::{
    dataset::Dataset,
    task::JobContext,
    ui::{
        commands::Command,
        icons,
        selection::{Mode, Thing},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

/// Products of vectors that are computed at most, and the fewest and most items that are compared.
const MOST_PRODUCTS: usize = 250_000_000;
const COMPARED: [usize; 2] = [200, 5_000];

/// An item, and how many of its nearest both runs have.
type Shared = (u32, usize);

#[derive(Default)]
pub struct Differences {
    /// The two runs, and whether users are among their points.
    of: Option<[String; 2]>,
    receiver: Option<Receiver<Compared>>,
    compared: Compared,
    at: usize,
}

#[derive(Default)]
struct Compared {
    /// The fewest shared first.
    order: Vec<Shared>,
    /// Items that both runs have.
    common: usize,
}

impl Differences {
    /// Sees that the runs are compared, off the frame, and shows which item is looked at, with the way to others.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        dataset: &Dataset,
        runs: [&str; 2],
        points: [&Arc<Points>; 2],
    ) {
        let (words, tokens) = (scene.words, scene.tokens);
        let is_known = self.of.as_ref().is_some_and(|of| of.iter().map(String::as_str).eq(runs));
        if !is_known {
            *self = Self { of: Some(runs.map(str::to_owned)), ..Self::default() };
            let [one, other] = points.map(Arc::clone);
            self.receiver = Some(scene.session.errand(move |job: &JobContext| compare(&one, &other, job)));
        }
        if let Some(receiver) = &self.receiver {
            match receiver.try_recv() {
                Ok(compared) => {
                    self.compared = compared;
                    self.receiver = None;
                    self.go(scene, 0);
                }
                Err(TryRecvError::Empty) => {
                    ui.add(egui::Spinner::new().size(14.0));
                    ui.label(RichText::new(words.get(Word::Comparing)).small().color(tokens.text_weak));
                    return;
                }
                Err(TryRecvError::Disconnected) => self.receiver = None,
            }
        }
        let count = self.compared.order.len();
        let Some(&(item, shared)) = self.compared.order.get(self.at) else {
            ui.label(RichText::new(words.get(Word::NothingInCommon)).small().color(tokens.text_weak));
            return;
        };
        ui.add_enabled_ui(self.at > 0, |ui| {
            if widgets::icon_button(ui, icons::LEFT, words.get(Word::PreviousDifference)).clicked() {
                self.go(scene, self.at - 1);
            }
        });
        ui.add_enabled_ui(self.at + 1 < count, |ui| {
            if widgets::icon_button(ui, icons::RIGHT, words.get(Word::NextDifference)).clicked() {
                self.go(scene, self.at + 1);
            }
        });
        let number = |number: usize| format::count(number as u64);
        let mut text = words.fill(
            Word::DifferenceAt,
            &[&number(self.at + 1), &number(count), &shared.to_string(), &KEPT_OF.to_string()],
        );
        if count < self.compared.common {
            text += " · ";
            text += &words.fill(Word::DifferenceSample, &[&number(self.compared.common)]);
        }
        let title = scene.title(dataset, item);
        let label = egui::Label::new(RichText::new(format!("{text} · {title}")).small().color(tokens.text_weak));
        ui.add(label.truncate());
    }

    fn go(&mut self, scene: &Scene<'_>, at: usize) {
        if let Some(&(item, _)) = self.compared.order.get(at) {
            self.at = at;
            scene.send(Command::Select(Thing::Item(item), Mode::Follow));
        }
    }
}

/// How many of the [`KEPT_OF`] nearest items both have, of each item that both have or of a sample of them.
fn compare(one: &Points, other: &Points, ctx: &JobContext) -> anyhow::Result<Compared> {
    let items = |points: &Points| -> Vec<u32> {
        let nodes = points.nodes.iter();
        nodes.filter_map(|&node| if let Node::Item(item) = node { Some(item) } else { None }).collect()
    };
    let common: Vec<u32> = items(one).into_iter().filter(|&item| other.place_of(Node::Item(item)).is_some()).collect();
    let most = (MOST_PRODUCTS / one.nodes.len().max(other.nodes.len()).max(1)).clamp(COMPARED[0], COMPARED[1]);
    let chosen = sample(&mut Pcg64Mcg::seed_from_u64(1), common.len(), most.min(common.len()));
    let mut order = Vec::with_capacity(chosen.len());
    for place in chosen {
        ctx.check()?;
        let item = common[place];
        let near = |points: &Points| -> Vec<Node> {
            let own = points.place_of(Node::Item(item));
            let found = own.map(|place| points.nearest(place, KEPT_OF)).unwrap_or_default();
            found.into_iter().map(|(place, _)| points.nodes[place]).collect()
        };
        let (here, there) = (near(one), near(other));
        order.push((item, here.iter().filter(|node| there.contains(node)).count()));
    }
    order.sort_by_key(|&(item, shared)| (shared, item));
    Ok(Compared { order, common: common.len() })
}
