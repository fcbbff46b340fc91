//! The report's own words.

use jiff::{Timestamp, tz::TimeZone};

use super::Who;
use crate::dataset::Language;

macro_rules! words {
    ($($name:ident: $english:literal, $chinese:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Word { $($name),* }

        impl Word {
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            pub(super) fn of(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::English) => $english,
                      (Self::$name, Language::Chinese) => $chinese,)*
                }
            }
        }
    };
}

words! {
    Contents: "Cases", "案例";
    SkipToCases: "Skip to the cases", "跳到案例";
    Notes: "Notes", "笔记";
    Tags: "Tags", "标签";
    User: "User {}", "用户 {}";
    ItemKind: "Item", "内容";
    ItemNote: "What each lane recalls for somebody who took this item and nothing else", "各通道为只取用过该内容的人召回的结果";
    Band: "Activity", "活跃度";
    BandOfItem: "Popularity", "热度";
    Interactions: "Interactions in the training part", "训练部分的互动";
    Behaviours: "Behaviours", "行为";
    FavouriteTags: "Favourite tags", "偏好标签";
    Changes: "As if", "假设";
    Clicked: "clicked just now: {}", "刚刚点击：{}";
    Struck: "never taken: {}", "未曾取用：{}";
    Changed: "{} is {}", "{} 为 {}";
    KeptWith: "As it was kept with the case; the data set is not asked again", "保存案例时的内容；未再查询数据集";
    RunsGone: "No longer in the workspace: {}", "工作区中已不存在：{}";
    Recent: "Recently taken", "最近取用";
    NothingRecent: "Nothing was taken in the training part", "训练部分没有取用任何内容";
    Recalled: "Recalled by {}", "{} 的召回";
    HitsOf: "{} of {} taken later", "命中 {} / {}";
    HitsOfHeldOut: "{} of {} held out", "命中留出的 {} / {}";
    HeldOut: "held out", "属于留出部分";
    Nothing: "This lane recalls nothing here", "该通道在此没有召回";
    Details: "All figures of {}, and why", "{} 的全部数据与原因";
    Rank: "Rank", "名次";
    Title: "Title", "标题";
    Id: "Id", "编号";
    Score: "Score", "得分";
    Marks: "Marks", "标记";
    Also: "Also found by (rank)", "同时召回的通道（名次）";
    Why: "Carried by", "由其带来";
    Lane: "Lane", "通道";
    Run: "Run", "运行";
    Seed: "Seed", "随机种子";
    Version: "Version", "版本";
    Settings: "Settings", "设置";
    TakenLater: "taken later", "之后取用";
    SharesTag: "shares “{}”", "同有“{}”";
    Tail: "tail", "长尾";
    NewItem: "new item", "新内容";
    NoCover: "no cover", "无封面";
    Stamp: "How this was made", "制作信息";
    DataSet: "Data set", "数据集";
    Fingerprint: "Fingerprint", "指纹";
    Made: "Made", "制作时间";
    DrawnWith: "Drawn with seed", "抽取所用种子";
    Pseudonyms: "Names of users are replaced, and attributes that fewer than five users share are left out", "用户名称已替换，少于五位用户共有的属性已略去";
    BandNew: "new", "新用户";
    BandLow: "quiet", "低活跃";
    BandMiddle: "regular", "一般活跃";
    BandActive: "active", "高活跃";
    ItemNew: "never taken", "无互动";
    ItemTail: "tail", "长尾";
    ItemWaist: "waist", "腰部";
    ItemHead: "head", "头部";
}

impl Who {
    /// What an item is called that is a hit.
    pub(super) fn hit(&self) -> Word {
        if self.is_held_out { Word::HeldOut } else { Word::TakenLater }
    }

    pub(super) fn hits_of(&self) -> Word {
        if self.is_held_out { Word::HitsOfHeldOut } else { Word::HitsOf }
    }
}

impl Word {
    /// The text with what stands for each `{}`, in order.
    pub(super) fn fill(self, language: Language, parts: &[&str]) -> String {
        let mut pieces = self.of(language).split("{}");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for (place, piece) in pieces.enumerate() {
            text += parts.get(place).copied().unwrap_or_default();
            text += piece;
        }
        text
    }
}

/// What logs commonly call what people do and are, in plain words; others stay as they are.
pub(super) fn common(name: &str, language: Language) -> &str {
    let [english, chinese] = match name {
        "click" => ["click", "点击"],
        "like" => ["like", "点赞"],
        "comment" => ["comment", "评论"],
        "favorite" | "favourite" => ["favorite", "收藏"],
        "publish" => ["publish", "发布"],
        "buy" | "purchase" => ["buy", "购买"],
        "rating" => ["rating", "评分"],
        "share" => ["share", "分享"],
        "view" => ["view", "浏览"],
        "age" => ["age", "年龄"],
        "gender" | "sex" => ["gender", "性别"],
        "region" => ["region", "地区"],
        "occupation" => ["occupation", "职业"],
        "F" | "f" | "female" | "Female" | "女" => ["woman", "女"],
        "M" | "m" | "male" | "Male" | "男" => ["man", "男"],
        _ => return name,
    };
    if language == Language::English { english } else { chinese }
}

/// A day, UTC.
pub(super) fn day(secs: i64) -> String {
    written(secs, "%Y-%m-%d")
}

/// A minute, UTC.
pub(super) fn moment(secs: i64) -> String {
    written(secs, "%Y-%m-%d %H:%M UTC")
}

fn written(secs: i64, form: &str) -> String {
    Timestamp::from_second(secs)
        .map_or_else(|_| secs.to_string(), |time| time.to_zoned(TimeZone::UTC).strftime(form).to_string())
}

/// Three figures that count.
pub(super) fn score(score: f32) -> String {
    match score.abs() {
        size if size >= 100.0 => format!("{score:.0}"),
        size if size >= 10.0 => format!("{score:.1}"),
        size if size >= 0.1 || size == 0.0 => format!("{score:.2}"),
        size if size >= 0.001 => format!("{score:.4}"),
        _ => format!("{score:.1e}"),
    }
}

/// In hundredths.
pub(super) fn share(share: f32) -> String {
    format!("{:.0} %", 100.0 * share)
}
