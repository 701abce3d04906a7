//! What is wrong with a rule file, with the place.

use std::fmt;

/// A place in one of the rule files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file, in the order in which they are loaded.
    pub file: usize,
    /// Offsets in bytes.
    pub start: usize,
    pub end: usize,
}

/// An error in a rule file: message, place, the line and a caret below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    text: String,
}

/// An error that does not know the files' texts yet.
#[derive(Clone, Debug)]
pub struct Fault {
    pub message: String,
    pub place: Place,
}

impl Fault {
    pub fn new(place: Place, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), place }
    }

    /// The error as the rule author sees it.
    pub fn render(&self, files: &[(&str, &str)]) -> Error {
        let (name, text) = files[self.place.file];
        let start = self.place.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = 1 + text[..line_start].matches('\n').count();
        let column = 1 + text[line_start..start].chars().count();
        let width = text[start..self.place.end.clamp(start, line_end)].chars().count().max(1);
        let (gutter, indent) = (" ".repeat(line.to_string().len()), " ".repeat(column - 1));
        let text = format!(
            "{}\n{gutter}--> {name}:{line}:{column}\n{gutter} |\n{line} | {}\n{gutter} | {indent}{}",
            self.message,
            &text[line_start..line_end],
            "^".repeat(width),
        );
        Error { text }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
