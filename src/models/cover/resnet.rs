//! ResNet (He et al., 2016) with torchvision's names and shapes: what it is made of, and its parameters.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{conv::Conv, tensors::Tensor};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    #[default]
    Resnet18,
    Resnet34,
    Resnet50,
}

impl Depth {
    pub const ALL: [Self; 3] = [Self::Resnet18, Self::Resnet34, Self::Resnet50];

    pub fn name(self) -> &'static str {
        match self {
            Self::Resnet18 => "resnet18",
            Self::Resnet34 => "resnet34",
            Self::Resnet50 => "resnet50",
        }
    }

    fn blocks(self) -> [usize; 4] {
        match self {
            Self::Resnet18 => [2, 2, 2, 2],
            Self::Resnet34 | Self::Resnet50 => [3, 4, 6, 3],
        }
    }

    fn has_bottlenecks(self) -> bool {
        self == Self::Resnet50
    }

    /// Channels of the last map: the length of the features.
    pub fn features(self) -> usize {
        if self.has_bottlenecks() { 2_048 } else { 512 }
    }
}

/// Channels of the first map.
const STEM: usize = 64;

/// A convolution and its normalisation. The parameters of `weight` on: kernels, then γ, β, running mean and variance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub conv: Conv,
    pub weight: usize,
}

impl Unit {
    pub fn gamma(self) -> usize {
        self.weight + 1
    }

    pub fn beta(self) -> usize {
        self.weight + 2
    }

    pub fn mean(self) -> usize {
        self.weight + 3
    }

    pub fn variance(self) -> usize {
        self.weight + 4
    }
}

/// Units one after the other, and what is added to the last one.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub units: Vec<Unit>,
    pub shortcut: Option<Unit>,
}

/// A part of the network with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// As torchvision calls it.
    pub name: String,
    /// As torchvision has it.
    pub shape: Vec<usize>,
    /// Kernels stand as `[height, width, inputs, outputs]`, everything else as in `shape`.
    pub values: Vec<f32>,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Kernels and matrices: trained, and drawn to 0.
    Weight,
    /// Trained as they are.
    Bias,
    /// Running moments.
    Moment,
}

impl Parameter {
    /// The values as torchvision lays them out.
    pub fn tensor(&self) -> Tensor {
        let values = match self.shape[..] {
            [outputs, inputs, height, width] => {
                let taps = height * width;
                let mut values = vec![0.0; self.values.len()];
                for (at, &value) in self.values.iter().enumerate() {
                    let (tap, input, output) = (at / (inputs * outputs), at / outputs % inputs, at % outputs);
                    values[(output * inputs + input) * taps + tap] = value;
                }
                values
            }
            _ => self.values.clone(),
        };
        Tensor { shape: self.shape.clone(), values }
    }

    /// Takes values as torchvision lays them out, also in one row, as runs keep them; `false`, and nothing changes, where the
    /// shape is another.
    pub fn take(&mut self, tensor: &Tensor) -> bool {
        let fits = tensor.shape == self.shape || tensor.shape == [self.values.len()];
        if !fits || tensor.values.len() != self.values.len() {
            return false;
        }
        match self.shape[..] {
            [outputs, inputs, height, width] => {
                let taps = height * width;
                for (at, value) in self.values.iter_mut().enumerate() {
                    let (tap, input, output) = (at / (inputs * outputs), at / outputs % inputs, at % outputs);
                    *value = tensor.values[(output * inputs + input) * taps + tap];
                }
            }
            _ => self.values.copy_from_slice(&tensor.values),
        }
        true
    }
}

/// The network up to its features, `[features]` a picture.
#[derive(Debug, Clone)]
pub struct Resnet {
    pub depth: Depth,
    /// Whether the first map is pooled to half its size, as torchvision does; small pictures learn better without.
    pub max_pool: bool,
    pub(super) stem: Unit,
    pub(super) stages: Vec<Vec<Block>>,
    pub parameters: Vec<Parameter>,
}

impl Resnet {
    /// With kernels drawn as torchvision draws them (He, by outputs) and normalisations that change nothing; the last one
    /// of a block begins at 0, so that every block begins as what it adds to (Goyal et al., 2017).
    pub fn new(depth: Depth, max_pool: bool, seed: u64) -> Self {
        Self::build(depth, max_pool, Some(Pcg64Mcg::seed_from_u64(seed)))
    }

    /// Kernels of 0, to be filled.
    pub fn empty(depth: Depth, max_pool: bool) -> Self {
        Self::build(depth, max_pool, None)
    }

