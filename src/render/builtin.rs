//! The default theme, carried by the program. A portal needs no folder for it.

/// Its files: path below `themes/default/`, content.
pub const FILES: &[(&str, &[u8])] = &[
    ("locales/en.yaml", include_bytes!("../../themes/default/locales/en.yaml")),
    ("locales/zh-CN.yaml", include_bytes!("../../themes/default/locales/zh-CN.yaml")),
    ("static/large-type.js", include_bytes!("../../themes/default/static/large-type.js")),
    ("static/style.css", include_bytes!("../../themes/default/static/style.css")),
    ("templates/accessibility.html", include_bytes!("../../themes/default/templates/accessibility.html")),
    ("templates/alias.html", include_bytes!("../../themes/default/templates/alias.html")),
    ("templates/archive.html", include_bytes!("../../themes/default/templates/archive.html")),
    ("templates/base.html", include_bytes!("../../themes/default/templates/base.html")),
    ("templates/components.html", include_bytes!("../../themes/default/templates/components.html")),
    ("templates/landing.html", include_bytes!("../../themes/default/templates/landing.html")),
    ("templates/not-found.html", include_bytes!("../../themes/default/templates/not-found.html")),
    ("templates/organization.html", include_bytes!("../../themes/default/templates/organization.html")),
    ("templates/page.html", include_bytes!("../../themes/default/templates/page.html")),
    ("templates/report.html", include_bytes!("../../themes/default/templates/report.html")),
    ("templates/year.html", include_bytes!("../../themes/default/templates/year.html")),
    ("theme.yaml", include_bytes!("../../themes/default/theme.yaml")),
];

/// Its name.
pub const NAME: &str = "default";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_carried() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default");
        let walk = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files: Vec<_> = walk
            .filter(|e| e.file_type().is_file())
            .map(|e| e.path().strip_prefix(root).expect("below").to_string_lossy().into_owned())
            .collect();
        let mut carried: Vec<_> = FILES.iter().map(|(path, _)| (*path).to_string()).collect();
        carried.sort();
        let mut files = files;
        files.sort();
        assert_eq!(files, carried);
    }
}
