//! Covers: what may be read, and reading it within bounds.

use std::{
    fs::{self, File},
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbaImage};

use super::quiet;

/// Larger pictures are never decoded.
pub const MAX_PIXELS: u64 = 64_000_000;
const MAX_FILE_BYTES: u64 = 128 << 20;
/// How the names of pictures end.
pub const EXTENSIONS: [&str; 8] = ["jpg", "jpeg", "png", "webp", "JPG", "JPEG", "PNG", "WEBP"];

/// Whether a file that is there is a picture, by its name; also of types that cannot be read, whose reader says so.
pub fn is_picture(path: &Path) -> bool {
    const OTHERS: [&str; 7] = ["gif", "bmp", "tif", "tiff", "avif", "heic", "svg"];
    let ends = |extension: &&str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension));
    EXTENSIONS.iter().chain(&OTHERS).any(ends) && path.is_file()
}

#[derive(Debug, thiserror::Error)]
pub enum CoverError {
    #[error("cannot read the cover ({source}): {path}")]
    Unreadable { source: io::Error, path: PathBuf },
    #[error("not a JPEG, PNG or WebP picture, whatever its name says: {0}")]
    NotAPicture(PathBuf),
    #[error("{width} × {height} pixels are more than the 64 million that a cover may have: {path}")]
    Oversized { width: u32, height: u32, path: PathBuf },
    #[error("the picture is damaged ({what}): {path}")]
    Damaged { what: String, path: PathBuf },
}

/// What the first bytes of a picture say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) format: ImageFormat,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Header {
    /// The file's name promises another type.
    pub(super) fn differs_from_name(&self, path: &Path) -> bool {
        ImageFormat::from_path(path).is_ok_and(|named| named != self.format)
    }
}

/// Type and size of a picture from its header alone, within the bounds for covers.
pub(super) fn header(path: &Path) -> Result<Header, CoverError> {
    let fail = |source| CoverError::Unreadable { source, path: path.to_owned() };
    let file = File::open(path).map_err(fail)?;
    let bytes = file.metadata().map_err(fail)?;
    if !bytes.is_file() {
        return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "not a file")));
    }
    let header = match read_header(&mut BufReader::with_capacity(2_048, file)) {
        Ok(Some(header)) => header,
        Ok(None) => return Err(CoverError::NotAPicture(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(CoverError::Damaged { what: "it ends within its header".to_owned(), path: path.to_owned() });
        }
        Err(error) => return Err(fail(error)),
    };
    let Header { width, height, .. } = header;
    if u64::from(width) * u64::from(height) > MAX_PIXELS || bytes.len() > MAX_FILE_BYTES {
        return Err(CoverError::Oversized { width, height, path: path.to_owned() });
    }
    if width == 0 || height == 0 {
        return Err(CoverError::Damaged { what: "it has no pixels".to_owned(), path: path.to_owned() });
    }
    Ok(header)
}

fn read_header<R: Read + Seek>(input: &mut R) -> io::Result<Option<Header>> {
    let mut start = [0u8; 30];
    let mut have = 0;
    while have < start.len() {
        match input.read(&mut start[have..])? {
            0 => break,
            read => have += read,
        }
    }
    let be32 = |at: usize| u32::from_be_bytes([start[at], start[at + 1], start[at + 2], start[at + 3]]);
    let le24 = |at: usize| u32::from_le_bytes([start[at], start[at + 1], start[at + 2], 0]);
    let le16 = |at: usize| u32::from(u16::from_le_bytes([start[at], start[at + 1]]));
    let whole = || if have < 30 { Err(io::Error::from(io::ErrorKind::UnexpectedEof)) } else { Ok(()) };
    if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        whole()?;
        return Ok(Some(Header { format: ImageFormat::Png, width: be32(16), height: be32(20) }));
    }
    if start.starts_with(b"RIFF") && &start[8..12] == b"WEBP" {
        whole()?;
        let (width, height) = match &start[12..16] {
            b"VP8X" => (le24(24) + 1, le24(27) + 1),
            b"VP8L" => {
                let bits = u32::from_le_bytes([start[21], start[22], start[23], start[24]]);
                ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
            }
            b"VP8 " => (le16(26) & 0x3fff, le16(28) & 0x3fff),
            _ => return Ok(None),
        };
        return Ok(Some(Header { format: ImageFormat::WebP, width, height }));
    }
    if !start.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(None);
    }
    input.seek(SeekFrom::Start(2))?;
    loop {
        // A marker: 0xff, any number of fill bytes, its kind, and its length.
        let mut byte = [0u8];
        input.read_exact(&mut byte)?;
        if byte[0] != 0xff {
            return Ok(None);
        }
        while byte[0] == 0xff {
            input.read_exact(&mut byte)?;
        }
        if matches!(byte[0], 0x01 | 0xd0..=0xd8) {
            continue;
        }
        let mut length = [0u8; 2];
        input.read_exact(&mut length)?;
        let length = u16::from_be_bytes(length);
        if matches!(byte[0], 0xc0..=0xcf) && !matches!(byte[0], 0xc4 | 0xc8 | 0xcc) {
            let mut frame = [0u8; 5];
            input.read_exact(&mut frame)?;
            let height = u32::from(u16::from_be_bytes([frame[1], frame[2]]));
            let width = u32::from(u16::from_be_bytes([frame[3], frame[4]]));
            return Ok(Some(Header { format: ImageFormat::Jpeg, width, height }));
        }
        if byte[0] == 0xd9 || byte[0] == 0xda || length < 2 {
            return Ok(None);
        }
        input.seek(SeekFrom::Current(i64::from(length) - 2))?;
    }
}