    fn build(depth: Depth, max_pool: bool, rng: Option<Pcg64Mcg>) -> Self {
        let mut builder = Builder { parameters: Vec::new(), rng };
        let stem = builder.unit("conv1", "bn1", conv(3, STEM, 7, 2));
        let mut stages = Vec::new();
        let mut inputs = STEM;
        for (stage, count) in depth.blocks().into_iter().enumerate() {
            let width = STEM << stage;
            let outputs = if depth.has_bottlenecks() { 4 * width } else { width };
            let mut blocks = Vec::new();
            for block in 0..count {
                let name = format!("layer{}.{block}", stage + 1);
                let stride = if stage > 0 && block == 0 { 2 } else { 1 };
                let convs = if depth.has_bottlenecks() {
                    vec![conv(inputs, width, 1, 1), conv(width, width, 3, stride), conv(width, outputs, 1, 1)]
                } else {
                    vec![conv(inputs, width, 3, stride), conv(width, outputs, 3, 1)]
                };
                let count = convs.len();
                let mut units = Vec::new();
                for (place, conv) in convs.into_iter().enumerate() {
                    let place = place + 1;
                    let unit = builder.unit(&format!("{name}.conv{place}"), &format!("{name}.bn{place}"), conv);
                    if place == count {
                        builder.parameters[unit.gamma()].values.fill(0.0);
                    }
                    units.push(unit);
                }
                let shortcut = (inputs != outputs || stride != 1).then(|| {
                    let (conv_name, norm_name) = (format!("{name}.downsample.0"), format!("{name}.downsample.1"));
                    builder.unit(&conv_name, &norm_name, conv(inputs, outputs, 1, stride))
                });
                blocks.push(Block { units, shortcut });
                inputs = outputs;
            }
            stages.push(blocks);
        }
        Self { depth, max_pool, stem, stages, parameters: builder.parameters }
    }

    /// Of the given stages.
    pub(super) fn units(&self, stages: std::ops::Range<usize>) -> Vec<Unit> {
        let blocks = self.stages[stages].iter().flatten();
        blocks.flat_map(|block| block.units.iter().chain(&block.shortcut)).copied().collect()
    }

    /// Least side of a picture that leaves a pixel at the end.
    pub const LEAST_SIDE: usize = 32;
}

fn conv(inputs: usize, outputs: usize, kernel: usize, stride: usize) -> Conv {
    Conv { inputs, outputs, kernel, stride, padding: kernel / 2, is_plain: false }
}

struct Builder {
    parameters: Vec<Parameter>,
    /// `None`: kernels of 0.
    rng: Option<Pcg64Mcg>,
}

impl Builder {
    fn unit(&mut self, conv_name: &str, norm_name: &str, conv: Conv) -> Unit {
        let weight = self.parameters.len();
        let Conv { inputs, outputs, kernel, .. } = conv;
        let deviation = (2.0 / (kernel * kernel * outputs) as f32).sqrt();
        self.parameters.push(Parameter {
            name: format!("{conv_name}.weight"),
            shape: vec![outputs, inputs, kernel, kernel],
            values: match &mut self.rng {
                Some(rng) => (0..conv.weights()).map(|_| deviation * normal(rng)).collect(),
                None => vec![0.0; conv.weights()],
            },
            role: Role::Weight,
        });
        for (name, value, role) in [
            ("weight", 1.0, Role::Bias),
            ("bias", 0.0, Role::Bias),
            ("running_mean", 0.0, Role::Moment),
            ("running_var", 1.0, Role::Moment),
        ] {
            self.parameters.push(Parameter {
                name: format!("{norm_name}.{name}"),
                shape: vec![outputs],
                values: vec![value; outputs],
                role,
            });
        }
        Unit { conv, weight }
    }
}

fn normal(rng: &mut Pcg64Mcg) -> f32 {
    // Box and Muller; 1 - u is never 0.
    let (one, other): (f32, f32) = (rng.random(), rng.random());
    (-2.0 * (1.0 - one).ln()).sqrt() * (std::f32::consts::TAU * other).cos()
}

/// A layer of `outputs` numbers from `inputs`, drawn as torch draws it.
pub(super) fn linear(name: &str, inputs: usize, outputs: usize, seed: u64) -> [Parameter; 2] {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let bound = 1.0 / (inputs as f32).sqrt();
    let mut draw = |count: usize| (0..count).map(|_| rng.random_range(-bound..bound)).collect::<Vec<f32>>();
    [
        Parameter {
            name: format!("{name}.weight"),
            shape: vec![outputs, inputs],
            values: draw(inputs * outputs),
            role: Role::Weight,
        },
        Parameter { name: format!("{name}.bias"), shape: vec![outputs], values: draw(outputs), role: Role::Bias },
    ]
}
