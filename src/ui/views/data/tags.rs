//! Tags as a tree with counts: level 1, level 2, leaf.

use std::collections::BTreeSet;

use egui::{EventFilter, Key, Modifiers, RichText, ScrollArea, TextEdit, Ui, pos2};

use super::{
    counts::{Counts, TagCount},
    export::tag_table,
    note_ui,
    rows::{self, figure_at, text_at},
};
use crate::{
    dataset::{Dataset, Language},
    ui::{
        commands::Command,
        desk::{DataDesk, TagOrder, toggle},
        icons,
        selection::{Mode, Thing},
        theme::{self, space, type_size},
        views::Scene,
        widgets::{self, format},
        words::Word,
    },
};

const FIGURE_PX: f32 = 110.0;
const INDENT_PX: f32 = 18.0;
const MAX_ROWS: usize = 17;
const MAX_WIDTH_PX: f32 = 900.0;

/// A row of the tree as it shows.
struct TagRow {
    depth: u8,
    /// The row of the tag among those of its level.
    name: String,
    count: TagCount,
    category: usize,
    /// The leaf that the row stands for.
    leaf: Option<u32>,
    /// What unfolds it, if it has children.
    key: Option<String>,
    is_open: bool,
}

/// The rows, and for what they were listed.
#[derive(Default)]
pub(super) struct Listed {
    of: Option<Wish>,
    rows: Vec<TagRow>,
}

#[derive(PartialEq)]
struct Wish {
    order: TagOrder,
    is_reversed: bool,
    query: String,
    unfolded: BTreeSet<String>,
    language: Language,
}

pub(super) fn summary(scene: &Scene<'_>, dataset: &Dataset) -> String {
    let tree = &dataset.tags;
    let count = |ids: &crate::dataset::Ids| format::count(ids.len() as u64);
    if tree.leaf.is_empty() {
        String::new()
    } else if tree.level1.len() == tree.leaf.len() {
        scene.words.fill(Word::TagCount, &[&count(&tree.leaf)])
    } else {
        scene.words.fill(Word::TagLevels, &[&count(&tree.level1), &count(&tree.level2), &count(&tree.leaf)])
    }
}

pub(super) fn tags_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    dataset: &Dataset,
    counts: &Counts,
    desk: &mut DataDesk,
    listed: &mut Listed,
) {
    let (words, tokens) = (scene.words, scene.tokens);
    if dataset.tags.leaf.is_empty() {
        note_ui(ui, scene, words.get(Word::NoTags));
        return;
    }
    ui.set_max_width(ui.available_width().min(MAX_WIDTH_PX));
    ui.horizontal(|ui| {
        let hint = words.get(Word::FindTag);
        let edit = TextEdit::singleline(&mut desk.tag_query).hint_text(hint).desired_width(220.0);
        ui.add(edit).accessible_name(hint);
        if !desk.tag_query.is_empty() && widgets::icon_button(ui, icons::CLOSE, words.get(Word::ClearSearch)).clicked()
        {
            desk.tag_query.clear();
        }
        if counts.tags.level1.len() < counts.tags.leaf.len() {
            if widgets::icon_button(ui, icons::EXPAND, words.get(Word::UnfoldAll)).clicked() {
                desk.unfolded_tags = all_keys(dataset, counts);
            }
            if widgets::icon_button(ui, icons::COLLAPSE, words.get(Word::FoldAll)).clicked() {
                desk.unfolded_tags.clear();
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            widgets::export_menu(ui, scene, "tags", || tag_table(dataset, counts));
        });
    });
    let wish = Wish {
        order: desk.tag_order,
        is_reversed: desk.tag_reversed,
        query: desk.tag_query.trim().to_lowercase(),
        unfolded: desk.unfolded_tags.clone(),
        language: scene.language(),
    };
    if listed.of.as_ref() != Some(&wish) {
        listed.rows = list(dataset, counts, &wish);
        listed.of = Some(wish);
    }
    header_ui(ui, scene, desk);
    if listed.rows.is_empty() {
        note_ui(ui, scene, &words.fill(Word::SearchNothing, &[desk.tag_query.trim()]));
        return;
    }
    let most = counts.tags.level1.iter().map(|count| count.interactions).max().unwrap_or(1).max(1);
    let height = listed.rows.len().min(MAX_ROWS) as f32 * rows::HEIGHT;
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = ScrollArea::vertical().id_salt("tags").max_height(height).min_scrolled_height(height);
    area.auto_shrink(false).show_rows(ui, rows::HEIGHT, listed.rows.len(), |ui, range| {
        for row in &listed.rows[range] {
            row_ui(ui, scene, row, most, desk);
        }
    });
    ui.add_space(space::S);
    ui.label(RichText::new(words.get(Word::TagsNote)).small().color(tokens.text_faint));
}

