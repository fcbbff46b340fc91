//! The window, driven by accessible names as an analyst would, and looked at on the software renderer.

#![allow(clippy::unwrap_used)]

mod book;
mod case_study;
mod common;
mod covers;
mod data;
mod desk;
mod evaluation;
mod frame;
mod graph;
mod lab;
mod map;
mod mix;
mod pack;
mod training;
mod what_if;
