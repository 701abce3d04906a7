//! grad-rs.
