//! Manifests, fields and lists of files to fetch of a bag: what is read is written back as the same, and no safe path
//! leaves its folder.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::{Component, Path};
use sunlit::archive::digest::Algorithm;
use sunlit::archive::manifest::{self, Line, lines};
use sunlit::archive::path;
use sunlit::archive::tags::{Info, Version, declaration};

fuzz_target!(|text: &str| {
    declaration(text.as_bytes());
    Info::read(text);
    for version in [Version::V0_97, Version::V1_0] {
        for (_, line) in lines(text) {
            manifest::fetch(line, version);
            for algorithm in Algorithm::ALL {
                let Line::Entry { digest, path: name, .. } = manifest::line(line, algorithm, version) else { continue };
                if path::is_safe(&name) {
                    let stays = |part: Component<'_>| matches!(part, Component::Normal(_));
                    assert!(Path::new(&name).components().all(stays), "{name:?}");
                }
                let written = manifest::entry(&digest, &name);
                let again =
                    lines(&written).map(|(_, l)| manifest::line(l, algorithm, Version::V1_0)).collect::<Vec<_>>();
                // A name that begins as the mark of binary mode does, or with blanks, is no name of a bag's file.
                if name.starts_with("data/") {
                    assert_eq!(again, [Line::Entry { digest, path: name, mixed: false }]);
                }
            }
        }
    }
});
