//! Titles and short texts, in Chinese and in English, from the words of `phrases`.

use rand::{Rng, RngExt as _};

use super::phrases::{Kind, Leaf, Level1, Level2, Pair, STYLES};

/// `{n}` noun, `{a}` noun with its article (English), `{d}` detail, `{t}` tip, `{o}` occasion, `{m}` mood.
/// English frames are put into sentence case afterwards.
fn frames(kind: Kind) -> &'static [Pair] {
    match kind {
        Kind::Thing => &[
            ("{m}｜{d}的{n}", "{m}: {a} with {d}"),
            ("{o}，给{n}找到了合适的位置", "{o}, the {n} found its place"),
            ("入手{n}一个月：{t}", "a month with the {n}: {t}"),
            ("{d}的{n}，越看越喜欢", "{a} with {d}: I like it more each day"),
            ("为什么我选了{d}的{n}", "why I chose {a} with {d}"),
            ("{n}怎么选？{t}", "how to choose {a}: {t}"),
            ("{o}｜和{n}待一会儿", "{o}: a moment with the {n}"),
            ("{m}｜这一角的主角是{n}", "{m}: the {n} is the star of this corner"),
            ("{o}｜{d}的{n}开箱", "{o}: unpacking {a} with {d}"),
        ],
        Kind::Dish => &[
            ("{m}｜{d}的{n}", "{m}: {a} with {d}"),
            ("{o}，就想来点{n}", "{o}, all I want is {a}"),
            ("在家复刻{n}：{t}", "{a} at home: {t}"),
            ("{d}的{n}，一口就沦陷", "{a} with {d}: sold at the first taste"),
            ("{n}好味道的秘密：{t}", "the secret of a good {n}: {t}"),
            ("第三次做{n}终于成功，关键是{d}", "third try, and the {n} came out right, with {d}"),
            ("巷子里那家店，{d}的{n}", "the shop down the lane: {a} with {d}"),
            ("{o}｜{n}和一点好心情", "{o}: {a} and a good mood"),
            ("{m}｜{o}，{n}", "{m}: {a}, {o}"),
        ],
        Kind::Made => &[
            ("{m}｜{d}的{n}", "{m}: {a} with {d}"),
            ("{o}，{n}完成啦", "{o}, the {n} is finished"),
            ("新手也能做的{n}：{t}", "{a} for beginners: {t}"),
            ("{d}的{n}，花了三个晚上", "{a} with {d}: three evenings of work"),
            ("{n}小教程：{t}", "how to make {a}: {t}"),
            ("送给朋友的礼物：{d}的{n}", "a gift for a friend: {a} with {d}"),
            ("{o}｜和{n}较劲的一下午", "{o}: an afternoon of wrestling with {a}"),
            ("做坏三次以后的{n}心得：{t}", "after three failed tries at {a}: {t}"),
            ("{m}｜{o}做的{n}", "{m}: {a}, made {o}"),
        ],
        Kind::Plant => &[
            ("{m}｜{d}的{n}", "{m}: {a} with {d}"),
            ("{o}，{n}的状态正好", "{o}, the {n} is at its best"),
            ("和{n}相处的经验：{t}", "what the {n} taught me: {t}"),
            ("{d}的{n}，摆在哪里都好看", "{a} with {d} looks good anywhere"),
            ("{n}不难养：{t}", "{a} is easy to keep: {t}"),
            ("阳台新成员：{d}的{n}", "new on the balcony: {a} with {d}"),
            ("{o}｜给{n}拍张照", "{o}: a portrait of the {n}"),
            ("想让{n}活得久，{t}", "to enjoy {a} for longer, {t}"),
            ("{m}｜{o}，{n}", "{m}: {a}, {o}"),
        ],
        Kind::Pet => &[
            ("{m}｜{d}的{n}", "{m}: {a} with {d}"),
            ("{o}，{n}在干什么", "{o}: what is the {n} up to?"),
            ("养了{n}才知道：{t}", "what nobody tells you about {a}: {t}"),
            ("{d}的{n}，今天也很乖", "{a} with {d}, good as gold today"),
            ("谁能拒绝{d}的{n}", "who could say no to {a} with {d}?"),
            ("{n}观察日记：{t}", "notes on my {n}: {t}"),
            ("{o}｜被{n}治愈了", "{o}: the {n} made my day"),
            ("{m}｜给你们看看我家{n}", "{m}: let me show you our {n}"),
            ("{o}，{d}的{n}", "{o}: {a} with {d}"),
        ],
        Kind::Place => &[
            ("{m}｜{d}的{n}", "{m}: {a} with {d}"),
            ("{o}，遇见{d}的{n}", "{o}: {a} with {d}"),
            ("{n}攻略：{t}", "guide to {a}: {t}"),
            ("{d}的{n}，值得早起", "{a} with {d}: worth the early start"),
            ("{o}，一个人去看{n}", "{o}: alone with {a}"),
            ("想看{n}，{t}", "to see {a} at its best, {t}"),
            ("{o}｜手机壁纸换成了{n}", "{o}: {a} for my wallpaper"),
            ("收藏了好久的{n}，终于到了：{d}", "saved for so long, seen at last: {a} with {d}"),
            ("{m}｜{o}，{n}", "{m}: {a}, {o}"),
        ],
    }
}

