//! A PDF (ISO 32000-1): its pages' text, what it says of itself, annotations, embedded files and scripts.
//! In: bytes. Out: passages, traces and [`PdfFacts`]. Read by this program's own reader (`file`);
//! `docs/detection/attachments.md` says which libraries were weighed, and why. Of an encrypted file only that much is told.

mod file;
mod filter;
mod font;
mod object;
mod page;

use super::bounds::{self, Bound};
use super::gathering::Gathering;
use super::{Mark, PdfFacts, Place, Problem, Standing, TextLayer, Unread, image};
use file::File;
use object::{Dictionary, Object};
use page::Pages;
use std::collections::BTreeSet;
use std::rc::Rc;

/// One unknown character among so many makes the text of a PDF unread.
const UNKNOWN: usize = 20;

/// Most branches of the page tree that wait to be walked.
const WAITING: usize = 4 * bounds::PAGES;

/// Keys of the document information that say nothing of people.
const PLAIN: &[&[u8]] = &[b"Title", b"CreationDate", b"ModDate", b"Trapped", b"SourceModified", b"PTEX.Fullbanner"];

/// Reads a PDF.
///
/// # Errors
///
/// When it has no catalogue of pages.
pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) -> Result<(), Problem> {
    let file = File::open(bytes, gathering)?;
    let root = file.dictionary(&file.trailer, b"Root");
    let marked = file.follow(&file.dictionary(&root, b"MarkInfo"), b"Marked") == Object::Boolean(true);
    let mut facts = PdfFacts {
        text: TextLayer::Unknown,
        title: None,
        language: None,
        tagged: marked && root.contains_key(b"StructTreeRoot".as_slice()),
        encrypted: file.encrypted(),
        pages: 0,
    };
    let pages = pages(&file, &root, gathering);
    facts.pages = pages.len();
    if facts.encrypted {
        gathering.unread(Unread::Encrypted);
        gathering.pdf(facts);
        return Ok(());
    }
    facts.language = string(&file.follow(&root, b"Lang")).filter(|l| !l.trim().is_empty());
    information(&file, &mut facts, gathering);
    if let Some((_, packet)) = root.get(b"Metadata".as_slice()).and_then(|m| file.stream(m, gathering)) {
        let title = image::packet(&packet, gathering);
        facts.title = facts.title.or(title);
    }
    if file.scripts {
        gathering.trace(Place::File, Mark::Script);
    }
    for name in &file.embedded {
        gathering.said(Place::File, Mark::EmbeddedFile, &string(&file.resolve(name)).unwrap_or_default());
    }
    facts.text = text(&file, &pages, gathering);
    if file.exhausted() {
        gathering.hit(Bound::UnpackedBytes);
    }
    gathering.pdf(facts);
    Ok(())
}

/// A page and its resources, which it may inherit; both unresolved, since parsed they take much room.
struct Page {
    node: Object,
    resources: Rc<Object>,
}

/// The pages in their order.
fn pages(file: &File<'_>, root: &Dictionary, gathering: &mut Gathering) -> Vec<Page> {
    let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
    let node = root.get(b"Pages".as_slice()).cloned().unwrap_or_default();
    let mut waiting = vec![Page { node, resources: Rc::new(Object::Null) }];
    while let Some(Page { node, resources }) = waiting.pop() {
        if let Object::Reference(number) = node
            && !seen.insert(number)
        {
            continue;
        }
        let Object::Dictionary(dictionary) = file.resolve(&node) else { continue };
        let resources = dictionary.get(b"Resources".as_slice()).cloned().map_or(resources, Rc::new);
        match file.follow(&dictionary, b"Kids") {
            // The tree is walked with a stack of what waits, so that its depth is no matter.
            Object::Array(kids) if waiting.len() < WAITING => {
                let kids = kids.into_iter().take(bounds::PAGES + 1).collect::<Vec<_>>().into_iter().rev();
                waiting.extend(kids.map(|node| Page { node, resources: Rc::clone(&resources) }));
            }
            Object::Array(_) => gathering.hit(Bound::Pages),
            _ if pages.len() >= bounds::PAGES => {
                gathering.hit(Bound::Pages);
                break;
            }
            _ => pages.push(Page { node, resources }),
        }
    }
    pages
}

