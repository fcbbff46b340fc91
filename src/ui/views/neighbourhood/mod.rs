//! The neighbourhood of a node: who sends to it along the message graph, hop by hop, by weight or by attention.

mod canvas;
mod ego;
mod place;

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use egui::{Pos2, RichText, Slider, Ui};
use rustc_hash::FxHashMap;

use self::{
    canvas::Event,
    ego::{Ego, Request},
    place::Placing,
};
use super::{
    Scene, View,
    network::{self, Middle, Net, Node},
};
use crate::{
    dataset::Dataset,
    jobs::JobId,
    recall::Trigger,
    ui::{
        commands::Command,
        desk::{EdgeMeasure, NetworkDesk},
        facts::tag_category,
        icons,
        selection::{Mode, Thing},
        session::{Basis, NETWORK, Opened},
        theme::space,
        widgets::{self, Camera, format},
        words::Word,
    },
    workspace::{Table, Values},
};

/// Names what was computed: data set, split, run, and what was asked for.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    fingerprint: String,
    split: String,
    run: Option<String>,
    request: Request,
}

pub struct Neighbourhood {
    sender: Sender<(Key, Arc<Ego>)>,
    receiver: Receiver<(Key, Arc<Ego>)>,
    asked: Option<(Key, JobId)>,
    shown: Option<(Key, Arc<Ego>)>,
    middle: Middle,
    places: Vec<Pos2>,
    placing: Option<Placing>,
    pinned: FxHashMap<Node, Pos2>,
    camera: Camera,
    canvas: canvas::State,
}

impl Default for Neighbourhood {
    fn default() -> Self {
        let (sender, receiver) = crossbeam_channel::unbounded();
        Self {
            sender,
            receiver,
            asked: None,
            shown: None,
            middle: Middle::default(),
            places: Vec::new(),
            placing: None,
            pinned: FxHashMap::default(),
            camera: Camera::default(),
            canvas: canvas::State::default(),
        }
    }
}

impl View for Neighbourhood {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let mut desk = scene.desk.network.clone();
        if self.middle.follow(scene, opened) {
            self.has_moved();
        }
        let nets = network::nets(scene, opened, false);
        if !nets.iter().any(|net| network::has_attention(net.kind)) {
            network::open_kept(scene, opened);
        }
        let net = network::chosen(&nets, &desk).cloned();
        let basis = net.as_ref().map(|net| net.basis.clone()).or_else(|| opened.basis.clone());
        let (Some(root), Some(basis)) = (self.middle.node, basis) else {
            network::empty_ui(ui, scene, icons::GRAPH, Word::NoNode, Word::NoNodeWhy, |ui| {
                if opened.basis.is_some() && ui.button(Command::SurpriseAll.name(scene.words)).clicked() {
                    scene.send(Command::SurpriseAll);
                }
            });
            return;
        };
        let key = key(opened, &basis, net.as_ref(), &desk, root);
        self.ask(ui.ctx(), scene, &key, &basis, net.as_ref());
        self.take(ui.ctx(), scene);
        ui.spacing_mut().item_spacing.y = space::XS;
        egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 6, bottom: 0 }).show(ui, |ui| {
            self.toolbar_ui(ui, scene, opened, &nets, net.as_ref(), &mut desk, root);
        });
        let shown = self.shown.as_ref().filter(|(shown, _)| shown.fingerprint == key.fingerprint);
        match shown.map(|(_, ego)| ego.clone()) {
            Some(ego) => self.canvas_ui(ui, scene, &opened.dataset, &ego, &mut desk),
            None => {
                let has_broken_off = self.asked.as_ref().is_some_and(|(_, job)| scene.session.has_broken_off(*job));
                let word = if has_broken_off { Word::NetworkBrokeOff } else { Word::NetworkComing };
                network::empty_ui(ui, scene, icons::GRAPH, Word::Neighbourhood, word, |ui| {
                    if has_broken_off && ui.button(scene.words.get(Word::Retry)).clicked() {
                        self.asked = None;
                    }
                });
            }
        }
        if desk != scene.desk.network {
            scene.send(Command::SetNetwork(Box::new(desk)));
        }
    }
}

