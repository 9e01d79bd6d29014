//! Where people live and what they drive: home addresses below the street, number plates.
//! In: the text and a number in it. Out: hits. The address of an office is passed over: nothing says that somebody
//! lives there.

use super::context::before;
use super::{Hit, Personal};
use crate::text::normal::{Run, fold, visible};

/// The character that a plate begins with: the short name of a province.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// The plate that the run is or ends (粤A12345, 粤A·12345, 粤AD12345, 粤A1234警); GA 36-2018.
pub(super) fn plate(text: &str, run: &Run) -> Option<Hit> {
    let piece = run.pieces().first()?;
    let plain = run.plain().get(piece.range.clone())?;
    if !(4..=7).contains(&plain.len()) {
        return None;
    }
    let origin = run.origin(piece.range.clone())?;
    let head = text.get(..origin.start)?;
    let (start, body) = match head.chars().next_back() {
        Some(c) if PROVINCES.contains(c) && is_region(plain.chars().next()) => {
            (origin.start - c.len_utf8(), plain.get(1..)?)
        }
        _ => (region_before(head)?, plain),
    };
    let tail = text.get(origin.end..).unwrap_or_default();
    let suffix = tail.chars().next().filter(|c| "警学挂港澳领".contains(*c) && body.len() == 4);
    let length = body.len() + suffix.map_or(0, |_| 1);
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let letters = body.bytes().filter(|b| matches!(b, b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z')).count();
    if !(5..=6).contains(&length) || digits + letters != body.len() || digits < 2 || run.plain().contains('*') {
        return None;
    }
    // 粤A20241号 is a document unless it goes on as 号牌 or 号车.
    let numbered = tail.strip_prefix('号').is_some_and(|t| !t.starts_with(['牌', '车', '轿', '小', '货']));
    if numbered && !before(text, start, 8).contains('牌') || tail.starts_with(['元', '万', '件']) {
        return None;
    }
    Some(Hit { range: start..origin.end + suffix.map_or(0, char::len_utf8), what: Personal::Plate })
}

/// The letter of a region: I and O are not used.
fn is_region(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_uppercase() && c != 'I' && c != 'O')
}

/// Where a province and a letter begin that end `head`, with a dot or blank between them and the rest.
fn region_before(head: &str) -> Option<usize> {
    let head = head.strip_suffix(['·', '•', '.', ' ', '-', '\u{a0}'])?;
    let letter = head.chars().next_back().filter(|c| is_region(fold(*c)))?;
    let head = head.strip_suffix(letter)?;
    let province = head.chars().next_back().filter(|c| PROVINCES.contains(*c))?;
    Some(head.len() - province.len_utf8())
}

/// Words in running text behind which an address of a home begins.
const VERBS: &[&str] = &[
    "家庭住址为",
    "家庭住址是",
    "现住址为",
    "住址为",
    "住址是",
    "户籍所在地为",
    "户籍地为",
    "居住在",
    "居住于",
    "现住",
    "家住",
    "住在",
    "租住",
    "某住",
];

/// Labels before an address of a home.
const LABELS: &[&str] = &["住址", "家庭地址", "居住地址", "户籍地址", "户籍地", "户籍所在地", "居住地", "身份证地址"];

/// Whether what follows a number at `end` may make it that of a house.
pub(super) fn begins_home(text: &str, end: usize) -> bool {
    text.get(end..).and_then(|t| t.chars().next()).is_some_and(|c| UNITS.contains(c))
}

/// What is counted in a home's address.
const UNITS: &str = "号栋幢单室房座楼";

/// The home whose first number is `start..end`: what somebody lives in, down to the house.
pub(super) fn home(text: &str, start: usize, end: usize) -> Option<Hit> {
    let tail = text.get(end..)?;
    let unit = tail.chars().next().filter(|c| UNITS.contains(*c))?;
    let head = text.get(..start)?;
    let chunk: usize = head.chars().rev().take(30).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
    let from = start - chunk;
    let place = head.get(from..)?;
    let ends_in_place = place.ends_with(|c| "路街巷村组里弄园区苑坊道段寓厦城院寨屯社湾庄".contains(c));
    if !ends_in_place && (unit == '号' || place.chars().count() < 2) {
        return None;
    }
    let begin = after_verb(place).map(|offset| from + offset).or_else(|| is_labelled(text, from).then_some(from))?;
    Some(Hit { range: begin..rest_of_address(text, end), what: Personal::HomeAddress })
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

/// Where the address begins behind a word such as 家住, or behind 住 at the start (but not 住建局, 住房, 住所).
fn after_verb(place: &str) -> Option<usize> {
    let verb = VERBS.iter().filter_map(|v| Some(place.rfind(v)? + v.len())).max();
    let bare =
        place.strip_prefix('住').filter(|rest| !rest.starts_with(['建', '房', '宅', '所', '院', '户', '宿', '保']));
    verb.or(bare.map(|rest| place.len() - rest.len())).filter(|offset| *offset < place.len())
}

fn is_labelled(text: &str, from: usize) -> bool {
    let near = before(text, from, 10);
    let label = near.trim_end_matches(['：', ':', ' ', '\u{3000}', '*', '为']);
    label.len() < near.len() && LABELS.iter().any(|l| label.ends_with(l))
}

/// Goes on over numbers, letters and the words for house, entrance and room.
fn rest_of_address(text: &str, end: usize) -> usize {
    let (mut at, mut last) = (end, end);
    for _ in 0..24 {
        let Some((c, place)) = visible(text, at) else { break };
        match c {
            '号' | '栋' | '幢' | '单' | '元' | '室' | '房' | '座' | '楼' | '层' | '之' => last = place.end,
            _ if c.is_ascii_alphanumeric() => last = place.end,
            '-' | '#' => {}
            _ => break,
        }
        at = place.end;
    }
    last
}
