//! What the views of the network share: the node and the run that are looked at, and what to do when there is none.

use std::sync::Arc;

use egui::{ComboBox, RichText, Ui};

use super::{Scene, training};
use crate::{
    dataset::Dataset,
    graph::{Csr, MessageGraph},
    jobs::pipeline::TrainedLane,
    models::gnn::{AttentionLayer, Network},
    recall::{LaneKind, Trigger},
    ui::{
        commands::Command,
        desk::NetworkDesk,
        selection::{Mode, Thing},
        session::{Basis, Opened, RunState},
        theme::{self, space, type_size},
        widgets,
        words::Word,
    },
};

/// A user or an item of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    User(u32),
    Item(u32),
}

impl Node {
    pub fn of(thing: Thing) -> Option<Self> {
        match thing {
            Thing::User(user) => Some(Self::User(user)),
            Thing::Item(item) => Some(Self::Item(item)),
            Thing::Lane(_) | Thing::Run(_) | Thing::Tag(_) => None,
        }
    }

    pub fn thing(self) -> Thing {
        match self {
            Self::User(user) => Thing::User(user),
            Self::Item(item) => Thing::Item(item),
        }
    }

    pub fn id(self, dataset: &Dataset) -> &str {
        match self {
            Self::User(user) => dataset.users.ids.name(user),
            Self::Item(item) => dataset.items.ids.name(item),
        }
    }

    /// An item's title, or which user it is.
    pub fn title(self, scene: &Scene<'_>, dataset: &Dataset) -> String {
        match self {
            Self::User(user) => format!("{} {}", scene.words.get(Word::User), dataset.users.ids.name(user)),
            Self::Item(item) => scene.title(dataset, item).to_owned(),
        }
    }
}

/// The first user of the case study.
fn first_user(scene: &Scene<'_>, opened: &Opened) -> Option<Node> {
    let mut columns = scene.desk.case.columns.iter().filter_map(|column| column.user.as_deref());
    columns.find_map(|id| opened.dataset.users.ids.row(id)).map(Node::User)
}

/// The node that a view looks at. It goes with what is selected elsewhere, and stays when something is selected in the
/// view itself. Before anything is selected it is the first user of the case study.
#[derive(Default)]
pub struct Middle {
    /// The fingerprint of the data set whose rows these are.
    of: String,
    pub node: Option<Node>,
    /// Nobody chose the node.
    is_first_user: bool,
    /// The selected node when it was looked at last.
    pub selected: Option<Node>,
    /// What was selected here and has not come back yet.
    sent: Option<Node>,
}

impl Middle {
    /// True when another node stands in the middle.
    pub fn follow(&mut self, scene: &Scene<'_>, opened: &Opened) -> bool {
        if self.of != opened.dataset.fingerprint {
            *self = Self { of: opened.dataset.fingerprint.clone(), ..Self::default() };
        }
        let before = self.node;
        self.go_to(scene.selection.things().iter().rev().find_map(|&thing| Node::of(thing)));
        if self.node.is_none() || self.is_first_user {
            self.node = first_user(scene, opened);
            self.is_first_user = true;
        }
        self.node != before
    }

    fn go_to(&mut self, selected: Option<Node>) {
        if self.selected == selected {
            return;
        }
        self.selected = selected;
        let is_own = self.sent.take() == selected;
        if selected.is_some() && !is_own {
            self.centre_on(selected);
        }
    }

    pub fn centre_on(&mut self, node: Option<Node>) {
        (self.node, self.is_first_user) = (node, false);
    }

    /// Selects `node` everywhere and leaves the middle as it is.
    pub fn select(&mut self, scene: &Scene<'_>, node: Node, mode: Mode) {
        self.sent = Some(node);
        scene.send(Command::Select(node.thing(), mode));
    }
}

pub fn has_attention(kind: LaneKind) -> bool {
    matches!(kind.network(), Some(Network::Gat | Network::Gaan))
}

/// A run with a graph network, open.
#[derive(Clone)]
pub struct Net {
    pub run: usize,
    pub id: String,
    pub kind: LaneKind,
    pub trained: Arc<TrainedLane>,
    pub basis: Arc<Basis>,
}

/// The open runs with a graph network; those with attention first, which alone are given where it is needed.
pub fn nets(scene: &Scene<'_>, opened: &Opened, needs_attention: bool) -> Vec<Net> {
    let mut found: Vec<Net> = opened
        .runs
        .iter()
        .enumerate()
        .filter(|(_, run)| run.kind.network().is_some() && (!needs_attention || has_attention(run.kind)))
        .filter(|(_, run)| !scene.session.is_deleted(run))
        .filter_map(|(place, run)| {
            let (trained, basis) = (run.trained()?.clone(), run.basis()?.clone());
            Some(Net { run: place, id: run.id.clone(), kind: run.kind, trained, basis })
        })
        .collect();
    found.sort_by_key(|net| !has_attention(net.kind));
    found
}

