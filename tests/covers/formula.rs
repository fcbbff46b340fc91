//! The numbers that fill the networks of the references, for the tests of the library and of the program alike.

/// As `tests/covers/reference.py` draws, row by row.
pub fn values(name: &str, shape: &[usize]) -> Vec<f32> {
    let salt = name.bytes().fold(0u32, |salt, byte| salt.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let draw = |at: usize| {
        let word = (at as u32).wrapping_mul(2_654_435_761).wrapping_add(salt);
        f64::from((word ^ (word >> 15)).wrapping_mul(2_246_822_519)) / 2f64.powi(32) - 0.5
    };
    let of = |number: f64| match *shape {
        [_, inputs, height, width] => number * (24.0 / (inputs * height * width) as f64).sqrt(),
        [_, inputs] => number * (12.0 / inputs as f64).sqrt(),
        _ if name.ends_with("running_var") || name.ends_with("weight") => number + 1.0,
        _ => number * 0.4,
    };
    (0..shape.iter().product()).map(|at| of(draw(at)) as f32).collect()
}
