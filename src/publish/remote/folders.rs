//! Paths and their folders, for targets that have folders. In: paths below the root of a section. Out: the folders above
//! them, and what stands at many paths by listing each folder once.

use crate::base::SitePath;
use crate::publish::target::{Failure, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// The folders above a path, the outermost first; none for a file in the root.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at)).filter(|folder| !folder.is_empty())
}

/// What stands at each path, by the names in its folder; `members` gives them, or `None` where there is no such folder.
pub(super) fn of_paths(
    paths: &[SitePath],
    mut members: impl FnMut(&str) -> Result<Option<BTreeSet<String>>, Failure>,
) -> Result<Vec<Standing>, Failure> {
    let mut listed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut standing = Vec::with_capacity(paths.len());
    for path in paths {
        let (folder, name) = path.as_str().rsplit_once('/').unwrap_or(("", path.as_str()));
        // Nothing is asked about what lies in a folder that its own folder does not name.
        let known_absent = above(folder).chain([folder]).any(|f| {
            let (outer, name) = f.rsplit_once('/').unwrap_or(("", f));
            !f.is_empty() && listed.get(outer).is_some_and(|names| !names.contains(name))
        });
        if !known_absent && !listed.contains_key(folder) {
            listed.insert(folder, members(folder)?.unwrap_or_default());
        }
        let there = !known_absent && listed.get(folder).is_some_and(|names| names.contains(name));
        standing.push(if there { Standing::Other } else { Standing::Absent });
    }
    Ok(standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_above_a_path_come_from_the_outside() {
        assert_eq!(above("2024/bureau/a b.xlsx").collect::<Vec<_>>(), ["2024", "2024/bureau"]);
        assert_eq!(above("index.html").count(), 0);
    }

    #[test]
    fn each_folder_is_listed_once_and_none_below_what_is_absent() {
        let paths = ["2023/a.html", "2024/a.html", "2024/b.html", "2024/x/c.html", "index.html", "2025/y/d.html"];
        let paths: Vec<_> = paths.iter().filter_map(|p| SitePath::new(p)).collect();
        let mut asked = Vec::new();
        let standing = of_paths(&paths, |folder| {
            asked.push(folder.to_string());
            let names = |names: &[&str]| Ok(Some(names.iter().map(|n| (*n).to_string()).collect()));
            match folder {
                "" => names(&["2024", "index.html"]),
                "2024" => names(&["b.html"]),
                _ => Ok(None),
            }
        });
        let (absent, other) = (Standing::Absent, Standing::Other);
        assert_eq!(standing, Ok(vec![absent, absent, other, absent, other, absent]));
        assert_eq!(asked, ["2023", "2024", ""], "2024/x and 2025/y are not named by the folders above them");
    }
}
