//! Checkpoints of other programs: `.safetensors`, and `.pth` in the zip and in the older form. Nothing in a file is ever
//! executed: of a pickle only numbers, names and shapes are read.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use burn_store::pytorch_reader::{DType, PytorchReader};
use safetensors::{Dtype, SafeTensors};

use super::resnet::Parameter;

/// Larger files are refused: a ResNet-50 has 100 MB.
const MOST_BYTES: u64 = 1 << 30;

/// Numbers as torchvision lays them out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// Tensors by name.
pub type Tensors = BTreeMap<String, Tensor>;

#[derive(Debug, thiserror::Error)]
pub enum TensorsError {
    #[error("cannot read the checkpoint ({source}): {path}")]
    Unreadable { source: io::Error, path: PathBuf },
    #[error("the checkpoint has {bytes} bytes, more than 1 GiB: {path}")]
    Large { bytes: u64, path: PathBuf },
    #[error(
        "not a checkpoint of tensors ({what}); give a .safetensors file, or a .pth that torch.save wrote of a \
         state_dict: {path}"
    )]
    Broken { what: String, path: PathBuf },
    #[error(
        "none of the file's {tensors} tensors belongs to {network}; choose another `backbone`, or another file: {path}"
    )]
    Foreign { tensors: usize, network: &'static str, path: PathBuf },
}

/// What a file held that the network did not take, and the other way round. All sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matched {
    /// Number of tensors taken.
    pub taken: usize,
    /// Parameters that the file lacks; they keep their values.
    pub missing: Vec<String>,
    /// Tensors that no parameter is called by.
    pub unknown: Vec<String>,
    /// Name, the file's shape, the network's shape.
    pub misshapen: Vec<(String, Vec<usize>, Vec<usize>)>,
}

/// Reads every tensor of numbers in `path`.
pub fn read(path: &Path) -> Result<Tensors, TensorsError> {
    let unreadable = |source| TensorsError::Unreadable { source, path: path.to_owned() };
    let broken = |what: String| TensorsError::Broken { what, path: path.to_owned() };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "not a file")));
    }
    if metadata.len() > MOST_BYTES {
        return Err(TensorsError::Large { bytes: metadata.len(), path: path.to_owned() });
    }
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("safetensors")) {
        let bytes = fs::read(path).map_err(unreadable)?;
        let file = SafeTensors::deserialize(&bytes).map_err(|error| broken(error.to_string()))?;
        let mut found = Tensors::new();
        for (name, view) in file.tensors() {
            let Some(kind) = Kind::of_safetensors(view.dtype()) else { continue };
            found.insert(name, Tensor { shape: view.shape().to_vec(), values: kind.numbers(view.data()) });
        }
        return Ok(found);
    }
    // The reader reads some damaged files with assertions.
    let read = std::panic::catch_unwind(|| -> Result<Tensors, String> {
        let reader = PytorchReader::new(path).or_else(|error| {
            // A training's checkpoint holds the tensors under a name.
            let inner = ["state_dict", "model_state_dict", "model"];
            inner.iter().find_map(|key| PytorchReader::with_top_level_key(path, key).ok()).ok_or(error)
        });
        let reader = reader.map_err(|error| error.to_string())?;
        let mut found = Tensors::new();
        let mut bytes = 0u64;
        for (name, tensor) in reader.tensors() {
            let Some(kind) = Kind::of_torch(tensor.dtype()) else { continue };
            // A small file may claim large tensors.
            bytes = bytes.saturating_add(4 * tensor.num_elements() as u64);
            if bytes > 4 * MOST_BYTES {
                return Err("its tensors claim more than 4 GiB".to_owned());
            }
            let data = tensor.read().map_err(|error| format!("{name}: {error}"))?;
            found.insert(name.clone(), Tensor { shape: tensor.shape().to_vec(), values: kind.numbers(&data) });
        }
        Ok(found)
    });
    let found = read.unwrap_or_else(|_| Err("its bytes cannot be read".to_owned())).map_err(broken)?;
    if found.is_empty() {
        return Err(broken("it holds no tensor of numbers".to_owned()));
    }
    Ok(found)
}

