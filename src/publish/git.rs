//! A target.

use super::target::{Failure, Setting, Target};

pub(super) fn make(setting: &Setting<'_>) -> Result<Box<dyn Target>, Failure> {
    setting.only(&[])?;
    Err(Failure::Permanent(crate::diag::Message::new("publish.option")))
}