/// The columns, each of which sorts.
fn header_ui(ui: &mut Ui, scene: &Scene<'_>, desk: &mut DataDesk) {
    let (words, tokens) = (scene.words, scene.tokens);
    let (row, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), rows::HEIGHT), egui::Sense::hover());
    let right = row.right() - space::S;
    for (order, word, left, width) in [
        (TagOrder::Name, Word::Tag, row.left(), 160.0),
        (TagOrder::Items, Word::Items, right - 2.0 * FIGURE_PX, FIGURE_PX),
        (TagOrder::Interactions, Word::Interactions, right - FIGURE_PX, FIGURE_PX),
    ] {
        let place = egui::Rect::from_min_size(pos2(left, row.top()), egui::vec2(width, row.height()));
        let response = ui.interact(place, ui.scope_id().with(("sort tags", word as usize)), egui::Sense::click());
        let name = words.get(word);
        let is_chosen = desk.tag_order == order;
        response.widget_info(|| {
            let text = words.fill(Word::SortBy, &[name]);
            egui::WidgetInfo::selected(egui::Role::Button, true, is_chosen, text)
        });
        let falls = (order == TagOrder::Name) == desk.tag_reversed;
        let icon = if falls { icons::ARROW_DOWN } else { icons::ARROW_UP };
        let text = if is_chosen { format!("{name} {icon}") } else { name.to_owned() };
        let strong = is_chosen || response.hovered() || response.has_focus();
        let colour = if strong { tokens.text } else { tokens.text_weak };
        if order == TagOrder::Name {
            text_at(ui, place, left + space::S, width, &text, theme::font(type_size::SMALL), colour);
        } else {
            figure_at(ui, place, place.right(), &text, colour);
        }
        if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
            if is_chosen {
                desk.tag_reversed = !desk.tag_reversed;
            } else {
                desk.tag_order = order;
                desk.tag_reversed = false;
            }
        }
    }
}

fn row_ui(ui: &mut Ui, scene: &Scene<'_>, row: &TagRow, most: u64, desk: &mut DataDesk) {
    let tokens = scene.tokens;
    let is_selected = row.leaf.is_some_and(|leaf| scene.selection.is_selected(Thing::Tag(leaf)));
    let figures = [format::count(u64::from(row.count.items)), format::count(row.count.interactions)];
    let said = scene.words.fill(Word::TagRow, &[&row.name, &figures[0], &figures[1]]);
    let (rect, response) = rows::clickable(ui, tokens, is_selected, &said);
    let mut left = rect.left() + space::S + INDENT_PX * f32::from(row.depth);
    if row.key.is_some() {
        let icon = if row.is_open { icons::DOWN } else { icons::RIGHT };
        text_at(ui, rect, left, 16.0, icon, theme::font(type_size::SMALL), tokens.text_weak);
    }
    left += 16.0;
    let colour = tokens.category(row.category);
    ui.painter().circle_filled(pos2(left + 5.0, rect.center().y), if row.depth == 0 { 4.5 } else { 3.0 }, colour);
    left += 15.0;
    let right = rect.right() - space::S;
    let figures_from = right - 2.0 * FIGURE_PX;
    let font = if row.depth == 0 { theme::medium_font(type_size::BODY) } else { theme::font(type_size::BODY) };
    let bar_px = ((figures_from - left) * 0.45).min(220.0);
    text_at(ui, rect, left, figures_from - bar_px - left - space::S, &row.name, font, tokens.text);
    if bar_px > 60.0 {
        let track = egui::Rect::from_min_max(
            pos2(figures_from - bar_px, rect.center().y - 2.5),
            pos2(figures_from, rect.center().y + 2.5),
        );
        rows::bar(ui, tokens, track, row.count.interactions as f64 / most as f64, colour);
    }
    figure_at(ui, rect, right - FIGURE_PX, &figures[0], tokens.text);
    figure_at(ui, rect, right, &figures[1], tokens.text);
    if response.has_focus() && row.key.is_some() {
        // Left and right fold and unfold; up and down walk on.
        let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let key = if row.is_open { Key::ArrowLeft } else { Key::ArrowRight };
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            toggle(&mut desk.unfolded_tags, row.key.clone().unwrap_or_default());
            return;
        }
    }
    if !response.clicked() {
        return;
    }
    match (&row.key, row.leaf) {
        (Some(key), _) => toggle(&mut desk.unfolded_tags, key.clone()),
        (None, Some(leaf)) => {
            let is_held = ui.input(|input| input.modifiers.command);
            scene.send(Command::Select(Thing::Tag(leaf), if is_held { Mode::Toggle } else { Mode::Replace }));
        }
        (None, None) => {}
    }
}

/// Level-2 tags whose only child bears their name are that child.
fn is_own_leaf(dataset: &Dataset, counts: &Counts, level2: u32) -> Option<u32> {
    let [leaf] = counts.tags.leaves_of[level2 as usize][..] else { return None };
    (dataset.tags.leaf.name(leaf) == dataset.tags.level2.name(level2)).then_some(leaf)
}

/// Likewise for level 1 over level 2.
fn is_own_level2(dataset: &Dataset, counts: &Counts, level1: u32) -> Option<u32> {
    let [level2] = counts.tags.level2_of[level1 as usize][..] else { return None };
    (dataset.tags.level2.name(level2) == dataset.tags.level1.name(level1)).then_some(level2)
}

