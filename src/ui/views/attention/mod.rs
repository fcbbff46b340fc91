//! Attention: on one node's neighbours head by head, and how it is spread over a whole run.

mod charts;
mod figures;
mod heat;
mod whole;

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use egui::{RichText, ScrollArea, Ui, UiBuilder, vec2};

use self::figures::{NodeFigures, RunFigures};
use super::{
    Scene, View,
    network::{self, Middle, Net, Node, Shares},
};
use crate::{
    dataset::{Dataset, Language},
    jobs::JobId,
    ui::{
        commands::Command,
        desk::NetworkDesk,
        icons,
        selection::{Mode, Thing},
        session::{NETWORK, Opened, Session},
        theme::space,
        widgets::{self, DataTable, TableState},
        words::{Word, Words},
    },
    workspace::{Table, Values},
};

/// Heights of the scatter and the table beside it, and from which width on they stand beside one another.
const PAIR_PX: f32 = 260.0;
const BESIDE_FROM: f32 = 680.0;

/// Names the figures of a node: run and node.
type NodeKey = (String, Node);

enum Computed {
    Node(NodeKey, NodeFigures),
    Run(String, RunFigures),
}

pub struct Attention {
    middle: Middle,
    sender: Sender<Computed>,
    receiver: Receiver<Computed>,
    asked_node: Option<(NodeKey, JobId)>,
    node: Option<(NodeKey, Arc<NodeFigures>)>,
    asked_run: Option<(String, JobId)>,
    run: Option<(String, Arc<RunFigures>)>,
    table: Option<(TableKey, Arc<Table>)>,
    table_state: TableState,
}

/// A table stands for a node, a layer and a language.
type TableKey = (NodeKey, usize, Language);

impl Default for Attention {
    fn default() -> Self {
        let (sender, receiver) = crossbeam_channel::unbounded();
        Self {
            middle: Middle::default(),
            sender,
            receiver,
            asked_node: None,
            node: None,
            asked_run: None,
            run: None,
            table: None,
            table_state: TableState::default(),
        }
    }
}

impl View for Attention {
    fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let Some(opened) = scene.opened() else { return };
        let mut desk = scene.desk.network.clone();
        for computed in self.receiver.try_iter() {
            match computed {
                Computed::Node(key, figures) => self.node = Some((key, Arc::new(figures))),
                Computed::Run(run, figures) => self.run = Some((run, Arc::new(figures))),
            }
        }
        let nets = network::nets(scene, opened, true);
        let Some(net) = network::chosen(&nets, &desk).cloned() else {
            network::open_kept(scene, opened);
            network::empty_ui(ui, scene, icons::CHART_BAR_HORIZONTAL, Word::NoAttention, Word::NoAttentionWhy, |ui| {
                network::offer_attention_ui(ui, scene, opened);
            });
            return;
        };
        self.middle.follow(scene, opened);
        let subject = self.middle.node;
        self.ask(ui.ctx(), scene.session, &net, subject);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 8, bottom: 12 }).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_wrapped(|ui| {
                    ui.set_min_height(26.0);
                    network::run_ui(ui, scene, opened, &nets, &mut desk);
                });
                self.node_ui(ui, scene, opened, &net, subject, &mut desk);
                ui.add_space(space::L);
                self.run_ui(ui, scene, opened, &net, &desk);
            });
        });
        if desk != scene.desk.network {
            scene.send(Command::SetNetwork(Box::new(desk)));
        }
    }
}

/// Parts side by side with their tops at one height, or below one another.
fn beside_ui(ui: &mut Ui, is_beside: bool, add: impl FnOnce(&mut Ui)) {
    if is_beside {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            add(ui);
        });
    } else {
        ui.vertical(add);
    }
}

