//! Checkpoints of graph networks and of cover models as arrays of the workspace, and the trainings that can be taken up
//! from them.

use std::collections::BTreeMap;

use super::settings::PipelineSettings;
use crate::{
    models::{
        Embeddings, cover,
        gnn::{Checkpoint, Checkpoints, Parameter, Parameters},
    },
    recall::LaneKind,
    workspace::{Array, Arrays, Workspace, sorted_json, take_f32, take_u32, take_u64},
};

/// Keeps the checkpoints of one model's training in a workspace, if there is one.
pub(super) struct KeptCheckpoints<'a> {
    pub workspace: Option<&'a Workspace>,
    pub model_id: &'a str,
    /// The run that is being made.
    pub run_id: String,
    pub kind: LaneKind,
    pub fingerprint: &'a str,
    pub settings: &'a PipelineSettings,
}

/// A training that was cancelled, failed or was killed, and can be taken up again.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    pub run_id: String,
    pub model_id: String,
    pub kind: LaneKind,
    pub settings: PipelineSettings,
    /// Epochs that are done, of how many at most; 0 where their number follows the data.
    pub epoch: u64,
    pub epochs: u64,
}

/// The trainings on a data set, by its fingerprint, that `workspace` can take up again; `None`: on all of them.
pub fn stopped(workspace: &Workspace, fingerprint: Option<&str>) -> Vec<Stopped> {
    let all = workspace.checkpoints().into_iter();
    let of_dataset = all.filter(|(_, notes)| {
        fingerprint.is_none_or(|wanted| notes.get("dataset").is_some_and(|dataset| dataset == wanted))
    });
    of_dataset
        .filter_map(|(model_id, notes)| {
            let kind = LaneKind::from_name(notes.get("lane")?)?;
            let settings: PipelineSettings = serde_json::from_str(notes.get("settings")?).ok()?;
            let epochs = settings.gnn(kind).map_or(settings.cover.epochs, |own| own.epochs) as u64;
            let epoch = notes.get("epoch")?.parse().ok()?;
            Some(Stopped { run_id: notes.get("run")?.clone(), model_id, kind, settings, epoch, epochs })
        })
        .collect()
}

impl Checkpoints for KeptCheckpoints<'_> {
    fn load(&self) -> Option<Checkpoint> {
        let mut arrays = self.workspace?.find_checkpoint(self.model_id)?;
        checkpoint(&mut arrays)
    }

    fn save(&self, checkpoint: &Checkpoint) {
        if let Some(workspace) = self.workspace
            && let Err(error) =
                workspace.put_checkpoint(self.model_id, &arrays(checkpoint), &self.notes(checkpoint.epoch))
        {
            log::warn!("the training goes on without a checkpoint: {error}");
        }
    }
}

impl KeptCheckpoints<'_> {
    fn notes(&self, epoch: u64) -> BTreeMap<String, String> {
        let notes = [
            ("run", self.run_id.clone()),
            ("lane", self.kind.name().to_owned()),
            ("dataset", self.fingerprint.to_owned()),
            ("settings", sorted_json(&self.settings.of_run(self.kind))),
            ("epoch", epoch.to_string()),
        ];
        notes.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
    }
}

