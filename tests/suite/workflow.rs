//! `sunlit init --ci`: workflows whose commands are run as they stand, with the program as built.

use crate::portal::{Portal, Said, sunlit, tree};
use serde_yaml::Value;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const GITHUB: &str = ".github/workflows/sunlit.yml";
const GITLAB: &str = ".gitlab-ci.yml";

fn init(root: &Path, arguments: &[&str]) -> Said {
    sunlit().args(["--lang", "en", "init"]).arg(root).args(arguments).output().expect("runs").into()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}

/// Runs a line of a workflow in `root`, as the runners do: by a shell that ends at the first failure.
fn shell(root: &Path, line: &str) -> Said {
    let program = Path::new(env!("CARGO_BIN_EXE_sunlit")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.args(["-e", "-o", "pipefail", "-c", line]).current_dir(root).env("PATH", path);
    command.env("SUNLIT_TARGET", "www").env("SOURCE_DATE_EPOCH", "1767225600");
    command.output().expect("bash runs").into()
}

fn lines(steps: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().or_else(|| v.get("run").and_then(Value::as_str)).map(String::from);
    steps.as_sequence().expect("a list").iter().filter_map(text).collect()
}

#[test]
fn into_a_portal_that_is_there_comes_the_workflow_alone() {
    let portal = Portal::base();
    let before = tree(portal.root());
    for (host, path) in [("github", GITHUB), ("gitlab", GITLAB)] {
        let said = init(portal.root(), &["--ci", host, "--target", "ndbg"]);
        assert_eq!(said.status, 0, "{}", said.stderr);
        assert!(portal.read(path).contains("SUNLIT_TARGET: ndbg\n"), "{}", portal.read(path));
        // What somebody made of it is not overwritten.
        portal.write(path, "mine");
        assert_ne!(init(portal.root(), &["--ci", host]).status, 0);
        assert_eq!(portal.read(path), "mine");
        std::fs::remove_file(portal.path(path)).expect("there");
    }
    assert_eq!(tree(portal.root()), before);
    assert_eq!(init(portal.root(), &["--ci", "jenkins"]).status, 2);
    assert_eq!(init(portal.root(), &["--ci", "github", "--target", "a; rm -rf ~"]).status, 2);
    assert_eq!(init(portal.root(), &["--target", "www"]).status, 2, "a target without a workflow");
}

#[test]
fn the_commands_of_github_check_build_and_stop() {
    let home = TempDir::new().expect("a folder");
    let root = home.path().join("portal");
    assert_eq!(init(&root, &["--ci", "github"]).status, 0);
    let workflow = yaml(&std::fs::read_to_string(root.join(GITHUB)).expect("there"));
    assert_eq!(workflow["permissions"], yaml("contents: read"), "the least there is");
    assert_eq!(workflow["env"]["SUNLIT_VERSION"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(workflow["env"]["SUNLIT_TARGET"].as_str(), Some("www"));
    let steps = &workflow["jobs"]["section"]["steps"];
    let [install, check, build, publish] = &lines(steps)[..] else { panic!("{steps:?}") };
    assert!(install.contains("--locked --version \"=$SUNLIT_VERSION\""), "{install}");
    assert_eq!(publish, "sunlit publish \"$SUNLIT_TARGET\" --verify");
    for uses in steps.as_sequence().expect("a list").iter().filter_map(|s| s.get("uses")?.as_str()) {
        assert!(uses.split_once("@v").is_some_and(|(_, v)| v.parse::<u8>().is_ok()), "{uses} has no version");
    }
    assert_eq!(shell(&root, check).status, 0, "a new portal passes: {}", shell(&root, check).stderr);
    assert!(std::fs::read_to_string(root.join("sunlit.sarif")).expect("written").contains("\"version\": \"2.1.0\""));
    assert_eq!(shell(&root, build).status, 0);
    assert!(root.join("public/index.html").exists());
    // With a warning it stops, and the log says why.
    std::fs::write(root.join("content/forgotten.txt"), "x").expect("written");
    let said = shell(&root, check);
    assert_eq!((said.status, said.codes().contains(&"FILE-014")), (1, true), "{}", said.stderr);
}

#[test]
fn the_commands_of_gitlab_check_and_build() {
    let home = TempDir::new().expect("a folder");
    let root = home.path().join("portal");
    assert_eq!(init(&root, &["--ci", "gitlab"]).status, 0);
    let pipeline = yaml(&std::fs::read_to_string(root.join(GITLAB)).expect("there"));
    assert_eq!(pipeline["variables"]["SUNLIT_VERSION"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    let [check, build] = &lines(&pipeline["check"]["script"])[..] else { panic!("{pipeline:?}") };
    for line in [check, build] {
        let said = shell(&root, line);
        assert_eq!(said.status, 0, "{line}: {}", said.stderr);
    }
    let publish = lines(&pipeline["publish"]["script"]);
    assert_eq!(publish, [build.as_str(), "sunlit publish \"$SUNLIT_TARGET\" --verify"]);
    assert_eq!(pipeline["check"]["artifacts"]["public"].as_bool(), Some(false));
}
