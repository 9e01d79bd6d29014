//! The order of a publication, on a target in memory that fails after every possible number of operations; what an
//! unchanged section costs; and what is tried again.

use crate::portal::{Portal, tree};
use crate::served;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use sunlit::base::{Sha256, SitePath};
use sunlit::build::{AsOf, Options as Build};
use sunlit::check::Asked;
use sunlit::diag::Message;
use sunlit::model::portal::Drafts;
use sunlit::publish::target::{Content, Failure, Session, Standing, Target, Upload, Visibility};
use sunlit::publish::{Failed, Hold, Options, Plan, Publisher, Summary, Verify, Wanted, Watch, deliver};
use sunlit::write::Manifest;

/// A place in memory. It counts what is asked of it, and stops answering when so many changes were made.
#[derive(Default)]
struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    journal: Mutex<Option<Vec<u8>>>,
    asked: AtomicUsize,
    changes: AtomicUsize,
    /// After so many changes every call fails; 0 for never.
    limit: AtomicUsize,
    /// Whether what stands can be told without reading it.
    tells: bool,
    /// Every call fails twice in a passing way before it works.
    shaky: Option<Mutex<BTreeMap<String, usize>>>,
}

impl Memory {
    fn asked(&self, what: &str) -> Result<(), Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if let Some(shaky) = &self.shaky {
            let mut counts = shaky.lock().expect("sound");
            let count = counts.entry(what.to_string()).or_default();
            *count += 1;
            if *count <= 2 {
                return Err(Failure::Temporary(Message::new("world.failed")));
            }
        }
        Ok(())
    }

    /// Counts a change, under the lock of what it changes: a change that is counted too late is not made.
    fn change(&self) -> Result<(), Failure> {
        let limit = self.limit.load(Ordering::SeqCst);
        let made = self.changes.fetch_add(1, Ordering::SeqCst);
        if limit > 0 && made >= limit { Err(Failure::Permanent(Message::new("world.failed"))) } else { Ok(()) }
    }

    fn snapshot(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.lock().expect("sound").clone()
    }
}

impl Target for Memory {
    fn address(&self) -> String {
        "memory".into()
    }

    fn open(&self, _: Hold) -> Result<Box<dyn Session + '_>, Failure> {
        self.asked("open")?;
        Ok(Box::new(Open(self)))
    }
}

struct Open<'a>(&'a Memory);

impl Session for Open<'_> {
    fn visibility(&self) -> Visibility {
        Visibility::FileByFile
    }

    fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.0.asked("manifest")?;
        Ok(self.0.files.lock().expect("sound").get("manifest-sha256.txt").cloned())
    }

    fn journal(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.0.asked("journal")?;
        Ok(self.0.journal.lock().expect("sound").clone())
    }

    fn note(&self, journal: &[u8]) -> Result<(), Failure> {
        self.0.asked("note")?;
        let mut place = self.0.journal.lock().expect("sound");
        self.0.change()?;
        *place = Some(journal.to_vec());
        Ok(())
    }

    fn standing(&self, paths: &[SitePath]) -> Result<Vec<Standing>, Failure> {
        self.0.asked("standing")?;
        let files = self.0.files.lock().expect("sound");
        let one = |path: &SitePath| match files.get(path.as_str()) {
            None => Standing::Absent,
            Some(bytes) if self.0.tells => Standing::Is(Sha256::of(bytes)),
            Some(_) => Standing::Other,
        };
        Ok(paths.iter().map(one).collect())
    }

    fn put(&self, file: &Upload<'_>) -> Result<(), Failure> {
        self.0.asked(&format!("put {}", file.path))?;
        let bytes = match file.content {
            Content::Bytes(bytes) => bytes.to_vec(),
            Content::File(path) => std::fs::read(path).expect("readable"),
        };
        assert_eq!((Sha256::of(&bytes), bytes.len() as u64), (file.sha256, file.length));
        let mut files = self.0.files.lock().expect("sound");
        self.0.change()?;
        files.insert(file.path.to_string(), bytes);
        Ok(())
    }

    fn remove(&self, path: &SitePath) -> Result<(), Failure> {
        self.0.asked(&format!("remove {path}"))?;
        let mut files = self.0.files.lock().expect("sound");
        self.0.change()?;
        files.remove(path.as_str());
        Ok(())
    }

    fn read(&self, path: &SitePath, _: u64) -> Result<Option<Vec<u8>>, Failure> {
        self.0.asked(&format!("read {path}"))?;
        Ok(self.0.files.lock().expect("sound").get(path.as_str()).cloned())
    }

    fn finish(&self, manifest: &Upload<'_>) -> Result<(), Failure> {
        self.put(manifest)?;
        let mut journal = self.0.journal.lock().expect("sound");
        self.0.change()?;
        *journal = None;
        Ok(())
    }
}

struct Deaf;

