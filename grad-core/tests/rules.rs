//! The rule table, walked: each derivative against differences, each rewrite on both sides.

#[path = "rules/derivatives.rs"]
mod derivatives;
#[path = "rules/rewrites.rs"]
mod rewrites;
#[path = "rules/support.rs"]
mod support;
