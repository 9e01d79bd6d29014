//! One XML part, piece by piece, by local names, inside a bound on depth. Entities other than XML's own five are not
//! expanded, document types are not read, nothing is fetched.
//! In: bytes of a part. Out: opens, closes and texts, each with the names of the elements around it.

use super::bounds::{self, Bound};
use super::gathering::Gathering;
use super::{Problem, Unread};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// A piece of XML. An empty element opens and closes.
pub(super) enum Piece<'a> {
    Open(&'a Tag<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// An opening tag.
pub(super) struct Tag<'a> {
    start: &'a BytesStart<'a>,
}

impl Tag<'_> {
    /// The name without prefix.
    pub(super) fn name(&self) -> &str {
        local(self.start.name().into_inner())
    }

    /// The value of the first attribute of this name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes().find(|(n, _)| local(n) == name).map(|(_, v)| v)
    }

    /// The value of the attribute of exactly this name, as `r:id` beside `id`.
    pub(super) fn exact(&self, name: &str) -> Option<String> {
        self.attributes().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Every attribute with its prefix. Duplicates are not looked for: that takes quadratic time.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let mut all = self.start.attributes();
        all.with_checks(false);
        all.filter_map(Result::ok).map(|a| {
            let value = a.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| a.value.clone());
            (a.key.into_inner().to_owned(), value.into_owned())
        })
    }

    /// Whether an attribute is there and says yes, in any of OOXML's spellings.
    pub(super) fn on(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|v| yes(&v))
    }
}

/// Whether an OOXML value means yes (ECMA-376, ST_OnOff).
pub(super) fn yes(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}

pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, n)| n)
}

/// Elements that readers ask about from far inside them. Kept as bits, so that asking costs the same at any depth.
const AROUND: [&str; 22] = [
    "annotation",
    "creator",
    "del",
    "deletion",
    "fld",
    "footer",
    "footer-left",
    "h",
    "header",
    "header-left",
    "ins",
    "is",
    "metadata",
    "moveFrom",
    "moveTo",
    "note",
    "notes",
    "p",
    "rPh",
    "table",
    "text",
    "tracked-changes",
];

fn bit(name: &str) -> u32 {
    let index = AROUND.iter().position(|n| *n == name);
    index.map_or(0, |index| 1 << index)
}

/// The names of the open elements, outermost first.
#[derive(Default)]
pub(super) struct Path {
    names: String,
    /// Where each name begins, and which elements of [`AROUND`] are open with it.
    starts: Vec<(usize, u32)>,
}

impl Path {
    fn open(&mut self, name: &str) {
        let around = self.starts.last().map_or(0, |(_, around)| *around);
        self.starts.push((self.names.len(), around | bit(name)));
        self.names.push_str(name);
    }

    fn close(&mut self) {
        if let Some((start, _)) = self.starts.pop() {
            self.names.truncate(start);
        }
    }

    /// From the innermost outwards.
    fn iter(&self) -> impl Iterator<Item = &str> {
        self.starts.iter().rev().scan(self.names.len(), |end, (start, _)| {
            Some(self.names.get(*start..std::mem::replace(end, *start)).unwrap_or_default())
        })
    }

    /// The name of the innermost element; for an opening tag, of the element that it opens in.
    pub(super) fn last(&self) -> &str {
        self.iter().next().unwrap_or_default()
    }

    /// The name of the element around the innermost.
    pub(super) fn above(&self) -> &str {
        self.iter().nth(1).unwrap_or_default()
    }

    /// Whether an element of this name, which [`AROUND`] lists, is open.
    pub(super) fn inside(&self, name: &str) -> bool {
        let bit = bit(name);
        debug_assert!(bit != 0, "{name} is not listed");
        self.starts.last().is_some_and(|(_, around)| around & bit != 0)
    }
}

/// A part of a package, unpacked.
pub(super) struct Part {
    /// Its name in the package.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Whether a bound cut it short, so that its end is not to be expected.
    pub(super) cut: bool,
}

/// Walks through a part.
///
/// # Errors
///
/// When it is not well-formed before its end, or before the bound that cut it short.
pub(super) fn walk(
    part: &Part,
    gathering: &mut Gathering,
    mut visit: impl FnMut(Piece<'_>, &Path, &mut Gathering),
) -> Result<(), Problem> {
    walk_with(part, gathering, &mut visit)
}

/// The same, compiled once.
fn walk_with(
    part: &Part,
    gathering: &mut Gathering,
    visit: &mut dyn FnMut(Piece<'_>, &Path, &mut Gathering),
) -> Result<(), Problem> {
    let bytes = part.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&part.bytes);
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        gathering.unread(Unread::NotUtf8);
        return Ok(());
    }
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    let mut path = Path::default();
    let kind = gathering.kind();
    let damaged = |reason: String| Err(Problem::Damaged { kind, part: part.name.clone(), reason });
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if path.starts.len() >= bounds::DEPTH {
                    gathering.hit(Bound::Depth);
                    return Ok(());
                }
                let tag = Tag { start: &start };
                visit(Piece::Open(&tag), &path, gathering);
                path.open(tag.name());
            }
            Ok(Event::Empty(start)) => {
                let tag = Tag { start: &start };
                visit(Piece::Open(&tag), &path, gathering);
                visit(Piece::Close(tag.name()), &path, gathering);
            }
            Ok(Event::End(end)) => {
                path.close();
                visit(Piece::Close(local(end.name().into_inner())), &path, gathering);
            }
            Ok(Event::Text(text)) => visit(Piece::Text(&text.xml10_content()), &path, gathering),
            Ok(Event::CData(text)) => visit(Piece::Text(&text.xml10_content()), &path, gathering),
            Ok(Event::GeneralRef(name)) => {
                let mut buffer = [0; 4];
                let text = match name.resolve_char_ref() {
                    Ok(Some(c)) => c.encode_utf8(&mut buffer),
                    Ok(None) => quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default(),
                    Err(_) => "",
                };
                visit(Piece::Text(text), &path, gathering);
            }
            Ok(Event::Eof) if path.starts.is_empty() || part.cut => return Ok(()),
            Ok(Event::Eof) => return damaged("the part ends before its elements are closed".to_owned()),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(_) if part.cut => return Ok(()),
            Err(error) => return damaged(error.to_string()),
        }
    }
}
