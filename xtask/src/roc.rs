//! Receiver operating characteristic: which share of scripts falls below a sum, against which share of people does.

use std::{error::Error, path::Path};

use plotters::prelude::*;
use serde::Serialize;

/// The curve of one modality.
#[derive(Debug, Serialize)]
pub struct Curve {
    pub modality: String,
    pub people: usize,
    pub scripts: usize,
    /// The chance that a script has a lower sum than a person (area under the curve).
    pub area: f64,
    /// Shares of people and of scripts at or below a sum, from none to all.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    pub fn new(modality: &str, people: Vec<f32>, scripts: Vec<f32>) -> Self {
        let points = points(&people, &scripts);
        let area = points
            .windows(2)
            .map(|pair| (pair[1].0 - pair[0].0) * (pair[1].1 + pair[0].1) / 2.0)
            .sum();
        Self {
            modality: modality.into(),
            people: people.len(),
            scripts: scripts.len(),
            area,
            points,
        }
    }
}

/// Draws the curves up to a share of people of [`WIDEST`], since nobody would refuse more.
pub fn draw(curves: &[Curve], file: &Path) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(file, (720, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..WIDEST, 0.0..1.0)?;
    chart
        .configure_mesh()
        .x_desc("people at or below the sum")
        .y_desc("scripts at or below the sum")
        .x_label_formatter(&|share| format!("{:.0} %", share * 100.0))
        .y_label_formatter(&|share| format!("{:.0} %", share * 100.0))
        .draw()?;
    for (curve, colour) in curves.iter().zip([BLUE, RED, BLACK]) {
        let inside = curve.points.iter().copied().filter(|(x, _)| *x <= WIDEST);
        let label = format!("{} (area {:.3})", curve.modality, curve.area);
        chart
            .draw_series(LineSeries::new(inside, colour.stroke_width(2)))?
            .label(label)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE)
        .border_style(BLACK)
        .draw()?;
    area.present()?;
    Ok(())
}

fn points(people: &[f32], scripts: &[f32]) -> Vec<(f64, f64)> {
    let mut all: Vec<(f32, bool)> = people.iter().map(|sum| (*sum, true)).collect();
    all.extend(scripts.iter().map(|sum| (*sum, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let (mut low_people, mut low_scripts) = (0, 0);
    let mut points = vec![(0.0, 0.0)];
    for (i, (sum, human)) in all.iter().enumerate() {
        low_people += usize::from(*human);
        low_scripts += usize::from(!human);
        // Equal sums are one step.
        if all.get(i + 1).is_none_or(|(next, _)| next != sum) {
            points.push((
                share(low_people, people.len()),
                share(low_scripts, scripts.len()),
            ));
        }
    }
    points
}

const WIDEST: f64 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_chance_that_a_script_has_the_lower_sum() {
        let area = |people: &[f32], scripts: &[f32]| {
            Curve::new("pointer", people.to_vec(), scripts.to_vec()).area
        };
        assert_eq!(area(&[2.0, 3.0], &[0.0, 1.0]), 1.0);
        assert_eq!(area(&[0.0, 1.0], &[2.0, 3.0]), 0.0);
        assert_eq!(area(&[1.0, 1.0], &[1.0, 1.0]), 0.5);
        assert_eq!(area(&[0.0, 2.0], &[1.0]), 0.5);
    }
}
