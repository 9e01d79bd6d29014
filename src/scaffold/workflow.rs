//! Workflows for hosts of Git repositories: check, build and publish on each change, and publish what came due by itself.
//! Lines `#: KEY` of the templates become comments in the writer's language.

use super::NewFile;
use crate::base::Lang;
use crate::diag::message::lookup;

/// Whose workflow it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// GitHub, and Gitea and Forgejo, which read its workflows.
    Github,
    /// GitLab.
    Gitlab,
}

impl Host {
    /// The words of `--ci`.
    pub const NAMES: [&'static str; 2] = ["github", "gitlab"];

    /// The host of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "github" => Some(Self::Github),
            "gitlab" => Some(Self::Gitlab),
            _ => None,
        }
    }
}

/// The workflow; it installs this very version of the program and publishes to `target`, a slug.
pub fn file(host: Host, target: &str, lang: Lang) -> NewFile {
    let (path, template) = match host {
        Host::Github => (".github/workflows/sunlit.yml", include_str!("ci/github.yml")),
        Host::Gitlab => (".gitlab-ci.yml", include_str!("ci/gitlab.yml")),
    };
    let mut text = String::new();
    for line in template.lines() {
        let bare = line.trim_start();
        let indent = &line[..line.len() - bare.len()];
        match bare.strip_prefix("#: ") {
            Some(key) => lookup(key, lang).lines().for_each(|l| text.push_str(&format!("{indent}# {l}\n"))),
            None => {
                text.push_str(
                    &line.replace("VERSION: \"VERSION\"", concat!("VERSION: \"", env!("CARGO_PKG_VERSION"), "\"")),
                );
                text.push('\n');
            }
        }
    }
    NewFile { path: path.into(), text: text.replace(": TARGET\n", &format!(": {target}\n")) }
}