fn key(opened: &Opened, basis: &Basis, net: Option<&Net>, desk: &NetworkDesk, root: Node) -> Key {
    let dataset = &opened.dataset;
    let settings = net.and_then(|net| Some((net, &net.trained.lane.gnn()?.model().settings)));
    let sampling = settings.filter(|_| desk.is_sampled).and_then(|(net, settings)| {
        let network = net.kind.network()?;
        Some((settings.sampling(network), settings.seed.wrapping_add(desk.draw)))
    });
    let request = Request {
        root,
        hops: desk.hops,
        cap: desk.cap,
        unfolded: desk.unfolded.iter().filter_map(|id| dataset.items.ids.row(id)).collect(),
        by_tag: desk.by_tag.iter().filter_map(|(item, tag)| tag_of(dataset, item, tag)).collect(),
        sampling,
        item_neighbours: settings.map_or(usize::MAX, |(_, settings)| settings.item_neighbours),
    };
    let split = format!("{:?} {:?}", basis.prepared.split.settings, basis.prepared.graph_settings());
    Key { fingerprint: dataset.fingerprint.clone(), split, run: net.map(|net| net.id.clone()), request }
}

/// Rows of an item and a tag by id and name.
fn tag_of(dataset: &Dataset, item: &str, tag: &str) -> Option<(u32, u32)> {
    Some((dataset.items.ids.row(item)?, dataset.items.tags.vocabulary.row(tag)?))
}

/// The items that have a tag, those that are taken most first.
fn of_tag(basis: &Basis, tag: u32) -> Vec<u32> {
    let (dataset, counts) = (&basis.prepared.dataset, &basis.facts.bands.item_count);
    let all = 0..dataset.item_count() as u32;
    let mut found: Vec<u32> = all.filter(|&item| dataset.items.tags.of(item).contains(&tag)).collect();
    found.sort_by_key(|&item| (std::cmp::Reverse(counts[item as usize]), item));
    found
}

impl Neighbourhood {
    fn centre_on(&mut self, node: Option<Node>) {
        if self.middle.node != node {
            self.middle.centre_on(node);
            self.has_moved();
        }
    }

    fn has_moved(&mut self) {
        self.pinned.clear();
        self.camera.is_fitted = true;
    }

    fn ask(&mut self, ctx: &egui::Context, scene: &Scene<'_>, key: &Key, basis: &Arc<Basis>, net: Option<&Net>) {
        if self.asked.as_ref().is_some_and(|(asked, _)| asked == key) {
            return;
        }
        if let Some((_, job)) = self.asked.take() {
            scene.session.cancel(job);
        }
        let (basis, net, sender, ctx) = (basis.clone(), net.cloned(), self.sender.clone(), ctx.clone());
        let named = key.clone();
        let job = scene.session.compute(NETWORK, move |job| {
            job.stage("Neighbourhood", 0, "");
            let (graphs, _) = basis.prepared.graphs(job)?;
            let trigger = match named.request.root {
                Node::User(user) => basis.triggers.of(user),
                Node::Item(_) => Trigger::default(),
            };
            let users = basis.prepared.dataset.user_count();
            let of_tag = |tag| (of_tag(&basis, tag), tag_category(&basis.prepared.dataset, tag));
            let ego = ego::ego(&named.request, &trigger, users, &graphs.item_item, net.as_ref(), &of_tag, job)?;
            // A view that is gone no longer listens.
            let _ = sender.send((named, Arc::new(ego)));
            ctx.request_repaint();
            Ok(())
        });
        self.asked = Some((key.clone(), job));
    }

    /// Takes what has been computed, and where nodes stand by now.
    fn take(&mut self, ctx: &egui::Context, scene: &Scene<'_>) {
        let asked = self.asked.as_ref().map(|(key, _)| key.clone());
        let arrived: Vec<(Key, Arc<Ego>)> = self.receiver.try_iter().collect();
        for (key, ego) in arrived.into_iter().filter(|(key, _)| Some(key) == asked.as_ref()) {
            let known: FxHashMap<Node, Pos2> = match &self.shown {
                Some((before, old))
                    if before.fingerprint == key.fingerprint && old.nodes.len() == self.places.len() =>
                {
                    old.nodes.iter().map(|node| node.node).zip(self.places.iter().copied()).collect()
                }
                _ => FxHashMap::default(),
            };
            let has_root = known.contains_key(&key.request.root)
                && self.shown.as_ref().is_some_and(|(before, _)| before.request.root == key.request.root);
            let is_same = self.shown.as_ref().is_some_and(|(_, old)| {
                old.edges == ego.edges && old.nodes.iter().map(|node| node.node).eq(ego.nodes.iter().map(|n| n.node))
            });
            if !is_same {
                let known = |node: usize| known.get(&ego.nodes[node].node).copied().filter(|_| has_root);
                self.places = place::first_places(&ego, known);
                self.canvas.forget();
                self.shown = Some((key, ego));
                self.set_out(ctx, scene, if has_root { 0.5 } else { 1.0 });
            } else {
                self.shown = Some((key, ego));
            }
        }
        if let Some(placing) = &self.placing {
            let (latest, goes_on) = placing.take();
            if let Some(latest) = latest.filter(|latest| latest.len() == self.places.len()) {
                self.places = latest;
                // What is held by the pointer follows it alone.
                if let (Some((_, ego)), Some((node, at))) = (&self.shown, self.canvas.held())
                    && let Some(place) = ego.find(node)
                {
                    self.places[place] = at;
                }
            }
            if !goes_on {
                self.placing = None;
            }
        }
    }

