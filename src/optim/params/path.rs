//! Where in a set of parameters something is.

use std::fmt;

/// The way from the whole set of parameters to one of them, as it would be written in Rust.
///
/// ```
/// use grad::optim::Path;
///
/// let layers = Path::ROOT.field("layers");
/// assert_eq!(layers.index(3).part(0).to_string(), "layers[3].0");
/// ```
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Field(&'a str),
    Part(usize),
    Index(usize),
}

impl Path<'_> {
    /// The whole set of parameters.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// To a field of a struct.
    pub fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// To a part of a tuple.
    pub fn part(&self, number: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Part(number) }
    }

    /// To an element.
    pub fn index(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else { return Ok(()) };
        parent.fmt(f)?;
        match self.step {
            Step::Root => Ok(()),
            Step::Field(name) if parent.parent.is_none() => write!(f, "{name}"),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Part(number) => write!(f, ".{number}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// Parameters and a gradient of other extents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    params: Vec<usize>,
    gradient: Vec<usize>,
}

impl Mismatch {
    /// Checks that extents are the same.
    ///
    /// # Errors
    /// If they are not.
    pub fn check(params: &[usize], gradient: &[usize], path: &Path<'_>) -> Result<(), Mismatch> {
        if params == gradient {
            return Ok(());
        }
        Err(Mismatch { path: path.to_string(), params: params.to_vec(), gradient: gradient.to_vec() })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "the parameter")?,
            path => write!(f, "the parameter `{path}`")?,
        }
        match (&self.params[..], &self.gradient[..]) {
            ([params], [gradient]) => write!(f, " has {params} elements but its gradient {gradient}"),
            (params, gradient) => write!(f, " has the extents {params:?} but its gradient {gradient:?}"),
        }
    }
}

impl std::error::Error for Mismatch {}
