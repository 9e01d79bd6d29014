//! What is said of an archive that was verified: the faults, each with a code that never changes, and the verdict that
//! follows from them. The JSON is the published format `sunlit/verify/1`: codes and fields are added, never changed.

use super::sign::Signature;
use crate::base::Lang;
use crate::diag::Message;
use serde::Serialize;

/// What can be wrong with an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// There is no `bagit.txt`.
    BagitMissing,
    /// `bagit.txt` is not its two lines.
    BagitMalformed,
    /// `bagit.txt` begins with a byte order mark.
    BagitBom,
    /// A version of BagIt that is not known.
    VersionUnknown,
    /// An encoding of tag files that is not known.
    EncodingUnknown,
    /// A tag file is not in the encoding that `bagit.txt` names.
    NotText,
    /// There is no `data/`.
    PayloadMissing,
    /// There is no manifest of the payload.
    ManifestMissing,
    /// A manifest of an algorithm that is not known: its digests cannot be computed.
    AlgorithmUnknown,
    /// A line of a tag file that says nothing it may say.
    LineMalformed,
    /// A digest in capitals and small letters at once: no tool writes that, a flipped bit does.
    DigestMixedCase,
    /// A manifest lists a file twice.
    ListedTwice,
    /// A path that could lead out of the bag.
    PathUnsafe,
    /// A path that this file may not list.
    PathMisplaced,
    /// A listed file is not there.
    FileMissing,
    /// A payload file that no manifest lists.
    FileUnlisted,
    /// A payload file that one manifest lists and another does not.
    ManifestsDiffer,
    /// A file is not what it was.
    DigestWrong,
    /// A listed file is there under a name that is composed in another way.
    NameNormalization,
    /// A listed file is there under a name with other capitals.
    NameCase,
    /// Two files whose names some file systems take for the same.
    NamesCollide,
    /// `Payload-Oxum` cannot be read, or stands there twice.
    OxumMalformed,
    /// `Payload-Oxum` says another number of bytes or files.
    OxumWrong,
    /// A file that is still to be fetched.
    FetchWaiting,
    /// A file to fetch that no manifest lists.
    FetchUnlisted,
    /// A symbolic or hard link.
    Link,
    /// A device, a pipe, a socket: no file.
    SpecialFile,
    /// The archive has two entries of one name.
    EntryTwice,
    /// An archive whose entries do not lie in one folder.
    TopFolder,
    /// A name that is not UTF-8.
    NameNotText,
    /// An entry that cannot be read: encrypted, or packed in a way that is not known.
    EntryUnreadable,
    /// The archive is cut short or damaged.
    ArchiveDamaged,
    /// A WACZ whose list of files, or another of its own files, is not what the format wants.
    PackageMalformed,
    /// A WACZ of sunlit whose container is not as sunlit writes it.
    ContainerChanged,
    /// A file has another size than the list says.
    SizeWrong,
    /// A record of a web archive cannot be read.
    RecordDamaged,
    /// A record of a web archive is not what it was.
    RecordChanged,
    /// A record of a web archive is in no index.
    RecordUnindexed,
    /// A line of an index leads to no record of its address.
    IndexWrong,
    /// A listed page is in no index.
    PageUnindexed,
    /// There is no digest, or none that can be computed.
    DigestMissing,
    /// The signature beside the archive is not that of the archive, or of nobody who is trusted.
    SignatureWrong,
    /// There is no signature, and one was asked for.
    SignatureMissing,
    /// A bound of this program was hit.
    Bound,
    /// There is more than is listed.
    More,
}

/// How much a fault takes from an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Nothing is wrong as far as can be told, but not everything can be told.
    Unproven,
    /// Something is missing or too much.
    Incomplete,
    /// Something is wrong.
    Invalid,
}

impl Fault {
    /// Its code and the key of its sentence.
    fn words(self) -> (&'static str, &'static str) {
        macro_rules! words {
            ($($fault:ident $code:literal,)*) => {
                match self { $(Fault::$fault => ($code, concat!("archive.fault.", $code)),)* }
            };
        }
        words! {
            BagitMissing "bagit-missing",
            BagitMalformed "bagit-malformed",
            BagitBom "bagit-bom",
            VersionUnknown "version-unknown",
            EncodingUnknown "encoding-unknown",
            NotText "not-text",
            PayloadMissing "payload-missing",
            ManifestMissing "manifest-missing",
            AlgorithmUnknown "algorithm-unknown",
            LineMalformed "line-malformed",
            DigestMixedCase "digest-mixed-case",
            ListedTwice "listed-twice",
            PathUnsafe "path-unsafe",
            PathMisplaced "path-misplaced",
            FileMissing "file-missing",
            FileUnlisted "file-unlisted",
            ManifestsDiffer "manifests-differ",
            DigestWrong "digest-wrong",
            NameNormalization "name-normalization",
            NameCase "name-case",
            NamesCollide "names-collide",
            OxumMalformed "oxum-malformed",
            OxumWrong "oxum-wrong",
            FetchWaiting "fetch-waiting",
            FetchUnlisted "fetch-unlisted",
            Link "link",
            SpecialFile "special-file",
            EntryTwice "entry-twice",
            TopFolder "top-folder",
            NameNotText "name-not-text",
            EntryUnreadable "entry-unreadable",
            ArchiveDamaged "archive-damaged",
            PackageMalformed "package-malformed",
            ContainerChanged "container-changed",
            SizeWrong "size-wrong",
            RecordDamaged "record-damaged",
            RecordChanged "record-changed",
            RecordUnindexed "record-unindexed",
            IndexWrong "index-wrong",
            PageUnindexed "page-unindexed",
            DigestMissing "digest-missing",
            SignatureWrong "signature-wrong",
            SignatureMissing "signature-missing",
            Bound "bound",
            More "more",
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        self.words().0
    }

    fn weight(self) -> Weight {
        match self {
            Fault::AlgorithmUnknown | Fault::DigestMissing => Weight::Unproven,
            Fault::PayloadMissing
            | Fault::ManifestMissing
            | Fault::FileMissing
            | Fault::FileUnlisted
            | Fault::ManifestsDiffer
            | Fault::NameNormalization
            | Fault::NameCase
            | Fault::OxumWrong
            | Fault::FetchWaiting => Weight::Incomplete,
            _ => Weight::Invalid,
        }
    }
}

/// A fault, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub fault: Fault,
    /// The file in the archive; empty for the archive itself.
    pub path: String,
    /// The sentence.
    pub message: Message,
}

