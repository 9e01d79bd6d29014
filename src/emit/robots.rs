//! `robots.txt` (RFC 9309). It speaks for a host only at its root; under a sub-path it still names the sitemap.

use super::World;
use crate::base::SitePath;

/// The file.
pub fn robots(world: World<'_>) -> Vec<u8> {
    let sitemap = SitePath::of("sitemap.xml").under(&world.portal.site.base_url);
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n").into_bytes()
}