/// Opens the kept run with attention that stands for its lane: who comes here wants to see it.
pub fn open_kept(scene: &Scene<'_>, opened: &Opened) {
    let kinds = LaneKind::ALL.into_iter().filter(|&kind| has_attention(kind));
    let current = kinds.filter_map(|kind| opened.current(kind)).map(|place| &opened.runs[place]);
    if let Some(run) = current.into_iter().find(|run| matches!(run.state, RunState::Kept)) {
        scene.send(Command::OpenRun(run.id.clone()));
    }
}

/// The run that the desk names, else the first.
pub fn chosen<'n>(nets: &'n [Net], desk: &NetworkDesk) -> Option<&'n Net> {
    let named = desk.run.as_ref().and_then(|id| nets.iter().find(|net| net.id == *id));
    named.or(nets.first())
}

/// Which run, and for a run with attention which layer and head.
pub fn run_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, nets: &[Net], desk: &mut NetworkDesk) {
    let words = scene.words;
    let Some(net) = chosen(nets, desk) else { return };
    let title = scene.run_title(opened, net.run);
    let combo = ComboBox::from_id_salt("network run").selected_text(&title).width(120.0);
    let response = combo.show_ui(ui, |ui| {
        for other in nets {
            if ui.selectable_label(other.id == net.id, scene.run_title(opened, other.run)).clicked() {
                desk.run = Some(other.id.clone());
            }
        }
    });
    response.response.accessible_name(words.get(Word::Run));
    let Some(gnn) = net.trained.lane.gnn().filter(|_| has_attention(net.kind)) else { return };
    let (layers, heads) = (gnn.encoder().layers(), gnn.model().settings.heads);
    let layer = layer_of(desk, layers);
    let named = |layer: usize| words.fill(Word::LayerNamed, &[&(layer + 1).to_string()]);
    let combo = ComboBox::from_id_salt("network layer").selected_text(named(layer)).width(70.0);
    let response = combo.show_ui(ui, |ui| {
        for place in 0..layers {
            if ui.selectable_label(place == layer, named(place)).clicked() {
                desk.layer = Some(place);
            }
        }
    });
    response.response.on_hover_text(words.get(Word::LayerTip)).accessible_name(words.get(Word::Layer));
    let named = |head: Option<usize>| match head {
        Some(head) => words.fill(Word::HeadNamed, &[&(head + 1).to_string()]),
        None => words.get(Word::MeanOfHeads).to_owned(),
    };
    let head = head_of(desk, heads);
    let combo = ComboBox::from_id_salt("network head").selected_text(named(head)).width(92.0);
    let response = combo.show_ui(ui, |ui| {
        for place in std::iter::once(None).chain((0..heads).map(Some)) {
            if ui.selectable_label(place == head, named(place)).clicked() {
                desk.head = place;
            }
        }
    });
    response.response.on_hover_text(words.get(Word::HeadTip)).accessible_name(words.get(Word::AttentionHead));
}

/// The layer that is looked at, of `layers`.
pub fn layer_of(desk: &NetworkDesk, layers: usize) -> usize {
    desk.layer.unwrap_or(usize::MAX).min(layers.saturating_sub(1))
}

/// The head that is looked at, of `heads`.
pub fn head_of(desk: &NetworkDesk, heads: usize) -> Option<usize> {
    desk.head.filter(|&head| head < heads)
}

/// Attention on one node's neighbours, without what falls on itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// Per head, the attention on itself.
    pub own: Vec<f32>,
    /// `[neighbours, heads]`: shares of the attention that falls on neighbours; each head's sum to 1.
    pub of: Vec<f32>,
    pub heads: usize,
}

impl Shares {
    /// Of the first destination of a layer, whose first edge is its own.
    pub fn of_first(layer: &AttentionLayer) -> Self {
        let heads = layer.heads;
        let mut edges = layer.alphas.chunks_exact(heads).take(layer.block.range(0).len());
        let own = edges.next().unwrap_or_default().to_vec();
        let mut of: Vec<f32> = edges.flatten().copied().collect();
        for alphas in of.chunks_exact_mut(heads) {
            for (alpha, own) in alphas.iter_mut().zip(&own) {
                *alpha /= (1.0 - own).max(f32::EPSILON);
            }
        }
        Self { own, of, heads }
    }

    pub fn neighbours(&self) -> usize {
        self.of.len() / self.heads.max(1)
    }

    /// The share of a neighbour by one head, or by the mean of all.
    pub fn share(&self, neighbour: usize, head: Option<usize>) -> f32 {
        let shares = &self.of[neighbour * self.heads..][..self.heads];
        match head {
            Some(head) => shares.get(head).copied().unwrap_or(0.0),
            None => shares.iter().sum::<f32>() / self.heads.max(1) as f32,
        }
    }

    /// Entropy of a head over the neighbours, as a share of the greatest possible; `None` for fewer than two.
    pub fn entropy(&self, head: usize) -> Option<f32> {
        let neighbours = self.neighbours();
        if neighbours < 2 {
            return None;
        }
        let entropy: f32 = (0..neighbours)
            .map(|neighbour| self.share(neighbour, Some(head)))
            .filter(|&share| share > 0.0)
            .map(|share| -share * share.ln())
            .sum();
        Some((entropy / (neighbours as f32).ln()).clamp(0.0, 1.0))
    }
}

