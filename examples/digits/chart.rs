//! The learning curve as an SVG.

use std::{error::Error, fs, ops::Range, path::Path};

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::training::Epoch;

const INK: RGBColor = RGBColor(0x1f, 0x29, 0x37);
const QUIET: RGBColor = RGBColor(0x6b, 0x72, 0x80);
const GRID: RGBColor = RGBColor(0xe5, 0xe7, 0xeb);
const TRAINING: RGBColor = RGBColor(0xd9, 0x77, 0x06);
const HELD_OUT: RGBColor = RGBColor(0x25, 0x63, 0xeb);

const FONT: &str = "Helvetica, Arial, sans-serif";
const SIZE: (u32, u32) = (1000, 460);
const HEADER: u32 = 56;

/// One panel: curves over epochs that start with 1.
struct Plot<const N: usize> {
    title: &'static str,
    range: Range<f64>,
    unit: &'static str,
    /// Decimals of the labels on the axis, and of those where the curves end.
    decimals: (usize, usize),
    curves: [(&'static str, RGBColor, Vec<f64>); N],
}

/// Loss on the left, accuracy on the right.
pub fn draw(path: &Path, network: &str, history: &[Epoch]) -> Result<(), Box<dyn Error>> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (header, body) = root.split_vertically(HEADER);
    let title = format!("{network} learning to read handwritten digits");
    header.draw(&Text::new(title, (24, 22), font(20, INK, HPos::Left)))?;
    let (left, right) = body.split_horizontally(SIZE.0 / 2);

    let curve = |value: fn(&Epoch) -> f64| history.iter().map(value).collect::<Vec<_>>();
    let (training, held_out) = (curve(|epoch| epoch.train_loss), curve(|epoch| epoch.held_out_loss));
    let accuracy = curve(|epoch| 100.0 * epoch.accuracy);
    let highest = training.iter().chain(&held_out).fold(0.0_f64, |highest, &loss| highest.max(loss));
    let lowest = accuracy.iter().fold(100.0_f64, |lowest, &accuracy| lowest.min(accuracy));

    Plot {
        title: "Cross-entropy",
        range: 0.0..1.05 * highest,
        unit: "",
        decimals: (if highest < 0.5 { 2 } else { 1 }, 3),
        curves: [("training", TRAINING, training), ("held out", HELD_OUT, held_out)],
    }
    .draw(&left)?;
    Plot {
        title: "Accuracy",
        range: (lowest - 1.0).max(0.0)..100.0,
        unit: " %",
        decimals: (0, 1),
        curves: [("held out", HELD_OUT, accuracy)],
    }
    .draw(&right)?;
    root.present()?;
    Ok(())
}

impl<const N: usize> Plot<N> {
    fn draw(self, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn Error>> {
        self.draw_legend(area)?;
        let label = |value: f64, decimals: usize| format!("{value:.decimals$}{}", self.unit);

        let epochs = self.curves.iter().map(|(.., values)| values.len()).max().unwrap_or(0);
        let mut chart = ChartBuilder::on(area)
            .margin_top(32)
            .margin_right(28)
            .margin_bottom(12)
            .margin_left(12)
            .x_label_area_size(42)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..epochs as f64, self.range.clone())?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(QUIET)
            .label_style((FONT, 13).into_font().color(&QUIET))
            .x_labels(7)
            .y_labels(6)
            .x_label_formatter(&|epoch| format!("{epoch:.0}"))
            .y_label_formatter(&|value| label(*value, self.decimals.0))
            .x_desc("epoch")
            .axis_desc_style((FONT, 13).into_font().color(&QUIET))
            .draw()?;

        for (_, color, values) in &self.curves {
            let points = (1..).map(f64::from).zip(values.iter().copied());
            chart.draw_series(LineSeries::new(points.clone(), color.stroke_width(2)))?;
            let Some(last) = points.last() else { continue };
            let end = EmptyElement::at(last)
                + Circle::new((0, 0), 4, color.filled())
                + Text::new(label(last.1, self.decimals.1), (0, -14), font(13, *color, HPos::Right));
            chart.draw_series([end])?;
        }
        Ok(())
    }

    /// Title and legend in one line above the plot.
    fn draw_legend(&self, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn Error>> {
        area.draw(&Text::new(self.title, (24, 8), font(15, INK, HPos::Left)))?;
        let mut x = 160;
        for (name, color, _) in &self.curves {
            area.draw(&PathElement::new([(x, 8), (x + 20, 8)], color.stroke_width(3)))?;
            area.draw(&Text::new(*name, (x + 27, 8), font(13, QUIET, HPos::Left)))?;
            x += 105;
        }
        Ok(())
    }
}

fn font(size: u32, color: RGBColor, side: HPos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&color).pos(Pos::new(side, VPos::Center))
}
