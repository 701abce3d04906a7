//! From traces to verdicts.

use super::{
    Activation, Cause, Illness, Summary, Thresholds, Trace, Verdict,
    layers::{Factors, Layer, factors, layers},
};

/// All that is wrong, the worst first.
pub(super) fn diagnose(steps: &[(u64, Trace)], thresholds: &Thresholds) -> Vec<Verdict> {
    let chains: Vec<(u64, Vec<Layer<'_>>)> =
        steps.iter().map(|(step, trace)| (*step, layers(trace))).collect();
    let doctor = Doctor { chains: &chains, thresholds };
    let exploding = doctor.exploding();
    let mut verdicts = Vec::new();
    match doctor.non_finite(steps, exploding.as_ref()) {
        Some(verdict) => verdicts.push(verdict),
        None if exploding.is_none() => verdicts.extend(doctor.diverging()),
        None => {}
    }
    verdicts.extend(exploding);
    verdicts.extend(doctor.vanishing());
    verdicts.extend(doctor.dead());
    verdicts.extend(doctor.saturated());
    verdicts
}

struct Doctor<'a> {
    chains: &'a [(u64, Vec<Layer<'a>>)],
    thresholds: &'a Thresholds,
}

impl Doctor<'_> {
    /// The first number that is not finite: of the values the first in order, of the cotangents the last.
    fn non_finite(&self, steps: &[(u64, Trace)], exploding: Option<&Verdict>) -> Option<Verdict> {
        let (position, (step, label)) = steps.iter().enumerate().find_map(|(position, (step, trace))| {
            let entries = trace.entries();
            let value = entries.iter().find(|entry| entry.value.non_finite() > 0);
            let entry = value.or_else(|| entries.iter().rfind(|entry| entry.cotangent.non_finite() > 0))?;
            Some((position, (*step, entry.label())))
        })?;
        let causes = match exploding {
            Some(verdict) => verdict.causes.clone(),
            // It was in order at first.
            None if position > 0 => vec![Cause::LargeRate],
            None => Vec::new(),
        };
        Some(Verdict { illness: Illness::NonFinite, layers: vec![label], step, causes })
    }

    fn vanishing(&self) -> Option<Verdict> {
        let limit = self.thresholds.vanishing;
        let (step, chain, factors) = self.lasting(|factors| factors.total < limit)?;
        let illness = Illness::Vanishing { total: factors.total, each: factors.each };
        Some(Verdict { illness, layers: labels(chain), step, causes: self.why_vanishing(chain, &factors) })
    }

    fn why_vanishing(&self, chain: &[Layer<'_>], factors: &Factors) -> Vec<Cause> {
        let hidden = &chain[..chain.len() - 1];
        if hidden.iter().any(|layer| self.is_dead(layer)) {
            return vec![Cause::DeadUnits];
        }
        let mut causes = Vec::new();
        let saturated = hidden.iter().filter(|layer| self.is_saturated(layer)).count();
        let is_sigmoid = |layer: &&Layer<'_>| matches!(layer.activation, Some((Activation::Sigmoid, _)));
        let sigmoids = hidden.iter().filter(is_sigmoid).count();
        // What weights have to make up for; a sigmoid's slope is more than they should.
        let mut expected = 1.0 / factors.slope.unwrap_or(1.0);
        if 2 * saturated > hidden.len() {
            causes.push(Cause::Saturation);
            expected = 1.0;
        } else if 2 * sigmoids > hidden.len() {
            causes.push(Cause::SigmoidSlope);
            expected = 1.0;
        }
        if factors.gain() < expected * self.thresholds.gain {
            causes.push(Cause::SmallWeights(factors.gain()));
        }
        causes
    }

    fn exploding(&self) -> Option<Verdict> {
        let limit = self.thresholds.exploding;
        let (step, chain, factors) = self.lasting(|factors| factors.total > limit)?;
        let illness = Illness::Exploding { total: factors.total, each: factors.each };
        let is_new = self.chains.first().is_some_and(|(first, _)| *first == step);
        // What was in order at first has been spoilt by the steps.
        let cause = if is_new { Cause::LargeWeights(factors.gain()) } else { Cause::LargeRate };
        Some(Verdict { illness, layers: labels(chain), step, causes: vec![cause] })
    }

    /// The first of the steps that can be judged in which it is like this, if it lasts: its layers and factors.
    fn lasting(&self, is_ill: impl Fn(&Factors) -> bool) -> Option<(u64, &[Layer<'_>], Factors)> {
        let is_finite =
            |layer: &Layer<'_>| layer.entry.value.non_finite() + layer.entry.cotangent.non_finite() == 0;
        let deep = self
            .chains
            .iter()
            .filter(|(_, chain)| chain.len() >= self.thresholds.depth && chain.iter().all(is_finite));
        let judged: Vec<_> =
            deep.filter_map(|(step, chain)| Some((*step, &chain[..], factors(chain)?))).collect();
        let ill: Vec<bool> = judged.iter().map(|(.., factors)| is_ill(factors)).collect();
        lasts(&ill).and_then(|first| judged.into_iter().nth(first))
    }

    fn diverging(&self) -> Option<Verdict> {
        let largest = |chain: &[Layer<'_>]| chain.iter().map(Layer::cotangent).fold(0.0, f64::max);
        let start = largest(&self.chains.first()?.1);
        let growth = |chain: &[Layer<'_>]| if start > 0.0 { largest(chain) / start } else { 0.0 };
        let (step, chain) =
            self.chains.iter().find(|(_, chain)| growth(chain) > self.thresholds.diverging)?;
        let growth = self.chains.iter().map(|(_, chain)| growth(chain)).fold(0.0, f64::max);
        let illness = Illness::Diverging { growth };
        Some(Verdict { illness, layers: labels(chain), step: *step, causes: vec![Cause::LargeRate] })
    }

    fn dead(&self) -> Option<Verdict> {
        let illness = |zeros: f64| Illness::DeadRelu { zeros };
        self.in_layers(|layer| self.is_dead(layer), Summary::zeros, f64::max, illness, Cause::DeadUnits)
    }

    fn saturated(&self) -> Option<Verdict> {
        let illness = |slope: f64| Illness::Saturated { slope };
        let slope = |output: &Summary| {
            // Which of the two follows from the range.
            let is_sigmoid = output.range().is_some_and(|(min, _)| min >= 0.0);
            let activation = if is_sigmoid { Activation::Sigmoid } else { Activation::Tanh };
            activation.mean_slope(output)
        };
        self.in_layers(|layer| self.is_saturated(layer), slope, f64::min, illness, Cause::Saturation)
    }

    /// A verdict on the layers in which an illness lasts. The last layer is not asked: an output may be certain of
    /// itself.
    fn in_layers(
        &self,
        is_ill: impl Fn(&Layer<'_>) -> bool,
        measure: impl Fn(&Summary) -> f64,
        worse: fn(f64, f64) -> f64,
        illness: impl Fn(f64) -> Illness,
        cause: Cause,
    ) -> Option<Verdict> {
        let (_, first) = self.chains.first()?;
        let (mut names, mut since, mut worst) = (Vec::new(), u64::MAX, None);
        for (position, layer) in first.iter().enumerate().take(first.len().saturating_sub(1)) {
            let at: Vec<_> =
                self.chains.iter().filter_map(|(step, chain)| Some((*step, chain.get(position)?))).collect();
            let ill: Vec<bool> = at.iter().map(|(_, layer)| is_ill(layer)).collect();
            let Some(first) = lasts(&ill) else { continue };
            names.push(layer.label());
            since = since.min(at[first].0);
            let ill = at.iter().zip(&ill).filter(|(_, is_ill)| **is_ill);
            let outputs = ill.filter_map(|((_, layer), _)| layer.activation);
            let found = outputs.map(|(_, output)| measure(&output.value)).reduce(worse);
            worst = worst.into_iter().chain(found).reduce(worse);
        }
        Some(Verdict { illness: illness(worst?), layers: names, step: since, causes: vec![cause] })
    }

    fn is_dead(&self, layer: &Layer<'_>) -> bool {
        matches!(layer.activation, Some((Activation::Relu, output)) if output.value.zeros() >= self.thresholds.zeros)
    }

    fn is_saturated(&self, layer: &Layer<'_>) -> bool {
        let Some((activation, output)) = layer.activation else { return false };
        let limit = match activation {
            Activation::Sigmoid => self.thresholds.sigmoid_slope,
            Activation::Tanh => self.thresholds.tanh_slope,
            Activation::Relu => return false,
        };
        activation.mean_slope(&output.value) < limit
    }
}

/// Whether an illness is no accident: there in more than half of the steps, or in the last two. The first of them.
fn lasts(ill: &[bool]) -> Option<usize> {
    let count = ill.iter().filter(|ill| **ill).count();
    let at_the_end = matches!(ill, [.., true, true]);
    (2 * count > ill.len() || at_the_end).then(|| ill.iter().position(|ill| *ill)).flatten()
}

fn labels(chain: &[Layer<'_>]) -> Vec<String> {
    chain.iter().map(Layer::label).collect()
}
