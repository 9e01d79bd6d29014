//! The ledger of a kept portal: read again when it or a kept copy changed, and laid beside the reports each time the portal
//! is put together, as a build does.

use super::shelf::Body;
use super::{Dirty, Live};
use crate::base::SitePath;
use crate::build::grounds::Grounds;
use crate::build::kept;
use crate::build::options::Failed;
use crate::diag::Diagnostic;
use crate::model::Report;
use crate::model::history::Sealed;
use crate::model::portal::Declared;
use std::sync::Arc;

impl Live {
    /// Reads the ledger again, and lists what is kept. By it is decided which documents are hashed.
    pub(super) fn read_record(&mut self, dirty: &mut Dirty) {
        self.record_faults.clear();
        let (root, faults, mut inputs) = (&self.options.root, &mut self.record_faults, Vec::new());
        let now = self.pool.install(|| kept::Kept::read(root, &mut inputs, faults));
        if inputs != self.record_inputs || now.is_some() != self.record.is_some() {
            *dirty = Dirty::Everything;
        }
        (self.record, self.record_inputs) = (now.map(Arc::new), inputs);
    }

    /// Lays the ledger beside the reports. Bodies of earlier versions are added to `bodies`.
    pub(super) fn lay_record(
        &self,
        grounds: &Grounds,
        reports: &mut [(Arc<Report>, Declared)],
        (broken, bodies): (&[SitePath], &mut Vec<Body>),
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Option<Box<Sealed>>, Failed> {
        let Some(record) = &self.record else { return Ok(None) };
        let cx = self.context(grounds, &self.memory, &[]);
        let files = self.listing.files();
        let kept = self.pool.install(|| record.lay_beside(cx, files, reports, findings))?;
        for report in reports.iter().flat_map(|(r, _)| r.earlier()).filter_map(|e| e.report()) {
            bodies.extend(self.memory.take(report.body));
        }
        self.memory.clear();
        Ok(Some(record.sealed(kept, broken.to_vec())))
    }
}
