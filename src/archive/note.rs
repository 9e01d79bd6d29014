//! The note in an archive on how to read and verify it with what every system has. In: a portal and a year. Out: plain text
//! in Chinese and English, in lines that end in CRLF so that any editor shows them.

use crate::model::Portal;

/// The name of the file.
pub(super) const FILE: &str = "HOW-TO-VERIFY.txt";

/// The text of the note; `name` is the bag's.
pub(super) fn text(portal: &Portal, year: u16, name: &str) -> String {
    let text = include_str!("HOW-TO-VERIFY.txt");
    let text = text.replace("{title}", &portal.site.title).replace("{year}", &year.to_string());
    let text = text.replace("{url}", &portal.site.base_url).replace("{name}", name);
    text.replace('\n', "\r\n")
}
