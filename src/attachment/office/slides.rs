//! A PowerPoint presentation (ECMA-376 part 1, 19): the text of slides in their order, speakers' notes, comments, slides
//! that are not shown. In: a package. Out: passages and traces.

use super::super::bounds::{self, Bound};
use super::super::gathering::Gathering;
use super::super::xml::{self, Part, Piece};
use super::super::{Mark, Place, Problem, Standing};
use super::package::Package;
use std::collections::BTreeMap;

const PRESENTATION: &str = "ppt/presentation.xml";

/// Reads a presentation.
pub(super) fn read(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    let relations = package.relations(PRESENTATION, gathering)?;
    let authors = authors(package, gathering)?;
    let mut slides = Vec::new();
    if let Some(part) = package.part(PRESENTATION, gathering)? {
        xml::walk(&part, gathering, |piece, _, gathering| {
            let Piece::Open(tag) = piece else { return };
            if tag.name() != "sldId" {
                return;
            }
            if slides.len() >= bounds::PARTS {
                return gathering.hit(Bound::Parts);
            }
            slides.extend(tag.attributes().find(|(n, _)| n.ends_with(":id")).map(|(_, v)| v));
        })?;
    }
    for (number, id) in (1..).zip(&slides) {
        let Some(relation) = relations.get(id).filter(|r| !r.outside) else { continue };
        if let Some(part) = package.part(&relation.target, gathering)? {
            slide(&part, number, Standing::Shown, gathering)?;
        }
        for relation in package.relations(&relation.target, gathering)?.into_values().filter(|r| !r.outside) {
            let reads = matches!(relation.kind.as_str(), "notesSlide" | "comments");
            let Some(part) = (if reads { package.part(&relation.target, gathering)? } else { None }) else { continue };
            match relation.kind.as_str() {
                "notesSlide" => slide(&part, number, Standing::Remark, gathering)?,
                _ => comments(&part, number, &authors, gathering)?,
            }
        }
    }
    Ok(())
}

/// The paragraphs of a slide or of its notes. A notes page repeats the slide's number in a field, which is left out.
fn slide(part: &Part, number: usize, standing: Standing, gathering: &mut Gathering) -> Result<(), Problem> {
    let (mut text, mut standing) = (String::new(), standing);
    xml::walk(part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) if tag.name() == "sld" && tag.attribute("show").is_some_and(|v| !xml::yes(&v)) => {
            standing = Standing::Hidden;
            gathering.trace(Place::Slide(number), Mark::HiddenSlide);
        }
        Piece::Open(tag) if tag.name() == "br" => text.push('\n'),
        Piece::Text(piece) if path.last() == "t" && !path.inside("fld") => text.push_str(piece),
        Piece::Close("p") => {
            gathering.passage(Place::Slide(number), standing, &text);
            text.clear();
        }
        _ => {}
    })
}

/// Id and name of the people who wrote comments.
fn authors(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<BTreeMap<String, String>, Problem> {
    let mut authors = BTreeMap::new();
    for name in ["ppt/commentAuthors.xml", "ppt/authors.xml"] {
        let Some(part) = package.part(name, gathering)? else { continue };
        xml::walk(&part, gathering, |piece, _, _| {
            if let Piece::Open(tag) = piece
                && let (Some(id), Some(name)) = (tag.exact("id"), tag.exact("name"))
            {
                authors.insert(id, name);
            }
        })?;
    }
    Ok(authors)
}

fn comments(
    part: &Part,
    number: usize,
    authors: &BTreeMap<String, String>,
    gathering: &mut Gathering,
) -> Result<(), Problem> {
    let (mut author, mut text) = (String::new(), String::new());
    xml::walk(part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) if tag.name() == "cm" => {
            author = tag.exact("authorId").and_then(|id| authors.get(&id).cloned()).unwrap_or_default();
            text.clear();
        }
        Piece::Text(piece) if matches!(path.last(), "text" | "t") => text.push_str(piece),
        Piece::Close("cm") => gathering.comment(Place::Slide(number), &author, &text),
        _ => {}
    })
}