    /// Lets forces act on where nodes stand now. The middle and what is pinned stay.
    fn set_out(&mut self, ctx: &egui::Context, scene: &Scene<'_>, heat: f64) {
        let Some((_, ego)) = &self.shown else { return };
        let mut is_fixed = vec![false; ego.nodes.len()];
        for (place, node) in ego.nodes.iter().enumerate() {
            if let Some(&at) = self.pinned.get(&node.node) {
                self.places[place] = at;
                is_fixed[place] = true;
            }
        }
        if let Some(first) = is_fixed.first_mut() {
            *first = true;
        }
        match Placing::start(ego, &self.places, &is_fixed, heat, ctx.clone(), scene.session.beside()) {
            Ok(placing) => self.placing = Some(placing),
            Err(error) => log::warn!("nodes stay where they were put at first: {error}"),
        }
    }

    fn canvas_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        dataset: &Dataset,
        ego: &Arc<Ego>,
        desk: &mut NetworkDesk,
    ) {
        let Self { camera, canvas, places, pinned, .. } = self;
        let event = canvas.show(ui, scene, dataset, ego, places, pinned, camera, desk);
        match event {
            Some(Event::Selected(node, adds)) => {
                self.middle.select(scene, node, if adds { Mode::Toggle } else { Mode::Replace });
            }
            Some(Event::Unfolded(Node::Item(item))) => {
                let id = dataset.items.ids.name(item);
                if desk.unfolded.iter().any(|known| known == id) {
                    desk.unfolded.retain(|known| known != id);
                } else {
                    desk.unfolded.push(id.to_owned());
                }
            }
            Some(Event::ByTag(item, tag)) => {
                let tag = dataset.items.tags.vocabulary.name(tag);
                desk.toggle_tag(dataset.items.ids.name(item), tag);
            }
            Some(Event::Centred(node)) => self.centre_on(Some(node)),
            Some(Event::Dropped(node, at)) => {
                self.pinned.insert(node, at);
                self.set_out(ui.ctx(), scene, 0.25);
            }
            Some(Event::Unfolded(Node::User(_))) | None => {}
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn toolbar_ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        opened: &Opened,
        nets: &[Net],
        net: Option<&Net>,
        desk: &mut NetworkDesk,
        root: Node,
    ) {
        let (words, tokens) = (scene.words, scene.tokens);
        let has_attention = net.is_some_and(|net| network::has_attention(net.kind));
        let measured = if has_attention { desk.measure } else { EdgeMeasure::Weight };
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(26.0);
            ui.label(RichText::new(words.get(Word::Hops)).color(tokens.text_weak));
            ui.spacing_mut().item_spacing.x = 2.0;
            for hops in NetworkDesk::HOPS {
                let button = ui.selectable_label(desk.hops == hops, hops.to_string());
                if button.accessible_name(words.fill(Word::HopsNamed, &[&hops.to_string()])).clicked() {
                    desk.hops = hops;
                }
            }
            ui.spacing_mut().item_spacing.x = space::S;
            ui.label(RichText::new(words.get(Word::NeighbourCap)).color(tokens.text_weak));
            ui.spacing_mut().slider_width = 70.0;
            let slider = ui.add(Slider::new(&mut desk.cap, NetworkDesk::CAP).logarithmic(true));
            slider.on_hover_text(words.get(Word::NeighbourCapTip)).accessible_name(words.get(Word::NeighbourCap));
            ui.spacing_mut().item_spacing.x = 2.0;
            for (measure, word, tip) in [
                (EdgeMeasure::Weight, Word::Weight, Word::EdgeWeightTip),
                (EdgeMeasure::Attention, Word::Attention, Word::EdgeAttentionTip),
                (EdgeMeasure::Difference, Word::AttentionLessWeight, Word::EdgeDifferenceTip),
            ] {
                let is_able = has_attention || measure == EdgeMeasure::Weight;
                let button = egui::Button::selectable(measured == measure, words.get(word));
                let response = ui.add_enabled(is_able, button).on_hover_text(words.get(tip));
                let response = response.on_disabled_hover_text(words.get(Word::NeedsAttention));
                if response.accessible_name(words.fill(Word::EdgesBy, &[words.get(word)])).clicked() {
                    desk.measure = measure;
                }
            }
            ui.spacing_mut().item_spacing.x = space::S;
            network::run_ui(ui, scene, opened, nets, desk);
            let mut is_sampled = desk.is_sampled && net.is_some();
            let check = egui::Checkbox::new(&mut is_sampled, words.get(Word::AsTrained));
            let check = ui.add_enabled(net.is_some(), check).on_hover_text(words.get(Word::AsTrainedTip));
            if check.on_disabled_hover_text(words.get(Word::NeedsNetwork)).changed() {
                desk.is_sampled = is_sampled;
            }
            if is_sampled && widgets::icon_button(ui, icons::SHUFFLE, words.get(Word::AnotherDraw)).clicked() {
                desk.draw += 1;
            }
            if widgets::icon_button(ui, icons::FIT, words.get(Word::FitAll)).clicked() {
                self.camera.is_fitted = true;
            }
            let selected = self.middle.selected.filter(|&node| node != root);
            ui.add_enabled_ui(selected.is_some(), |ui| {
                if widgets::icon_button(ui, icons::CENTRE, words.get(Word::CentreOnSelected)).clicked() {
                    self.centre_on(selected);
                }
            });
            let item = match self.middle.selected.unwrap_or(root) {
                Node::Item(item) if !opened.dataset.items.tags.of(item).is_empty() => Some(item),
                _ => None,
            };
            ui.add_enabled_ui(item.is_some(), |ui| {
                let button = widgets::icon_button(ui, icons::TAG, words.get(Word::ExpandByTag));
                egui::Popup::menu(&button).show(|ui| {
                    let chosen =
                        item.and_then(|item| Some((item, canvas::tags_ui(ui, scene, &opened.dataset, desk, item)?)));
                    if let Some((item, tag)) = chosen {
                        let items = &opened.dataset.items;
                        desk.toggle_tag(items.ids.name(item), items.tags.vocabulary.name(tag));
                    }
                });
            });
            ui.add_enabled_ui(!(desk.unfolded.is_empty() && desk.by_tag.is_empty()), |ui| {
                if widgets::icon_button(ui, icons::COLLAPSE, words.get(Word::FoldAllNodes)).clicked() {
                    desk.unfolded.clear();
                    desk.by_tag.clear();
                }
            });
            ui.add_enabled_ui(!self.pinned.is_empty(), |ui| {
                if widgets::icon_button(ui, icons::UNPIN, words.get(Word::UnpinAll)).clicked() {
                    self.pinned.clear();
                    self.set_out(ui.ctx(), scene, 0.5);
                }
            });
            if let Some((_, ego)) = &self.shown {
                let id = root.id(&opened.dataset);
                let file = format!("{}-neighbourhood-{id}", opened.dataset.name);
                widgets::export_menu(ui, scene, &file, || table(scene, &opened.dataset, ego, desk));
            }
            let is_shown = |asked: &Key| self.shown.as_ref().is_some_and(|(key, _)| key == asked);
            if let Some((_, job)) = self.asked.as_ref().filter(|(asked, _)| !is_shown(asked)) {
                if !scene.session.has_broken_off(*job) {
                    ui.add(egui::Spinner::new().size(14.0));
                } else if ui.button(words.get(Word::Retry)).on_hover_text(words.get(Word::NetworkBrokeOff)).clicked() {
                    self.asked = None;
                }
            }
        });
        if let Some((_, ego)) = &self.shown {
            self.status_ui(ui, scene, opened, ego, net, desk);
        }
    }

    /// How much is drawn, and what is not.
    fn status_ui(
        &self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        opened: &Opened,
        ego: &Ego,
        net: Option<&Net>,
        desk: &NetworkDesk,
    ) {
        let words = scene.words;
        let count = |number: usize| format::count(number as u64);
        let mut text = self.middle.node.map_or_else(String::new, |root| root.title(scene, &opened.dataset));
        text += " · ";
        text += &words.fill(Word::NodesAndEdges, &[&count(ego.nodes.len()), &count(ego.edges.len())]);
        let unfolded = ego.nodes.iter().filter(|node| node.shown > 0);
        let hidden: usize = unfolded.map(|node| node.neighbours - node.shown).sum();
        if hidden > 0 {
            text += " · ";
            text += &words.fill(Word::NeighboursHidden, &[&desk.cap.to_string(), &count(hidden)]);
        }
        if ego.left_folded > 0 {
            text += " · ";
            let most = [&count(ego.left_folded), &count(ego::MAX_EDGES), &count(ego::MAX_NODES)];
            text += &words.fill(Word::LeftFolded, &most.map(String::as_str));
        }
        let settings = net.and_then(|net| Some(&net.trained.lane.gnn()?.model().settings));
        if let Some(settings) = settings.filter(|_| desk.is_sampled) {
            let all = words.get(Word::AllNeighbours);
            let fan_outs = settings.fan_outs.iter().map(|&fan_out| match fan_out {
                0 => all.to_owned(),
                fan_out => fan_out.to_string(),
            });
            text += " · ";
            text += &words.fill(Word::FanOutsOf, &[&fan_outs.collect::<Vec<_>>().join(", ")]);
        }
        if ego.nodes.first().is_some_and(|root| root.neighbours == 0) {
            text += " · ";
            text += words.get(Word::NoNeighbours);
        }
        ui.add(egui::Label::new(RichText::new(text).small().color(scene.tokens.text_weak)).truncate());
    }
}

