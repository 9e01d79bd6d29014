//! Decides which files the section has and what each shows.
//! In: a [`Portal`](crate::model::Portal). Out: a plan, the typed view of every page, and the formats around the pages.
//! Knows no Markdown, no templates, no file system.

pub mod accessibility;
pub mod archive;
pub mod data;
pub mod feed;
pub mod frame;
pub mod header;
pub mod labels;
mod linked;
pub mod lists;
pub mod parts;
pub mod plan;
pub mod report;
pub mod robots;
pub mod sitemap;
pub mod versions;

pub use labels::Labels;
pub use plan::{Subject, plan};

use crate::model::Portal;

/// What every view is made from.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The portal.
    pub portal: &'a Portal,
    /// The words of the interface.
    pub labels: &'a Labels,
}
