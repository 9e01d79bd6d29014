//! What takes longer to find than a page may take to appear: what rules find in the whole, in attachments and in finished
//! pages; and everything about one document. In: a snapshot. Out: findings.

use super::Snapshot;
use super::shelf::Nowhere;
use super::snapshot::Whole;
use crate::base::{CivilDate, Lang, SitePath};
use crate::build::documents::{self, Context};
use crate::build::{attachments, pages};
use crate::check::settle::{self, Idle};
use crate::check::show::show;
use crate::check::{self, Asked};
use crate::diag::code::Adjustable;
use crate::diag::{Diagnostic, Shown};
use crate::emit;
use crate::model::Site;
use crate::render::builtin;
use crate::source::{Stat, Text, bounds, file};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was found in published files that have not changed since, for one site and one day.
#[derive(Debug, Default)]
pub struct Inspected {
    judged_for: Option<(Arc<Site>, CivilDate)>,
    files: BTreeMap<SitePath, (Stat, Arc<Vec<Diagnostic>>)>,
}

impl Inspected {
    /// What is known for a site and a day; nothing where they are others.
    fn on(&mut self, whole: &Whole) -> &mut BTreeMap<SitePath, (Stat, Arc<Vec<Diagnostic>>)> {
        let (site, day) = (&whole.portal.site, whole.portal.scope.as_of.date());
        if !self.judged_for.as_ref().is_some_and(|(s, d)| Arc::ptr_eq(s, site) && *d == day) {
            self.files.clear();
            self.judged_for = Some((Arc::clone(site), day));
        }
        &mut self.files
    }
}

/// What the rules that take longer found, weighed, by file and place.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The findings.
    pub findings: Vec<Diagnostic>,
}

impl Snapshot {
    /// Asks the rules that read the whole, attachments and finished pages. `known` remembers what was found in files.
    pub fn judge(&self, known: &mut Inspected) -> Verdict {
        let Some(whole) = &self.whole else { return Verdict::default() };
        let policy = &whole.portal.site.policy;
        let rules = Asked::All.rules(policy);
        let mut findings = Vec::new();
        check::portal(&rules, &whole.portal, &mut findings);
        findings.extend(attachments::judge_again(&whole.root, &whole.portal, &rules, known.on(whole)));
        // Pages are made only of a portal that could be read.
        let unreadable = |f: &Diagnostic| f.stops() && f.code.adjustable() == Adjustable::Fixed;
        if !self.findings.iter().any(unreadable) {
            let subjects = emit::plan(&whole.portal);
            let made = (subjects.as_slice(), whole.theme());
            // What is kept in memory can be read.
            let seen = pages::judge(whole.world(), whole.engine(), &whole.bodies, made, &rules);
            findings.extend(seen.unwrap_or_default().0);
        }
        settle::weigh(policy, &mut findings);
        super::settle_some(&whole.root, &whole.allowances, &mut findings);
        Verdict { findings: super::sorted(findings) }
    }

    /// Everything that `check` says of one file of `content/`, as far as is known: the document is judged by every rule
    /// now, and of the rest what the snapshot and the verdict hold.
    pub fn findings_about(&self, path: &str, verdict: Option<&Verdict>) -> Vec<Diagnostic> {
        let about = |f: &&Diagnostic| f.labels.first().is_some_and(|l| l.file == path);
        let Some(whole) = self.whole.as_ref().filter(|_| path.ends_with(".md")) else {
            return self.findings.iter().filter(about).cloned().collect();
        };
        let (mut findings, allowances) = judged(whole, path);
        let named: Vec<_> = findings.iter().map(key).collect();
        let late = verdict.into_iter().flat_map(|v| &v.findings);
        let rest: Vec<_> =
            self.findings.iter().chain(late).filter(about).filter(|f| !named.contains(&key(f))).collect();
        findings.extend(rest.into_iter().cloned());
        settle::weigh(&whole.portal.site.policy, &mut findings);
        for finding in &mut findings {
            finding.allowed = None;
        }
        // Whether an entry of `allow` meets nothing is known once every rule was asked.
        let idle = if verdict.is_some() { Idle::Reported } else { Idle::Ignored };
        let allowed = BTreeMap::from([(path.to_string(), allowances)]);
        settle::allow(&whole.root, &allowed, idle, &mut findings);
        super::sorted(findings)
    }

    /// Puts findings into words; places are looked up now, in the files as they are.
    pub fn shown(&self, findings: &[Diagnostic], lang: Lang) -> Vec<Shown> {
        show(findings, lang, &|path| {
            if self.root().join(path).is_file() {
                return file::read(self.root(), path, bounds::YAML_BYTES, &mut Vec::new());
            }
            let inner = path.strip_prefix(&format!("themes/{}/", builtin::NAME))?;
            let (_, bytes) = builtin::FILES.iter().find(|(name, _)| *name == inner)?;
            let text = String::from_utf8_lossy(bytes).into_owned();
            Some(Text { file: path.to_string(), text, offset: 0, hash: crate::base::Fingerprint::default() })
        })
    }
}

/// By this two looks at one document find the same.
fn key(finding: &Diagnostic) -> String {
    format!("{:?}{:?}{:?}", finding.code, finding.message, finding.labels)
}

/// Reads a document anew and asks every rule.
fn judged(whole: &Whole, path: &str) -> (Vec<Diagnostic>, Vec<settle::Allowance>) {
    let rules = Asked::All.rules(&whole.portal.site.policy);
    let cx = Context {
        root: &whole.root,
        site: &whole.grounds.site,
        kinds: &whole.grounds.kinds,
        words: &whole.grounds.words,
        shelf: &Nowhere,
        bodies: crate::build::bodies::Bodies::All,
        ledger: None,
        rules: &rules,
        asked: Asked::All,
        today: whole.today,
    };
    documents::one(cx, path).map(|o| (o.findings, o.allowances)).unwrap_or_default()
}
