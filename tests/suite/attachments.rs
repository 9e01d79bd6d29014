//! Each file of `tests/attachments/` (made by `tests/tools/make_attachments.py`) and what is found in it, as a snapshot;
//! then files made to break something.

use proptest::prelude::*;
use std::fmt::Write;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use sunlit::attachment::bounds::Bound;
use sunlit::attachment::{Cell, Contents, Kind, Mark, Place, Problem, Standing, Unread, inspect};
use zip::write::{SimpleFileOptions, ZipWriter};

fn told(contents: &Contents) -> String {
    let mut out = format!("{:?}\n", contents.kind);
    for passage in &contents.text {
        let _ = writeln!(out, "text  {:?} {}: {:?}", passage.standing, place(&passage.place), passage.text);
    }
    for trace in &contents.traces {
        let _ = writeln!(out, "trace {}: {:?}", place(&trace.place), trace.mark);
    }
    for fact in [contents.pdf.as_ref().map(|p| format!("{p:?}"))].into_iter().flatten() {
        let _ = writeln!(out, "{fact}");
    }
    let _ = writeln!(out, "unread {:?} bounds {:?}", contents.unread, contents.bounds);
    out
}

fn place(place: &Place) -> String {
    match place {
        Place::Cell(cell) => format!("{}!{}", cell.sheet, cell.address()),
        place => format!("{place:?}"),
    }
}

fn folder() -> PathBuf {
    crate::portal::repository().join("tests/attachments")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("a fixture")
}

fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("a package").into_inner()
}

#[test]
fn every_attachment_is_what_it_is() {
    insta::glob!("../attachments", "*.*", |path| {
        let bytes = std::fs::read(path).expect("readable");
        match inspect(&bytes) {
            Ok(contents) => insta::assert_snapshot!(told(&contents)),
            Err(problem) => insta::assert_snapshot!(format!("{problem:?}")),
        }
        assert_eq!(inspect(&bytes), inspect(&bytes), "the same bytes, another answer");
    });
}

#[test]
fn a_file_without_bytes_is_a_problem() {
    assert_eq!(inspect(b""), Err(Problem::Empty));
}

#[test]
fn kinds_follow_the_bytes() {
    let cases: &[(&[u8], Kind)] = &[
        (b"%PDF-1.7", Kind::Pdf),
        (b"\r\n%PDF-1.7", Kind::Pdf),
        (b"MZ is a text", Kind::Text),
        (b"MZ\0\0", Kind::Executable),
        (b"#!/bin/sh\n", Kind::Executable),
        (b"#! is a text", Kind::Text),
        (b"\xff\xfe\x31\0", Kind::Text),
        (b"{\"a\": 1}", Kind::Json),
        (b"<?xml version='1.0'?><a/>", Kind::Xml),
        (b"<p>x", Kind::Html),
        (b"a;b\nc;d\n", Kind::Csv),
        (b"a, b\nc\n", Kind::Text),
        (b"{\\rtf1}", Kind::Rtf),
        (b"\0\0\0\x18ftypheic", Kind::Heif),
        (b"a\0b", Kind::Unknown),
    ];
    for (bytes, kind) in cases {
        let found = match inspect(bytes) {
            Ok(contents) => contents.kind,
            Err(Problem::Damaged { kind, .. }) => kind,
            Err(Problem::Empty) => unreachable!("there are bytes"),
        };
        assert_eq!(found, *kind, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn cells_are_named_as_spreadsheets_name_them() {
    for (column, name) in [(1, "A1"), (26, "Z1"), (27, "AA1"), (702, "ZZ1"), (703, "AAA1"), (16_384, "XFD1")] {
        assert_eq!(Cell { sheet: String::new(), row: 1, column }.address(), name);
    }
}

#[test]
fn a_zip_bomb_is_cut_at_its_bound() {
    let bomb = vec![b' '; 60_000_000];
    let xml = [b"<document><p><r><t>begins", bomb.as_slice()].concat();
    let contents = inspect(&package(&[("word/document.xml", &xml)])).expect("readable");
    assert_eq!(contents.bounds.into_iter().collect::<Vec<_>>(), [Bound::PartBytes]);
}

#[test]
fn an_lzw_bomb_in_a_pdf_is_cut_at_its_bound() {
    let mut packer = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let packed = packer.encode(&vec![b' '; 40_000_000]).expect("packed");
    let head = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj \
                3 0 obj<</Type/Page/Contents 4 0 R>>endobj 4 0 obj<</Filter/LZWDecode>>stream\n";
    let contents = inspect(&[head.as_bytes(), &packed, b"\nendstream endobj"].concat()).expect("readable");
    assert_eq!(contents.bounds.into_iter().collect::<Vec<_>>(), [Bound::PartBytes]);
}

#[test]
fn parts_that_are_small_alone_and_large_together_are_cut() {
    let bomb = [b"<hdr>", vec![b' '; 20_000_000].as_slice(), b"</hdr>"].concat();
    let names: Vec<_> = (0..10).map(|n| format!("word/header{n}.xml")).collect();
    let mut entries: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), bomb.as_slice())).collect();
    entries.push(("word/document.xml", b"<document/>"));
    let contents = inspect(&package(&entries)).expect("readable");
    assert!(contents.bounds.contains(&Bound::UnpackedBytes), "{:?}", contents.bounds);
}

