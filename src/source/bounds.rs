//! Every bound on what is read. One that is hit is a finding that names it.

/// Most files and folders under `content/`.
pub const ENTRIES: usize = 2_000_000;
/// Deepest folder under `content/`.
pub const FOLDER_DEPTH: usize = 12;
/// Largest Markdown file, in bytes; the longest report seen in the field has 60 KB.
pub const MARKDOWN_BYTES: u64 = 4_000_000;
/// Largest front matter, in bytes.
pub const FRONT_BYTES: usize = 64_000;
/// Largest YAML file of its own (`site.yaml`, kinds, locales), in bytes.
pub const YAML_BYTES: u64 = 8_000_000;
/// Most brackets `[` `{` open at once in YAML: libyaml takes quadratic time for nested ones.
pub const YAML_BRACKETS: usize = 64;
/// Largest template, in bytes.
pub const TEMPLATE_BYTES: u64 = 1_000_000;
/// Largest attachment or image, in bytes.
pub const ATTACHMENT_BYTES: u64 = 500_000_000;
