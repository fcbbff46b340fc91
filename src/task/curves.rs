//! Curves that a training draws while it goes on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a curve shows, by epoch.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Series {
    #[default]
    Loss,
    /// NDCG of what was held out of training.
    Validation,
    /// Length of all gradients together, mean over the steps of an epoch.
    GradientNorm,
    StepsPerSec,
}

impl Series {
    pub const ALL: [Self; 4] = [Self::Loss, Self::Validation, Self::GradientNorm, Self::StepsPerSec];
}

/// Points (epoch, value) by what they show. As JSON an object; a list of points, as older versions wrote it, is the loss.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Form")]
pub struct Curves(BTreeMap<Series, Vec<(f64, f64)>>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Loss(Vec<(f64, f64)>),
    All(BTreeMap<Series, Vec<(f64, f64)>>),
}

impl From<Form> for Curves {
    fn from(form: Form) -> Self {
        match form {
            Form::Loss(points) if points.is_empty() => Self::default(),
            Form::Loss(points) => Self(BTreeMap::from([(Series::Loss, points)])),
            Form::All(all) => Self(all),
        }
    }
}

impl Curves {
    pub fn of(&self, series: Series) -> &[(f64, f64)] {
        self.0.get(&series).map_or(&[], |points| points)
    }

    pub fn push(&mut self, series: Series, epoch: f64, value: f64) {
        self.0.entry(series).or_default().push((epoch, value));
    }

    /// Number of points of all curves.
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was added since `before`, an earlier state of the same curves.
    pub fn since(&self, before: &Self) -> Self {
        let rest = self.0.iter().filter_map(|(&series, points)| {
            let rest = &points[before.of(series).len().min(points.len())..];
            (!rest.is_empty()).then(|| (series, rest.to_vec()))
        });
        Self(rest.collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_older_versions_are_the_loss() {
        let old: Curves = serde_json::from_str("[[1.0,0.5]]").unwrap();
        assert_eq!(old.of(Series::Loss), [(1.0, 0.5)]);
        assert!(serde_json::from_str::<Curves>("[]").unwrap().is_empty());
        let mut curves = old.clone();
        curves.push(Series::GradientNorm, 1.0, 2.0);
        let text = serde_json::to_string(&curves).unwrap();
        assert_eq!(text, r#"{"loss":[[1.0,0.5]],"gradient-norm":[[1.0,2.0]]}"#);
        assert_eq!(serde_json::from_str::<Curves>(&text).unwrap(), curves);
        assert_eq!(curves.since(&old).len(), 1);
    }
}
