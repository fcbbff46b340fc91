//! What the sample community writes about: the tree of tags with its words, each in Chinese and English.
//!
//! Grammar that the frames in `texts.rs` rely on: an English noun is singular and countable, without an article; a
//! detail can stand before 的 in Chinese and after "with" in English; a tip is a request; an occasion can open a
//! sentence.

mod craft;
mod food;
mod home;
mod pets;
mod photo;
mod plants;
mod toys;
mod travel;

/// Chinese, English.
pub(super) type Pair = (&'static str, &'static str);

/// Which sentence frames suit a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something bought and put somewhere.
    Thing,
    Dish,
    /// Something made by hand.
    Made,
    Plant,
    Pet,
    Place,
}

pub(super) struct Leaf {
    pub(super) name: Pair,
    pub(super) nouns: [Pair; 2],
    pub(super) details: [Pair; 4],
    pub(super) tips: [Pair; 3],
}

pub(super) struct Level2 {
    pub(super) name: Pair,
    pub(super) kind: Kind,
    pub(super) topics: [Pair; 2],
    pub(super) leaves: [Leaf; 3],
}

pub(super) struct Level1 {
    pub(super) name: Pair,
    /// One leans to each of the three tags of level 2, and each has styles of its own.
    pub(super) circles: [Pair; 3],
    pub(super) occasions: [Pair; 6],
    pub(super) level2: [Level2; 3],
}

const fn leaf(name: Pair, nouns: [Pair; 2], details: [Pair; 4], tips: [Pair; 3]) -> Leaf {
    Leaf { name, nouns, details, tips }
}

/// Leaves follow the order of the scenes in `covers`.
pub(super) static TREE: [Level1; 8] =
    [home::HOME, food::FOOD, craft::CRAFT, toys::TOYS, photo::PHOTO, plants::PLANTS, pets::PETS, travel::TRAVEL];

/// A mood of pictures and words that runs through all leaves.
pub(super) struct Style {
    pub(super) moods: [Pair; 3],
    pub(super) topics: [Pair; 2],
}

pub(super) static STYLES: [Style; 6] = [
    Style {
        moods: [("极简风", "minimal"), ("少即是多", "less is more"), ("留白感", "with room to breathe")],
        topics: [("极简生活", "Minimal living"), ("断舍离", "Decluttering")],
    },
    Style {
        moods: [("复古色调", "vintage tones"), ("老时光的味道", "a taste of old times"), ("中古感", "retro charm")],
        topics: [("复古情调", "Vintage mood"), ("旧物新生", "Old things anew")],
    },
    Style {
        moods: [("温柔系", "soft and gentle"), ("奶油色", "cream tones"), ("治愈感满满", "pure comfort")],
        topics: [("治愈日常", "Soothing days"), ("奶油色系", "Cream tones")],
    },
    Style {
        moods: [("童趣满满", "playful"), ("可爱暴击", "almost too cute"), ("脑洞大开", "a wild idea")],
        topics: [("可爱收集", "Cute finds"), ("童心未泯", "Young at heart")],
    },
    Style {
        moods: [("色彩浓郁", "bold colours"), ("撞色搭配", "clashing colours"), ("热烈一点", "turned up bright")],
        topics: [("多巴胺配色", "Dopamine colours"), ("大胆撞色", "Colour clash")],
    },
    Style {
        moods: [("自然质感", "natural textures"), ("大地色系", "earth tones"), ("贴近自然", "close to nature")],
        topics: [("自然系", "The natural look"), ("慢生活", "Slow living")],
    },
];