impl Attention {
    fn ask(&mut self, ctx: &egui::Context, session: &Session, net: &Net, subject: Option<Node>) {
        if let Some(node) = subject {
            let key = (net.id.clone(), node);
            if self.asked_node.as_ref().is_none_or(|(asked, _)| *asked != key) {
                if let Some((_, job)) = self.asked_node.take() {
                    session.cancel(job);
                }
                let (net, sender, named, ctx) = (net.clone(), self.sender.clone(), key.clone(), ctx.clone());
                let job = session.compute(NETWORK, move |job| {
                    job.stage("Attention", 0, "");
                    // A view that is gone no longer listens.
                    let _ = sender.send(Computed::Node(named, figures::of_node(&net, node, job)?));
                    ctx.request_repaint();
                    Ok(())
                });
                self.asked_node = Some((key, job));
            }
        }
        if self.asked_run.as_ref().is_none_or(|(asked, _)| *asked != net.id) {
            if let Some((_, job)) = self.asked_run.take() {
                session.cancel(job);
            }
            let (net_of_job, sender, ctx) = (net.clone(), self.sender.clone(), ctx.clone());
            let job = session.compute(NETWORK, move |job| {
                let figures = figures::of_run(&net_of_job, job)?;
                // A view that is gone no longer listens.
                let _ = sender.send(Computed::Run(net_of_job.id, figures));
                ctx.request_repaint();
                Ok(())
            });
            self.asked_run = Some((net.id.clone(), job));
        }
    }

    fn node_ui(
        &mut self,
        ui: &mut Ui,
        scene: &mut Scene<'_>,
        opened: &Opened,
        net: &Net,
        subject: Option<Node>,
        desk: &mut NetworkDesk,
    ) {
        let words = scene.words;
        let dataset = &*opened.dataset;
        let Some(node) = subject else {
            ui.label(RichText::new(words.get(Word::NoNodeWhy)).color(scene.tokens.text_weak));
            return;
        };
        let key = (net.id.clone(), node);
        let title = node.title(scene, dataset);
        let Some(figures) = self.node.as_ref().filter(|(known, _)| *known == key).map(|(_, figures)| figures.clone())
        else {
            widgets::heading_ui(ui, scene.tokens, &title, "");
            waiting_ui(ui, scene, &mut self.asked_node);
            return;
        };
        let layer = network::layer_of(desk, figures.layers.len());
        let Some(shares) = figures.layers.get(layer).filter(|shares| shares.neighbours() > 0) else {
            widgets::heading_ui(ui, scene.tokens, &title, "");
            ui.label(RichText::new(words.get(Word::NoNeighbours)).color(scene.tokens.text_weak));
            return;
        };
        let head = network::head_of(desk, shares.heads);
        let about = words.fill(Word::HeatAbout, &[&widgets::format::count(shares.neighbours() as u64)]);
        widgets::heading_ui(ui, scene.tokens, &title, &about);
        match heat::heat_ui(ui, scene, dataset, &figures, shares, head) {
            Some((item, true)) => self.middle.centre_on(Some(Node::Item(item))),
            Some((item, false)) => self.middle.select(scene, Node::Item(item), Mode::Replace),
            None => {}
        }
        ui.add_space(space::M);
        let table = self.table(scene, dataset, &key, &figures, shares, layer);
        let width = ui.available_width();
        let is_beside = width >= BESIDE_FROM;
        let narrow = if is_beside { ((width - space::L) * 0.42).floor() } else { width };
        beside_ui(ui, is_beside, |ui| {
            let size = vec2(narrow, PAIR_PX);
            ui.allocate_ui_with_layout(size, egui::Layout::top_down(egui::Align::Min), |ui| {
                ui.set_min_size(size);
                charts::scatter_ui(ui, scene, dataset, &figures, shares, head);
            });
            let size = vec2(if is_beside { width - narrow - space::L } else { width }, PAIR_PX);
            let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
            let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(egui::Layout::top_down(egui::Align::Min)));
            self.table_ui(&mut ui, scene, dataset, node, &figures, &table, desk);
        });
    }

    #[allow(clippy::too_many_arguments)]
    fn table_ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        dataset: &Dataset,
        node: Node,
        figures: &NodeFigures,
        table: &Arc<Table>,
        desk: &mut NetworkDesk,
    ) {
        let file = format!("{}-attention-{}", dataset.name, node.id(dataset));
        let item = |row: usize| figures.neighbours[row].0;
        let is_held = |row: usize| scene.selection.is_selected(Thing::Item(item(row)));
        let id_of = |row: usize| dataset.items.ids.name(item(row)).to_owned();
        let name = scene.words.get(Word::AttentionTable);
        let table = DataTable::new(table, name, file).held(&is_held).id_of(&id_of);
        let events = table.show(ui, scene, &mut self.table_state, desk.sort.as_ref());
        if let Some(sort) = events.sort {
            desk.sort = Some(sort);
        }
        if let Some((row, keys)) = events.clicked {
            let mode = if keys.command { Mode::Toggle } else { Mode::Replace };
            self.middle.select(scene, Node::Item(item(row)), mode);
        }
        if let Some(row) = events.opened {
            self.middle.centre_on(Some(Node::Item(item(row))));
        }
        if let Some(row) = events.hovered {
            scene.send(Command::Hover(Thing::Item(item(row))));
        }
    }

    fn table(
        &mut self,
        scene: &Scene<'_>,
        dataset: &Dataset,
        key: &NodeKey,
        figures: &NodeFigures,
        shares: &Shares,
        layer: usize,
    ) -> Arc<Table> {
        let key = (key.clone(), layer, scene.language());
        match &self.table {
            Some((known, table)) if *known == key => table.clone(),
            _ => {
                let table = Arc::new(table_of(scene, dataset, figures, shares));
                self.table = Some((key, table.clone()));
                table
            }
        }
    }

    fn run_ui(&mut self, ui: &mut Ui, scene: &Scene<'_>, opened: &Opened, net: &Net, desk: &NetworkDesk) {
        let words = scene.words;
        let title = words.fill(Word::WholeRun, &[&scene.run_title(opened, net.run)]);
        match self.run.as_ref().filter(|(run, _)| *run == net.id) {
            Some((_, figures)) => whole::whole_ui(ui, scene, &opened.dataset, &title, figures, desk),
            None => {
                widgets::heading_ui(ui, scene.tokens, &title, "");
                waiting_ui(ui, scene, &mut self.asked_run);
            }
        }
    }
}

