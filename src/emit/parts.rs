//! The parts of a body as JSON, made while the body is at hand: they wait beside it and end its data file.

use crate::markdown::Part;

/// Appends the parts of a body as JSON: id, role, title and words of each.
pub fn json(parts: &[Part], prose: &str, out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, part) in parts.iter().enumerate() {
        out.extend_from_slice(if index == 0 { b"{\"id\":" } else { b",{\"id\":" });
        optional(Some(part.id.as_str()).filter(|id| !id.is_empty()), out);
        out.extend_from_slice(b",\"role\":");
        optional(part.role.as_deref(), out);
        out.extend_from_slice(b",\"title\":");
        optional(Some(part.title.as_str()).filter(|title| !title.is_empty()), out);
        out.extend_from_slice(b",\"text\":");
        string(prose[part.text.clone()].trim_end(), out);
        out.push(b'}');
    }
    out.push(b']');
}

fn optional(text: Option<&str>, out: &mut Vec<u8>) {
    match text {
        Some(text) => string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// Appends a JSON string. Text that needs no escapes but `\n`, `\"` and `\\`, as nearly all does, is copied between
/// them: byte by byte, as serde_json must, this took a twentieth of a build.
fn string(text: &str, out: &mut Vec<u8>) {
    let odd = text.bytes().filter(|b| *b < 0x20 && *b != b'\n').count();
    if odd > 0 {
        // Text and memory: this cannot fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for at in memchr::memchr3_iter(b'"', b'\\', b'\n', bytes) {
        out.extend_from_slice(&bytes[from..at]);
        out.extend_from_slice(match bytes[at] {
            b'"' => b"\\\"",
            b'\n' => b"\\n",
            _ => b"\\\\",
        });
        from = at + 1;
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_serde_json_does() {
        for text in ["", "汉字", "a\"b\\c\nd", "\u{1}控制\t符", "\"", "\n\n", "</script>"] {
            let (mut ours, theirs) = (Vec::new(), serde_json::to_vec(text).expect("text"));
            string(text, &mut ours);
            assert_eq!(ours, theirs, "{text:?}");
        }
    }
}
