//! Menus, search, theme and language.

use egui::{Align, Layout, Popup, PopupCloseBehavior, RichText, ScrollArea, Ui, vec2};

use crate::{
    dataset::Language,
    ui::{
        commands::Command,
        covers::CoverKey,
        desk::Preset,
        icons,
        selection::{Mode, Thing},
        session::Opened,
        theme::{self, radius, space},
        views::{Scene, ViewKind},
        widgets,
        words::Word,
    },
    workspace::export::TableFormat,
};

/// From this width of the window on, buttons of the bar are named.
const NAMED_FROM_PX: f32 = 1_500.0;

/// The search box's own state.
#[derive(Default)]
pub struct Search {
    query: String,
    found_for: Option<(String, String)>,
    found: Vec<Thing>,
    /// Set by the command that puts the cursor into the box.
    pub wants_focus: bool,
}

pub fn top_ui(ui: &mut Ui, scene: &mut Scene<'_>, search: &mut Search) {
    let (words, tokens) = (scene.words, scene.tokens);
    ui.horizontal(|ui| {
        ui.set_min_height(30.0);
        ui.spacing_mut().item_spacing.x = space::XS;
        let name = RichText::new(words.get(Word::AppName)).font(theme::strong_font(14.0)).color(tokens.text_strong);
        ui.label(name);
        ui.add_space(space::S);
        ui.scope(|ui| {
            ui.visuals_mut().widgets.inactive.weak_bg_fill = tokens.panel;
            ui.visuals_mut().widgets.inactive.bg_stroke = egui::Stroke::NONE;
            ui.menu_button(words.get(Word::MenuFile), |ui| file_menu(ui, scene));
            ui.menu_button(words.get(Word::MenuEdit), |ui| edit_menu(ui, scene));
            ui.menu_button(words.get(Word::MenuView), |ui| view_menu(ui, scene));
            ui.menu_button(words.get(Word::Layouts), |ui| layout_menu(ui, scene));
            ui.menu_button(words.get(Word::MenuGo), |ui| {
                for command in [Command::Back, Command::Forward, Command::FocusSearch, Command::Palette] {
                    menu_entry(ui, scene, &command);
                }
            });
            ui.menu_button(words.get(Word::MenuHelp), |ui| {
                for command in [Command::Help, Command::Shortcuts, Command::ToggleFrameTimes] {
                    menu_entry(ui, scene, &command);
                }
            });
        });
        ui.add_enabled_ui(scene.selection.can_go_back(), |ui| icon_command(ui, scene, icons::LEFT, &Command::Back));
        ui.add_enabled_ui(scene.selection.can_go_forward(), |ui| {
            icon_command(ui, scene, icons::RIGHT, &Command::Forward);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let is_dark = ui.visuals().dark_mode;
            let (icon, theme) = if is_dark { (icons::SUN, Word::ThemeLight) } else { (icons::MOON, Word::ThemeDark) };
            if ui.ctx().content_rect().width() >= NAMED_FROM_PX {
                named_command(ui, scene, icons::PALETTE, Command::Palette.name(words), &Command::Palette);
                named_command(ui, scene, icon, words.get(theme), &Command::ToggleTheme);
            } else {
                icon_command(ui, scene, icons::PALETTE, &Command::Palette);
                icon_command(ui, scene, icon, &Command::ToggleTheme);
            }
            let other = if words.language == Language::English { "中文" } else { "EN" };
            let response = ui.add(egui::Button::new(other).frame_when_inactive(false));
            let name = Command::SwitchLanguage.name(words);
            if response.on_hover_text(name).accessible_name(name).clicked() {
                scene.send(Command::SwitchLanguage);
            }
            ui.add_space(space::S);
            if let Some(opened) = scene.opened() {
                search_ui(ui, scene, opened, search);
            }
        });
    });
}

