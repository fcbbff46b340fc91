//! `bench gnn`: one training step of GraphSAGE and of GAT on a random graph, sampling included.

use anyhow::Result;
use serde_json::{Value, json};

use crate::models::gnn::{GnnSettings, Network, StepBench};

#[derive(Debug, clap::Args)]
pub struct GnnBench {
    /// Nodes of the random graph, half of them users
    #[arg(long, default_value_t = 100_000)]
    nodes: usize,
    /// Neighbours of each node
    #[arg(long, default_value_t = 50)]
    degree: usize,
    /// Pairs a step
    #[arg(long, default_value_t = 1_024)]
    batch: usize,
    /// Neighbours sampled per hop
    #[arg(long, num_args = 2, default_values_t = [10, 5])]
    fan_outs: Vec<usize>,
    #[arg(long, default_value_t = 64)]
    dim: usize,
    #[arg(long, default_value_t = 4)]
    heads: usize,
    #[arg(long, default_value_t = 20)]
    steps: u64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Which networks
    #[arg(long, value_delimiter = ',', default_values_t = ["graphsage".to_owned(), "gat".to_owned()])]
    networks: Vec<String>,
    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &GnnBench) -> Result<Value> {
    let settings = GnnSettings {
        dim: args.dim,
        heads: args.heads,
        batch: args.batch,
        fan_outs: args.fan_outs.clone(),
        draw_items: crate::graph::Draw::Uniform,
        ..GnnSettings::default()
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build()?;
    let mut figures = json!({ "nodes": args.nodes, "threads": args.threads });
    for (name, network) in [("graphsage", Network::Sage), ("gat", Network::Gat), ("gaan", Network::Gaan)] {
        if !args.networks.iter().any(|wanted| wanted == name) {
            continue;
        }
        settings.check(network)?;
        let mut bench = StepBench::new(network, args.nodes, args.degree, &settings);
        let cost = pool.install(|| {
            bench.run(3);
            bench.run(args.steps)
        });
        figures[name] = json!({
            "step_secs": cost.secs,
            "step_nodes": cost.nodes,
            "microsecs_per_node": 1e6 * cost.secs / cost.nodes,
        });
    }
    Ok(figures)
}
