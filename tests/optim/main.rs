//! `grad::optim`: sets of parameters, the optimisers, what they refuse.

mod convex;
mod derived;
mod params;
mod random;
mod refusals;
mod schedules;
mod steps;
mod vectors;
