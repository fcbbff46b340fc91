//! A window on a packed workspace, whose data set's folder is gone.

use egui_kittest::kittest::Queryable as _;
use recallscope::{
    task::JobContext,
    ui::OpenOptions,
    workspace::{PackCovers, Workspace},
};

use crate::common::{Place, app, users, wait_complete, window};

#[test]
fn a_packed_workspace_opens_without_its_data_set_and_stays_as_it_is() {
    let place = Place::new();
    let mut first = window(place.options());
    wait_complete(&mut first);
    let shown = users(&first);
    drop(first);
    let elsewhere = tempfile::tempdir().unwrap();
    let pack = elsewhere.path().join("pack");
    let workspace = Workspace::open(&place.workspace).unwrap();
    let runs = workspace.runs().unwrap().len();
    workspace.pack(&pack, PackCovers::Small, &JobContext::default()).unwrap();
    std::fs::remove_dir_all(&place.data).unwrap();
    let database = || std::fs::read(pack.join("recallscope.sqlite")).unwrap();
    let before = database();

    let mut window = window(OpenOptions { workspace: Some(pack.clone()), ..place.options() });
    wait_complete(&mut window);
    assert!(app(&window).session.trouble.is_none(), "{:?}", app(&window).session.trouble);
    window.get_by_label("Packed copy, read-only");
    let opened = app(&window).session.opened.as_ref().unwrap();
    assert_eq!((opened.dataset.user_count(), opened.dataset.item_count()), (60, 80));
    assert!(opened.dataset.items.cover.iter().flatten().all(|cover| cover.starts_with(&pack) && cover.is_file()));
    assert!(opened.dataset.items.cover.iter().flatten().count() > 60);
    assert_eq!(users(&window).len(), shown.len());
    let found = opened.runs.iter().filter(|run| run.trained().is_some_and(|trained| trained.is_found)).count();
    assert_eq!(found, runs, "nothing is trained anew");
    drop(window);
    assert!(database() == before, "the window has written to it");
}
