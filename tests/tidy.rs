//! The walls of the house: who may name which crate, how long a file may be, that every module says what it is
//! for, that the lock file holds `syn` once.

use std::{
    fs,
    path::{Path, PathBuf},
};

const LONGEST: usize = 500;

const SOURCES: [&str; 3] = ["src", "grad-core/src", "grad-macro/src"];

/// A crate, and the places under `grad-core/src` that may name it. Everything outside `grad-core` is free of it.
const WALLS: [(&str, &[&str]); 3] = [
    ("syn", &["frontend/"]),
    // The front end keeps a few tokens of the signature for the generated items.
    (
        "quote",
        &[
            "frontend/attribute.rs",
            "frontend/signature.rs",
            "frontend/items.rs",
            "frontend/fields.rs",
            "emit/",
            "lib.rs",
        ],
    ),
    ("pest", &["rules/syntax.rs", "rules/grammar.rs"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file of the library's own sources, relative to the repository.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for directory in SOURCES {
        collect(&root().join(directory), &mut found);
    }
    found.sort();
    found.iter().map(|path| path.strip_prefix(root()).expect("it is inside").to_path_buf()).collect()
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The lines that are code: comments, and what stands in quotes, do not count.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

/// Whether a line of code names a crate: `name::`, `use name`, `name!`.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '`' || c == '"')
            && (after.starts_with("::")
                || after.starts_with('!')
                || after.starts_with(';') && line.starts_with("use "))
    })
}

#[test]
fn stages_name_only_the_crates_that_are_theirs() {
    let mut wrong = Vec::new();
    for path in sources() {
        let text = read(&root().join(&path));
        let within = path.strip_prefix("grad-core/src").ok().map(|path| path.to_string_lossy().into_owned());
        for (name, allowed) in WALLS {
            let is_allowed =
                within.as_ref().is_some_and(|within| allowed.iter().any(|place| within.starts_with(place)));
            if !is_allowed && code(&text).any(|line| names(line, name)) {
                wrong.push(format!("{} names `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/ARCHITECTURE.md says who knows what:\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let written = sources().into_iter().map(|path| (read(&root().join(&path)), path));
    let by_hand = written.filter(|(text, _)| !text.lines().take(3).any(|line| line.contains("@generated")));
    let lengths = by_hand.map(|(text, path)| (text.lines().count(), path));
    let long: Vec<_> = lengths
        .filter(|(length, _)| *length > LONGEST)
        .map(|(length, path)| format!("{}: {length} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines, split them by what they do:\n{}", long.join("\n"));
}

#[test]
fn modules_say_what_they_are_for() {
    let silent: Vec<_> =
        sources().into_iter().filter(|path| !read(&root().join(path)).starts_with("//!")).collect();
    assert!(silent.is_empty(), "these do not begin with `//!`: {silent:?}");
}

/// A second major version of `syn` would be built by everyone who depends on grad-rs.
#[test]
fn one_syn() {
    let lock = read(&root().join("Cargo.lock"));
    let versions: Vec<_> = lock
        .split("[[package]]")
        .filter(|package| package.contains("name = \"syn\"\n"))
        .filter_map(|package| package.lines().find(|line| line.starts_with("version")))
        .collect();
    assert!(matches!(versions[..], [version] if version.starts_with("version = \"3.")), "{versions:?}");
}
