//! What a report says of the runs in it.

use std::path::Path;

use super::settings::PipelineSettings;
use crate::{recall::LaneKind, workspace::export::report::RunStamp};

/// The stamp of the run `id` of `kind`; rows of it are headed `name`. A file that a setting names goes by its own name:
/// the folders of this machine are nobody's business.
pub fn run_stamp(name: &str, kind: LaneKind, id: &str, version: &str, settings: &PipelineSettings) -> RunStamp {
    let plain = |value: String| match Path::new(&value) {
        path if path.is_absolute() => {
            path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
        }
        _ => value,
    };
    RunStamp {
        name: name.to_owned(),
        lane: kind.name().to_owned(),
        id: id.to_owned(),
        seed: settings.seed_of(kind),
        version: version.to_owned(),
        settings: settings.entries_of(kind).into_iter().map(|(key, value)| (key, plain(value))).collect(),
    }
}
