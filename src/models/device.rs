//! Where models compute: the processor, or a GPU chosen by its name in builds with the feature `gpu`.

/// What a setting says for the processor.
pub const PROCESSOR: &str = "cpu";

/// Why there is no such device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    #[error(
        "this build computes on the processor (cpu) alone; the feature gpu brings devices like {0}: cargo build --features gpu"
    )]
    NoGpus(String),
    #[error("no device is named {name}; there are: {}", .there.join(", "))]
    Unknown { name: String, there: &'static [&'static str] },
}

/// Names of all devices, the processor first. Looked for once: GPUs take a moment to answer.
pub fn names() -> &'static [&'static str] {
    static NAMES: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    NAMES.get_or_init(|| {
        #[cfg(feature = "gpu")]
        let gpus = gpus().into_iter().map(|(name, _)| &*name.leak());
        #[cfg(not(feature = "gpu"))]
        let gpus = None;
        std::iter::once(PROCESSOR).chain(gpus).collect()
    })
}

/// Fails for everything but the processor.
#[cfg(not(feature = "gpu"))]
pub fn find(name: &str) -> Result<(), DeviceError> {
    if name == PROCESSOR { Ok(()) } else { Err(DeviceError::NoGpus(name.to_owned())) }
}

/// The GPU whose name holds `name`, whatever the case; `None` for the processor.
#[cfg(feature = "gpu")]
pub fn find(name: &str) -> Result<Option<burn::tensor::Device>, DeviceError> {
    if name == PROCESSOR {
        return Ok(None);
    }
    let wanted = name.to_lowercase();
    let found = gpus().into_iter().find(|(name, _)| name.to_lowercase().contains(&wanted));
    match found {
        Some((_, device)) => Ok(Some(device)),
        None => Err(DeviceError::Unknown { name: name.to_owned(), there: names() }),
    }
}

#[cfg(feature = "gpu")]
fn gpus() -> Vec<(String, burn::tensor::Device)> {
    use burn::tensor::{Device, DeviceType};
    let devices = Device::enumerate(DeviceType::Wgpu);
    devices.iter().filter_map(|device| Some((device.identity()?.name, device.clone()))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_always_there_and_nothing_of_another_name() {
        assert_eq!(names()[0], PROCESSOR);
        assert!(find(PROCESSOR).is_ok());
        let error = find("Voodoo 2").unwrap_err().to_string();
        assert!(error.contains("Voodoo 2") && error.contains("cpu"), "{error}");
    }
}