impl Watch for Deaf {
    fn planned(&self, _: &Plan) {}
    fn opening(&self, _: &str) {}
    fn begin(&self, _: usize, _: u64) {}
    fn sent(&self, _: u64) {}
    fn verifying(&self, _: usize) {}
    fn end(&self) {}
}

/// Brings the tree at `root` to a target.
pub(crate) fn bring(root: &Path, target: &dyn Target, verify: Verify) -> Result<Summary, Failed> {
    let build = Build {
        root: root.to_path_buf(),
        out: root.to_path_buf(),
        base_url: None,
        drafts: Drafts::Hidden,
        as_of: AsOf::Unix(0),
        started: 0,
        asked: Asked::All,
        jobs: 0,
    };
    let options = Options {
        build: &build,
        target: None,
        hold: Hold::Take,
        max_deletes: 1_000_000,
        verify,
        publisher: &Publisher { who: "a test".into(), started: 0 },
        environment: &|_| None,
        waits: &[Duration::from_millis(1); 3],
    };
    let manifest = Manifest::read(root).expect("readable").expect("a manifest");
    let files = manifest.0.iter().map(|(path, digest)| (path.clone(), digest.expect("known"))).collect();
    deliver(&options, target, &Wanted { tree: root, files, manifest: manifest.text().into_bytes() }, &Deaf)
}

/// Two states of one portal that differ in reports, a year, attachments, the style sheet and every page.
pub(crate) fn two_states(reports: usize) -> (Portal, Portal) {
    let [old, new, _] = states(reports);
    (old, new)
}

/// The two states, and a third, in which what the second added links to what the third adds.
fn states(reports: usize) -> [Portal; 3] {
    let states = [(); 3].map(|()| Portal::base());
    let [old, new, third] = &states;
    let report = |portal: &Portal, year: usize, n: usize, (words, link): (&str, String)| {
        let text = format!(
            "---\ntitle: 乙局{year}年第{n}号报告\nkind: general\norganization: b-bureau\nyear: {year}\n\
             published: \"{}-03-12 09:30\"\nsummary: 第{n}号报告的摘要。\nkeywords: [报告]\nopenness: active\n\
             attachments: [{{file: annex.csv, title: 附表}}]\n---\n\n## 一、情况\n\n{words}第{n}号，见[另一份]({link}.md)。\n",
            year + 1,
        );
        portal.write(&format!("content/{year}/r-{n}/index.md"), text);
        portal.write(&format!("content/{year}/r-{n}/annex.csv"), format!("项目,数量\n{words},{n}\n"));
    };
    for n in 0..reports {
        let before = format!("../r-{}", n.saturating_sub(1));
        report(old, 2019, n, ("旧文", before.clone()));
        // The later states keep some as they are, change some, drop a third of them and have a year more.
        if n < reports * 2 / 3 {
            report(new, 2019, n, (if n % 2 == 0 { "旧文" } else { "新文" }, before.clone()));
            report(new, 2021, n, ("新文", before.clone()));
            report(third, 2019, n, ("新文", before.clone()));
            report(third, 2021, n, ("三文", format!("../../2022/r-{n}")));
            report(third, 2022, n, ("三文", before));
        }
    }
    for (portal, colour) in states.iter().zip(["", "#111", "#222"]) {
        portal.edit("site.yaml", "theme: default", &format!("theme: own\nnotice: 配色{colour}"));
        portal.write("themes/own/theme.yaml", "name: own\n");
        if !colour.is_empty() {
            portal.write("themes/own/static/style.css", format!("body{{color:{colour}}}\n"));
        }
    }
    states
}

#[test]
fn stopped_after_any_number_of_changes_no_link_is_broken_and_the_next_run_finishes() {
    let portals = states(6);
    portals.iter().for_each(|p| drop(p.build_well()));
    let states = portals.each_ref().map(|p| (p.path("public"), p.tree()));
    let mut entrances = served::entrances(&states[0].1, &states[1].1);
    entrances.retain(|p| states[2].1.contains_key(p));
    assert!(entrances.len() > 8, "{entrances:?}");
    let ways = [(0, 1, 1), (1, 0, 0), (0, 1, 2), (1, 0, 2), (2, 1, 0)];
    for (tells, (from, to, then)) in [true, false].into_iter().flat_map(|t| ways.map(|w| (t, w))) {
        let mut stopped = 0;
        for limit in 1.. {
            let memory = Memory { tells, ..Memory::default() };
            memory.files.lock().expect("sound").extend(states[from].1.clone());
            memory.files.lock().expect("sound").insert("others/notice.html".into(), b"theirs".to_vec());
            memory.limit.store(limit, Ordering::SeqCst);
            let ended = bring(&states[to].0, &memory, Verify::Nothing).is_ok();
            let files = memory.snapshot();
            let broken = served::broken(entrances.clone(), &|p| files.get(p).cloned());
            assert!(broken.is_empty(), "{from} → {to} stopped after {limit}: {broken:#?}");
            // The next run goes on, or back; it may be stopped again at a place of its own.
            memory.changes.store(0, Ordering::SeqCst);
            memory.limit.store(limit * 7 % 41 + 1, Ordering::SeqCst);
            let _ = bring(&states[then].0, &memory, Verify::Nothing);
            let files = memory.snapshot();
            let broken = served::broken(entrances.clone(), &|p| files.get(p).cloned());
            assert!(broken.is_empty(), "{from} → {to} → {then} stopped after {limit}: {broken:#?}");
            memory.limit.store(0, Ordering::SeqCst);
            bring(&states[then].0, &memory, Verify::All).unwrap_or_else(|e| panic!("{limit}: {e:?}"));
            let mut files = memory.snapshot();
            assert_eq!(files.remove("others/notice.html").as_deref(), Some(&b"theirs"[..]));
            assert_eq!(files, states[then].1, "{from} → {to} → {then}, stopped after {limit}");
            assert_eq!(*memory.journal.lock().expect("sound"), None);
            if ended {
                break;
            }
            stopped += 1;
        }
        assert!(stopped > 30, "{stopped}");
    }
}