/// Gives `tensors` to the parameters of their names. Names may begin with `module.` or `backbone.`, as wrappers call them, or
/// with `net.`, as in the file of a kept run; counters of batches are passed over.
pub fn give(tensors: &Tensors, parameters: &mut [Parameter]) -> Matched {
    let mut matched = Matched::default();
    let mut by_name: BTreeMap<&str, (&String, &Tensor)> = BTreeMap::new();
    for (name, tensor) in tensors {
        let bare = name.strip_prefix("module.").unwrap_or(name);
        let bare = bare.strip_prefix("backbone.").or_else(|| bare.strip_prefix("net.")).unwrap_or(bare);
        if !bare.ends_with("num_batches_tracked") {
            by_name.insert(bare, (name, tensor));
        }
    }
    for parameter in parameters {
        match by_name.remove(parameter.name.as_str()) {
            Some((_, tensor)) if parameter.take(tensor) => matched.taken += 1,
            Some((name, tensor)) => {
                matched.misshapen.push((name.clone(), tensor.shape.clone(), parameter.shape.clone()));
            }
            None => matched.missing.push(parameter.name.clone()),
        }
    }
    matched.unknown = by_name.into_values().map(|(name, _)| name.clone()).collect();
    matched.missing.sort();
    matched.misshapen.sort();
    matched.unknown.sort();
    matched
}

/// Types of numbers that are understood.
#[derive(Debug, Clone, Copy)]
enum Kind {
    F32,
    F64,
    F16,
    Bf16,
}

impl Kind {
    fn of_safetensors(kind: Dtype) -> Option<Self> {
        match kind {
            Dtype::F32 => Some(Self::F32),
            Dtype::F64 => Some(Self::F64),
            Dtype::F16 => Some(Self::F16),
            Dtype::BF16 => Some(Self::Bf16),
            _ => None,
        }
    }

    fn of_torch(kind: DType) -> Option<Self> {
        match kind {
            DType::F32 => Some(Self::F32),
            DType::F64 => Some(Self::F64),
            DType::F16 => Some(Self::F16),
            DType::BF16 => Some(Self::Bf16),
            _ => None,
        }
    }

    fn numbers(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::F32 => bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
            Self::F64 => bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes) as f32).collect(),
            Self::F16 => bytes.as_chunks().0.iter().map(|&bytes| from_half(u16::from_le_bytes(bytes))).collect(),
            Self::Bf16 => {
                let wide = |bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16);
                bytes.as_chunks().0.iter().map(|&bytes| wide(bytes)).collect()
            }
        }
    }
}

/// A number of 16 bits as IEEE 754 has it.
fn from_half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023) / 1024.0);
    sign * match exponent {
        0 => fraction * 2f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2f32.powi(exponent - 15),
    }
}

impl Matched {
    /// For people: what did not match, by name.
    pub fn told(&self, network: &str) -> String {
        let some = |names: &[String]| {
            let more = if names.len() > 8 { ", …" } else { "" };
            format!("{}{more}", names.iter().take(8).cloned().collect::<Vec<_>>().join(", "))
        };
        let mut told = format!("{} tensors of the checkpoint fit {network}", self.taken);
        if !self.missing.is_empty() {
            told += &format!("; {} are missing and begin at random ({})", self.missing.len(), some(&self.missing));
        }
        if !self.misshapen.is_empty() {
            let names: Vec<String> =
                self.misshapen.iter().map(|(name, theirs, ours)| format!("{name} {theirs:?}, not {ours:?}")).collect();
            told += &format!("; {} have another shape ({})", names.len(), some(&names));
        }
        if !self.unknown.is_empty() {
            told += &format!("; {} belong to no part ({})", self.unknown.len(), some(&self.unknown));
        }
        told
    }
}
