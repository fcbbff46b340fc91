//! Recalled items to be taken along: as text for the clipboard, fields parted by tabs as spreadsheets take them, and as
//! tables for files.

use super::{
    data::{CaseKey, RecalledItem},
    seen::{Line, told},
    shifts,
    touch::Stage,
};
use crate::{
    ui::{views::Scene, words::Word},
    workspace::{Measured, Table, Values},
};

/// Rank, id, title, tags, score and marks of one recalled item.
pub(super) fn line(scene: &Scene<'_>, stage: &Stage<'_>, column: usize, row: usize, place: usize) -> String {
    let found = recalled(stage, column, row).get(place);
    found.map_or_else(String::new, |found| fields(scene, stage, column, row, found, place))
}

/// A heading, then a line an item, of the row in these columns; users and runs by name.
pub(super) fn table(scene: &Scene<'_>, stage: &Stage<'_>, columns: &[usize], row: usize) -> String {
    let words = [Word::User, Word::Run, Word::Rank, Word::Id, Word::Title, Word::Tags, Word::Score, Word::Marks];
    let mut lines = vec![words.map(|word| scene.words.get(word)).join("\t")];
    for &column in columns {
        let Some(seen) = stage.seen.get(column) else { continue };
        let user = seen.user.map_or("", |user| stage.opened.dataset.users.ids.name(user));
        let run = seen.runs.get(row).copied().flatten().map(|run| scene.run_title(stage.opened, run));
        let before = format!("{}\t{}", clean(user), clean(&run.unwrap_or_default()));
        let items = recalled(stage, column, row).iter().enumerate();
        lines.extend(
            items.map(|(place, found)| format!("{before}\t{}", fields(scene, stage, column, row, found, place))),
        );
    }
    lines.join("\n")
}

/// The same as [`table`], for a file.
pub(super) fn file_table(scene: &Scene<'_>, stage: &Stage<'_>, columns: &[usize], row: usize) -> Table {
    let dataset = &*stage.opened.dataset;
    let (mut users, mut runs, mut ranks, mut ids) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut titles, mut tags, mut scores, mut told) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for &column in columns {
        let Some(seen) = stage.seen.get(column) else { continue };
        let run = seen.runs.get(row).copied().flatten().map(|run| scene.run_title(stage.opened, run));
        for (place, found) in recalled(stage, column, row).iter().enumerate() {
            users.push(seen.user.map(|user| dataset.users.ids.name(user).to_owned()));
            runs.push(run.clone());
            ranks.push(Some(place as u64 + 1));
            ids.push(Some(dataset.items.ids.name(found.item).to_owned()));
            titles.push(Some(scene.title(dataset, found.item).to_owned()));
            let of_item: Vec<&str> =
                dataset.items.tags.texts(found.item).map(|tag| scene.label(dataset, tag)).collect();
            tags.push(Some(of_item.join(", ")));
            scores.push(Some(Measured::from(f64::from(found.score))));
            told.push(Some(marks(scene, stage, column, Line::Row(row), place, found).join(", ")));
        }
    }
    let title = |word: Word| scene.words.get(word);
    Table::new()
        .with("user_id", title(Word::User), Values::Text(users))
        .with("run", title(Word::Run), Values::Text(runs))
        .with("rank", title(Word::Rank), Values::Count(ranks))
        .with("item_id", title(Word::Id), Values::Text(ids))
        .with("title", title(Word::Title), Values::Text(titles))
        .with("tags", title(Word::Tags), Values::Text(tags))
        .with("score", title(Word::Score), Values::Metric(scores))
        .with("marks", title(Word::Marks), Values::Text(told))
}

fn recalled<'s>(stage: &Stage<'s>, column: usize, row: usize) -> &'s [RecalledItem] {
    shifts::cell(stage, column, row).map_or(&[], |cell| &cell.recalled)
}

fn fields(
    scene: &Scene<'_>,
    stage: &Stage<'_>,
    column: usize,
    row: usize,
    found: &RecalledItem,
    place: usize,
) -> String {
    let dataset = &*stage.opened.dataset;
    let tags: Vec<&str> = dataset.items.tags.texts(found.item).map(|tag| scene.label(dataset, tag)).collect();
    [
        (place + 1).to_string(),
        clean(dataset.items.ids.name(found.item)),
        clean(scene.title(dataset, found.item)),
        clean(&tags.join(", ")),
        found.score.to_string(),
        marks(scene, stage, column, Line::Row(row), place, found).join(", "),
    ]
    .join("\t")
}

/// The marks of a recalled item in words, and how its rank shifts from the column at the left.
pub(super) fn marks(
    scene: &Scene<'_>,
    stage: &Stage<'_>,
    column: usize,
    line: Line,
    place: usize,
    found: &RecalledItem,
) -> Vec<String> {
    let (marks, words) = (found.marks, scene.words);
    let (Line::Row(row), Some(seen)) = (line, stage.seen.get(column)) else { return Vec::new() };
    let is_as_if = seen.key.as_ref().is_some_and(CaseKey::is_as_if);
    let shift = shifts::shift(stage, column, row, found.item, place);
    let told_marks = [
        (marks.is_hit, told(seen.basis.as_ref(), Word::MarkHit)),
        (marks.has_come, if is_as_if { Word::MarkComeAsIf } else { Word::MarkCome }),
        (marks.shared_tag.is_some(), Word::MarkTag),
        (marks.is_tail, Word::MarkTail),
        (marks.is_fresh, Word::MarkFresh),
        (marks.is_shared, Word::MarkBoth),
        (shifts::is_only_here(stage, column, row, found.item), Word::MarkOnlyHere),
    ]
    .into_iter()
    .filter(|(is_so, _)| *is_so)
    .map(|(_, word)| words.get(word).to_owned());
    told_marks.chain(shift.map(|shift| shift.told(words))).collect()
}

/// A field must not break its line.
fn clean(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
