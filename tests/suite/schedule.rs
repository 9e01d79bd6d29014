//! `sunlit next`: when a build must run, held against builds at these moments and against the clocks it writes for.

use crate::portal::{Portal, Said, copy, sunlit};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn next_in(root: &Path, arguments: &[&str]) -> Said {
    let mut command = sunlit();
    command.arg("--root").arg(root).args(["--lang", "en", "next", "--as-of", "2026-01-01"]).args(arguments);
    command.output().expect("runs").into()
}

fn next(portal: &Portal, arguments: &[&str]) -> Said {
    next_in(portal.root(), arguments)
}

/// Three reports at two moments, the second with a fraction of a second; and a draft, which comes due never.
fn portal() -> Portal {
    let portal = Portal::base();
    let text = portal.read("content/2024/b-bureau/index.md");
    let text: String =
        text.lines().filter(|l| !l.contains("roads.csv") && *l != "attachments:").map(|l| format!("{l}\n")).collect();
    let text = text.replace("附件", "另文").replace("kind: general", "kind: letters");
    portal.write("kinds/letters.yaml", "names: {zh-CN: 信函}\nper_year: several\nparts: []\n");
    let add = |name: &str, published: &str, more: &str| {
        let text =
            text.replace("2025-02-18 10:00", published).replace("乙局2024年年度", &format!("乙局2024年{name}年度"));
        portal.write(
            &format!("content/2024/{name}.md"),
            text.replace("openness: active", &format!("openness: active{more}")),
        );
    };
    add("third", "2026-05-06T23:59:30.250+08:00", "");
    add("second", "2026-03-31T01:00:00Z", "");
    add("first", "2026-03-31 09:00", "");
    add("never", "2026-02-02 09:00", "\nstatus: draft");
    portal
}

#[test]
fn the_moments_are_those_at_which_builds_begin_to_show_the_reports() {
    let portal = portal();
    let said = next(&portal, &["--format", "json"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""));
    let json: Value = serde_json::from_str(&said.stdout).expect("JSON");
    assert_eq!(json["schema"], "sunlit/next/1");
    assert_eq!((&json["time_zone"], &json["next"]), (&"Asia/Shanghai".into(), &"2026-03-31T01:00:00Z".into()));
    assert_eq!((&json["ready"], &json["as_of"]), (&true.into(), &"2026-01-01T00:00:00+08:00".into()));
    let due = json["due"].as_array().expect("a list");
    let ids = |due: &Value| -> Vec<String> {
        due["reports"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|r| r["id"].as_str().expect("an id").to_string())
            .collect()
    };
    assert_eq!(due.iter().map(ids).collect::<Vec<_>>(), [vec!["2024/first", "2024/second"], vec!["2024/third"]]);
    assert_eq!(due[1]["at"], "2026-05-06T23:59:31+08:00", "rounded up to what clocks know");
    for due in due {
        let unix = due["unix"].as_i64().expect("seconds");
        for (moment, shown) in [(unix - 1, false), (unix, true)] {
            let mut command = sunlit();
            command.current_dir(portal.root()).arg("build").env("SOURCE_DATE_EPOCH", moment.to_string());
            assert!(command.output().expect("runs").status.success());
            let tree = portal.tree();
            for id in ids(due) {
                assert_eq!(tree.contains_key(&format!("{id}.html")), shown, "{id} at {moment}");
            }
        }
    }
}

#[test]
fn people_are_told_the_local_time_and_the_reports() {
    let said = next(&portal(), &[]);
    assert_eq!((said.status, said.stdout.as_str()), (0, ""));
    let lines: Vec<_> = said.stderr.lines().collect();
    assert!(lines[0].contains("2026-03-31 09:00 (Asia/Shanghai), 2026-03-31T01:00:00Z"), "{}", said.stderr);
    assert_eq!(lines[1], "  2024/first  乙局2024年first年度工作报告");
    assert!(lines[3].contains("2026-05-06 23:59:31"), "{}", said.stderr);
    assert_eq!(lines.len(), 5, "no draft: {}", said.stderr);
}

#[test]
fn nothing_scheduled_is_no_failure() {
    for arguments in [&[][..], &["--cron"], &["--systemd"]] {
        let said = next(&Portal::base(), arguments);
        assert_eq!((said.status, said.stdout.as_str()), (0, ""), "{arguments:?}");
        assert!(said.stderr.contains("nothing is scheduled"), "{}", said.stderr);
    }
    let said = next(&Portal::base(), &["--format", "json"]);
    let json: Value = serde_json::from_str(&said.stdout).expect("JSON");
    assert_eq!((said.status, &json["next"], &json["due"]), (0, &Value::Null, &Value::Array(Vec::new())));
}

