//! `bench resnet`: features and training steps of a ResNet, on pictures of noise.

use anyhow::Result;
use serde_json::{Value, json};

use crate::models::cover::{Depth, features_per_sec, pictures_per_sec};

#[derive(Debug, clap::Args)]
pub struct ResnetBench {
    /// resnet18, resnet34 or resnet50
    #[arg(long, default_value = "resnet18", value_parser = clap::builder::PossibleValuesParser::new(Depth::ALL.map(Depth::name)))]
    network: String,
    /// Side of the pictures whose features are computed
    #[arg(long, default_value_t = 224)]
    side: usize,
    /// Side of the pictures that are learnt from
    #[arg(long, default_value_t = 96)]
    training_side: usize,
    /// Pictures whose features are computed together
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// Pictures of a training step
    #[arg(long, default_value_t = 64)]
    training_batch: usize,
    /// Of which the best one counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &ResnetBench) -> Result<Value> {
    let least = crate::models::cover::Resnet::LEAST_SIDE;
    anyhow::ensure!(args.side.min(args.training_side) >= least, "sides have to be at least {least} pixels");
    anyhow::ensure!(args.batch.min(args.training_batch) >= 1, "a batch has to hold a picture");
    let depth = Depth::ALL.into_iter().find(|depth| depth.name() == args.network).unwrap_or_default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build()?;
    pool.install(|| {
        Ok(json!({
            "network": depth.name(),
            "threads": args.threads,
            "side": args.side,
            "features_per_sec": features_per_sec(depth, args.batch, args.side, args.rounds),
            "training_side": args.training_side,
            "training_pictures_per_sec":
                pictures_per_sec(depth, args.training_batch, args.training_side, args.rounds)?,
        }))
    })
}
