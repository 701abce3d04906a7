//! `grad::health`: what is recorded, and what is made of it.

mod network;
mod recorded;
mod verdicts;