#[test]
fn a_build_that_will_fail_is_told_in_advance() {
    let portal = portal();
    // Twice the same address, which shows only when both are there.
    portal.edit("content/2024/first.md", "openness: active", "openness: active\naliases: [2024/a-bureau.html]");
    assert_eq!(portal.build().status, 0, "today nothing is wrong");
    let said = next(&portal, &["--format", "json"]);
    assert_eq!((said.status, said.codes()), (1, vec!["LINK-005"]), "{}", said.stderr);
    assert!(said.stdout.contains("\"ready\": false"), "{}", said.stdout);
    // What stops builds today stops this too.
    portal.edit("site.yaml", "language: zh-CN", "language: \"?\"");
    assert_eq!(next(&portal, &[]).status, 1);
}

#[test]
fn lines_for_cron_run_as_they_stand() {
    let home = TempDir::new().expect("a folder");
    // Whatever a folder may be called.
    let root = home.path().join("年 报 100% 'a' \"b\" $HOME `x` #;");
    copy(portal().root(), &root);
    let said = next_in(&root, &["--cron"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let lines: Vec<_> = said.stdout.lines().filter(|l| !l.starts_with('#')).collect();
    assert_eq!(lines.len(), 2, "{}", said.stdout);
    for (line, when) in lines.iter().zip(["0 9 31 3 * ", "0 0 7 5 * "]) {
        let command = line.strip_prefix(when).unwrap_or_else(|| panic!("{line} is not at {when}"));
        // cron(8) gives the shell the line up to the first bare `%`, and takes the backslash from the others.
        let mut chars = command.chars().peekable();
        let mut given = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars.peek() == Some(&'%') => given.extend(chars.next()),
                '%' => panic!("{line} ends at a %"),
                c => given.push(c),
            }
        }
        let ran =
            Command::new("sh").args(["-c", &given]).env("SOURCE_DATE_EPOCH", "1767225600").output().expect("sh runs");
        assert!(ran.status.success(), "{given}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(root.join("public/index.html").exists(), "{given}");
        fs::remove_dir_all(root.join("public")).expect("there");
    }
    assert!(said.stdout.contains("\n# 2026-03-31 09:00 = 2026-03-31T01:00:00Z\n"), "{}", said.stdout);
    let published = next_in(&root, &["www", "--cron"]);
    assert!(
        published.stdout.lines().any(|l| !l.starts_with('#') && l.ends_with(" publish www")),
        "{}",
        published.stdout
    );
}

#[test]
fn units_are_such_as_systemd_reads() {
    let home = TempDir::new().expect("a folder");
    let root = home.path().join("年 报 100% 'a' $HOME");
    copy(portal().root(), &root);
    let said = next_in(&root, &["www", "--systemd"]);
    assert_eq!((said.status, said.stderr.lines().count()), (0, 5), "{}", said.stderr);
    let (timer, service) = said.stdout.split_once("# sunlit-publish.service\n").expect("two units");
    for (name, text) in [("sunlit-publish.timer", timer), ("sunlit-publish.service", service)] {
        fs::write(home.path().join(name), text).expect("written");
    }
    let analyze = |arguments: &[&str]| {
        let mut command = Command::new("systemd-analyze");
        command.args(arguments).current_dir(home.path()).env("LC_ALL", "C").env("TZ", "UTC").output()
    };
    if analyze(&["--version"]).is_err() {
        assert!(std::env::var_os("CI").is_none(), "systemd-analyze is missing");
        return;
    }
    for (calendar, normal) in [("2026-03-31 01:00:00 UTC", "2026-03-31"), ("2026-05-06 15:59:31 UTC", "2026-05-06")] {
        assert!(timer.contains(&format!("\nOnCalendar={calendar}\n")), "{timer}");
        let said = analyze(&["calendar", calendar]).expect("runs");
        assert!(said.status.success() && String::from_utf8_lossy(&said.stdout).contains(normal), "{calendar}");
    }
    let said = analyze(&["verify", "--man=no", "./sunlit-publish.timer", "./sunlit-publish.service"]).expect("runs");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.status.success() && !words.contains("sunlit-publish"), "{words}");
    // `systemd-analyze` does not say how it split the words; what doubles and quotes is held by a test of the text.
    assert!(service.contains("100%% 'a' $$HOME\" build\n"), "{service}");
}

#[test]
fn a_target_is_a_name() {
    let said = next(&portal(), &["www; rm -rf /", "--cron"]);
    assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{}", said.stderr);
    assert_eq!(next(&portal(), &["--cron", "--systemd"]).status, 2);
}
