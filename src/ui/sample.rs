//! Where the sample community lies.

use std::path::{Path, PathBuf};

const FOLDER: &str = "sample_data";

/// The sample's folder, or the places where it is not, as text.
pub fn find() -> Result<PathBuf, String> {
    let mut places: Vec<PathBuf> = Vec::new();
    if let Ok(program) = std::env::current_exe() {
        // Beside the program, or up the tree from `target/release`.
        places.extend(program.ancestors().skip(1).take(4).map(Path::to_owned));
    }
    if let Ok(here) = std::env::current_dir() {
        places.push(here);
    }
    places.push(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    look_in(&places)
}

fn look_in(places: &[PathBuf]) -> Result<PathBuf, String> {
    let mut looked: Vec<String> = Vec::new();
    for place in places {
        let folder = place.join(FOLDER);
        if folder.is_dir() {
            return Ok(folder);
        }
        let told = place.display().to_string();
        if !looked.contains(&told) {
            looked.push(told);
        }
    }
    Err(looked.join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_says_where_it_looked() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        let places = [one.clone(), other.clone(), one.clone()];
        let told = look_in(&places).unwrap_err();
        assert_eq!(told, format!("{}, {}", one.display(), other.display()));
        std::fs::create_dir_all(other.join(FOLDER)).unwrap();
        assert_eq!(look_in(&places).unwrap(), other.join(FOLDER));
    }
}