/// The messages as a table: who takes from whom, and what the edge says.
fn table(scene: &Scene<'_>, dataset: &Dataset, ego: &Ego, desk: &NetworkDesk) -> Table {
    let words = scene.words;
    let layer = network::layer_of(desk, ego.layers);
    let kind = |thing: Thing| match thing {
        Thing::User(_) => "user",
        _ => "item",
    };
    let text =
        |of: &dyn Fn(&ego::EgoEdge) -> String| Values::Text(ego.edges.iter().map(|edge| Some(of(edge))).collect());
    let node = |place: usize| ego.nodes[place].node;
    let number = |of: &dyn Fn(usize) -> Option<f32>| {
        Values::Metric((0..ego.edges.len()).map(|edge| of(edge).map(|value| f64::from(value).into())).collect())
    };
    let message = |edge: usize| Some(&ego.edges[edge]).filter(|edge| edge.tag.is_none());
    let hops = ego.edges.iter().map(|edge| Some(ego.nodes[edge.from].hop as u64)).collect();
    let mut table = Table::new()
        .with("takes_kind", words.get(Word::TakesKind), text(&|edge| kind(node(edge.to).thing()).to_owned()))
        .with("takes", words.get(Word::Takes), text(&|edge| node(edge.to).id(dataset).to_owned()))
        .with("sends", words.get(Word::Sends), text(&|edge| node(edge.from).id(dataset).to_owned()))
        .with("title", words.get(Word::Title), text(&|edge| node(edge.from).title(scene, dataset)))
        .with("hop", words.get(Word::Hops), Values::Count(hops))
        .with("weight", words.get(Word::Weight), number(&|edge| message(edge).map(|edge| edge.weight)))
        .with("weight_share", words.get(Word::WeightShare), number(&|edge| message(edge).map(|edge| edge.share)));
    if ego.edges.iter().any(|edge| edge.tag.is_some()) {
        let tag = |edge: &ego::EgoEdge| Some(dataset.items.tags.vocabulary.name(edge.tag?.tag).to_owned());
        table = table.with("tag", words.get(Word::SameTag), Values::Text(ego.edges.iter().map(tag).collect()));
    }
    if !ego.attention.is_empty() {
        let of = |head: Option<usize>| number(&|edge| ego.value(edge, EdgeMeasure::Attention, layer, head));
        table = table.with("attention", words.get(Word::Attention), of(None));
        for head in 0..ego.heads {
            let title = words.fill(Word::HeadNamed, &[&(head + 1).to_string()]);
            table = table.with(format!("head_{}", head + 1), title, of(Some(head)));
        }
    }
    table
}
