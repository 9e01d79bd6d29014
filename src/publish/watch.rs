//! Who hears how far a publication has come.

use super::plan::Plan;

/// Hears how far a publication has come.
pub trait Watch: Sync {
    /// It is known what will be done; with `--dry-run` nothing follows.
    fn planned(&self, plan: &Plan);
    /// The target is opened, for the first time or anew.
    fn opening(&self, address: &str);
    /// Sending begins: so many files to send and remove, so many bytes.
    fn begin(&self, files: usize, bytes: u64);
    /// A file was sent or removed.
    fn sent(&self, bytes: u64);
    /// Files are read back, so many.
    fn verifying(&self, files: usize);
    /// All is done, or has failed.
    fn end(&self);
}
