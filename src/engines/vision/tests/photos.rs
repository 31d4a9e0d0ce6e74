//! Every kind of file that people send, whole and broken.
use super::project;
use crate::engines::vision::{EncodeError, Limits, Photo, PhotoError};
use image::{ExtendedColorType, ImageEncoder as _};
use proptest::prelude::*;

fn decode(bytes: &[u8]) -> Result<Photo, PhotoError> {
    Photo::decode(bytes, &Limits::default())
}

/// Four quadrants: red green / blue white.
fn quadrants(width: u32, height: u32) -> Photo {
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3]];
    let pixel = |i: u32| {
        let (x, y) = (i % width, i / width);
        colours[(usize::from(y * 2 >= height)) * 2 + usize::from(x * 2 >= width)]
    };
    let rgb = (0..width * height).flat_map(pixel).collect();
    Photo::from_rgb(width, height, rgb).unwrap()
}

/// The letters of the four quadrants: what [`quadrants`] looks like after it was turned.
fn corners(photo: &Photo) -> String {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let at = |x: usize, y: usize| {
        let start = (y * width + x) * 3;
        match photo.rgb()[start..start + 3]
            .iter()
            .map(|v| *v > 127)
            .collect::<Vec<_>>()[..]
        {
            [true, false, false] => 'A',
            [false, true, false] => 'B',
            [false, false, true] => 'C',
            _ => 'D',
        }
    };
    let (left, right) = (width / 4, width * 3 / 4);
    let (top, bottom) = (height / 4, height * 3 / 4);
    [
        at(left, top),
        at(right, top),
        at(left, bottom),
        at(right, bottom),
    ]
    .iter()
    .collect()
}

