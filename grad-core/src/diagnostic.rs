//! Errors for the user: where, what is wrong, what to write instead.

use crate::ir::Origin;

/// One message. It says what is wrong and what to write instead.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub origin: Origin,
    pub message: String,
    /// Other places, with what they say: where conflicting extents come from, say.
    pub notes: Vec<(Origin, String)>,
}

impl Diagnostic {
    pub fn new(origin: Origin, message: impl Into<String>) -> Diagnostic {
        Diagnostic { origin, message: message.into(), notes: Vec::new() }
    }

    pub fn with_note(mut self, origin: Origin, note: impl Into<String>) -> Diagnostic {
        self.notes.push((origin, note.into()));
        self
    }
}

/// The result of a stage that may refuse.
pub type Checked<T> = Result<T, Vec<Diagnostic>>;
