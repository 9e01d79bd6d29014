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

/// So many bytes are looked at together.
const RUN: usize = 32;

/// Appends a JSON string. Runs of bytes that need no escape, as nearly all do, are copied whole: byte by byte, as
/// serde_json must, this took a twentieth of a build. Control characters other than line ends and tabs are left to it.
fn string(text: &str, out: &mut Vec<u8>) {
    let is_odd = |b: &u8| *b < 0x20 || *b == b'"' || *b == b'\\';
    let start = out.len();
    out.reserve(text.len() + 2);
    out.push(b'"');
    for run in text.as_bytes().chunks(RUN) {
        // Without a branch in it, the look at a run is one of the machine's own steps.
        if !run.iter().fold(false, |odd, b| odd | is_odd(b)) {
            out.extend_from_slice(run);
            continue;
        }
        for byte in run {
            match byte {
                b'"' => out.extend_from_slice(b"\\\""),
                b'\\' => out.extend_from_slice(b"\\\\"),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\t' => out.extend_from_slice(b"\\t"),
                0..0x20 => {
                    out.truncate(start);
                    // Text and memory: this cannot fail.
                    let _ = serde_json::to_writer(out, text);
                    return;
                }
                _ => out.push(*byte),
            }
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_serde_json_does() {
        let all: String = (0..0x90).filter_map(char::from_u32).collect();
        for text in [
            "",
            "汉字",
            "a\"b\\c\nd",
            "\u{1}控制\t符",
            "\"",
            "\n\n",
            "</script>",
            &all,
            &format!("{}\"", "字".repeat(40)),
        ] {
            let (mut ours, theirs) = (Vec::new(), serde_json::to_vec(text).expect("text"));
            string(text, &mut ours);
            assert_eq!(ours, theirs, "{text:?}");
        }
    }
}
