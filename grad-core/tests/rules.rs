//! The rule table, walked: each derivative against differences, each rewrite on both sides.

#[path = "rules/derivatives.rs"]
mod derivatives;
#[path = "rules/errors.rs"]
mod errors;
#[path = "rules/forms.rs"]
mod forms;
#[path = "rules/grammar.rs"]
mod grammar;
#[path = "rules/guards.rs"]
mod guards;
#[path = "rules/rewrites.rs"]
mod rewrites;
#[path = "rules/support.rs"]
mod support;