/// The picture, upright, no side longer than `max_side_px`. Whatever the file holds, this returns.
pub fn decode(path: &Path, max_side_px: u32) -> Result<RgbaImage, CoverError> {
    let header = header(path)?;
    let bytes = fs::read(path).map_err(|source| CoverError::Unreadable { source, path: path.to_owned() })?;
    let damaged = |what: String| CoverError::Damaged { what, path: path.to_owned() };
    let decoded = quiet::catch(|| -> image::ImageResult<RgbaImage> {
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_PIXELS * 8 + (64 << 20));
        let mut reader = ImageReader::with_format(Cursor::new(bytes), header.format);
        reader.limits(limits);
        let mut decoder = reader.into_decoder()?;
        let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut picture = DynamicImage::from_decoder(decoder)?;
        let max_side_px = max_side_px.max(1);
        if picture.width().max(picture.height()) > max_side_px {
            picture = picture.thumbnail(max_side_px, max_side_px);
        }
        picture.apply_orientation(orientation);
        Ok(picture.into_rgba8())
    });
    match decoded {
        Some(Ok(picture)) => Ok(picture),
        Some(Err(error)) => Err(damaged(error.to_string())),
        None => Err(damaged("its bytes cannot be decoded".to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 128])))
    }

    #[test]
    fn every_type_is_measured_and_decoded() {
        let folder = tempfile::tempdir().unwrap();
        for (name, format) in [("a.png", ImageFormat::Png), ("b.jpg", ImageFormat::Jpeg), ("c.webp", ImageFormat::WebP)]
        {
            let path = folder.path().join(name);
            picture(90, 60).save_with_format(&path, format).unwrap();
            assert_eq!(header(&path).unwrap(), Header { format, width: 90, height: 60 });
            assert!(!header(&path).unwrap().differs_from_name(&path));
            assert_eq!(decode(&path, 30).unwrap().dimensions(), (30, 20));
            assert_eq!(decode(&path, 500).unwrap().dimensions(), (90, 60));
        }
        let path = folder.path().join("grey16.png");
        DynamicImage::ImageLuma16(image::ImageBuffer::from_pixel(8, 8, image::Luma([65_535]))).save(&path).unwrap();
        assert_eq!(decode(&path, 8).unwrap().get_pixel(0, 0).0, [255; 4]);
    }

    /// Four inks instead of three lights, and pictures that move: those are seen as they begin.
    #[test]
    fn printers_colours_and_moving_pictures_are_seen() {
        for name in ["cmyk.jpg", "animated.png", "animated.webp"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/covers").join(name);
            let decoded = decode(&path, 100).unwrap();
            assert_eq!(decoded.dimensions(), (16, 12), "{name}");
            let far =
                decoded.get_pixel(8, 6).0.iter().zip([200u8, 60, 40, 255]).map(|(&one, other)| one.abs_diff(other));
            assert!(far.max().unwrap() <= 6, "{name}: {:?}", decoded.get_pixel(8, 6));
        }
    }

    #[test]
    fn exif_turns_the_picture() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turned.jpg");
        let mut plain = Cursor::new(Vec::new());
        picture(40, 20).write_to(&mut plain, ImageFormat::Jpeg).unwrap();
        let plain = plain.into_inner();
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        fs::write(&path, [&plain[..2], exif, &plain[2..]].concat()).unwrap();
        assert_eq!(decode(&path, 100).unwrap().dimensions(), (20, 40));
    }

    #[test]
    fn bad_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("text.jpg"), "hello").unwrap();
        assert!(matches!(decode(&path("text.jpg"), 64), Err(CoverError::NotAPicture(_))));
        assert!(matches!(decode(&path("none.jpg"), 64), Err(CoverError::Unreadable { .. })));
        let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        huge.extend(30_000u32.to_be_bytes());
        huge.extend(30_000u32.to_be_bytes());
        huge.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        fs::write(path("huge.png"), huge).unwrap();
        assert!(matches!(decode(&path("huge.png"), 64), Err(CoverError::Oversized { width: 30_000, .. })));
        let mut whole = Cursor::new(Vec::new());
        picture(64, 64).write_to(&mut whole, ImageFormat::Png).unwrap();
        let whole = whole.into_inner();
        fs::write(path("cut.png"), &whole[..whole.len() / 2]).unwrap();
        assert!(matches!(decode(&path("cut.png"), 64), Err(CoverError::Damaged { .. })));
        for cut in 0..40 {
            fs::write(path("cut.png"), &whole[..cut]).unwrap();
            assert!(decode(&path("cut.png"), 64).is_err());
        }
    }
}