#[test]
fn a_first_publication_shows_its_landing_page_when_all_is_there() {
    let (portal, _) = two_states(2);
    portal.build_well();
    for limit in 1.. {
        let memory = Memory { tells: true, ..Memory::default() };
        memory.limit.store(limit, Ordering::SeqCst);
        let ended = bring(&portal.path("public"), &memory, Verify::Nothing).is_ok();
        let files = memory.snapshot();
        let starts = files.contains_key("index.html").then(|| "index.html".to_string());
        let broken = served::broken(starts, &|p| files.get(p).cloned());
        assert!(broken.is_empty(), "stopped after {limit}: {broken:#?}");
        if ended {
            break;
        }
    }
}

#[test]
fn ten_thousand_unchanged_pages_are_not_touched() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let mut manifest = Manifest::default();
    for n in 0..10_000 {
        let path = SitePath::of(format!("20{:02}/r-{n}.html", n % 20));
        let bytes = format!("<!doctype html>{n}");
        let full = dir.path().join(path.as_str());
        std::fs::create_dir_all(full.parent().expect("a parent")).expect("a folder");
        std::fs::write(full, &bytes).expect("a file");
        manifest.0.insert(path, Some(Sha256::of(bytes.as_bytes())));
    }
    std::fs::write(dir.path().join("manifest-sha256.txt"), manifest.text()).expect("a file");
    let memory = Memory::default();
    bring(dir.path(), &memory, Verify::Nothing).expect("published");
    let first = (memory.asked.swap(0, Ordering::SeqCst), memory.changes.swap(0, Ordering::SeqCst));
    assert!(first.0 < 10_030, "a request a file, and few others: {first:?}");
    bring(dir.path(), &memory, Verify::Nothing).expect("published");
    let second = (memory.asked.swap(0, Ordering::SeqCst), memory.changes.swap(0, Ordering::SeqCst));
    assert_eq!(second, (3, 0), "open, manifest, journal");
    // One page changes: it, the notes of its stage, and the manifest.
    let path = SitePath::of("2003/r-3.html");
    std::fs::write(dir.path().join(path.as_str()), "new").expect("a file");
    manifest.0.insert(path, Some(Sha256::of(b"new")));
    std::fs::write(dir.path().join("manifest-sha256.txt"), manifest.text()).expect("a file");
    bring(dir.path(), &memory, Verify::Nothing).expect("published");
    assert!(memory.asked.load(Ordering::SeqCst) <= 7, "{:?}", memory.asked);
}

#[test]
fn what_may_pass_is_tried_again_and_what_does_not_pass_ends_the_run() {
    let (portal, _) = two_states(1);
    portal.build_well();
    let shaky = Memory { shaky: Some(Mutex::default()), ..Memory::default() };
    bring(&portal.path("public"), &shaky, Verify::Sample).expect("published in the end");
    assert_eq!(shaky.snapshot(), tree(&portal.path("public")));
    let counts = shaky.shaky.expect("counted").into_inner().expect("sound");
    assert!(counts.values().all(|n| *n >= 3), "{counts:?}");
}

#[test]
fn a_file_that_came_back_otherwise_is_named() {
    let (portal, _) = two_states(1);
    portal.build_well();
    let memory = Memory::default();
    bring(&portal.path("public"), &memory, Verify::All).expect("published");
    memory.files.lock().expect("sound").insert("archive.html".into(), b"otherwise".to_vec());
    memory.files.lock().expect("sound").remove("2023/index.html");
    match bring(&portal.path("public"), &memory, Verify::All) {
        Err(Failed::Target(Failure::Permanent(message))) => {
            let text = message.text(sunlit::base::Lang::En);
            assert!(text.contains("2 files") && text.contains("2023/index.html, archive.html"), "{text}");
        }
        other => panic!("{other:?}"),
    }
}
