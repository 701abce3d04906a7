//! Curves, as an SVG.

use std::error::Error;

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::Outcome;

const INK: RGBColor = RGBColor(0x1f, 0x29, 0x37);
const QUIET: RGBColor = RGBColor(0x6b, 0x72, 0x80);
const GRID: RGBColor = RGBColor(0xe5, 0xe7, 0xeb);
/// Of the curves, in their order.
const COLORS: [RGBColor; 6] = [
    RGBColor(0xd9, 0x77, 0x06),
    RGBColor(0x25, 0x63, 0xeb),
    RGBColor(0x05, 0x96, 0x69),
    RGBColor(0xdc, 0x26, 0x26),
    RGBColor(0x7c, 0x3a, 0xed),
    RGBColor(0x6b, 0x72, 0x80),
];

const FONT: &str = "Helvetica, Arial, sans-serif";
const PANEL: (u32, u32) = (500, 420);
const HEADER: u32 = 56;
/// Where the names of the curves begin, and the height of their lines.
const LEGEND: (i32, i32) = (24, 30);
const LINE: i32 = 20;
/// The lowest value on a logarithmic axis.
const LEAST: f64 = 1e-300;

/// A title, and panels beside each other.
pub struct Picture {
    title: String,
    panels: Vec<Panel>,
}

/// Curves in one system of axes.
pub struct Panel {
    title: String,
    x: String,
    logarithmic: bool,
    range: Option<(f64, f64)>,
    /// What follows the numbers on the axis, and where curves end.
    unit: String,
    /// Decimals on the axis, and where curves end if that is labelled.
    decimals: (usize, Option<usize>),
    curves: Vec<Curve>,
}

struct Curve {
    name: String,
    color: RGBColor,
    points: Vec<(f64, f64)>,
}

impl Picture {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), panels: Vec::new() }
    }

    #[must_use]
    pub fn panel(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }

    /// # Errors
    /// If it cannot be drawn.
    pub fn to_svg(&self) -> Outcome<String> {
        let mut svg = String::new();
        let size = (PANEL.0 * self.panels.len() as u32, PANEL.1 + HEADER);
        {
            let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            root.fill(&WHITE)?;
            let (header, body) = root.split_vertically(HEADER);
            header.draw(&Text::new(self.title.as_str(), (24, 26), font(20, INK, HPos::Left)))?;
            for (panel, area) in self.panels.iter().zip(body.split_evenly((1, self.panels.len()))) {
                panel.draw(&area)?;
            }
            root.present()?;
        }
        Ok(svg)
    }
}

