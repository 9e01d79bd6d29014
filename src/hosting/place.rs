//! Where a section is served and where its files lie, in forms that cannot break out of a server's configuration: what a
//! syntax has no safe way to write is refused, never escaped on a guess.

use crate::base::path::{decode, encode};
use crate::diag::Message;

/// The path of the section's address, decoded, `/` at both ends: `/zwgk/fzzf/`.
///
/// Holds letters and digits of any script and `- . _ ~ + , = @` between its slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasePath(String);

/// An absolute folder, without `/` at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(String);

/// What cannot be written into a server's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// A path that is not one of an address: it lacks its slashes, climbs, or is no UTF-8.
    Path(String),
    /// A character of the address.
    InPath(char),
    /// A character of the folder's name.
    InFolder(char),
}

impl BasePath {
    /// Takes the path of a `base_url`, percent-encoded or not.
    ///
    /// # Errors
    /// What of it cannot be written.
    pub fn new(path: &str) -> Result<Self, Unfit> {
        let no = || Unfit::Path(path.chars().filter(|c| !c.is_control()).collect());
        let decoded = decode(path).ok_or_else(no)?;
        if decoded == "/" {
            return Ok(Self::root());
        }
        let inner = decoded.strip_prefix('/').and_then(|p| p.strip_suffix('/')).ok_or_else(no)?;
        let fits = |c: char| c.is_alphanumeric() || "-._~+,=@/".contains(c);
        if let Some(c) = inner.chars().find(|c| !fits(*c)) {
            return Err(Unfit::InPath(c));
        }
        if inner.split('/').any(|s| matches!(s, "" | "." | "..")) {
            return Err(no());
        }
        Ok(Self(decoded))
    }

    /// The root of a host.
    pub fn root() -> Self {
        Self("/".into())
    }

    /// As servers see it, decoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands in an address.
    pub fn encoded(&self) -> String {
        encode(&self.0)
    }

    /// Whether the section has its host to itself.
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }
}

impl Folder {
    /// Takes the absolute path of a folder.
    ///
    /// # Errors
    /// The first character that neither nginx nor Caddy has a way to quote.
    pub fn new(path: &str) -> Result<Self, Unfit> {
        match path.chars().find(|c| c.is_control() || r#""\$`{}"#.contains(*c)) {
            Some(c) => Err(Unfit::InFolder(c)),
            None => Ok(Self(path.trim_end_matches('/').to_string())),
        }
    }

    /// The path, with no `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Unfit {
    /// In words.
    pub fn message(&self) -> Message {
        match self {
            Self::Path(path) => Message::new("hosting.path").with("path", path),
            Self::InPath(c) => Message::new("hosting.in_path").with("character", c.escape_default()),
            Self::InFolder(c) => Message::new("hosting.in_folder").with("character", c.escape_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_addresses_are_read_decoded() {
        let path = BasePath::new("/zwgk/%E5%B9%B4%E6%8A%A5/").expect("fit");
        assert_eq!((path.as_str(), path.encoded().as_str()), ("/zwgk/年报/", "/zwgk/%E5%B9%B4%E6%8A%A5/"));
        assert!(BasePath::new("/").expect("fit").is_root());
        for bad in ["", "zwgk/", "/zwgk", "/a//b/", "/a/../b/", "/%2e%2e/", "/a b/", "/a;b/", "/$x/", "/{x}/", "/%0a/"]
        {
            assert!(BasePath::new(bad).is_err(), "{bad}");
        }
    }
}