/// Most faults that are listed.
pub const FAULTS: usize = 10_000;

/// Faults as they are found.
#[derive(Debug, Default)]
pub struct Faults {
    list: Vec<Problem>,
    more: usize,
}

impl Faults {
    /// Notes a fault of `path`; `values` fill the places of its sentence.
    pub fn add(&mut self, fault: Fault, path: &str, values: &[(&'static str, &dyn ToString)]) {
        if self.list.len() == FAULTS {
            self.more += 1;
            return;
        }
        let message = values.iter().fold(Message::new(fault.words().1), |m, (name, v)| m.with(name, v.to_string()));
        self.list.push(Problem { fault, path: path.into(), message });
    }

    /// Notes a fault whose sentence has another in it; `fill` fills its places.
    pub fn note(&mut self, fault: Fault, path: &str, fill: impl FnOnce(Message) -> Message) {
        if self.list.len() == FAULTS {
            self.more += 1;
            return;
        }
        self.list.push(Problem { fault, path: path.into(), message: fill(Message::new(fault.words().1)) });
    }

    /// Notes that a bound was hit, which is named by a sentence of its own.
    pub fn bound(&mut self, path: &str, bound: Message) {
        let message = Message::new(Fault::Bound.words().1).with_message("bound", bound);
        self.list.push(Problem { fault: Fault::Bound, path: path.into(), message });
    }

    /// The faults, each once, by path and code.
    pub fn finish(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let message = Message::new(Fault::More.words().1).with("count", self.more);
            self.list.push(Problem { fault: Fault::More, path: String::new(), message });
        }
        self.list.sort_by(|a, b| (&a.path, a.fault).cmp(&(&b.path, b.fault)));
        self.list.dedup();
        self.list
    }
}

/// What an archive is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Complete, and every file is what it was.
    Valid,
    /// Everything is there, but what it was cannot be told: the algorithm of a manifest is not known.
    Complete,
    /// Files are missing, still to be fetched, or too many.
    Incomplete,
    /// Something is wrong.
    Invalid,
}

impl Verdict {
    /// What follows from the faults.
    pub fn of(problems: &[Problem]) -> Self {
        match problems.iter().map(|p| p.fault.weight()).max() {
            None => Verdict::Valid,
            Some(Weight::Unproven) => Verdict::Complete,
            Some(Weight::Incomplete) => Verdict::Incomplete,
            Some(Weight::Invalid) => Verdict::Invalid,
        }
    }

    /// Its name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Complete => "complete",
            Verdict::Incomplete => "incomplete",
            Verdict::Invalid => "invalid",
        }
    }
}

/// An archive that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it is: `bagit`, `bagit-tar`, `bagit-tgz`, `bagit-zip`, `wacz`.
    pub kind: &'static str,
    /// Everything that is wrong, by path.
    pub problems: Vec<Problem>,
    /// The signature beside it, when it is right.
    pub signature: Option<Signature>,
}

impl Verified {
    /// What it is found to be.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(&self.problems)
    }

    /// As JSON: `sunlit/verify/1`. `path` is the archive as it was named.
    pub fn json(&self, path: &str, lang: Lang) -> Vec<u8> {
        #[derive(Serialize)]
        struct Document<'a> {
            schema: &'static str,
            path: &'a str,
            kind: &'static str,
            verdict: Verdict,
            problems: Vec<Row<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            signature: Option<&'a Signature>,
        }
        #[derive(Serialize)]
        struct Row<'a> {
            code: &'static str,
            path: &'a str,
            message: String,
        }
        let row = |p: &'_ Problem| (p.fault.code(), p.message.text(lang));
        let rows = self.problems.iter().map(|p| {
            let (code, message) = row(p);
            Row { code, path: &p.path, message }
        });
        let document = Document {
            schema: "sunlit/verify/1",
            path,
            kind: self.kind,
            verdict: self.verdict(),
            problems: rows.collect(),
            signature: self.signature.as_ref(),
        };
        // Our own struct, whose keys are text: serialising it cannot fail.
        let mut out = serde_json::to_vec(&document).unwrap_or_default();
        out.push(b'\n');
        out
    }
}