/// Figures are on their way, or broke off and can be asked for again.
fn waiting_ui<K>(ui: &mut Ui, scene: &Scene<'_>, asked: &mut Option<(K, JobId)>) {
    let (words, tokens) = (scene.words, scene.tokens);
    let Some(job) = asked.as_ref().map(|(_, job)| *job) else { return };
    if scene.session.has_broken_off(job) {
        ui.label(RichText::new(words.get(Word::NetworkBrokeOff)).color(tokens.warn));
        if ui.button(words.get(Word::Retry)).clicked() {
            *asked = None;
        }
    } else {
        ui.horizontal(|ui| {
            ui.add(egui::Spinner::new().size(14.0));
            ui.label(RichText::new(words.get(Word::NetworkComing)).color(tokens.text_weak));
        });
    }
}

fn behaviour_name(words: Words, dataset: &Dataset, behaviour: u8) -> &str {
    dataset.behaviours.get(usize::from(behaviour)).map_or("", |behaviour| words.common(&behaviour.name))
}

fn table_of(scene: &Scene<'_>, dataset: &Dataset, figures: &NodeFigures, shares: &Shares) -> Table {
    let words = scene.words;
    let items = || figures.neighbours.iter().map(|(item, _)| *item);
    let text = |of: &dyn Fn(u32) -> String| Values::Text(items().map(|item| Some(of(item))).collect());
    let metric = |values: &mut dyn Iterator<Item = f32>| {
        Values::Metric(values.map(|value| Some(f64::from(value).into())).collect())
    };
    let count = shares.neighbours();
    let titles = text(&|item| scene.title(dataset, item).to_owned());
    let mut table = Table::new()
        .with("title", words.get(Word::Title), titles)
        .with("attention", words.get(Word::Attention), metric(&mut (0..count).map(|place| shares.share(place, None))))
        .with("weight", words.get(Word::WeightShare), metric(&mut figures.neighbours.iter().map(|(_, share)| *share)));
    for head in 0..shares.heads {
        let title = words.fill(Word::HeadNamed, &[&(head + 1).to_string()]);
        let values = metric(&mut (0..count).map(|place| shares.share(place, Some(head))));
        table = table.with(format!("head_{}", head + 1), title, values);
    }
    if figures.behaviours.iter().any(Option::is_some) {
        let names = figures.behaviours.iter();
        let names = names.map(|behaviour| Some(behaviour_name(words, dataset, (*behaviour)?).to_owned()));
        table = table.with("behaviour", words.get(Word::Behaviours), Values::Text(names.collect()));
    }
    table.with("item", words.get(Word::Item), text(&|item| dataset.items.ids.name(item).to_owned()))
}