/// Attention on the neighbours `all` of `node`, layer by layer; empty for networks without attention. `trigger` is the
/// user's, if it is one; `sizes` are the numbers of users and items.
pub fn attention(net: &Net, node: Node, trigger: &Trigger, sizes: [usize; 2], all: &[(u32, f32)]) -> Vec<Shares> {
    let Some(gnn) = net.trained.lane.gnn() else { return Vec::new() };
    let items = &gnn.model().items;
    let layers = match node {
        Node::User(_) => gnn.encoder().attention_of_user(&gnn.neighbourhood(trigger), items),
        Node::Item(item) => gnn.encoder().attention_of_item(item, &around(sizes, node, all), items),
    };
    layers.iter().map(Shares::of_first).collect()
}

/// The items that messages come from to whoever has the trigger: those that the network takes, or all.
pub fn items_of(net: Option<&Net>, trigger: &Trigger) -> Vec<(u32, f32)> {
    net.and_then(|net| net.trained.lane.gnn()).map_or_else(|| trigger.shares(), |gnn| gnn.items_of(trigger))
}

/// A graph of `[users, items]` in which `node` alone has neighbours.
pub fn around([users, items]: [usize; 2], node: Node, all: &[(u32, f32)]) -> MessageGraph {
    let only = |rows: usize, row: Option<u32>| {
        let mut offsets = vec![0u64; rows + 1];
        let (mut targets, mut weights) = (Vec::new(), Vec::new());
        if let Some(row) = row {
            offsets[row as usize + 1..].fill(all.len() as u64);
            (targets, weights) = all.iter().copied().unzip();
        }
        Csr { offsets, targets, weights }
    };
    let (user, item) = match node {
        Node::User(user) => (Some(user), None),
        Node::Item(item) => (None, Some(item)),
    };
    MessageGraph { user_item: only(users, user), item_item: Arc::new(only(items, item)) }
}

/// Nothing to show: why, and the button that gets it.
pub fn empty_ui(ui: &mut Ui, scene: &Scene<'_>, icon: &str, title: Word, why: Word, offer: impl FnOnce(&mut Ui)) {
    let (words, tokens) = (scene.words, scene.tokens);
    let height = ui.available_height();
    ui.add_space((height * 0.2).clamp(space::L, 220.0));
    let room = ui.available_width();
    let width = room.min(520.0);
    ui.horizontal(|ui| {
        ui.add_space((room - width) / 2.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.label(RichText::new(icon).size(32.0).color(tokens.accent));
            let title = RichText::new(words.get(title)).font(theme::strong_font(type_size::TITLE));
            ui.add(egui::Label::new(title.color(tokens.text_strong)).wrap());
            ui.add(egui::Label::new(RichText::new(words.get(why)).color(tokens.text_weak)).wrap());
            ui.add_space(space::M);
            offer(ui);
        });
    });
}

/// No run with attention is open: those that are on their way or kept, and the button that trains one.
pub fn offer_attention_ui(ui: &mut Ui, scene: &Scene<'_>, opened: &Opened) {
    let (words, tokens) = (scene.words, scene.tokens);
    let is_making = training::run::coming_ui(ui, scene, opened, |run| has_attention(run.kind));
    if !is_making && widgets::primary_button(ui, tokens, words.get(Word::TrainGat)).clicked() {
        let settings = Box::new(opened.settings.clone());
        scene.send(Command::StartRun { kind: LaneKind::Gat, settings });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Block;

    #[test]
    fn the_middle_follows_what_is_selected_elsewhere() {
        let mut middle = Middle::default();
        middle.go_to(Some(Node::User(3)));
        assert_eq!(middle.node, Some(Node::User(3)));
        // Selected in the view itself.
        middle.sent = Some(Node::Item(5));
        middle.go_to(Some(Node::Item(5)));
        assert_eq!((middle.node, middle.selected), (Some(Node::User(3)), Some(Node::Item(5))));
        // Elsewhere; and a run that is selected is no node.
        middle.go_to(Some(Node::Item(6)));
        middle.go_to(None);
        assert_eq!(middle.node, Some(Node::Item(6)));
    }

    #[test]
    fn what_falls_on_itself_is_left_out_and_the_rest_sums_to_one() {
        let block = Block::from_lists(vec![0, 5, 6], 1, [(vec![0, 1, 2], vec![1.0, 0.5, 0.5])]);
        // Head 0 looks at itself with a half and evenly at the others; head 1 at one neighbour alone.
        let layer = AttentionLayer { block, heads: 2, alphas: vec![0.5, 0.0, 0.25, 1.0, 0.25, 0.0] };
        let shares = Shares::of_first(&layer);
        assert_eq!((shares.neighbours(), &shares.own[..]), (2, &[0.5, 0.0][..]));
        assert_eq!(shares.of, [0.5, 1.0, 0.5, 0.0]);
        assert_eq!((shares.share(0, None), shares.share(1, Some(0))), (0.75, 0.5));
        assert_eq!((shares.entropy(0), shares.entropy(1)), (Some(1.0), Some(0.0)));
    }
}
