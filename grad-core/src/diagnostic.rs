//! Errors for the user: where, what is wrong, what to write instead.

use crate::ir::Origin;

/// One message. It says what is wrong and what to write instead.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub origin: Origin,
    pub message: String,
    /// A second place, with what it says: where the conflicting extent comes from, say.
    pub note: Option<(Origin, String)>,
}

impl Diagnostic {
    pub fn new(origin: Origin, message: impl Into<String>) -> Diagnostic {
        Diagnostic { origin, message: message.into(), note: None }
    }

    pub fn with_note(mut self, origin: Origin, note: impl Into<String>) -> Diagnostic {
        self.note = Some((origin, note.into()));
        self
    }
}

/// The result of a stage that may refuse.
pub type Checked<T> = Result<T, Vec<Diagnostic>>;
