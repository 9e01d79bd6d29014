//! Entries for the clocks of servers that build and publish when reports come due: crontab lines, systemd units.
//! In: moments and what is to run. Out: texts; a word that a syntax cannot carry is refused.

use crate::base::{Instant, Lang, Zone};
use crate::diag::message::lookup;
use std::fmt::Write;

/// What is to run: `sunlit --root ROOT build`, and where a target is named `… publish TARGET` after it.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The program's absolute path.
    pub program: &'a str,
    /// The portal's absolute path.
    pub root: &'a str,
    /// A name under `publish` in `site.yaml`.
    pub target: Option<&'a str>,
}

/// A word that cannot be written: it holds a control character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwritable;

impl<'a> Job<'a> {
    /// The commands, each as its words.
    fn commands(self) -> Result<Vec<Vec<&'a str>>, Unwritable> {
        let words = [Some(self.program), Some(self.root), self.target];
        if words.into_iter().flatten().any(|w| w.is_empty() || w.contains(char::is_control)) {
            return Err(Unwritable);
        }
        let build = vec![self.program, "--root", self.root, "build"];
        let publish = self.target.map(|target| vec![self.program, "--root", self.root, "publish", target]);
        Ok([Some(build), publish].into_iter().flatten().collect())
    }
}

/// Lines of a crontab: one for each moment, rounded up to a minute, in the zone of the moments. A line has no year:
/// building and publishing again a year later changes nothing.
///
/// # Errors
/// For words that no line can carry.
pub fn cron(moments: &[Instant], zone: &Zone, job: Job<'_>, lang: Lang) -> Result<String, Unwritable> {
    let command: Vec<String> = job.commands()?.iter().map(|c| in_shell(c)).collect();
    // In a crontab `%` ends the command, quoted or not (crontab(5)).
    let command = command.join(" && ").replace('%', "\\%");
    let mut out = comment("next.cron", lang).replace("{zone}", zone.name());
    for moment in moments {
        let when = moment.next_minute();
        let (month, day) = when.date().month_and_day();
        let (hour, minute) = when.hour_and_minute();
        let utc = when.in_zone(&Zone::utc()).to_rfc3339().replace("+00:00", "Z");
        // Writing to a String cannot fail.
        let _ = writeln!(out, "# {} = {utc}\n{minute} {hour} {day} {month} * {command}", when.to_minute());
    }
    out.push_str(&comment("next.cron.often", lang));
    let _ = writeln!(out, "# */10 * * * * {command}");
    Ok(out)
}

/// A systemd timer with all moments, and the service that it starts; one text, each unit below the name of its file.
///
/// # Errors
/// For words that no unit can carry.
pub fn systemd(moments: &[Instant], job: Job<'_>, lang: Lang) -> Result<String, Unwritable> {
    let commands = job.commands()?;
    let mut out = comment("next.systemd", lang);
    out.push_str("\n# sunlit-publish.timer\n[Unit]\nDescription=Build and publish when reports come due\n\n[Timer]\n");
    for moment in moments {
        let utc = moment.in_zone(&Zone::utc()).to_rfc3339();
        let _ = writeln!(out, "OnCalendar={} UTC", utc.replace('T', " ").replace("+00:00", ""));
    }
    out.push_str("AccuracySec=1s\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n");
    out.push_str("\n# sunlit-publish.service\n[Unit]\nDescription=Build and publish the section\n");
    out.push_str("Wants=network-online.target\nAfter=network-online.target\n\n[Service]\nType=oneshot\n");
    out.push_str(&comment("next.systemd.user", lang));
    out.push_str("# User=\n");
    for command in &commands {
        let words: Vec<_> = command.iter().map(|w| in_unit(w)).collect();
        let _ = writeln!(out, "ExecStart={}", words.join(" "));
    }
    Ok(out)
}

/// Words as a shell reads them (POSIX, 2.2.2): quoted, where they are more than plain.
fn in_shell(words: &[&str]) -> String {
    let plain = |w: &str| w.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    let quote = |w: &&str| if plain(w) { w.to_string() } else { format!("'{}'", w.replace('\'', "'\\''")) };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// A word as systemd reads it (systemd.service(5), command lines): `%` and `$` doubled, the rest quoted.
fn in_unit(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b)) {
        return word.to_string();
    }
    let word = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{word}\"")
}

fn comment(key: &'static str, lang: Lang) -> String {
    lookup(key, lang).lines().map(|line| format!("# {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(root: &str) -> Job<'_> {
        Job { program: "/usr/bin/sunlit", root, target: Some("www") }
    }

    fn moment() -> Vec<Instant> {
        let zone = Zone::named("Asia/Shanghai").expect("bundled zone");
        vec![Instant::parse("2026-03-31 09:00:30", &zone).expect("valid")]
    }

    #[test]
    fn words_with_marks_stay_one_word() {
        let zone = Zone::named("Asia/Shanghai").expect("bundled zone");
        let root = "/srv/年 报/100% \"a\" 'b' $HOME `x` \\";
        let text = cron(&moment(), &zone, job(root), Lang::En).expect("written");
        let line = text.lines().find(|l| l.starts_with("1 9 31 3 * ")).expect("a line, rounded up to the minute");
        assert!(line.contains(r#"'/srv/年 报/100\% "a" '\''b'\'' $HOME `x` \'"#), "{line}");
        let text = systemd(&moment(), job(root), Lang::En).expect("written");
        assert!(text.contains("OnCalendar=2026-03-31 01:00:30 UTC\n"), "{text}");
        assert!(text.contains(r#"--root "/srv/年 报/100%% \"a\" 'b' $$HOME `x` \\" build"#), "{text}");
        assert_eq!(cron(&moment(), &zone, job("/a\n* * * * * rm"), Lang::En), Err(Unwritable));
        assert_eq!(systemd(&moment(), job("/a\nUser=root"), Lang::En), Err(Unwritable));
    }
}
