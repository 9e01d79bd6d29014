//! What servers answer in XML: pages of objects and error codes of S3, folders of WebDAV. In: bytes. Out: names, without a
//! word of the server's prose, which may repeat what was signed. Also the host of an address.

use crate::base::path::decode;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// A page of ListObjectsV2.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) keys: Vec<String>,
    /// What to ask for the next page with.
    pub(super) next: Option<String>,
}

/// A member of a folder (RFC 4918, section 9.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Path on the server, decoded, without the `/` at the end of a folder.
    pub(super) path: String,
    pub(super) is_folder: bool,
}

/// Reads elements with their text: `each(path of local names, text)` at every end of an element. Stops at what is no XML.
fn walk(bytes: &[u8], mut each: impl FnMut(&[String], &str)) {
    let words = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&words);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                path.push(start.local_name().as_ref().to_string());
                text.clear();
            }
            Ok(Event::Empty(start)) => {
                path.push(start.local_name().as_ref().to_string());
                each(&path, "");
                path.pop();
            }
            Ok(Event::Text(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(name)) => text.push_str(&reference(&name)),
            Ok(Event::End(_)) => {
                each(&path, &text);
                path.pop();
                text.clear();
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// What `&name;` stands for.
fn reference(name: &str) -> String {
    quick_xml::escape::unescape(&format!("&{name};")).map(|text| text.into_owned()).unwrap_or_default()
}

/// The objects of a page.
pub(super) fn objects(bytes: &[u8]) -> Page {
    let mut page = Page::default();
    walk(bytes, |path, text| match path {
        [.., parent, name] if parent == "Contents" && name == "Key" => page.keys.push(text.to_string()),
        [_, name] if name == "NextContinuationToken" && !text.trim().is_empty() => {
            page.next = Some(text.trim().to_string())
        }
        _ => {}
    });
    page
}

/// The code of an error of S3, such as `NoSuchBucket`; empty where there is none.
pub(super) fn error_code(bytes: &[u8]) -> String {
    let mut code = String::new();
    walk(bytes, |path, text| {
        if code.is_empty() && path.last().is_some_and(|name| name == "Code") {
            code = text.chars().filter(char::is_ascii_alphanumeric).take(60).collect();
        }
    });
    code
}

/// The members of a folder, the folder itself among them.
pub(super) fn members(bytes: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    let (mut href, mut is_folder) = (None, false);
    walk(bytes, |path, text| match path.last().map(String::as_str) {
        Some("href") if path.iter().rev().nth(1).is_some_and(|parent| parent == "response") => {
            let path = match text.split_once("://") {
                Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
                None => text.trim(),
            };
            href = decode(path.trim_end_matches('/'));
        }
        Some("collection") => is_folder = true,
        Some("response") => {
            members.extend(href.take().map(|path| Member { path, is_folder }));
            is_folder = false;
        }
        _ => {}
    });
    members
}

/// The host of `http://HOST:PORT/…` or `https://…`; `None` for anything else.
pub(super) fn host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let place = rest.split(['/', '?', '#']).next().filter(|place| !place.contains('@'))?;
    let host = match place.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => place,
    };
    (!host.is_empty()).then(|| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_objects_is_read_with_its_references_and_its_next_page() {
        let xml = br#"<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <Prefix>w/</Prefix><Contents><Key>w/a &amp; b&#x20;c.html</Key><Size>1</Size></Contents>
            <Contents><Key>w/&#38468;&#20214;.xlsx</Key></Contents><NextContinuationToken>x/y=</NextContinuationToken>
            </ListBucketResult>"#;
        let page = objects(xml);
        assert_eq!(page.keys, ["w/a & b c.html", "w/附件.xlsx"]);
        assert_eq!(page.next.as_deref(), Some("x/y="));
        assert_eq!(objects(b"no XML < at all"), Page::default());
    }

    #[test]
    fn an_error_gives_its_code_and_nothing_that_was_signed() {
        let xml = b"<Error><Code>SignatureDoesNotMatch</Code><Message>AKID secret</Message></Error>";
        assert_eq!(error_code(xml), "SignatureDoesNotMatch");
        assert_eq!(error_code(b"<html>Code</html>"), "");
        assert_eq!(error_code(b"<Error><Code>\x1b[31mX</Code></Error>"), "31mX");
    }

    #[test]
    fn members_of_a_folder_are_told_from_folders_whatever_the_prefix_of_the_namespace() {
        let xml = "<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/w/</D:href><D:propstat><D:prop><D:resourcetype>\
            <D:collection/></D:resourcetype></D:prop></D:propstat></D:response><D:response>\
            <D:href>http://h:1/w/%E9%99%84%20100%25.html</D:href><D:propstat><D:prop><D:resourcetype/></D:prop>\
            </D:propstat></D:response></D:multistatus>";
        let member = |path: &str, is_folder| Member { path: path.into(), is_folder };
        let read = members(xml.as_bytes());
        assert_eq!(read, [member("/w", true), member("/w/附 100%.html", false)]);
        assert_eq!(members(xml.replace("D:", "").replace("xmlns:D", "xmlns").as_bytes()), read);
    }

    #[test]
    fn hosts_are_read_from_addresses() {
        assert_eq!(host("https://s3.example.org/x").as_deref(), Some("s3.example.org"));
        assert_eq!(host("http://[::1]:9000").as_deref(), Some("[::1]"));
        for none in ["ftp://h", "https://", "https://user:secret@h", "h"] {
            assert_eq!(host(none), None, "{none}");
        }
    }
}
