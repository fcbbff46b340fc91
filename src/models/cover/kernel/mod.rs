//! What convolutions are made of: products of matrices and Winograd's transforms, compiled for the machine's registers.

mod product;
mod winograd;

pub(super) use product::{Left, pack, pack_transposed, panels_len, product};
pub(super) use winograd::{
    POSITIONS, Tiling, gradient_tiles, input_tiles, kernel_gradient, kernel_tiles, output_tiles,
};
