//! `sunlit new`: a report skeleton with every required part and field.

use super::{Exit, Session, findings};
use crate::base::{KindId, OrganizationId, id};
use crate::build::{self, Failed};
use crate::diag::Message;
use crate::scaffold::{self, report};
use crate::text::nearest::nearest;
use clap::ArgMatches;

pub(super) fn run(session: &Session, matches: &ArgMatches) -> Exit {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let Some(year) = id::parse_year(text("year")) else {
        session.out.say(&Message::new("new.year").with("year", text("year")));
        return Exit::Usage;
    };
    let (site, kinds) = match build::site_and_kinds(&session.root) {
        Ok(read) => read,
        Err(list) => return findings::failed(session, &Failed::Findings(list)),
    };
    let wanted = text("organization");
    let organization = OrganizationId::new(wanted).and_then(|id| site.organization(&id));
    let Some(organization) = organization else {
        let known: Vec<_> = site.organizations.iter().map(|o| o.id.as_str()).collect();
        let near = nearest(wanted, known.iter().copied()).map(str::to_string);
        let known = near.unwrap_or_else(|| known.join(", "));
        session.out.say(&Message::new("new.organization").with("id", wanted).with("known", known));
        return Exit::Usage;
    };
    let first = organization.expects.first().cloned();
    let wanted = match matches.get_one::<String>("kind") {
        Some(kind) => KindId::new(kind),
        None => first.or_else(|| KindId::new("general")),
    };
    let Some(kind) = wanted.and_then(|id| kinds.iter().find(|k| k.id == id)) else {
        let known: Vec<_> = kinds.iter().map(|k| k.id.as_str()).collect();
        session.out.say(&Message::new("new.kind").with("known", known.join(", ")));
        return Exit::Usage;
    };
    let skeleton = report::Skeleton { year, organization, kind, language: &site.language };
    match scaffold::write_new(&session.root, &[skeleton.file(&session.root)]) {
        Ok(written) => {
            for path in &written {
                session.out.say(&Message::new("new.done").with("path", path.display()));
            }
            Exit::Done
        }
        Err(refused) => findings::refused(session, &refused),
    }
}
