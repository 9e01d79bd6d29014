//! Cuts a picture's container into its blocks of metadata: PNG (ISO/IEC 15948), JPEG (ITU-T T.81), GIF89a, WebP
//! (RFC 9649), TIFF. In: bytes. Out: blocks, in order; an error in English when the container is cut short.
//! Every step goes forward, so that the time is linear.

use super::super::Kind;
use super::Block;

type Blocks<'a> = Result<Vec<Block<'a>>, &'static str>;

const CUT: &str = "the picture ends before its end mark";

pub(super) fn blocks(kind: Kind, bytes: &[u8]) -> Blocks<'_> {
    match kind {
        Kind::Png => png(bytes),
        Kind::Jpeg => jpeg(bytes),
        Kind::Gif => gif(bytes),
        Kind::Webp => webp(bytes),
        Kind::Tiff => Ok(vec![Block::Exif(bytes)]),
        _ => Ok(Vec::new()),
    }
}

fn after_end<'a>(mut blocks: Vec<Block<'a>>, rest: Option<&[u8]>) -> Vec<Block<'a>> {
    // Some programs and cameras fill up with zeros or a line end.
    let rest = rest.unwrap_or_default();
    if rest.iter().any(|b| !matches!(b, 0 | 0xff | b'\r' | b'\n')) {
        blocks.push(Block::AfterEnd(rest.len()));
    }
    blocks
}

fn png(bytes: &[u8]) -> Blocks<'_> {
    let (mut blocks, mut at) = (Vec::new(), 8);
    while let Some(Ok(length)) = bytes.get(at..at + 4).map(<[u8; 4]>::try_from) {
        let length = u32::from_be_bytes(length) as usize;
        let (kind, data) = (bytes.get(at + 4..at + 8), bytes.get(at + 8..at + 8 + length).ok_or(CUT)?);
        at += length + 12;
        match kind {
            Some(b"IEND") => return Ok(after_end(blocks, bytes.get(at..))),
            Some(b"eXIf") => blocks.push(Block::Exif(data)),
            Some(b"tEXt") => {
                let mut halves = data.splitn(2, |b| *b == 0);
                let (keyword, text) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
                // Latin-1 by the standard, UTF-8 in practice.
                let text = String::from_utf8_lossy(text).into_owned();
                blocks.push(Block::Comment(String::from_utf8_lossy(keyword).into_owned(), text));
            }
            Some(b"iTXt") => blocks.extend(international(data)),
            _ => {}
        }
    }
    Err(CUT)
}

/// `iTXt`: keyword, nul, compression flag and method, language, nul, translated keyword, nul, text.
fn international(data: &[u8]) -> Option<Block<'_>> {
    let mut fields = data.splitn(2, |b| *b == 0);
    let (keyword, rest) = (fields.next()?, fields.next()?);
    let rest = rest.strip_prefix(&[0, 0])?;
    let text = rest.splitn(3, |b| *b == 0).nth(2)?;
    if keyword == b"XML:com.adobe.xmp" {
        return Some(Block::Xmp(text));
    }
    let words = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Some(Block::Comment(words(keyword), words(text)))
}

fn jpeg(bytes: &[u8]) -> Blocks<'_> {
    let (mut blocks, mut at) = (Vec::new(), 2);
    while let (Some(0xff), Some(marker)) = (bytes.get(at), bytes.get(at + 1)) {
        at += 2;
        match marker {
            0xff => at -= 1,
            0xd9 => return Ok(after_end(blocks, bytes.get(at..))),
            0x01 | 0xd0..=0xd8 => {}
            marker => {
                let Some(Ok(length)) = bytes.get(at..at + 2).map(<[u8; 2]>::try_from) else { return Err(CUT) };
                let length = usize::from(u16::from_be_bytes(length)).max(2);
                let data = bytes.get(at + 2..at + length).ok_or(CUT)?;
                at += length;
                match marker {
                    0xe1 if data.starts_with(b"Exif\0") => blocks.extend(data.get(6..).map(Block::Exif)),
                    0xe1 => {
                        let xmp = data.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0");
                        blocks.extend(xmp.map(Block::Xmp));
                    }
                    0xfe => {
                        let text = String::from_utf8_lossy(data).into_owned();
                        blocks.push(Block::Comment(String::new(), text));
                    }
                    // After the start of a scan: up to the next marker that is neither stuffing nor a restart.
                    0xda => at = scan_end(bytes, at),
                    _ => {}
                }
            }
        }
    }
    Err(CUT)
}

fn scan_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr::memchr_iter(0xff, rest)
        .find(|at| !matches!(rest.get(at + 1), Some(0 | 0xff | 0xd0..=0xd7)))
        .map_or(bytes.len(), |at| from + at)
}

fn gif(bytes: &[u8]) -> Blocks<'_> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let (mut blocks, mut at) = (Vec::new(), 13 + table(*bytes.get(10).ok_or(CUT)?));
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(0x3b), _) => return Ok(after_end(blocks, bytes.get(at + 1..))),
            (Some(0x2c), _) => {
                let flags = *bytes.get(at + 9).ok_or(CUT)?;
                at = chain(bytes, at + 11 + table(flags)).1;
            }
            (Some(0x21), Some(label)) => {
                let (data, end) = chain(bytes, at + 2);
                if *label == 0xfe {
                    let text = data.concat();
                    blocks.push(Block::Comment(String::new(), String::from_utf8_lossy(&text).into_owned()));
                } else if data.first().is_some_and(|d| d.starts_with(b"XMP Data")) {
                    // XMP lies here as it is, between the application's name and a trailer that makes it skippable.
                    let xmp = bytes.get(at + 14..end).unwrap_or_default();
                    let end = memchr::memmem::rfind(xmp, b">").map_or(0, |e| e + 1);
                    blocks.extend(xmp.get(..end).map(Block::Xmp));
                }
                at = end;
            }
            _ => return Err(CUT),
        }
    }
}

/// The sub-blocks of a GIF from `at`, and where they end.
fn chain(bytes: &[u8], mut at: usize) -> (Vec<&[u8]>, usize) {
    let mut data = Vec::new();
    while let Some(length) = bytes.get(at).map(|l| usize::from(*l)) {
        let block = bytes.get(at + 1..at + 1 + length);
        at += 1 + length;
        match block {
            Some(block) if length > 0 => data.push(block),
            _ => break,
        }
    }
    (data, at)
}

fn webp(bytes: &[u8]) -> Blocks<'_> {
    let Some(Ok(size)) = bytes.get(4..8).map(<[u8; 4]>::try_from) else { return Err(CUT) };
    let end = (u32::from_le_bytes(size) as usize).saturating_add(8);
    let picture = bytes.get(..end).ok_or(CUT)?;
    let (mut blocks, mut at) = (Vec::new(), 12);
    while let Some(Ok(length)) = picture.get(at + 4..at + 8).map(<[u8; 4]>::try_from) {
        let length = u32::from_le_bytes(length) as usize;
        let data = picture.get(at + 8..at + 8 + length).ok_or(CUT)?;
        match picture.get(at..at + 4) {
            Some(b"EXIF") => blocks.push(Block::Exif(data.strip_prefix(b"Exif\0\0").unwrap_or(data))),
            Some(b"XMP ") => blocks.push(Block::Xmp(data)),
            _ => {}
        }
        at += 8 + length + length % 2;
    }
    Ok(after_end(blocks, bytes.get(end..)))
}
