//! PAGE-004 and PAGE-005: no empty column (避免出现空白栏目), and none that is left alone for longer than it promises
//! (国办秘函〔2019〕19号, 单项否决: 栏目不更新、空白栏目).

use super::at_site;
use crate::diag::{Code, Diagnostic, Message};
use crate::model::Portal;

/// PAGE-004: a body that is listed has something to show, or owes something.
///
/// A body that owes a report and has published none is no empty column but a gap that readers are to see: taking it off
/// the list would hide it. A body whose first report is a draft or of a later date must be in `site.yaml` for it. Years
/// come from the reports, so none is empty.
pub(super) fn empty(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    for (index, body) in portal.site.organizations.iter().enumerate() {
        if portal.reports_of(index).is_empty() && body.expects.is_empty() && !portal.waiting.contains(&body.id) {
            let message = Message::new("page.empty").with("name", &body.name);
            let finding = at_site(Code::Page004, message, &["organizations", body.id.as_str()]);
            sink.push(finding.help(Message::new("page.empty.help").with("id", &body.id)));
        }
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// PAGE-005: the newest report is no older than `check.update_within` days at the moment of the check.
pub(super) fn stale(portal: &Portal, sink: &mut Vec<Diagnostic>) {
    let Some(days) = portal.site.policy.update_within else { return };
    let newest = portal.latest(1).into_iter().find_map(|i| portal.reports[i].published.as_ref());
    let as_of = &portal.scope.as_of;
    let Some(newest) = newest.filter(|newest| as_of.unix() - newest.unix() > i64::from(days) * DAY) else { return };
    let message = Message::new("page.stale")
        .with("newest", newest.date())
        .with("as_of", as_of.date())
        .with("age", (as_of.unix() - newest.unix()) / DAY)
        .with("days", days);
    let finding = at_site(Code::Page005, message, &["check", "update_within"]);
    sink.push(finding.help(Message::new("page.stale.help")));
}
