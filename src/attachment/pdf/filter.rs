//! The codings of PDF streams (ISO 32000-1, 7.4) in which text comes: DEFLATE, LZW, ASCII hexadecimal, ASCII
//! base 85. In: packed bytes. Out: bytes, inside the bounds; `None` for another coding.

use super::super::bounds::{self, Bound};
use super::super::gathering::Gathering;
use super::object::{Lexer, Object};
use flate2::bufread::ZlibDecoder;
use std::io::Read;
use weezl::decode::Decoder;
use weezl::{BitOrder, LzwStatus};

/// Most codings one over the other.
const FILTERS: usize = 4;

pub(super) fn apply(filters: &[Object], packed: &[u8], gathering: &mut Gathering) -> Option<Vec<u8>> {
    if filters.len() > FILTERS {
        return None;
    }
    let mut bytes = charge(packed.to_vec(), gathering);
    for filter in filters {
        let unpacked = match filter.name()? {
            b"FlateDecode" | b"Fl" => inflate(&bytes, gathering),
            b"LZWDecode" | b"LZW" => unlzw(&bytes, gathering),
            b"ASCIIHexDecode" | b"AHx" => match Lexer::new(&[b"<", bytes.as_slice()].concat(), 0).object()? {
                Object::String(bytes) => bytes,
                _ => return None,
            },
            b"ASCII85Decode" | b"A85" => base85(&bytes),
            _ => return None,
        };
        bytes = charge(unpacked, gathering);
    }
    Some(bytes)
}

/// Every byte counts at each step, so that steps which swell and shrink again are bounded, too.
fn charge(mut bytes: Vec<u8>, gathering: &mut Gathering) -> Vec<u8> {
    if bytes.len() > gathering.budget {
        gathering.hit(Bound::UnpackedBytes);
        bytes.truncate(gathering.budget);
    }
    gathering.budget -= bytes.len();
    bytes
}

/// What can be unpacked before the end, an error or a bound.
fn inflate(bytes: &[u8], gathering: &mut Gathering) -> Vec<u8> {
    let most = bounds::PART_BYTES.min(gathering.budget);
    let mut unpacked = Vec::new();
    // An error leaves what came before it, which is all there is to know.
    let _ = ZlibDecoder::new(bytes).take(most as u64 + 1).read_to_end(&mut unpacked);
    held(unpacked, most, gathering)
}

/// The same of LZW, whose codes grow one code early (ISO 32000-1, 7.4.4.2, `EarlyChange` 1).
fn unlzw(mut bytes: &[u8], gathering: &mut Gathering) -> Vec<u8> {
    let most = bounds::PART_BYTES.min(gathering.budget);
    let (mut decoder, mut unpacked) = (Decoder::with_tiff_size_switch(BitOrder::Msb, 8), Vec::new());
    let mut chunk = [0; 8192];
    while unpacked.len() <= most {
        let step = decoder.decode_bytes(bytes, &mut chunk);
        bytes = bytes.get(step.consumed_in..).unwrap_or_default();
        unpacked.extend_from_slice(chunk.get(..step.consumed_out).unwrap_or_default());
        // Without progress nothing more will come: the stream is cut off.
        let still = step.consumed_in == 0 && step.consumed_out == 0;
        if still || !matches!(step.status, Ok(LzwStatus::Ok)) {
            break;
        }
    }
    held(unpacked, most, gathering)
}

fn held(mut unpacked: Vec<u8>, most: usize, gathering: &mut Gathering) -> Vec<u8> {
    if unpacked.len() > most {
        unpacked.truncate(most);
        gathering.hit(if most < bounds::PART_BYTES { Bound::UnpackedBytes } else { Bound::PartBytes });
    }
    unpacked
}

fn base85(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut group) = (Vec::new(), Vec::with_capacity(5));
    let flush = |group: &mut Vec<u8>, out: &mut Vec<u8>| {
        let given = group.len();
        if given > 1 {
            group.resize(5, 84);
            let value = group.iter().fold(0_u32, |sum, d| sum.wrapping_mul(85).wrapping_add(u32::from(*d)));
            out.extend(value.to_be_bytes().iter().take(given - 1));
        }
        group.clear();
    };
    for byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => {}
        }
        if group.len() == 5 {
            flush(&mut group, &mut out);
        }
    }
    flush(&mut group, &mut out);
    out
}
