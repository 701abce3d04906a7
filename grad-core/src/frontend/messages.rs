//! Messages that more than one place gives, and "did you mean".

/// What is said of raw pointers.
pub const POINTER: &str = "raw pointers cannot be differentiated: use a reference, a slice or an index";

/// What is said of calls that reach out of the function.
pub const OUTSIDE: &str = "what reaches out of the function cannot be differentiated: do it before the call, and pass what it \
     gives as a parameter";

/// `key` is none of `known`: says so, with the nearest, or else all of them.
pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, &known) {
        Some(near) => format!("unknown {what} `{name}`: did you mean `{near}`?"),
        None => format!("unknown {what} `{name}`: known are {}", list(&known)),
    }
}

/// What to write instead of a method that is known, and cannot be read.
fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "drain" => "copy the elements with `to_vec()`, then `clear()` or `truncate(n)`",
        "rchunks" | "rchunks_exact" => "take sub-slices `&a[i..j]` in a loop that counts down",
        "chunk_by" | "split" | "splitn" | "group_by" => "take sub-slices `&a[i..j]` in a `while` loop",
        "array_windows" => "write `windows(n)`",
        "array_chunks" | "as_chunks" => "write `chunks_exact(n)`",
        "rfold" => "write `rev().fold(…)`",
        "column_mut" | "columns_mut" => "assign to the elements `a[[i, j]]` in a loop",
        "zip_mut_with" => "write a loop over the indices, or an operator",
        _ => return None,
    })
}

/// What is said of a method that is not read.
pub fn unread<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match instead(name) {
        Some(advice) => format!("`{name}` cannot be read here: {advice}"),
        None => unknown(what, name, known),
    }
}

/// `what` takes so many arguments, but others are given.
pub fn arguments(what: &str, takes: usize, given: usize) -> String {
    let verb = if given == 1 { "is" } else { "are" };
    format!("{what} takes {}, but {given} {verb} given", count(takes, "argument"))
}

/// `1 argument`, `2 arguments`.
pub fn count(number: usize, what: &str) -> String {
    let plural = match (number, what) {
        (1, _) => "",
        (_, "axis") => return format!("{number} axes"),
        _ => "s",
    };
    format!("{number} {what}{plural}")
}

/// `a`, `b`, `c` in backticks.
pub fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The candidate that a slip of the keyboard may have meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // Any name of one letter is one edit from any other.
    let limit = match name.chars().count() {
        0 | 1 => 0,
        length => (length / 3).max(1),
    };
    known
        .iter()
        .map(|candidate| ((distance(name, candidate), candidate.len().abs_diff(name.len())), *candidate))
        .filter(|((distance, _), _)| *distance <= limit)
        .min_by_key(|(distances, _)| *distances)
        .map(|(_, candidate)| candidate)
}

/// The edit distance of two names, where exchanging two neighbours is one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let exchanged = usize::from(a[i - 1] != b[j - 1]);
                let edits =
                    (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + exchanged);
                let swaps = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swaps { edits.min(table[i - 2][j - 2] + 1) } else { edits }
            };
        }
    }
    table[a.len()][b.len()]
}
