//! The norm of cotangents by layer, as a drawing.

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    History,
    layers::{Layer, layers},
};

const INK: RGBColor = RGBColor(0x1f, 0x29, 0x37);
const QUIET: RGBColor = RGBColor(0x6b, 0x72, 0x80);
const GRID: RGBColor = RGBColor(0xe5, 0xe7, 0xeb);
const LIGHT: RGBColor = RGBColor(0xbf, 0xdb, 0xfe);
const DARK: RGBColor = RGBColor(0x1e, 0x3a, 0x8a);

const FONT: &str = "Helvetica, Arial, sans-serif";
const SIZE: (u32, u32) = (720, 420);

/// A line for each step.
struct Line {
    step: u64,
    norms: Vec<f64>,
}

pub(super) fn draw(history: &History) -> String {
    let mut svg = String::new();
    let lines: Vec<Line> = history
        .steps()
        .iter()
        .map(|(step, trace)| Line {
            step: *step,
            norms: layers(trace).iter().map(Layer::cotangent).collect(),
        })
        .collect();
    let labels: Vec<String> = history
        .steps()
        .first()
        .map_or(Vec::new(), |(_, trace)| layers(trace).iter().map(Layer::label).collect());
    let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
    chart(&area, &lines, &labels).expect("a string can be written to");
    drop(area);
    svg
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn chart<'a>(
    area: &Area<'a>,
    lines: &[Line],
    labels: &[String],
) -> Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>> {
    area.fill(&WHITE)?;
    area.draw(&Text::new("Norm of the cotangent by layer", (24, 22), font(16, INK, HPos::Left)))?;
    let (low, high) = decades(lines);
    let mut chart = ChartBuilder::on(area)
        .margin_top(44)
        .margin_right(96)
        .margin_bottom(12)
        .margin_left(12)
        .x_label_area_size(42)
        .y_label_area_size(60)
        .build_cartesian_2d(0.0..labels.len().saturating_sub(1).max(1) as f64, (low..high).log_scale())?;
    let label = |x: &f64| {
        let is_whole = (x - x.round()).abs() < 1e-9;
        labels.get(x.round() as usize).filter(|_| is_whole).cloned().unwrap_or_default()
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(QUIET)
        .label_style((FONT, 13).into_font().color(&QUIET))
        .x_labels(labels.len().min(11))
        .y_labels(7)
        .x_label_formatter(&label)
        .y_label_formatter(&|norm| format!("{norm:.0e}"))
        .draw()?;
    for (i, Line { step, norms }) in lines.iter().enumerate() {
        let age = if lines.len() > 1 { i as f64 / (lines.len() - 1) as f64 } else { 1.0 };
        let color = mix(age);
        let points =
            || norms.iter().enumerate().filter(|(_, norm)| **norm > 0.0).map(|(x, norm)| (x as f64, *norm));
        chart.draw_series(LineSeries::new(points(), color.stroke_width(2)))?;
        let is_named = i == 0 || i + 1 == lines.len();
        if let Some(end) = points().next_back().filter(|_| is_named) {
            let name = Text::new(format!("step {step}"), (8, 0), font(13, color, HPos::Left));
            chart.draw_series([EmptyElement::at(end) + name])?;
        }
    }
    area.present()
}

/// Powers of ten around all norms.
fn decades(lines: &[Line]) -> (f64, f64) {
    let norms = || lines.iter().flat_map(|line| &line.norms).copied().filter(|norm| *norm > 0.0);
    let (low, high) = (norms().fold(f64::INFINITY, f64::min), norms().fold(0.0, f64::max));
    if high == 0.0 {
        return (0.1, 10.0);
    }
    let power = |exponent: f64| 10.0_f64.powf(exponent.clamp(-300.0, 300.0));
    (power(low.log10().floor()), power(high.log10().floor() + 1.0))
}

fn mix(age: f64) -> RGBColor {
    let between = |light: u8, dark: u8| (f64::from(light) + age * (f64::from(dark) - f64::from(light))) as u8;
    RGBColor(between(LIGHT.0, DARK.0), between(LIGHT.1, DARK.1), between(LIGHT.2, DARK.2))
}

fn font(size: u32, color: RGBColor, side: HPos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&color).pos(Pos::new(side, VPos::Center))
}