impl Panel {
    /// With the name of the horizontal axis.
    pub fn new(title: impl Into<String>, x: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            x: x.into(),
            logarithmic: false,
            range: None,
            unit: String::new(),
            decimals: (1, None),
            curves: Vec::new(),
        }
    }

    /// A logarithmic vertical axis.
    #[must_use]
    pub fn logarithmic(mut self) -> Self {
        self.logarithmic = true;
        self.decimals.0 = 2;
        self
    }

    /// The vertical axis from one number to another. Curves end where they leave it.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// So many decimals on the vertical axis; significant digits on a logarithmic one.
    #[must_use]
    pub fn decimals(mut self, axis: usize) -> Self {
        self.decimals.0 = axis;
        self
    }

    /// Labels the end of each curve with its value.
    #[must_use]
    pub fn label_ends(mut self, decimals: usize) -> Self {
        self.decimals.1 = Some(decimals);
        self
    }

    #[must_use]
    pub fn curve(self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let color = COLORS[self.curves.len() % COLORS.len()];
        self.curve_of_color(name, color, points)
    }

    /// In the color that the n-th curve would have.
    #[must_use]
    pub fn curve_like(
        self,
        n: usize,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        self.curve_of_color(name, COLORS[n % COLORS.len()], points)
    }

    fn curve_of_color(
        mut self,
        name: impl Into<String>,
        color: RGBColor,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        self.curves.push(Curve { name: name.into(), color, points: points.into_iter().collect() });
        self
    }

    /// Where a number is on the vertical axis.
    fn height(&self, y: f64) -> f64 {
        if self.logarithmic { y.max(LEAST).log10() } else { y }
    }

    /// On a logarithmic axis, decimals are significant digits.
    fn label(&self, height: f64, decimals: usize) -> String {
        let unit = &self.unit;
        let value = 10.0_f64.powf(height);
        match height {
            _ if !self.logarithmic => format!("{height:.decimals$}{unit}"),
            -3.0..4.0 => format!("{}{unit}", significant(value, decimals)),
            _ => format!("{value:.0e}{unit}"),
        }
    }

    fn ranges(&self) -> ((f64, f64), (f64, f64)) {
        let points = || self.curves.iter().flat_map(|curve| &curve.points).copied();
        let bounds = |values: &mut dyn Iterator<Item = f64>| {
            let finite = values.filter(|value| value.is_finite());
            let (low, high) =
                finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            if low < high { (low, high) } else { (low.min(0.0), low.max(0.0) + 1.0) }
        };
        let x = bounds(&mut points().map(|(x, _)| x));
        let y = match self.range {
            Some((low, high)) => (self.height(low), self.height(high)),
            None => {
                let (low, high) = bounds(&mut points().map(|(_, y)| self.height(y)));
                let space = 0.05 * (high - low);
                // From 0 on where that is not far.
                let low = if !self.logarithmic && low >= 0.0 && low < 0.6 * high { 0.0 } else { low - space };
                (low, high + space)
            }
        };
        (x, y)
    }

    fn draw(&self, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn Error>> {
        self.draw_legend(area)?;
        let (x, y) = self.ranges();
        let mut chart = ChartBuilder::on(area)
            .margin_top(self.legend().last().map_or(LEGEND.1, |(_, (_, y))| y + LINE))
            .margin_right(28)
            .margin_bottom(12)
            .margin_left(12)
            .x_label_area_size(42)
            .y_label_area_size(56)
            .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(QUIET)
            .label_style((FONT, 13).into_font().color(&QUIET))
            .x_labels(7)
            .y_labels(6)
            .x_label_formatter(&|x| significant(*x, 3))
            .y_label_formatter(&|height| self.label(*height, self.decimals.0))
            .x_desc(self.x.as_str())
            .axis_desc_style((FONT, 13).into_font().color(&QUIET))
            .draw()?;
        for curve in &self.curves {
            let heights = curve.points.iter().map(|(x, y)| (*x, self.height(*y)));
            let rounding = 1e-9 * (y.1 - y.0);
            let is_inside = |height: f64| (y.0 - rounding..=y.1 + rounding).contains(&height);
            let points: Vec<_> = heights.take_while(|(_, height)| is_inside(*height)).collect();
            chart.draw_series(LineSeries::new(points.iter().copied(), curve.color.stroke_width(2)))?;
            let (Some(end), Some(decimals)) = (points.last(), self.decimals.1) else { continue };
            let label = self.label(end.1, decimals);
            let mark = EmptyElement::at(*end)
                + Circle::new((0, 0), 4, curve.color.filled())
                + Text::new(label, (0, -14), font(13, curve.color, HPos::Right));
            chart.draw_series([mark])?;
        }
        Ok(())
    }

    /// The title, and below it the names of the curves.
    fn draw_legend(&self, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn Error>> {
        area.draw(&Text::new(self.title.as_str(), (24, 8), font(15, INK, HPos::Left)))?;
        for (curve, (x, y)) in self.legend() {
            area.draw(&PathElement::new([(x, y), (x + 18, y)], curve.color.stroke_width(3)))?;
            area.draw(&Text::new(curve.name.as_str(), (x + 24, y), font(13, QUIET, HPos::Left)))?;
        }
        Ok(())
    }

    /// Where each name stands: in lines that fit.
    fn legend(&self) -> Vec<(&Curve, (i32, i32))> {
        let (mut x, mut y) = (LEGEND.0, LEGEND.1);
        let mut places = Vec::new();
        for curve in self.curves.iter().filter(|curve| !curve.name.is_empty()) {
            let width = 42 + 7 * curve.name.chars().count() as i32;
            if x > LEGEND.0 && x + width > PANEL.0 as i32 {
                (x, y) = (LEGEND.0, y + LINE);
            }
            places.push((curve, (x, y)));
            x += width;
        }
        places
    }
}

/// So many significant digits, without zeros at the end.
fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || value.abs() < 1e-9 {
        return "0".to_string();
    }
    let decimals = (digits as i32 - 1 - value.abs().log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

fn font(size: u32, color: RGBColor, side: HPos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&color).pos(Pos::new(side, VPos::Center))
}