#[test]
fn more_entries_than_the_bound_are_not_listed() {
    let bytes = [b"PK\x03\x04".as_slice(), &b"PK\x01\x02".repeat(20_001)].concat();
    assert!(inspect(&bytes).expect("told by its kind").bounds.contains(&Bound::Entries));
}

#[test]
fn deep_xml_ends_at_its_bound() {
    let deep = "<a>".repeat(1_000_000);
    let contents = inspect(&package(&[("word/document.xml", deep.as_bytes())])).expect("readable");
    assert!(contents.bounds.contains(&Bound::Depth));
}

#[test]
fn entities_are_not_expanded() {
    let xml = "<!DOCTYPE d [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>\
               <document><p><r><t>x&b;&f;&lt;&#20013;</t></r></p></document>";
    let contents = inspect(&package(&[("word/document.xml", xml.as_bytes())])).expect("readable");
    assert_eq!(contents.text.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["x<中"]);
}

#[test]
fn half_a_million_cells_are_counted_up_to_the_bound() {
    let rows: String = (1..=500_000).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\"><v>1</v></c></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let workbook = "<workbook xmlns:r='r'><sheets><sheet name='s' r:id='a'/></sheets></workbook>";
    let relations = "<Relationships><Relationship Id='a' Type='x/worksheet' Target='s.xml'/></Relationships>";
    let contents = inspect(&package(&[
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/s.xml", sheet.as_bytes()),
    ]))
    .expect("readable");
    assert!(contents.truncated() && contents.bounds.contains(&Bound::Passages));
    assert_eq!(contents.text.len(), sunlit::attachment::bounds::PASSAGES);
}

#[test]
fn text_and_rows_that_end_at_a_bound_say_so() {
    for text in ["a\n".repeat(400_001), "a,b\n".repeat(200_001)] {
        let contents = inspect(text.as_bytes()).expect("readable");
        assert!(contents.bounds.contains(&Bound::Passages), "{:?}", contents.kind);
    }
}

#[test]
fn an_object_of_a_million_values_says_so() {
    let zeros = "0 ".repeat(1_000_000);
    let pdf = format!("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj[{zeros}]endobj");
    assert!(inspect(pdf.as_bytes()).expect("readable").bounds.contains(&Bound::Values));
}

#[test]
fn a_package_inside_is_named_and_never_opened() {
    let contents = inspect(&file("word.docx")).expect("readable");
    let embedded = contents.traces.iter().filter(|t| matches!(t.mark, Mark::EmbeddedFile(_)));
    assert_eq!(embedded.count(), 1);
}

#[test]
fn a_page_tree_that_bites_its_tail_has_one_page() {
    let pdf = inspect(&file("scan.pdf")).expect("readable").pdf.expect("facts");
    assert_eq!(pdf.pages, 1);
}

#[test]
fn a_table_of_one_column_has_its_first_row_as_head() {
    let workbook = "<table:table table:name='s'>".to_owned()
        + &"<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>".repeat(3)
        + "</table:table>";
    let content = format!("<d xmlns:table='t' xmlns:text='x'><office:spreadsheet>{workbook}</office:spreadsheet></d>");
    let mimetype = b"application/vnd.oasis.opendocument.spreadsheet";
    let contents = inspect(&package(&[("mimetype", mimetype), ("content.xml", content.as_bytes())])).expect("readable");
    let standings: Vec<_> = contents.text.iter().map(|p| p.standing).collect();
    assert_eq!(standings, [Standing::Header, Standing::Shown, Standing::Shown]);
}

#[test]
fn what_is_encrypted_is_unread() {
    for name in ["encrypted.pdf", "password.docx"] {
        let contents = inspect(&file(name)).expect("readable");
        assert!(contents.unread.contains(&Unread::Encrypted), "{name}");
        assert!(contents.text.is_empty(), "{name}");
    }
}

#[test]
fn a_file_cut_anywhere_never_stops_the_program() {
    for entry in std::fs::read_dir(folder()).expect("fixtures") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("readable");
        for end in (0..bytes.len()).step_by(97) {
            let _ = inspect(&bytes[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn bytes_of_any_kind_never_stop_the_program(
        name in prop::sample::select(vec!["word.docx", "workbook.xlsx", "text.pdf", "photo.jpg", "picture.png",
            "picture.webp", "picture.gif", "drawing.svg", "tables.ods", "old.doc", "rows.csv"]),
        at in any::<prop::sample::Index>(),
        length in 0..32_usize,
        noise in prop::collection::vec(any::<u8>(), 0..32),
    ) {
        let mut bytes = file(name);
        let at = at.index(bytes.len());
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, noise);
        let _ = inspect(&bytes);
    }
}
