//! Metapaths: which types of nodes a walk passes, written `u-i-u`.

use serde::{Deserialize, Serialize};

/// A type of node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeType {
    User,
    Item,
    Tag,
    Circle,
    Topic,
}

impl NodeType {
    pub const ALL: [Self; 5] = [Self::User, Self::Item, Self::Tag, Self::Circle, Self::Topic];

    /// As metapaths write it.
    pub fn letter(self) -> char {
        match self {
            Self::User => 'u',
            Self::Item => 'i',
            Self::Tag => 't',
            Self::Circle => 'c',
            Self::Topic => 'p',
        }
    }

    fn from_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| letter.chars().eq([own.letter()]))
    }

    /// Whether there are edges between nodes of these types: all of them have an item at one end.
    pub fn is_joined_to(self, other: Self) -> bool {
        self == Self::Item || other == Self::Item
    }
}

/// The longest metapath.
const MOST_STEPS: usize = 32;

/// The most metapaths of one training.
const MOST_PATHS: usize = 16;

/// A path of types that ends where it begins, so that a walk can go round on it (Dong et al., "metapath2vec", 2017).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Metapath(Vec<NodeType>);

/// One metapath or more; the text form is a list, `["u-i-u", "u-i-i-u"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Metapaths(Vec<Metapath>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetapathError {
    #[error(
        "`{found}` in the metapath `{path}` is no type of node; write u (user), i (item), t (tag), c (circle) or \
         p (topic) with `-` between, as in u-i-u"
    )]
    Type { path: String, found: String },
    #[error(
        "the metapath `{path}` steps from {from} to {to}, and there are no such edges; there are u-i, i-i, i-t, i-c \
         and i-p, each in both directions"
    )]
    Edge { path: String, from: char, to: char },
    #[error(
        "the metapath `{path}` begins at {first} and ends at {last}; it has to end where it begins, so that a walk can go round"
    )]
    Open { path: String, first: char, last: char },
    #[error("the metapath `{path}` has {found} types; write from 2 to {MOST_STEPS}")]
    Length { path: String, found: usize },
    #[error("there are {found} metapaths; give from 1 to {MOST_PATHS}, as in u-i-u,u-i-i-u")]
    Count { found: usize },
    #[error("no metapath passes users; one of them has to, or users get no vector")]
    NoUsers,
    #[error("no metapath passes items; one of them has to, or there is nothing to recall")]
    NoItems,
}

impl Metapath {
    /// The types in order; the last is the first again.
    pub fn types(&self) -> &[NodeType] {
        &self.0
    }

    /// The steps of one round: from a type to the next.
    pub fn steps(&self) -> impl Iterator<Item = (NodeType, NodeType)> + Clone {
        self.0.iter().copied().zip(self.0.iter().copied().skip(1))
    }
}

impl std::fmt::Display for Metapath {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, node_type) in self.0.iter().enumerate() {
            if at > 0 {
                out.write_str("-")?;
            }
            write!(out, "{}", node_type.letter())?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Metapath {
    type Err = MetapathError;

    fn from_str(text: &str) -> Result<Self, MetapathError> {
        let path = || text.trim().to_owned();
        let parts = text.split('-').map(str::trim);
        let types = parts
            .map(|part| {
                let unknown = || MetapathError::Type { path: path(), found: part.to_owned() };
                NodeType::from_letter(&part.to_lowercase()).ok_or_else(unknown)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (&[first, .., last], 2..=MOST_STEPS) = (&types[..], types.len()) else {
            return Err(MetapathError::Length { path: path(), found: types.len() });
        };
        if let Some(step) = types.windows(2).find(|step| !step[0].is_joined_to(step[1])) {
            return Err(MetapathError::Edge { path: path(), from: step[0].letter(), to: step[1].letter() });
        }
        if first != last {
            return Err(MetapathError::Open { path: path(), first: first.letter(), last: last.letter() });
        }
        Ok(Self(types))
    }
}

impl TryFrom<String> for Metapath {
    type Error = MetapathError;

    fn try_from(text: String) -> Result<Self, MetapathError> {
        text.parse()
    }
}

impl From<Metapath> for String {
    fn from(path: Metapath) -> Self {
        path.to_string()
    }
}

impl Metapaths {
    pub fn new(paths: Vec<Metapath>) -> Result<Self, MetapathError> {
        if !(1..=MOST_PATHS).contains(&paths.len()) {
            return Err(MetapathError::Count { found: paths.len() });
        }
        let passes = |wanted: NodeType| paths.iter().any(|path| path.types().contains(&wanted));
        match (passes(NodeType::User), passes(NodeType::Item)) {
            (false, _) => Err(MetapathError::NoUsers),
            (_, false) => Err(MetapathError::NoItems),
            (true, true) => Ok(Self(paths)),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Metapath> {
        self.0.iter()
    }
}

impl Default for Metapaths {
    /// `u-i-u` and `u-i-i-u`.
    fn default() -> Self {
        use NodeType::{Item, User};
        Self(vec![Metapath(vec![User, Item, User]), Metapath(vec![User, Item, Item, User])])
    }
}

impl TryFrom<Vec<String>> for Metapaths {
    type Error = MetapathError;

    fn try_from(texts: Vec<String>) -> Result<Self, MetapathError> {
        Self::new(texts.iter().map(|text| text.parse()).collect::<Result<_, _>>()?)
    }
}

impl From<Metapaths> for Vec<String> {
    fn from(paths: Metapaths) -> Self {
        paths.0.into_iter().map(String::from).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    #[test]
    fn refuses_with_the_place_and_a_mend() {
        for (text, told) in [
            ("u-x-u", "`x` in the metapath `u-x-u`"),
            ("u-u", "steps from u to u"),
            ("u-t-u", "steps from u to t"),
            ("u-i", "begins at u and ends at i"),
            ("u", "has 1 types"),
            ("", "`` in the metapath ``"),
            ("u--i-u", "`` in the metapath"),
            ("ui-u", "`ui` in the metapath"),
        ] {
            let error = text.parse::<Metapath>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
        let long = vec!["i"; MOST_STEPS + 1].join("-");
        assert!(matches!(long.parse::<Metapath>(), Err(MetapathError::Length { .. })));
        let paths = |texts: &[&str]| Metapaths::try_from(texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        assert_eq!(paths(&[]), Err(MetapathError::Count { found: 0 }));
        assert_eq!(paths(&["i-i"]), Err(MetapathError::NoUsers));
        assert_eq!(paths(&["u-i-u", "u-i-i-u"]).unwrap(), Metapaths::default());
    }

    proptest! {
        #[test]
        fn every_text_is_a_path_or_an_error(text in "[uitcpx -]{0,12}|\\PC{0,8}") {
            if let Ok(path) = text.parse::<Metapath>() {
                prop_assert!(path.types().first() == path.types().last());
                prop_assert!(path.steps().all(|(from, to)| from.is_joined_to(to)));
                prop_assert_eq!(path.to_string().parse::<Metapath>().unwrap(), path);
            }
        }

        #[test]
        fn what_goes_from_item_to_item_and_back_is_a_path(between in vec(select(&NodeType::ALL[..]), 0..10)) {
            // Any types, with an item between each two.
            let letters = std::iter::once('i').chain(between.iter().flat_map(|node| [node.letter(), 'i']));
            let mut text: Vec<String> = letters.map(String::from).collect();
            if text.len() == 1 {
                text.push("i".to_owned());
            }
            let path: Metapath = text.join(" - ").to_uppercase().parse().unwrap();
            prop_assert_eq!(path.to_string(), text.join("-"));
        }
    }
}