impl cover::Store for KeptCheckpoints<'_> {
    fn load(&self) -> Option<cover::Checkpoint> {
        let mut arrays = self.workspace?.find_checkpoint(self.model_id)?;
        let counts = take_u64(&mut arrays, "counts")?;
        let [epoch, best_epoch, best_value] = counts[..] else { return None };
        let mut list = |part: &str| {
            let mut found = Vec::new();
            while let Some((_, values)) = take_f32(&mut arrays, &format!("{part}/{}", found.len())) {
                found.push(values);
            }
            found
        };
        let (values, momenta, best) = (list("values"), list("momenta"), list("best"));
        let (losses, validations) = (curve(&mut arrays, "losses")?, curve(&mut arrays, "validations")?);
        let best_value = f64::from_bits(best_value);
        Some(cover::Checkpoint { values, momenta, best, best_epoch, best_value, epoch, losses, validations })
    }

    fn save(&self, checkpoint: &cover::Checkpoint) {
        let Some(workspace) = self.workspace else { return };
        let cover::Checkpoint { values, momenta, best, best_epoch, best_value, epoch, losses, validations } =
            checkpoint;
        let mut arrays = Arrays::new();
        for (part, lists) in [("values", values), ("momenta", momenta), ("best", best)] {
            for (place, values) in lists.iter().enumerate() {
                arrays.insert(format!("{part}/{place}"), Array::f32(values));
            }
        }
        arrays.insert("counts".to_owned(), Array::u64(vec![*epoch, *best_epoch, best_value.to_bits()]));
        arrays.insert("losses".to_owned(), bits(losses));
        arrays.insert("validations".to_owned(), bits(validations));
        if let Err(error) = workspace.put_checkpoint(self.model_id, &arrays, &self.notes(*epoch)) {
            log::warn!("the training goes on without a checkpoint: {error}");
        }
    }

    fn features(&self, key: &str) -> Option<(Vec<u32>, Embeddings)> {
        let mut arrays = self.workspace?.find_checkpoint(&format!("features-{key}"))?;
        let items = take_u32(&mut arrays, "items")?;
        let (shape, rows) = take_f32(&mut arrays, "features")?;
        Some((items, Embeddings { dim: *shape.get(1)?, rows }))
    }

    fn keep_features(&self, key: &str, items: &[u32], features: &Embeddings) {
        let Some(workspace) = self.workspace else { return };
        let arrays = Arrays::from([
            ("items".to_owned(), Array::u32(items.to_vec())),
            ("features".to_owned(), Array::f32_rows(&features.rows, features.dim.max(1))),
        ]);
        if let Err(error) = workspace.put_checkpoint(&format!("features-{key}"), &arrays, &BTreeMap::new()) {
            log::warn!("the features of the covers are not kept: {error}");
        }
    }
}

fn bits(curve: &[(f64, f64)]) -> Array<'static> {
    Array::u64(curve.iter().flat_map(|point| [point.0.to_bits(), point.1.to_bits()]).collect())
}

fn curve(arrays: &mut Arrays<'_>, name: &str) -> Option<Vec<(f64, f64)>> {
    let bits = take_u64(arrays, name)?;
    Some(bits.chunks_exact(2).map(|point| (f64::from_bits(point[0]), f64::from_bits(point[1]))).collect())
}

fn arrays(checkpoint: &Checkpoint) -> Arrays<'_> {
    let mut arrays = Arrays::new();
    put(&mut arrays, "now", &checkpoint.parameters);
    put(&mut arrays, "mean", &checkpoint.mean);
    let Checkpoint { best_epoch, best_value, last_epochs, epoch, step, loss_sum, .. } = *checkpoint;
    let steps = [checkpoint.parameters.steps, checkpoint.mean.steps];
    let bits_of = [best_value.to_bits(), loss_sum.to_bits()];
    let counts = [steps[0], steps[1], last_epochs, epoch, step, best_epoch, bits_of[0], bits_of[1]];
    arrays.insert("counts".to_owned(), Array::u64(counts.to_vec()));
    for (name, curve) in [("losses", &checkpoint.losses), ("validations", &checkpoint.validations)] {
        arrays.insert(name.to_owned(), bits(curve));
    }
    arrays
}

fn put<'a>(arrays: &mut Arrays<'a>, prefix: &str, parameters: &'a Parameters) {
    let table = ("table".to_owned(), &parameters.table);
    let dense = parameters.dense.iter().map(|(name, parameter)| (format!("dense.{name}"), parameter));
    for (name, parameter) in std::iter::once(table).chain(dense) {
        let [first, second] = parameter.moments();
        for (part, values) in [("values", &parameter.values[..]), ("first", first), ("second", second)] {
            let array = Array::f32_rows(values, parameter.columns.max(1));
            arrays.insert(format!("{prefix}/{name}/{part}"), array);
        }
    }
}

