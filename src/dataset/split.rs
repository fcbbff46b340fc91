//! Train and test parts, and the window before the reference time (algorithms, section 1).

use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitKind {
    /// Train before T, test from T on.
    #[default]
    Temporal,
    /// Per user by (time, item id), the last max(1, floor(0.2 n)) are the test. Leaks globally.
    UserTime,
    LeaveLastOut,
    /// 8:1:1 per user; the tenth in the middle is the validation part.
    Random,
    /// As the publisher gave it.
    Given,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitSettings {
    pub kind: SplitKind,
    /// T in seconds since 1970 for `Temporal`; `None` takes the last fifth of the covered time, at most 7 days.
    pub reference_time_secs: Option<i64>,
    /// Length of the session window before T in days; `None` means all. Only `Temporal` has a window.
    pub window_days: Option<f64>,
    pub seed: u64,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { kind: SplitKind::Temporal, reference_time_secs: None, window_days: Some(7.0), seed: 42 }
    }
}

/// Rows of `Events` by part, each in order of time. Holds interactions only (weight above 0).
#[derive(Debug, Clone, Default)]
pub struct Split {
    pub settings: SplitSettings,
    /// T; `None` for the kinds that have none.
    pub reference_time_secs: Option<i64>,
    pub train: Vec<u32>,
    /// The part of `train` inside the window; equal to `train` where there is no reference time.
    pub window: Vec<u32>,
    pub test: Vec<u32>,
}
