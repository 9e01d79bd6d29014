//! The plain values every room shares: dates, ids, paths, hashes, media types, languages.
//! In: text. Out: types that can only hold what is valid. Knows no other room.

pub mod artefact;
pub mod date;
pub mod hash;
pub mod id;
pub mod lang;
pub mod media;
pub mod path;

pub use artefact::Artefact;
pub use date::{CivilDate, Instant, Zone};
pub use hash::{Fingerprint, Sha256};
pub use id::{KindId, OrganizationId, ReportId};
pub use lang::Lang;
pub use path::SitePath;