fn checkpoint(arrays: &mut Arrays<'_>) -> Option<Checkpoint> {
    let counts = take_u64(arrays, "counts")?;
    let [steps, mean_steps, last_epochs, epoch, step, best_epoch, best_value, loss_sum] = counts[..] else {
        return None;
    };
    let (losses, validations) = (curve(arrays, "losses")?, curve(arrays, "validations")?);
    Some(Checkpoint {
        parameters: take(arrays, "now", steps)?,
        mean: take(arrays, "mean", mean_steps)?,
        last_epochs,
        best_epoch,
        best_value: f64::from_bits(best_value),
        epoch,
        step,
        loss_sum: f64::from_bits(loss_sum),
        losses,
        validations,
    })
}

fn take(arrays: &mut Arrays<'_>, prefix: &str, steps: u64) -> Option<Parameters> {
    let mut of = |name: &str| {
        let mut part = |part: &str| take_f32(arrays, &format!("{prefix}/{name}/{part}"));
        let (shape, values) = part("values")?;
        Some(Parameter::with_moments(*shape.get(1)?, values, part("first")?.1, part("second")?.1))
    };
    let table = of("table")?;
    let start = format!("{prefix}/dense.");
    let names: Vec<String> =
        arrays.keys().filter_map(|name| Some(name.strip_prefix(&start)?.strip_suffix("/values")?.to_owned())).collect();
    let mut dense = BTreeMap::new();
    for name in names {
        let mut part = |part: &str| take_f32(arrays, &format!("{start}{name}/{part}"));
        let (shape, values) = part("values")?;
        let parameter = Parameter::with_moments(*shape.get(1)?, values, part("first")?.1, part("second")?.1);
        dense.insert(name, parameter);
    }
    Some(Parameters { table, dense, steps })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_comes_back_to_the_last_bit() {
        let parameter = |scale: f32| {
            let values: Vec<f32> = (0..6).map(|n| n as f32 * scale).collect();
            Parameter::with_moments(3, values.clone(), values.iter().map(|v| v / 3.0).collect(), values)
        };
        let parameters = Parameters {
            table: parameter(0.1),
            dense: BTreeMap::from([
                ("0.user.self".to_owned(), parameter(0.7)),
                ("1.item.bias".to_owned(), parameter(-1.0)),
            ]),
            steps: 9,
        };
        let mean = Parameters { table: Parameter::frozen(3, vec![1.0; 6]), steps: 7, ..Parameters::default() };
        let made = Checkpoint {
            parameters,
            mean,
            last_epochs: 5,
            best_epoch: 2,
            best_value: f64::NEG_INFINITY,
            epoch: 3,
            step: 4,
            loss_sum: 1.0 / 3.0,
            losses: vec![(1.0, 0.1 + 0.2)],
            validations: vec![],
        };
        let dir = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(dir.path()).unwrap();
        let mut settings = PipelineSettings::default();
        settings.set("gat.epochs", "9").unwrap();
        let kept = KeptCheckpoints {
            workspace: Some(&workspace),
            model_id: "a",
            run_id: "r".to_owned(),
            kind: LaneKind::Gat,
            fingerprint: "f",
            settings: &settings,
        };
        assert_eq!(kept.load(), None);
        kept.save(&made);
        assert_eq!(kept.load().unwrap(), made);
        // What is told of it without its arrays; other files in the folder tell nothing.
        std::fs::write(dir.path().join("checkpoints/b.safetensors"), [255; 20]).unwrap();
        let [told] = &stopped(&workspace, Some("f"))[..] else { panic!("one training can be taken up") };
        assert_eq!((told.run_id.as_str(), told.model_id.as_str(), told.kind), ("r", "a", LaneKind::Gat));
        assert_eq!((told.epoch, told.epochs, &told.settings.gat), (3, 9, &settings.gat));
        assert_eq!(stopped(&workspace, Some("another")), []);
        assert_eq!(stopped(&workspace, None).len(), 1);
        workspace.drop_checkpoint("a");
        assert_eq!(kept.load(), None);
    }
}