/// The text of the pages and their annotations.
fn text(file: &File<'_>, pages: &[Page], gathering: &mut Gathering) -> TextLayer {
    let (mut reader, mut layer) = (Pages::new(file), TextLayer::None);
    let (mut characters, mut unknown) = (0, 0);
    for (number, Page { node, resources }) in (1..).zip(pages) {
        let Object::Dictionary(page) = file.resolve(node) else { continue };
        let resources = match file.resolve(resources) {
            Object::Dictionary(resources) => resources,
            _ => Dictionary::new(),
        };
        let words = reader.page(&page, &resources, gathering);
        characters += words.characters;
        unknown += words.unknown;
        let place = Place::Page(number);
        let (drawn, invisible) = (words.drawn.trim(), words.invisible.trim());
        if !drawn.is_empty() {
            layer = TextLayer::Drawn;
            // Beside drawn words, invisible ones are not the recognition of a scan.
            gathering.said(place.clone(), Mark::HiddenText, invisible);
        } else if !invisible.is_empty() {
            layer = layer.max(TextLayer::Invisible);
        }
        gathering.passage(place.clone(), Standing::Shown, drawn);
        gathering.passage(place.clone(), Standing::Hidden, invisible);
        annotations(file, &page, &place, gathering);
    }
    // A sign or a bullet without a name is no loss; a font without one is.
    if unknown > 0 && unknown * UNKNOWN >= characters {
        gathering.unread(Unread::PdfFont);
    }
    layer
}

fn annotations(file: &File<'_>, page: &Dictionary, place: &Place, gathering: &mut Gathering) {
    for annotation in file.follow(page, b"Annots").array().iter().take(bounds::TRACES) {
        let Object::Dictionary(annotation) = file.resolve(annotation) else { continue };
        let said = |key: &[u8]| string(&file.follow(&annotation, key)).unwrap_or_default();
        match file.follow(&annotation, b"Subtype").name() {
            Some(b"Link" | b"Popup") | None => {}
            // What was filled into a form.
            Some(b"Widget") => gathering.passage(place.clone(), Standing::Shown, &said(b"V")),
            Some(_) => {
                let (author, text) = (said(b"T"), said(b"Contents"));
                if !author.is_empty() || !text.is_empty() {
                    gathering.comment(place.clone(), &author, &text);
                }
            }
        }
    }
}

/// The document information (ISO 32000-1, 14.3.3).
fn information(file: &File<'_>, facts: &mut PdfFacts, gathering: &mut Gathering) {
    let information = file.dictionary(&file.trailer, b"Info");
    facts.title = string(&file.follow(&information, b"Title")).filter(|t| !t.trim().is_empty());
    for (key, value) in &information {
        let Some(value) = string(&file.resolve(value)) else { continue };
        let mark: fn(String) -> Mark = match key.as_slice() {
            b"Author" => Mark::Author,
            b"Creator" | b"Producer" => Mark::Software,
            b"Company" => Mark::Company,
            b"Subject" | b"Keywords" => Mark::Description,
            key if PLAIN.contains(&key) => continue,
            key => {
                let key = String::from_utf8_lossy(key).into_owned();
                gathering.said(Place::File, |value| Mark::Property(key, value), &value);
                continue;
            }
        };
        gathering.said(Place::File, mark, &value);
    }
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a byte order mark, else a single-byte encoding.
fn string(object: &Object) -> Option<String> {
    let Object::String(bytes) = object else { return None };
    Some(match bytes.as_slice() {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        bytes => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned)
        }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|u| unit(*u)).collect();
    String::from_utf16_lossy(&units)
}
