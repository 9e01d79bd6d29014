//! What a portal is: a site, its bodies, its report kinds, its reports and pages, and how they belong together.
//! In: YAML values and converted bodies. Out: an immutable [`Portal`]. Knows no HTML, no templates, no output files.

pub mod accessibility;
mod assets;
mod cross;
mod decode;
pub mod destination;
pub mod history;
pub mod hosting;
pub mod kind;
pub mod ledger;
mod ledger_line;
pub mod page;
pub mod policy;
pub mod portal;
pub mod report;
pub mod schema;
pub mod site;

pub use assets::Asset;
pub use destination::Destination;
pub use kind::Kind;
pub use page::Page;
pub use policy::Policy;
pub use portal::{Parts, Portal, Series};
pub use report::{BodySlot, Report, Status};
pub use site::{Organization, Site};
