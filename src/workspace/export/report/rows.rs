//! What was recalled, as one table.

use super::Report;
use crate::{
    dataset::Language,
    workspace::{Measured, Table, Values},
};

/// A row for each recalled item of each run and column of each case.
pub fn table(report: &Report) -> Table {
    let (mut cases, mut names, mut lanes, mut runs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut ranks, mut ids, mut titles, mut scores) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut later, mut tags, mut tails, mut new) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut also, mut why) = (Vec::new(), Vec::new());
    let flag = |is: bool| Some(u64::from(is));
    for case in &report.cases {
        for column in &case.columns {
            for lane in &column.lanes {
                for found in &lane.items {
                    cases.push(Some(case.title.clone()));
                    names.push(Some(column.who.name.clone()));
                    lanes.push(Some(lane.name.clone()));
                    runs.push(Some(lane.run.clone()));
                    ranks.push(Some(found.rank));
                    ids.push(Some(found.item.id.clone()));
                    titles.push(Some(found.item.title.clone()));
                    scores.push(Some(Measured::from(f64::from(found.score))));
                    later.push(flag(found.is_taken_later));
                    tags.push(found.shared_tag.clone());
                    tails.push(flag(found.is_tail));
                    new.push(flag(found.is_new));
                    let ranked = found.also.iter().map(|(name, rank)| format!("{name} {rank}"));
                    also.push(Some(ranked.collect::<Vec<_>>().join(", ")));
                    let carried = found.why.iter().map(|why| format!("{} {:.3}", why.item.id, why.share));
                    why.push(Some(carried.collect::<Vec<_>>().join(", ")));
                }
            }
        }
    }
    let title = |english: &str, chinese: &str| match report.language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
    };
    Table::new()
        .with("case", title("Case", "案例"), Values::Text(cases))
        .with("who", title("Who", "对象"), Values::Text(names))
        .with("lane", title("Lane", "通道"), Values::Text(lanes))
        .with("run", title("Run", "运行"), Values::Text(runs))
        .with("rank", title("Rank", "名次"), Values::Count(ranks))
        .with("item_id", title("Item", "内容"), Values::Text(ids))
        .with("title", title("Title", "标题"), Values::Text(titles))
        .with("score", title("Score", "得分"), Values::Metric(scores))
        .with("taken_later", title("Taken later", "之后取用"), Values::Count(later))
        .with("shared_tag", title("Shared tag", "相同标签"), Values::Text(tags))
        .with("tail", title("Tail", "长尾"), Values::Count(tails))
        .with("new_item", title("New item", "新内容"), Values::Count(new))
        .with("also", title("Also found by", "同时召回的通道"), Values::Text(also))
        .with("carried_by", title("Carried by", "由其带来"), Values::Text(why))
}
