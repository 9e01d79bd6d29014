//! Laws of what reads archives: whatever comes in, nothing panics, and what was written is read back as it was meant.

use proptest::prelude::*;
use std::io::{Cursor, Write};
use sunlit::archive::digest::{Algorithm, hex};
use sunlit::archive::manifest::{self, Line, lines};
use sunlit::archive::tags::{Declaration, Encoding, Info, Version, declaration, oxum};
use sunlit::archive::{Verdict, path, verify_zip};

fn versions() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V0_97), Just(Version::V1_0)]
}

/// A zip of these entries, in their order; names that are there already are passed over, as the library refuses them.
fn zip_of(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        if writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).is_ok() {
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn an_entry_is_read_back_as_it_was_written(digest in prop::array::uniform32(any::<u8>()), name in "[^\\x00]{1,30}") {
        let name = format!("data/{name}");
        let text = manifest::entry(&digest, &name);
        // One entry is one line, whatever the name.
        let all: Vec<_> = lines(&text).collect();
        prop_assert_eq!(all.len(), 1);
        let expected = Line::Entry { digest: digest.to_vec(), path: name, mixed: false };
        prop_assert_eq!(manifest::line(all[0].1, Algorithm::Sha256, Version::V1_0), expected);
    }

    #[test]
    fn lines_are_the_whole_text_but_for_their_ends(text in "([a汉 ]|\\r\\n|\\r|\\n){0,40}") {
        let found: Vec<_> = lines(&text).map(|(_, line)| line).collect();
        prop_assert!(found.iter().all(|l| !l.contains(['\r', '\n'])));
        let all: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        prop_assert_eq!(found.concat(), all);
        let numbers: Vec<_> = lines(&text).map(|(n, _)| n).collect();
        prop_assert_eq!(numbers, (1..=found.len()).collect::<Vec<_>>());
    }

    #[test]
    fn any_line_is_an_entry_or_a_fault(text in "([0-9a-fA-F]{30,34}|[ \\t*%./~\\\\:#]|data/|%0[aAdD]|%25|汉|\\PC){0,12}", version in versions()) {
        for algorithm in Algorithm::ALL {
            if let Line::Entry { digest, path, .. } = manifest::line(&text, algorithm, version) {
                prop_assert_eq!(digest.len(), algorithm.size());
                prop_assert!(!path.is_empty());
            }
        }
        let _ = manifest::fetch(&text, version);
    }

    #[test]
    fn a_safe_path_stays_where_it_is_joined(text in "([a-z汉]|[./~\\\\:]|%2[eEfF]|%5c|\\x00){0,20}") {
        if path::is_safe(&text) {
            let joined = std::path::Path::new("/bag").join(&text);
            prop_assert!(joined.starts_with("/bag") && joined != std::path::Path::new("/bag"));
            for part in joined.components() {
                prop_assert!(!matches!(part, std::path::Component::ParentDir), "{}", text);
            }
        }
    }

    #[test]
    fn fields_are_read_back_as_they_were_written(fields in prop::collection::vec(("[A-Z][a-z-]{0,12}", "[a-z汉:]{1,30}( [a-z汉:]{1,30}){0,12}"), 0..6)) {
        let info = Info { fields, faults: Vec::new() };
        prop_assert_eq!(Info::read(&info.write()), info);
    }

    #[test]
    fn any_text_is_fields_and_faults(text in "([A-Za-z-]{1,6}|: |:|\\n|\\r\\n|\\r| |\\t|汉|\\PC){0,30}") {
        let info = Info::read(&text);
        let count = lines(&text).count();
        prop_assert!(info.fields.len() + info.faults.len() <= count);
        prop_assert!(info.faults.iter().all(|n| (1..=count).contains(n)));
        let _ = oxum(&text);
    }

    #[test]
    fn a_declaration_is_read_only_when_it_says_both(bytes in prop::collection::vec(any::<u8>(), 0..90), version in "[0-9]{1,6}\\.[0-9]{1,6}", end in "(\\n|\\r\\n|\\r)") {
        let _ = declaration(&bytes);
        let text = format!("BagIt-Version: {version}{end}Tag-File-Character-Encoding: UTF-8{end}");
        let read = matches!(declaration(text.as_bytes()), Declaration::Read(..));
        let fits = version.split('.').all(|n| n.parse::<u16>().is_ok());
        prop_assert_eq!(read, fits);
        for encoding in [Encoding::Utf8, Encoding::Latin1, Encoding::Utf16] {
            let _ = encoding.text(&bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_are_taken_for_a_bag(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_ne!(verify_zip(&bytes).verdict(), Verdict::Valid);
    }

    #[test]
    fn whatever_a_zip_holds_there_is_a_verdict(
        manifest in "([0-9a-f]{32}(  |\t| \\*)(data/)?(a|b|\\.\\./x|%0A|汉)?(\n|\r\n)?){0,5}",
        info in "(Payload-Oxum: |[0-9]{1,3}|\\.|\n|[a-z]){0,8}",
        names in prop::collection::vec("(bag/)?(data/)?(a|A|b|\\.\\./c|e\u{301}|\u{e9}|/d|C:/e|manifest-md5\\.txt|fetch\\.txt)", 0..6),
    ) {
        let mut entries = vec![
            ("bag/bagit.txt".to_string(), b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_vec()),
            ("bag/manifest-md5.txt".to_string(), manifest.into_bytes()),
            ("bag/bag-info.txt".to_string(), info.into_bytes()),
        ];
        entries.extend(names.into_iter().map(|n| (n, b"x".to_vec())));
        let verified = verify_zip(&zip_of(&entries));
        prop_assert_eq!(verified.verdict() == Verdict::Valid, verified.problems.is_empty());
    }

    #[test]
    fn a_good_bag_is_valid_and_no_longer_once_a_byte_is_another(payload in prop::collection::vec(any::<u8>(), 1..60), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let digest = &sunlit::archive::digest::Digests::of_reader(&[Algorithm::Sha256], &mut &payload[..]).unwrap().0[0];
        let entries = |payload: &[u8]| [
            ("bag/bagit.txt".to_string(), b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_vec()),
            ("bag/manifest-sha256.txt".to_string(), format!("{}  data/a\n", hex(digest)).into_bytes()),
            ("bag/data/a".to_string(), payload.to_vec()),
        ];
        prop_assert_eq!(verify_zip(&zip_of(&entries(&payload))).problems, vec![]);
        let mut changed = payload.clone();
        changed[at.index(payload.len())] ^= 1 << bit;
        let verified = verify_zip(&zip_of(&entries(&changed)));
        prop_assert_eq!(verified.problems.iter().map(|p| p.fault.code()).collect::<Vec<_>>(), ["digest-wrong"]);
    }
}
