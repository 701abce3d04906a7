//! Arrays that a branch changes in place. What it changes becomes conditional, so that the array stays one array: an
//! update has its condition, and a loop runs only where the branch is taken.

use super::reader::Reader;
use super::spans::Read;
use crate::ir::ids::IdMap;
use crate::ir::{Logic, NodeId, Op};

/// Versions of one array in a branch are followed back so far.
const LONGEST: usize = 10_000;

impl Reader {
    /// Reads what is read only where a condition holds.
    pub fn under_condition<T>(
        &mut self,
        condition: NodeId,
        body: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Read<T> {
        self.paths.push(condition);
        let result = self.traced_where(condition, body);
        self.paths.pop();
        result
    }

    /// The conditions under which this place is reached in an iteration of the loop around it.
    pub fn branch_condition(&mut self) -> Option<NodeId> {
        let conditions = self.paths[self.path_start..].to_vec();
        let mut conditions = conditions.into_iter();
        let first = conditions.next()?;
        Some(conditions.fold(first, |all, condition| self.graph.logic(Logic::And, all, condition)))
    }

    /// `if condition { a } else { b }` of numbers, where one is the result of a loop that runs only if the other is not
    /// what is wanted: it then has the value with which the loop would have begun.
    pub fn gated_result(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let otherwise = self.graph.not(condition);
        [(condition, a, b), (otherwise, b, a)].into_iter().find_map(|(condition, result, before)| {
            let Op::Final(lp, k) = *self.graph.op(result) else { return None };
            let is_gated = self.gates.get(&lp)?.contains(&condition);
            (is_gated && self.graph.loop_info(lp).init[k as usize] == before).then_some(result)
        })
    }

    /// `if condition { a } else { b }` of two arrays that are versions of one: the changes of both, each where it is
    /// meant. `None` where they are not.
    pub fn merge_versions(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (of_a, of_b) = (self.versions(a), self.versions(b));
        let base = *of_a.iter().find(|version| of_b.contains(version))?;
        if a == base && b == base {
            return Some(base);
        }
        if let Some(one) = self.one_update(condition, a, b) {
            return Some(one);
        }
        let middle = self.conditional(condition, &of_a, base, base)?;
        let otherwise = self.graph.not(condition);
        self.conditional(otherwise, &of_b, base, middle)
    }

    /// One element that both branches replace, by a number that depends on the condition.
    fn one_update(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let is_put = |reader: &Reader, id: NodeId| *reader.graph.op(id) == Op::Update { add: false };
        if !is_put(self, a) || !is_put(self, b) {
            return None;
        }
        let (of_a, of_b) = (self.graph.args(a), self.graph.args(b));
        let ((&x, place), (&y, other)) = (of_a.split_last()?, of_b.split_last()?);
        let is_one = place == other && self.graph.as_bool(place[1]) == Some(true);
        if !is_one || self.graph.rank(x) > 0 || self.graph.elem(x) != self.graph.elem(y) {
            return None;
        }
        let value = self.graph.select(condition, x, y);
        let args: Vec<NodeId> = place.iter().copied().chain([value]).collect();
        Some(self.graph.update(false, &args))
    }

    /// An array and what it is a later version of, back to where it was made.
    fn versions(&self, array: NodeId) -> Vec<NodeId> {
        let mut versions = vec![array];
        let mut at = array;
        while versions.len() < LONGEST {
            at = match *self.graph.op(at) {
                Op::Update { .. } => self.graph.args(at)[0],
                Op::Final(lp, k) if self.gates.contains_key(&lp) => self.graph.loop_info(lp).init[k as usize],
                _ => break,
            };
            versions.push(at);
        }
        versions
    }

    /// The first of some versions, the changes since `base` made to `on`, and only where a condition holds.
    fn conditional(
        &mut self,
        condition: NodeId,
        versions: &[NodeId],
        base: NodeId,
        on: NodeId,
    ) -> Option<NodeId> {
        let since = versions.iter().position(|&version| version == base)?;
        let mut map: IdMap<NodeId> = [(base, on)].into_iter().collect();
        let mut latest = on;
        for &version in versions[..since].iter().rev() {
            latest = match *self.graph.op(version) {
                Op::Update { add } => {
                    let args = self.graph.args(version);
                    let mut args = self.graph.replace(&args[1..], map.clone());
                    args[0] = self.graph.logic(Logic::And, condition, args[0]);
                    args.insert(0, latest);
                    self.graph.update(add, &args)
                }
                Op::Final(lp, k) => {
                    let is_unchanged = self.graph.loop_info(lp).init[k as usize] == latest;
                    let is_gated = self.gates.get(&lp).is_some_and(|gates| gates.contains(&condition));
                    (is_unchanged && is_gated).then_some(version)?
                }
                _ => return None,
            };
            map.insert(version, latest);
        }
        Some(latest)
    }
}
