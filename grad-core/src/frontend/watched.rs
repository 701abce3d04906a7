//! From the values that have been named (`trace.rs`) to what is reported of them: arrays over all iterations of the loops
//! around each.

use super::reader::Reader;
use super::spans::{Read, Refused};
use super::trace::Site;
use crate::diagnostic::Diagnostic;
use crate::ir::function::{Output, Watched};
use crate::ir::ids::Map;
use crate::ir::{Cmp, Elem, IntOp, NodeId, Op, Var};

/// A value, and one where it is computed, zero elsewhere.
struct Parts {
    value: NodeId,
    taken: Option<NodeId>,
}

impl Parts {
    fn nodes(&self) -> Vec<NodeId> {
        [self.value].into_iter().chain(self.taken).collect()
    }

    fn each(&mut self, mut f: impl FnMut(NodeId) -> NodeId) {
        self.value = f(self.value);
        self.taken = self.taken.map(f);
    }

    /// It is computed only where a condition holds.
    fn only_if(&mut self, reader: &mut Reader, condition: NodeId) {
        let [one, zero] = [1.0, 0.0].map(|x| reader.graph.float_like(x, self.value));
        self.value = reader.graph.select(condition, self.value, zero);
        self.taken = Some(reader.graph.select(condition, self.taken.unwrap_or(one), zero));
    }
}

/// Which way a number goes while an index grows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trend {
    Level,
    Up,
    Down,
}

impl Trend {
    fn with(self, other: Trend) -> Option<Trend> {
        match (self, other) {
            (Trend::Level, trend) | (trend, Trend::Level) => Some(trend),
            _ => (self == other).then_some(self),
        }
    }

    fn against(self, other: Trend) -> Option<Trend> {
        self.with(match other {
            Trend::Level => Trend::Level,
            Trend::Up => Trend::Down,
            Trend::Down => Trend::Up,
        })
    }
}

impl Reader {
    /// The greatest of an extent that differs from iteration to iteration of what is around it, if it goes one way only.
    /// Otherwise the extent.
    pub fn longest(&mut self, extent: NodeId, around: &[Var]) -> NodeId {
        around.iter().rev().fold(extent, |longest, &var| {
            let count = self.graph.extent(var);
            let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
            let end = match self.trend(longest, var) {
                Some(Trend::Up) => self.graph.int_op(IntOp::SaturatingSub, &[count, one]),
                Some(Trend::Down) => zero,
                Some(Trend::Level) | None => return longest,
            };
            let at_end = self.graph.subst(longest, &[(var, end)]);
            // Without an iteration it need not exist.
            let runs = self.graph.compare(Cmp::Lt, zero, count);
            self.extent_where(Some(runs), at_end)
        })
    }

    fn trend(&self, id: NodeId, var: Var) -> Option<Trend> {
        if !self.graph.depends_on(id, var) {
            return Some(Trend::Level);
        }
        let args = self.graph.args(id);
        let of = |k: usize| self.trend(args[k], var);
        match self.graph.op(id) {
            Op::Index(_) => Some(Trend::Up),
            // Indices are not negative, and neither are their products.
            Op::Int(IntOp::Add | IntOp::Min | IntOp::Max | IntOp::Mul) => of(0)?.with(of(1)?),
            Op::Int(IntOp::Sub | IntOp::SaturatingSub) => of(0)?.against(of(1)?),
            Op::Cast(elem) if *elem == Elem::USIZE => of(0),
            _ => None,
        }
    }

