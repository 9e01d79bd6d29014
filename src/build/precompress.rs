//! Compressed copies beside the files of the section, where the site asks for them: outputs like any other, so that they
//! are listed, exchanged and removed with the files that they are copies of.

use super::state::State;
use crate::base::{Fingerprint, SitePath};
use crate::hosting::compress::{MOST, compress};
use crate::hosting::media::{in_utf8, is_text};
use crate::model::hosting::{Encoding, Hosting};
use crate::write::{Content, Output, WriteError};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::{borrow::Cow, fs};

/// Which copies are wanted.
pub(super) struct Copies<'a> {
    encodings: &'a [Encoding],
    /// What stands at such an address already, an attachment that somebody compressed by hand, is left alone.
    taken: BTreeSet<SitePath>,
    /// The last build, where it was made by the same program with the same options.
    last: Option<&'a State>,
}

impl<'a> Copies<'a> {
    /// The copies wanted for a section with files at `paths`; adds their addresses to these.
    pub(super) fn plan(hosting: &'a Hosting, last: Option<&'a State>, paths: &mut Vec<SitePath>) -> Self {
        let encodings = hosting.precompress.as_slice();
        if encodings.is_empty() {
            return Self { encodings, taken: BTreeSet::new(), last };
        }
        let taken: BTreeSet<SitePath> = paths.iter().cloned().collect();
        let text = taken.iter().filter(|p| is_text(in_utf8(p.as_str())));
        let copies = text.flat_map(|p| encodings.iter().map(|e| copy_of(p, *e)));
        // Whether a copy is worth its place is known only later: a path that is claimed for nothing stands nowhere.
        paths.extend(copies.filter(|c| !taken.contains(c)));
        Self { encodings, taken, last }
    }

    /// Offers a file and its copies.
    pub(super) fn offer(&self, output: &Output<'_>, path: SitePath, content: Content<'_>) -> Result<(), WriteError> {
        output.offer(path.clone(), content)?;
        if self.encodings.is_empty() || !is_text(in_utf8(path.as_str())) {
            return Ok(());
        }
        let bytes = match content {
            Content::Bytes(bytes, _) => Cow::Borrowed(bytes),
            Content::File(file) => {
                let read = fs::metadata(file)
                    .and_then(|m| if m.len() > MOST as u64 { Ok(Vec::new()) } else { fs::read(file) });
                Cow::Owned(read.map_err(|e| WriteError::Io(file.to_path_buf(), e))?)
            }
        };
        let hash = OnceCell::new();
        let is_known = |copy: &SitePath| {
            let Some(last) = self.last else { return false };
            // What lay in `content/` under this name was somebody's own.
            let made = last.outputs.contains_key(copy) && !last.inputs.contains_key(&format!("content/{copy}"));
            let hash = || *hash.get_or_init(|| Fingerprint::of(&bytes));
            made && last.outputs.get(&path).is_some_and(|known| known.content == hash())
        };
        for encoding in self.encodings {
            let copy = copy_of(&path, *encoding);
            if self.taken.contains(&copy) || (is_known(&copy) && output.keep(&copy)) {
                continue;
            }
            if let Some(compressed) = compress(&bytes, *encoding) {
                output.offer(copy, Content::Bytes(&compressed, None))?;
            }
        }
        Ok(())
    }
}

fn copy_of(path: &SitePath, encoding: Encoding) -> SitePath {
    SitePath::of(format!("{path}.{}", encoding.ending()))
}