fn all_keys(dataset: &Dataset, counts: &Counts) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (level1, children) in counts.tags.level2_of.iter().enumerate() {
        let name = dataset.tags.level1.name(level1 as u32);
        keys.insert(name.to_owned());
        keys.extend(children.iter().map(|&level2| format!("{name}/{}", dataset.tags.level2.name(level2))));
    }
    keys
}

/// The tags that show, in order. A query shows what bears it in its name, with all that stands above.
fn list(dataset: &Dataset, counts: &Counts, wish: &Wish) -> Vec<TagRow> {
    let lister = Lister { dataset, counts, wish };
    let mut rows = Vec::new();
    let level1: Vec<u32> = (0..dataset.tags.level1.len() as u32).collect();
    for level1 in lister.sorted(level1, &counts.tags.level1, &dataset.tags.level1) {
        let name = dataset.tags.level1.name(level1);
        let count = counts.tags.level1[level1 as usize];
        let of_row = |leaf, key: Option<String>, is_open| TagRow {
            depth: 0,
            name: dataset.label(name, wish.language).to_owned(),
            count,
            category: level1 as usize,
            leaf,
            key,
            is_open,
        };
        let alone = is_own_level2(dataset, counts, level1);
        if let Some(leaf) = alone.and_then(|level2| is_own_leaf(dataset, counts, level2)) {
            if lister.is_found(name) {
                rows.push(of_row(Some(leaf), None, false));
            }
            continue;
        }
        let is_open = lister.is_open(name);
        let (mut below, is_hit) = (Vec::new(), lister.is_found(name));
        match alone {
            Some(level2) => lister.leaves(&mut below, level1, level2, 1, is_hit),
            None => lister.level2(&mut below, level1, name, is_hit),
        }
        if is_hit || !below.is_empty() {
            rows.push(of_row(None, Some(name.to_owned()), is_open));
            if is_open {
                rows.append(&mut below);
            }
        }
    }
    rows
}

struct Lister<'a> {
    dataset: &'a Dataset,
    counts: &'a Counts,
    wish: &'a Wish,
}

impl Lister<'_> {
    fn sorted(&self, mut tags: Vec<u32>, counts: &[TagCount], ids: &crate::dataset::Ids) -> Vec<u32> {
        let count = |tag: &u32| counts[*tag as usize];
        match self.wish.order {
            TagOrder::Name => tags.sort_by_cached_key(|&tag| self.dataset.label(ids.name(tag), self.wish.language)),
            TagOrder::Items => tags.sort_by_key(|tag| std::cmp::Reverse((count(tag).items, count(tag).interactions))),
            TagOrder::Interactions => tags.sort_by_key(|tag| std::cmp::Reverse(count(tag).interactions)),
        }
        if self.wish.is_reversed {
            tags.reverse();
        }
        tags
    }

    fn is_found(&self, name: &str) -> bool {
        let query = &self.wish.query;
        let has = |text: &str| text.to_lowercase().contains(query.as_str());
        query.is_empty() || has(name) || has(self.dataset.label(name, Language::English))
    }

    fn is_open(&self, key: &str) -> bool {
        !self.wish.query.is_empty() || self.wish.unfolded.contains(key)
    }

    /// `is_hit`: the tag above was found, and with it all below.
    fn level2(&self, rows: &mut Vec<TagRow>, level1: u32, above: &str, is_hit: bool) {
        let tree = &self.dataset.tags;
        let children = self.counts.tags.level2_of[level1 as usize].clone();
        for level2 in self.sorted(children, &self.counts.tags.level2, &tree.level2) {
            let name = tree.level2.name(level2);
            let is_found = is_hit || self.is_found(name);
            let alone = is_own_leaf(self.dataset, self.counts, level2);
            let key = format!("{above}/{name}");
            let is_open = alone.is_none() && self.is_open(&key);
            let mut below = Vec::new();
            if alone.is_none() {
                self.leaves(&mut below, level1, level2, 2, is_found);
            }
            if is_found || !below.is_empty() {
                rows.push(TagRow {
                    depth: 1,
                    name: self.dataset.label(name, self.wish.language).to_owned(),
                    count: self.counts.tags.level2[level2 as usize],
                    category: level1 as usize,
                    leaf: alone,
                    key: alone.is_none().then_some(key),
                    is_open,
                });
                if is_open {
                    rows.append(&mut below);
                }
            }
        }
    }

    fn leaves(&self, rows: &mut Vec<TagRow>, level1: u32, level2: u32, depth: u8, is_hit: bool) {
        let tree = &self.dataset.tags;
        let leaves = self.counts.tags.leaves_of[level2 as usize].clone();
        for leaf in self.sorted(leaves, &self.counts.tags.leaf, &tree.leaf) {
            let name = tree.leaf.name(leaf);
            if is_hit || self.is_found(name) {
                rows.push(TagRow {
                    depth,
                    name: self.dataset.label(name, self.wish.language).to_owned(),
                    count: self.counts.tags.leaf[leaf as usize],
                    category: level1 as usize,
                    leaf: Some(leaf),
                    key: None,
                    is_open: false,
                });
            }
        }
    }
}