fn file_menu(ui: &mut Ui, scene: &Scene<'_>) {
    for command in [Command::Open, Command::OpenPath, Command::OpenSample, Command::ReviewColumns, Command::PickPicture]
    {
        menu_entry(ui, scene, &command);
    }
    ui.menu_button(scene.words.get(Word::Recent), |ui| {
        if scene.session.recent.is_empty() {
            ui.weak(scene.words.get(Word::NoRecent));
        }
        for (folder, name) in scene.session.recent.iter().take(12) {
            if ui.button(name).on_hover_text(folder.display().to_string()).clicked() {
                scene.send(Command::OpenFolder(folder.clone()));
                ui.close();
            }
        }
    });
    menu_entry(ui, scene, &Command::ExportCandidates { run: None, format: TableFormat::Parquet });
    ui.separator();
    for command in [Command::SaveCase, Command::Show(ViewKind::Book), Command::Present(None)] {
        menu_entry(ui, scene, &command);
    }
    ui.separator();
    menu_entry(ui, scene, &Command::ExportCase);
    menu_entry(ui, scene, &Command::ExportPicture(None));
    ui.separator();
    menu_entry(ui, scene, &Command::RetryAll);
    menu_entry(ui, scene, &Command::CancelAll);
    ui.separator();
    menu_entry(ui, scene, &Command::Quit);
}

fn edit_menu(ui: &mut Ui, scene: &Scene<'_>) {
    ui.add_enabled_ui(scene.history.can_undo(), |ui| menu_entry(ui, scene, &Command::Undo));
    ui.add_enabled_ui(scene.history.can_redo(), |ui| menu_entry(ui, scene, &Command::Redo));
    ui.separator();
    menu_entry(ui, scene, &Command::Mixer);
    menu_entry(ui, scene, &Command::Settings);
}

fn view_menu(ui: &mut Ui, scene: &Scene<'_>) {
    const GROUPS: [&[Command]; 3] = [
        &[
            Command::AddColumn,
            Command::SurpriseAll,
            Command::CoversLarger,
            Command::CoversSmaller,
            Command::ToggleTitles,
        ],
        &[Command::Larger, Command::Smaller, Command::NaturalSize],
        &[Command::ToggleTheme, Command::FollowSystemTheme, Command::SwitchLanguage],
    ];
    let words = scene.words;
    for kind in ViewKind::ALL {
        let command = Command::Show(kind);
        let is_open = scene.desk.layout.has(kind);
        toggle_entry(ui, scene, &command, kind.title(words), is_open);
    }
    ui.separator();
    for (command, is_open) in [
        (Command::ToggleLeft, scene.desk.layout.left_open),
        (Command::ToggleInspector, scene.desk.layout.inspector_open),
        (Command::ToggleJobs, scene.desk.layout.jobs_open),
    ] {
        toggle_entry(ui, scene, &command, command.name(words), is_open);
    }
    for group in GROUPS {
        ui.separator();
        for command in group {
            menu_entry(ui, scene, command);
        }
    }
}

fn layout_menu(ui: &mut Ui, scene: &Scene<'_>) {
    let words = scene.words;
    for preset in Preset::ALL {
        let command = Command::Arrange(preset);
        let shortcut = command.keys(ui.ctx()).unwrap_or_default();
        let button = egui::Button::new(preset.title(words)).shortcut_text(shortcut);
        if ui.add(button).on_hover_text(command.tooltip(words)).clicked() {
            scene.send(command);
            ui.close();
        }
    }
    ui.separator();
    for saved in &scene.desk.saved_layouts {
        ui.horizontal(|ui| {
            if ui.button(&saved.name).clicked() {
                scene.send(Command::ArrangeSaved(saved.name.clone()));
                ui.close();
            }
            if widgets::icon_button(ui, icons::DELETE, words.get(Word::ForgetLayout)).clicked() {
                scene.send(Command::ForgetLayout(saved.name.clone()));
            }
        });
    }
    menu_entry(ui, scene, &Command::SaveLayout);
}

/// An entry with a mark when what it shows is open.
fn toggle_entry(ui: &mut Ui, scene: &Scene<'_>, command: &Command, name: &str, is_open: bool) {
    let mark = if is_open { icons::CHECK } else { "   " };
    let shortcut = command.keys(ui.ctx()).unwrap_or_default();
    let button = egui::Button::new(format!("{mark}  {name}")).shortcut_text(shortcut);
    if ui.add(button).on_hover_text(command.tooltip(scene.words)).accessible_name(name).clicked() {
        scene.send(command.clone());
        ui.close();
    }
}

fn menu_entry(ui: &mut Ui, scene: &Scene<'_>, command: &Command) {
    let words = scene.words;
    let mut button = egui::Button::new(command.name(words));
    if let Some(keys) = command.keys(ui.ctx()) {
        button = button.shortcut_text(keys);
    }
    if ui.add(button).on_hover_text(command.tooltip(words)).clicked() {
        scene.send(command.clone());
        ui.close();
    }
}

