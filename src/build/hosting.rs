//! Only what a web server must be told about: the site, and what the theme's pages demand of it.

use super::grounds::{read_site, read_theme};
use crate::diag::{Diagnostic, has_errors};
use crate::model::Site;
use crate::render::Theme;
use std::path::Path;

/// Reads the site and the theme of the portal at `root`; `base_url` overrides the file's.
///
/// # Errors
/// Their faults.
pub fn site_and_theme(root: &Path, base_url: Option<&str>) -> Result<(Site, Theme), Vec<Diagnostic>> {
    let mut sink = Vec::new();
    let site = read_site(root, base_url, &mut sink).map(|(site, _)| site);
    let theme = site.as_ref().and_then(|site| read_theme(root, site, &mut Vec::new(), &mut sink));
    match (site, theme) {
        (Some(site), Some(theme)) if !has_errors(&sink) => Ok((site, theme)),
        _ => Err(sink),
    }
}
