//! The command line as a new user meets it.

use crate::portal::{AS_OF, Portal, Said, repository, sunlit};
use std::path::Path;

fn run(root: &Path, arguments: &[&str]) -> Said {
    sunlit().current_dir(root).args(arguments).output().expect("the program runs").into()
}

#[test]
fn help_teaches_in_both_languages() {
    let nowhere = tempfile::TempDir::new().expect("a folder");
    for lang in ["zh-CN", "en"] {
        let commands = [
            "",
            "build",
            "check",
            "preview",
            "publish",
            "next",
            "hosting",
            "archive",
            "archive create",
            "archive verify",
            "archive seal",
            "new",
            "init",
            "schema",
            "completions",
        ];
        for command in commands {
            let mut arguments = vec!["--lang", lang];
            arguments.extend(command.split_whitespace());
            arguments.push("--help");
            let said = run(nowhere.path(), &arguments);
            assert_eq!(said.status, 0);
            let name = if command.is_empty() { "sunlit".into() } else { command.replace(' ', "-") };
            insta::with_settings!({ snapshot_path => "snapshots/help", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{name}-{lang}"), said.stdout);
            });
        }
    }
}

#[test]
fn init_makes_a_portal_that_builds_without_a_finding() {
    for lang in ["zh-CN", "en"] {
        let dir = tempfile::TempDir::new().expect("a folder");
        let said = run(dir.path(), &["--lang", lang, "init", "portal"]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        let root = dir.path().join("portal");
        let said = run(&root, &["build"]);
        assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
        assert!(root.join("public/index.html").exists());
        let again = run(dir.path(), &["--lang", lang, "init", "portal"]);
        assert_eq!(again.status, 2, "nothing is overwritten");
        let said = run(&root, &["new", "2031", "office"]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        let said = run(&root, &["build", "--drafts"]);
        assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
    }
}

#[test]
fn new_writes_every_part_that_the_kind_requires() {
    let portal = Portal::base();
    let said = run(portal.root(), &["new", "2025", "a-bureau"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let text = portal.read("content/2025/a-bureau.md");
    assert!(text.contains("kind: rule-of-law"), "the first kind that the body owes");
    let said = portal.build_with(&["--drafts"]);
    assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
    let html = portal.read("public/2025/a-bureau.html");
    for role in ["achievements", "problems", "leadership", "plans"] {
        assert!(html.contains(&format!("data-role=\"{role}\"")), "{role}");
    }
    assert_eq!(run(portal.root(), &["new", "2025", "a-bureau"]).status, 0, "another kind of name for a second one");
    assert_eq!(run(portal.root(), &["new", "2025", "a-bureau"]).status, 2, "nothing is overwritten");
    for wrong in [["new", "25", "a-bureau"], ["new", "2025", "c-bureau"]] {
        assert_eq!(run(portal.root(), &wrong).status, 2);
    }
    assert_eq!(run(portal.root(), &["new", "2025", "b-bureau", "--kind", "rule-of-low"]).status, 2);
}

#[test]
fn every_built_in_kind_has_a_skeleton_that_builds() {
    let portal = Portal::base();
    for (year, kind) in ["rule-of-law", "information-disclosure", "website", "general"].iter().enumerate() {
        let said = run(portal.root(), &["new", &(2015 + year).to_string(), "b-bureau", "--kind", kind]);
        assert_eq!(said.status, 0, "{}", said.stderr);
    }
    let said = portal.build_with(&["--drafts"]);
    assert_eq!((said.status, said.codes()), (0, vec![]), "{}", said.stderr);
}

#[test]
fn schemas_are_json_and_name_every_key() {
    for (file, key) in [("report", "commitments"), ("site", "organizations"), ("kind", "parts")] {
        let said = run(repository(), &["schema", file]);
        let schema: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
        assert!(schema["properties"][key]["description"].is_string(), "{file}.{key}");
        assert!(said.stderr.is_empty(), "machine output has standard output to itself");
    }
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = run(repository(), &["completions", shell]);
        assert!(said.status == 0 && said.stdout.contains("build"), "{shell}");
    }
}

#[test]
fn exit_status_tells_content_usage_and_world_apart() {
    let portal = Portal::base();
    assert_eq!(portal.build().status, 0);
    assert_eq!(run(portal.root(), &["build", "--nonsense"]).status, 2);
    assert_eq!(run(portal.root(), &["build", "--base-url", "ftp://x"]).status, 2);
    assert_eq!(run(portal.root(), &["build", "--jobs", "0"]).status, 2);
    assert_eq!(run(portal.root(), &["build", "-o", "/proc/none/site"]).status, 3);
    assert_eq!(portal.build_with(&["--as-of", "yesterday"]).status, 2, "the same option twice is wrong usage");
    let mut command = sunlit();
    command.current_dir(portal.root()).args(["build", "--as-of", "yesterday"]);
    assert_eq!(Said::from(command.output().expect("runs")).status, 2);
    let empty = tempfile::TempDir::new().expect("a folder");
    let said = run(empty.path(), &["--lang", "en", "build"]);
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("sunlit init"), "{}", said.stderr);
    assert!(!empty.path().join("public").exists());
}

#[test]
fn the_language_follows_the_option_then_the_site_then_the_environment() {
    let portal = Portal::base();
    let says = |arguments: &[&str], environment: &[(&str, &str)], root: &Path| {
        let mut command = sunlit();
        command.current_dir(root).args(arguments).args(["build", "--as-of", AS_OF]).envs(environment.iter().copied());
        let said = Said::from(command.output().expect("runs"));
        if said.stderr.contains("报告") || said.stderr.contains("没有") { "zh" } else { "en" }
    };
    assert_eq!(says(&[], &[("LANG", "en_GB.UTF-8")], portal.root()), "zh", "the site is Chinese");
    assert_eq!(says(&["--lang", "en"], &[], portal.root()), "en");
    let nowhere = tempfile::TempDir::new().expect("a folder");
    assert_eq!(says(&[], &[("LANG", "zh_CN.UTF-8")], nowhere.path()), "zh");
    assert_eq!(says(&[], &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], nowhere.path()), "en");
}

#[test]
fn help_in_the_readme_is_the_help_of_the_program() {
    for (file, lang) in [("README.md", "en"), ("README.zh-CN.md", "zh-CN")] {
        let text = std::fs::read_to_string(repository().join(file)).expect(file);
        let help = run(repository(), &["--lang", lang, "--help"]).stdout;
        for command in ["build", "new", "init", "schema", "completions"] {
            assert!(text.contains(&format!("sunlit {command}")), "{file} does not mention {command}");
            assert!(help.contains(command));
        }
    }
}
