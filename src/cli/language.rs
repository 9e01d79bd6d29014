//! In which language to speak: `--lang`, then the site's language, then the environment, then English.

use crate::base::Lang;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

pub(super) fn choose(arguments: &[OsString]) -> Lang {
    let option = |name: &str| {
        let mut arguments = arguments.iter().map(|a| a.to_string_lossy());
        let joined = format!("{name}=");
        arguments
            .by_ref()
            .find_map(|a| match a.strip_prefix(&joined) {
                Some(value) => Some(Some(value.to_string())),
                None => (a == name).then_some(None),
            })?
            .or_else(|| arguments.next().map(|a| a.into_owned()))
    };
    let root = option("--root").unwrap_or_else(|| ".".into());
    option("--lang")
        .and_then(|tag| Lang::from_tag(&tag))
        .or_else(|| of_site(Path::new(&root)))
        .or_else(of_environment)
        .unwrap_or(Lang::En)
}

/// The language of `site.yaml`, read by its line: it must be known even when the file has errors.
fn of_site(root: &Path) -> Option<Lang> {
    let text = fs::read_to_string(root.join(crate::model::site::FILE)).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("language:"))?;
    Lang::from_tag(line.split('#').next()?.trim().trim_matches(['"', '\'']))
}

fn of_environment() -> Option<Lang> {
    let set = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    Lang::from_tag(&["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)?)
}