    /// What has been named on the way from the inputs to the result, in order of evaluation.
    pub fn watched(&mut self, output: &Output) -> Read<Vec<Watched>> {
        let Some(tracer) = &mut self.tracer else { return Ok(Vec::new()) };
        let mut sites = std::mem::take(&mut tracer.sites);
        self.graph.tighten_loops();
        // Some parts of a function are read more than once, and of all but one reading nothing is used. A loop that has
        // been copied has copies of the shifts that are as long as it.
        let results: Vec<NodeId> = output.leaves().iter().map(|(node, _)| *node).collect();
        let mut reached: Map<u32, Vec<NodeId>> = Map::default();
        for id in self.graph.reachable(&results) {
            if let Op::Seed(number, _) = self.graph.op(id) {
                reached.entry(*number).or_default().push(id);
            }
        }
        sites.retain(|site| reached.contains_key(&site.number) && self.may_be_active(site.value));
        let is_ragged =
            |site: &&Site| reached[&site.number].iter().any(|&shift| !self.graph.free(shift).is_empty());
        let mut refused = false;
        for site in sites.iter().filter(is_ragged) {
            let name = &site.name;
            let message = format!(
                "`{name}` cannot be traced: how often the loop around it runs, or its length, changes from one \
                 iteration to the next; call it `_{name}` to leave it out"
            );
            self.diagnostics.push(Diagnostic::new(site.origin, message));
            refused = true;
        }
        if refused {
            return Err(Refused);
        }
        let mut loops: Vec<Var> = Vec::new();
        let mut watched = Vec::new();
        for site in sites {
            let around: Vec<Var> = self.axes(&site.binders).1.iter().map(|&at| site.binders[at]).collect();
            let new: Vec<Var> = around.iter().copied().filter(|var| !loops.contains(var)).collect();
            loops.extend(new);
            let number = |var: &Var| loops.iter().position(|known| known == var).map(|at| at as u32);
            let numbers = around.iter().filter_map(number).collect();
            let (value, taken) = self.site_values(&site);
            watched.push(Watched { name: site.name, loops: numbers, value, shift: site.number, taken });
        }
        Ok(watched)
    }

    /// The value for all iterations around it, and where it is computed.
    fn site_values(&mut self, site: &Site) -> (NodeId, Option<NodeId>) {
        let around = site.binders.len();
        let (own, index) = self.fresh_vars(&site.bounds[around..]);
        let mut parts = Parts { value: self.graph.read(site.value, &index), taken: None };
        for at in around..site.bounds.len() {
            self.within(&mut parts, site, at, own[at - around]);
        }
        if let Some(condition) = site.condition {
            parts.only_if(self, condition);
        }
        // Innermost first, each a loop of its own: what a loop inside carries goes with its iterations.
        let mut vars = [&site.binders[..], &own[..]].concat();
        for at in (0..around).rev() {
            let var = vars[at];
            let owner = self.graph.owner(var);
            let is_ragged = site.bounds[at] != site.extents[at];
            if !is_ragged && owner.is_none() && self.graph.extent(var) == site.extents[at] {
                continue;
            }
            let carries = owner.is_some_and(|lp| self.graph.carries(&parts.nodes(), lp));
            vars[at] = match owner {
                Some(_) if !carries && !is_ragged => self.unordered(var),
                _ => self.graph.fresh_var(site.bounds[at]),
            };
            let index: Vec<NodeId> = vars[at..].iter().map(|&var| self.graph.index(var)).collect();
            parts.each(|body| match carries {
                true => {
                    let over: Vec<Var> = [var].into_iter().chain(vars[at + 1..].iter().copied()).collect();
                    let history = self.graph.add(Op::Build(over.into()), &[body]);
                    self.graph.read(history, &index)
                }
                false => self.graph.subst(body, &[(var, index[0])]),
            });
            self.within(&mut parts, site, at, vars[at]);
        }
        let (axes, _) = self.axes(&site.binders);
        let axes: Vec<Var> = axes.into_iter().map(|at| vars[at]).chain(own).collect();
        parts.each(|body| self.graph.build(&axes, body));
        (parts.value, parts.taken)
    }

    /// Of an axis that is as long as its longest row, what is in the row.
    fn within(&mut self, parts: &mut Parts, site: &Site, at: usize, var: Var) {
        if site.bounds[at] != site.extents[at] {
            let index = self.graph.index(var);
            let inside = self.graph.compare(Cmp::Lt, index, site.extents[at]);
            parts.only_if(self, inside);
        }
    }

    /// The places of some binders in the order of axes: loops whose iterations are told apart, which are also given
    /// alone, then the others.
    pub fn axes(&self, binders: &[Var]) -> (Vec<usize>, Vec<usize>) {
        let is_loop = |at: &usize| self.graph.owner(binders[*at]).is_some();
        let (loops, others): (Vec<usize>, Vec<usize>) = (0..binders.len()).partition(is_loop);
        ([&loops[..], &others].concat(), loops)
    }
}
