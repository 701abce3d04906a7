//! What is accepted, and what is said where something is not: `ui/pass` has to compile without a warning,
//! `ui/fail/X.rs` has to be refused as `X.stderr` says.
//!
//! After a change that alters messages, renew the files and read them as a user would:
//!
//! ```text
//! TRYBUILD=overwrite cargo test --test ui
//! ```

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