fn png(photo: &Photo) -> Vec<u8> {
    let mut bytes = vec![];
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(
            photo.rgb(),
            photo.width(),
            photo.height(),
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}

/// A JPEG whose EXIF block says how it is to be turned.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif =
        b"\xFF\xE1\x00\x22Exif\0\0MM\x00\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() - 2).unwrap().to_be_bytes();
    exif[2..4].copy_from_slice(&length);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

#[test]
fn all_eight_orientations_end_upright() {
    let jpeg = quadrants(48, 32).to_jpeg(95).unwrap();
    let expected = [
        "ABCD", "BADC", "DCBA", "CDAB", "ACBD", "CADB", "DBCA", "BDAC",
    ];
    for (orientation, letters) in (1..).zip(expected) {
        let photo = decode(&turned(&jpeg, orientation)).unwrap();
        let size = if orientation < 5 { (48, 32) } else { (32, 48) };
        assert_eq!((photo.width(), photo.height()), size, "{orientation}");
        assert_eq!(corners(&photo), letters, "{orientation}");
        let again = photo.to_jpeg(90).unwrap();
        assert!(
            !again.windows(4).any(|w| w == b"Exif"),
            "EXIF must not survive"
        );
    }
}

#[test]
fn every_format_gives_the_same_picture() {
    let photo = quadrants(48, 32);
    let mut bmp = vec![];
    image::codecs::bmp::BmpEncoder::new(&mut bmp)
        .write_image(photo.rgb(), 48, 32, ExtendedColorType::Rgb8)
        .unwrap();
    let mut deep = vec![];
    let sixteen: Vec<u8> = photo
        .rgb()
        .iter()
        .flat_map(|v| (u16::from(*v) * 257).to_ne_bytes())
        .collect();
    image::codecs::png::PngEncoder::new(&mut deep)
        .write_image(&sixteen, 48, 32, ExtendedColorType::Rgb16)
        .unwrap();
    let files = [
        photo.to_jpeg(90).unwrap(),
        photo.to_webp(90.0).unwrap(),
        png(&photo),
        bmp,
        deep,
        std::fs::read(project("tests/fixtures/photos/cmyk.jpg")).unwrap(),
        std::fs::read(project("tests/fixtures/photos/progressive.jpg")).unwrap(),
        std::fs::read(project("tests/fixtures/photos/palette.png")).unwrap(),
    ];
    for (i, file) in files.iter().enumerate() {
        let got = decode(file).unwrap();
        assert_eq!((got.width(), got.height()), (48, 32), "file {i}");
        assert_eq!(corners(&got), "ABCD", "file {i}");
    }
}

#[test]
fn of_an_animation_the_first_frame_counts() {
    let frame = |photo: &Photo| {
        let rgba = photo
            .rgb()
            .chunks(3)
            .flat_map(|p| [p[0], p[1], p[2], 255])
            .collect();
        image::Frame::new(image::RgbaImage::from_raw(48, 32, rgba).unwrap())
    };
    let black = Photo::from_rgb(48, 32, vec![0; 48 * 32 * 3]).unwrap();
    let mut gif = vec![];
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode_frames([frame(&quadrants(48, 32)), frame(&black)])
        .unwrap();
    assert_eq!(corners(&decode(&gif).unwrap()), "ABCD");
}

#[test]
fn what_is_see_through_lies_on_white() {
    let mut bytes = vec![];
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(
            &[0, 0, 0, 0, 0, 0, 0, 128, 9, 9, 9, 255],
            3,
            1,
            ExtendedColorType::Rgba8,
        )
        .unwrap();
    assert_eq!(
        decode(&bytes).unwrap().rgb(),
        [255, 255, 255, 127, 127, 127, 9, 9, 9]
    );
}

#[test]
fn what_is_no_photo_is_called_by_its_name() {
    assert_eq!(decode(b""), Err(PhotoError::Empty));
    assert_eq!(
        decode(b"a text called shirt.jpg"),
        Err(PhotoError::NotAnImage)
    );
    assert_eq!(decode(&[0; 64]), Err(PhotoError::NotAnImage));
    assert_eq!(decode(b"<svg xmlns=\"x\"/>"), Err(PhotoError::NotAnImage));
    assert_eq!(
        decode(b"\0\0\0\x18ftypmp42\0\0\0\0"),
        Err(PhotoError::NotAnImage)
    );
    let heic = decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    assert_eq!(heic, Err(PhotoError::Unsupported("HEIC".into())));
    let tiff = decode(b"II*\0\x08\0\0\0\0\0\0\0");
    assert_eq!(tiff, Err(PhotoError::Unsupported("Tiff".into())));
    let small = Limits {
        max_bytes: 10,
        ..Limits::default()
    };
    let large = Photo::decode(&[1; 11], &small);
    assert_eq!(large, Err(PhotoError::TooManyBytes { got: 11, limit: 10 }));
}

#[test]
fn half_a_photo_is_cut_off() {
    let photo = quadrants(200, 150);
    let files = [
        photo.to_jpeg(90).unwrap(),
        std::fs::read(project("tests/fixtures/photos/progressive.jpg")).unwrap(),
        png(&photo),
        photo.to_webp(90.0).unwrap(),
    ];
    for file in &files {
        for part in [3, 10, 19] {
            let cut = decode(&file[..file.len() * part / 20]);
            let said = cut.unwrap_err();
            assert!(
                matches!(said, PhotoError::Truncated | PhotoError::Broken(_)),
                "{part}: {said}"
            );
        }
    }
    let jpeg = &files[0];
    assert_eq!(decode(&jpeg[..jpeg.len() - 2]), Err(PhotoError::Truncated));
    assert!(decode(&[jpeg, &b"trailing notes"[..]].concat()).is_ok());
}

#[test]
fn bombs_are_refused_by_their_header() {
    let mut bomb = png(&quadrants(4, 4));
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let sum = crc32(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    let refused = |width, height| {
        Err(PhotoError::TooManyPixels {
            width,
            height,
            limit: 50_000_000,
        })
    };
    assert_eq!(decode(&bomb), refused(60_000, 60_000));
    let mut bomb = quadrants(16, 16).to_jpeg(50).unwrap();
    let frame = bomb.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    assert_eq!(decode(&bomb), refused(65_500, 65_500));
    let scans = [0xFF, 0xDA, 0, 2].repeat(200);
    let jpeg = quadrants(16, 16).to_jpeg(50).unwrap();
    let many = [&jpeg[..jpeg.len() - 2], &scans, &[0xFF, 0xD9]].concat();
    assert!(matches!(decode(&many), Err(PhotoError::Broken(why)) if why.contains("scans")));
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| {
            (c >> 1) ^ (0xEDB8_8320 & (c & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[test]
fn one_pixel_is_a_photo() {
    let dot = Photo::from_rgb(1, 1, vec![1, 2, 3]).unwrap();
    assert_eq!(decode(&png(&dot)).unwrap(), dot);
    assert_eq!(dot.shrunk(512), dot);
    assert!(dot.to_webp(80.0).is_ok() && dot.to_jpeg(80).is_ok());
    assert_eq!(Photo::from_rgb(0, 4, vec![]), None);
    assert_eq!(Photo::from_rgb(2, 2, vec![0; 11]), None);
}

#[test]
fn sides_that_a_format_cannot_say_are_refused() {
    let strip = Photo::from_rgb(16_384, 1, vec![9; 16_384 * 3]).unwrap();
    assert!(matches!(
        strip.to_webp(80.0),
        Err(EncodeError::TooLong { limit: 16_383, .. })
    ));
    assert!(strip.to_jpeg(80).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn shrinking_keeps_the_shape_and_the_bound(width in 1_u32..300, height in 1_u32..300, longest in 1_u32..400) {
        let photo = Photo::from_rgb(width, height, vec![77; (width * height * 3) as usize]).unwrap();
        let small = photo.shrunk(longest);
        prop_assert!(small.width().max(small.height()) <= longest.max(1));
        prop_assert!(small.width() <= width && small.height() <= height);
        if width.max(height) <= longest {
            prop_assert_eq!(&small, &photo);
        }
        prop_assert!(small.rgb().iter().all(|v| *v == 77));
        let side = |v: u32| {
            let exact = f64::from(v) * f64::from(longest) / f64::from(width.max(height));
            if width.max(height) > longest { exact.round().max(1.0) } else { f64::from(v) }
        };
        prop_assert_eq!(f64::from(small.width()), side(width));
        prop_assert_eq!(f64::from(small.height()), side(height));
    }

    #[test]
    fn damage_is_an_error_or_a_photo_never_a_panic(
        which in 0_usize..5,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        keep in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        let photo = quadrants(40, 24);
        let mut file = match which {
            0 => photo.to_jpeg(80).unwrap(),
            1 => photo.to_webp(80.0).unwrap(),
            2 => png(&photo),
            3 => std::fs::read(project("tests/fixtures/photos/progressive.jpg")).unwrap(),
            _ => std::fs::read(project("tests/fixtures/photos/palette.png")).unwrap(),
        };
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if is_cut {
            file.truncate(keep.index(file.len()));
        }
        let limits = Limits { max_pixels: 1_000_000, ..Limits::default() };
        if let Ok(photo) = Photo::decode(&file, &limits) {
            prop_assert_eq!(photo.rgb().len() as u64, u64::from(photo.width()) * u64::from(photo.height()) * 3);
        }
    }
}
