//! The learning curve as an SVG.

use std::{fs, path::Path};

use kit::{Panel, Picture};

use crate::training::Epoch;

/// Loss on the left, accuracy on the right.
pub fn draw(path: &Path, network: &str, history: &[Epoch]) -> kit::Outcome {
    let curve =
        |value: fn(&Epoch) -> f64| (1..).map(f64::from).zip(history.iter().map(value)).collect::<Vec<_>>();
    let accuracy = curve(|epoch| 100.0 * epoch.accuracy);
    let lowest = accuracy.iter().fold(100.0_f64, |lowest, (_, accuracy)| lowest.min(*accuracy));
    let picture = Picture::new(format!("{network} learning to read handwritten digits"))
        .panel(
            Panel::new("Cross-entropy", "epoch")
                .curve("training", curve(|epoch| epoch.train_loss))
                .curve("held out", curve(|epoch| epoch.held_out_loss))
                .label_ends(3),
        )
        .panel(
            Panel::new("Accuracy", "epoch")
                .range((lowest - 1.0).max(0.0), 100.0)
                .unit(" %")
                .decimals(0)
                .curve_like(1, "held out", accuracy)
                .label_ends(1),
        );
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    Ok(fs::write(path, picture.to_svg()?)?)
}