const OPENINGS: [Pair; 12] = [
    ("记录一下最近的{n}。", "a note on my latest {n}."),
    ("{o}，拍下了这张。", "{o}, I took this picture."),
    ("好几个朋友来问{n}，干脆写一篇。", "several friends asked about the {n}, so here it is."),
    ("先上图，再慢慢说{n}。", "the picture first, then a few words on the {n}."),
    ("关于{n}，想说的其实很多。", "there is much to say about {a}."),
    ("从没想过会这么喜欢{n}。", "I never thought I would be so fond of {a}."),
    ("{o}，心情因为{n}变好了。", "{o}, the {n} cheered me up."),
    ("分享一个小小的快乐：{n}。", "a small joy to share: {a}."),
    ("犹豫了很久，还是来写写{n}。", "after some hesitation, here are my words on the {n}."),
    ("今天的主角是{n}，{m}。", "today's star is the {n}: {m}."),
    ("攒了一个月的照片，先发{n}。", "a month of pictures, and the {n} comes first."),
    ("{m}，是我对{n}的全部想象。", "{m}: that is how I always pictured {a}."),
];

const DETAILS: [Pair; 6] = [
    ("最喜欢的是{d}。", "what I like best: {d}."),
    ("第一眼就看中了{d}。", "what caught my eye at once: {d}."),
    ("{d}，是照片拍不出来的好。", "{d}: better than any picture can show."),
    ("细节在于{d}。", "the detail that matters: {d}."),
    ("没想到加分的是{d}。", "the surprise was this: {d}."),
    ("大家问得最多的是{d}。", "what everyone asks about: {d}."),
];

const TIPS: [Pair; 5] = [
    ("小提醒：{t}。", "a small hint: {t}."),
    ("经验之谈，{t}。", "learnt the hard way: {t}."),
    ("如果你也想试，{t}。", "if you want to try, {t}."),
    ("划重点：{t}。", "the main point: {t}."),
    ("踩过坑才知道，{t}。", "I got it wrong before, so {t}."),
];

const CLOSINGS: [Pair; 8] = [
    ("你们会怎么选？", "what would you choose?"),
    ("欢迎在评论里交流。", "tell me in the comments."),
    ("下次再来更新。", "more next time."),
    ("希望你也有好心情。", "hope it brightens your day too."),
    ("喜欢的话点个赞吧。", "leave a like if you enjoy it."),
    ("有问题随时问我。", "ask me anything."),
    ("平凡的一天也值得记下来。", "an ordinary day is worth a note as well."),
    ("就到这里，去忙啦。", "that is all for now."),
];

/// What an item says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) title_en: String,
    pub(super) text: String,
    pub(super) text_en: String,
}

/// One choice of words, used by title and text alike so that they speak of the same thing.
struct Choice {
    noun: Pair,
    detail: Pair,
    tip: Pair,
    occasion: Pair,
    mood: Pair,
}

fn pick<T: Copy>(rng: &mut impl Rng, from: &[T]) -> T {
    from[rng.random_range(0..from.len())]
}

pub(super) fn write(rng: &mut impl Rng, level1: &Level1, level2: &Level2, leaf: &Leaf, style: usize) -> Words {
    let details = rng.random_range(0..leaf.details.len());
    let choice = Choice {
        noun: pick(rng, &leaf.nouns),
        detail: leaf.details[details],
        tip: pick(rng, &leaf.tips),
        occasion: pick(rng, &level1.occasions),
        mood: pick(rng, &STYLES[style].moods),
    };
    let (title, title_en) = fill(pick(rng, frames(level2.kind)), &choice);
    // The text tells of a second detail.
    let choice =
        Choice { detail: leaf.details[(details + 1) % leaf.details.len()], tip: pick(rng, &leaf.tips), ..choice };
    let sentences = [pick(rng, &OPENINGS), pick(rng, &DETAILS), pick(rng, &TIPS), pick(rng, &CLOSINGS)];
    let (mut text, mut text_en) = (String::new(), String::new());
    for sentence in sentences {
        let (chinese, english) = fill(sentence, &choice);
        text += &chinese;
        if !text_en.is_empty() {
            text_en.push(' ');
        }
        text_en += &english;
    }
    Words { title, title_en, text, text_en }
}

fn fill(frame: Pair, choice: &Choice) -> (String, String) {
    let Choice { noun, detail, tip, occasion, mood } = choice;
    let chinese = frame
        .0
        .replace("{n}", noun.0)
        .replace("{d}", detail.0)
        .replace("{t}", tip.0)
        .replace("{o}", occasion.0)
        .replace("{m}", mood.0);
    let english = frame
        .1
        .replace("{n}", noun.1)
        .replace("{a}", &with_article(noun.1))
        .replace("{d}", detail.1)
        .replace("{t}", tip.1)
        .replace("{o}", occasion.1)
        .replace("{m}", mood.1);
    (chinese, sentence_case(&english))
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::dataset::simulate::phrases::TREE;

    #[test]
    fn both_languages_are_filled() {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        for level1 in &TREE {
            for level2 in &level1.level2 {
                for leaf in &level2.leaves {
                    for n in 0..55 {
                        let words = write(&mut rng, level1, level2, leaf, n % STYLES.len());
                        for text in [&words.title, &words.title_en, &words.text, &words.text_en] {
                            assert!(!text.contains(['{', '}', '|']), "{text}");
                            assert!(!text.contains("的的"), "{text}");
                        }
                        assert!(words.title_en.is_ascii() || words.title_en.contains('é'), "{}", words.title_en);
                        assert!(!words.title.is_ascii() && !words.text.is_ascii());
                    }
                }
            }
        }
    }

    #[test]
    fn articles_and_capitals() {
        assert_eq!(with_article("open bookshelf"), "an open bookshelf");
        assert_eq!(with_article("sofa"), "a sofa");
        assert_eq!(sentence_case("on a day"), "On a day");
    }
}
