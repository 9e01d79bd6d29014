//! An Excel workbook (ECMA-376 part 1, 18): its sheets by name and order, shared strings, comments and threads.
//! In: a package. Out: passages and traces; the cells of one sheet are read in `sheet`.

use super::super::bounds;
use super::super::gathering::Gathering;
use super::super::table::Table;
use super::super::xml::{self, Part, Piece};
use super::super::{Cell, Mark, Place, Problem, Standing};
use super::package::Package;
use super::sheet;
use std::collections::BTreeMap;

const WORKBOOK: &str = "xl/workbook.xml";

/// Reads a workbook.
pub(super) fn read(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<(), Problem> {
    let relations = package.relations(WORKBOOK, gathering)?;
    let shared = match package.part("xl/sharedStrings.xml", gathering)? {
        Some(part) => strings(&part, gathering)?,
        None => Vec::new(),
    };
    let people = people(package, gathering)?;
    for (name, id, standing) in sheets(package, gathering)? {
        if standing == Standing::Hidden {
            gathering.trace(Place::Sheet(name.clone()), Mark::HiddenSheet);
        }
        let Some(relation) = relations.get(&id).filter(|r| !r.outside) else { continue };
        if let Some(part) = package.part(&relation.target, gathering)? {
            let table = Table::new(&name, standing, gathering);
            sheet::read(&part, &shared, table, gathering)?;
        }
        for relation in package.relations(&relation.target, gathering)?.into_values() {
            if matches!(relation.kind.as_str(), "comments" | "threadedComment")
                && let Some(part) = package.part(&relation.target, gathering)?
            {
                comments(&part, &name, &people, gathering)?;
            }
        }
    }
    for relation in relations.into_values().filter(|r| r.kind == "externalLink") {
        package.relations(&relation.target, gathering)?;
    }
    Ok(())
}

/// Name, relation and hiding of each sheet, in the order of the workbook.
fn sheets(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<Vec<(String, String, Standing)>, Problem> {
    let mut sheets = Vec::new();
    let Some(part) = package.part(WORKBOOK, gathering)? else { return Ok(sheets) };
    xml::walk(&part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) if tag.name() == "sheet" && path.last() == "sheets" => {
            if sheets.len() >= bounds::PARTS {
                return gathering.hit(bounds::Bound::Parts);
            }
            let id = tag.attributes().find(|(n, _)| n.ends_with(":id")).map(|(_, v)| v).unwrap_or_default();
            let hidden = tag.attribute("state").is_some_and(|s| s != "visible");
            let standing = if hidden { Standing::Hidden } else { Standing::Shown };
            sheets.push((tag.attribute("name").unwrap_or_default(), id, standing));
        }
        // The path under which the workbook was last saved.
        Piece::Open(tag) if tag.name() == "absPath" => {
            gathering.said(Place::File, Mark::LocalPath, &tag.attribute("url").unwrap_or_default());
        }
        _ => {}
    })?;
    Ok(sheets)
}

/// The strings that cells refer to by number; readings of Japanese words (`rPh`) are left out.
fn strings(part: &Part, gathering: &mut Gathering) -> Result<Vec<String>, Problem> {
    let (mut strings, mut text) = (Vec::new(), String::new());
    xml::walk(part, gathering, |piece, path, _| match piece {
        Piece::Text(piece) if path.last() == "t" && !path.inside("rPh") => text.push_str(piece),
        Piece::Close("si") => strings.push(std::mem::take(&mut text)),
        _ => {}
    })?;
    Ok(strings)
}

/// Id and name of the people who wrote threads.
fn people(package: &mut Package<'_>, gathering: &mut Gathering) -> Result<BTreeMap<String, String>, Problem> {
    let mut people = BTreeMap::new();
    let Some(part) = package.part("xl/persons/person.xml", gathering)? else { return Ok(people) };
    xml::walk(&part, gathering, |piece, _, _| {
        if let Piece::Open(tag) = piece
            && let (Some(id), Some(name)) = (tag.exact("id"), tag.attribute("displayName"))
        {
            people.insert(id, name);
        }
    })?;
    Ok(people)
}

/// Comments of one sheet, old and threaded.
fn comments(
    part: &Part,
    sheet: &str,
    people: &BTreeMap<String, String>,
    gathering: &mut Gathering,
) -> Result<(), Problem> {
    let (mut authors, mut place, mut author, mut text) = (Vec::new(), Place::File, String::new(), String::new());
    xml::walk(part, gathering, |piece, path, gathering| match piece {
        Piece::Open(tag) if matches!(tag.name(), "comment" | "threadedComment") => {
            let cell = tag.attribute("ref").and_then(|r| sheet::address(&r));
            place = match cell {
                Some((row, column)) => Place::Cell(Cell { sheet: sheet.to_owned(), row, column }),
                None => Place::Sheet(sheet.to_owned()),
            };
            let index = tag.attribute("authorId").and_then(|i| i.parse::<usize>().ok());
            let person = tag.attribute("personId").and_then(|id| people.get(&id).cloned());
            author = person.or_else(|| authors.get(index?).cloned()).unwrap_or_default();
            text.clear();
        }
        Piece::Open(tag) if tag.name() == "author" => text.clear(),
        Piece::Text(piece) if matches!(path.last(), "t" | "text" | "author") => text.push_str(piece),
        Piece::Close("author") => authors.push(std::mem::take(&mut text)),
        Piece::Close("comment" | "threadedComment") => gathering.comment(place.clone(), &author, &text),
        _ => {}
    })
}