fn icon_command(ui: &mut Ui, scene: &Scene<'_>, icon: &str, command: &Command) {
    if widgets::icon_button(ui, icon, command.name(scene.words)).clicked() {
        scene.send(command.clone());
    }
}

/// The same with a word beside the icon, where there is room for it.
fn named_command(ui: &mut Ui, scene: &Scene<'_>, icon: &str, text: &str, command: &Command) {
    let name = command.name(scene.words);
    let keys = command.keys(ui.ctx()).unwrap_or_default();
    let button = egui::Button::new(format!("{icon}  {text}")).frame_when_inactive(false);
    if ui.add(button).on_hover_text(format!("{name}  {keys}")).accessible_name(name).clicked() {
        scene.send(command.clone());
    }
}

fn search_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, search: &mut Search) {
    let (words, tokens) = (scene.words, scene.tokens);
    let width = (ui.available_width() - space::S).clamp(120.0, 300.0);
    let edit = egui::TextEdit::singleline(&mut search.query)
        .hint_text(words.get(Word::SearchHint))
        .prefix(RichText::new(icons::SEARCH).color(tokens.text_faint))
        .desired_width(width);
    let edit = ui.add(edit).accessible_name(words.get(Word::FocusSearch));
    if std::mem::take(&mut search.wants_focus) {
        edit.request_focus();
    }
    let key = (search.query.trim().to_lowercase(), opened.dataset.fingerprint.clone());
    if search.found_for.as_ref() != Some(&key) {
        search.found = opened.search.find(&opened.dataset, &search.query);
        search.found_for = Some(key);
    }
    if edit.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        search.query.clear();
        Popup::close_all(ui.ctx());
    }
    if search.query.trim().is_empty() {
        return;
    }
    let popup_id = egui::Id::unique("search results");
    if edit.has_focus() || edit.changed() {
        Popup::open_id(ui.ctx(), popup_id);
    }
    let wants_first = edit.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let mut chosen = if wants_first { search.found.first().copied() } else { None };
    Popup::new(popup_id, ui.ctx().clone(), &edit, ui.layer_id())
        .open_memory(None)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(width)
        .show(|ui| {
            ui.set_width(width.max(260.0));
            if search.found.is_empty() {
                ui.weak(words.fill(Word::SearchNothing, &[search.query.trim()]));
            }
            ui.spacing_mut().item_spacing.y = 2.0;
            ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
                for &thing in &search.found {
                    if found_ui(ui, scene, opened, thing) {
                        chosen = Some(thing);
                    }
                }
            });
        });
    if let Some(thing) = chosen {
        if let Thing::User(user) = thing {
            scene.send(Command::ShowUser(user));
        }
        scene.send(Command::Select(thing, Mode::Replace));
        search.query.clear();
        Popup::close_all(ui.ctx());
    }
}

fn found_ui(ui: &mut Ui, scene: &mut Scene<'_>, opened: &Opened, thing: Thing) -> bool {
    let dataset = &*opened.dataset;
    let tokens = scene.tokens;
    let (icon, text) = match thing {
        Thing::User(user) => (icons::USER, scene.words.fill(Word::UserNamed, &[dataset.users.ids.name(user)])),
        Thing::Item(item) => (icons::IMAGE, scene.title(dataset, item).to_owned()),
        Thing::Tag(tag) => (icons::TAG, scene.label(dataset, dataset.items.tags.vocabulary.name(tag)).to_owned()),
        Thing::Lane(lane) => (icons::LANE, lane.name().to_owned()),
        Thing::Run(run) => (icons::TRAIN, scene.run_title(opened, run as usize)),
    };
    let row = egui::Button::selectable(false, format!("         {text}")).truncate();
    let response = ui.add(row.min_size(vec2(ui.available_width(), 30.0))).accessible_name(text);
    let centre = egui::pos2(response.rect.left() + 19.0, response.rect.center().y);
    let place = egui::Rect::from_center_size(centre, egui::Vec2::splat(26.0));
    if let Thing::Item(item) = thing {
        let path = dataset.items.cover[item as usize].as_deref();
        scene.covers.paint_over(ui.painter(), place, radius::COVER, CoverKey::from(item), path, 0.0, |painter, _| {
            painter.rect_filled(place, radius::COVER, tokens.raised);
        });
    } else {
        ui.painter().text(centre, egui::Align2::CENTER_CENTER, icon, theme::font(15.0), tokens.text_weak);
    }
    response.clicked()
}
