//! Loops without what nobody needs of them: a place whose value reaches no result, and no other place of the loop
//! that does, is emptied.

use crate::ir::ids::{IdMap, Set};
use crate::ir::{Graph, LoopId, NodeId, Op, Var};
use crate::passes::checkpoint::undoing;

/// The roots without results of loops that never change: such a result is the initial value.
pub fn settle(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut roots = roots.to_vec();
    loop {
        let mut idle: Set<(LoopId, u32)> = Set::default();
        for id in graph.reachable(&roots) {
            if let Op::Carried(lp, k) | Op::Final(lp, k) = *graph.op(id) {
                let info = graph.loop_info(lp);
                let (init, next) = (info.init[k as usize], info.next[k as usize]);
                // One that is carried on as it is, or gets its initial value again.
                if next == init || matches!(graph.op(next), Op::Carried(of, at) if (*of, *at) == (lp, k)) {
                    idle.insert((lp, k));
                }
            }
        }
        if idle.is_empty() {
            return roots;
        }
        roots = graph.without_places(&roots, idle);
    }
}

/// Empties the places of loops that the roots do not need. They stay in the numbering, as constants.
pub fn prune(graph: &mut Graph, roots: &[NodeId]) {
    if graph.loops.is_empty() {
        return;
    }
    let (live, loops) = live_places(graph, roots);
    let undoing = undoing(graph, roots);
    let nothing = graph.bool(false);
    let mut changed = false;
    for lp in loops {
        // Of a loop of which only the variable is left, nobody needs to know what it carries on.
        for k in 0..graph.loop_info(lp).next.len() {
            if !live.contains(&(lp, k)) {
                let info = &mut graph.loops[lp.0 as usize];
                changed |= info.next[k] != nothing;
                info.init[k] = nothing;
                info.next[k] = nothing;
            }
        }
        // What carries nothing needs no order, unless it will carry snapshots.
        let info = graph.loop_info(lp);
        if info.stop.is_none() && info.places().next().is_none() && !undoing.contains(&lp) {
            let var = info.var;
            changed |= graph.vars[var.0 as usize].owner.take().is_some();
        }
    }
    if changed {
        graph.tighten_loops();
    }
}

/// Histories without axes on which their elements do not depend: what a loop carries may have turned out to be the
/// same in each iteration of a loop around it.
pub fn narrow(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut narrowed: IdMap<NodeId> = IdMap::new();
    for id in graph.reachable(roots) {
        let args = graph.args(id);
        if *graph.op(id) != Op::Read || graph.histories(args[0]).is_empty() {
            continue;
        }
        let Op::Build(vars) = graph.op(args[0]).clone() else { continue };
        let element = graph.args(args[0])[0];
        let is_needed = |v: Var| {
            let extents = vars.iter().filter(|&&other| other != v).map(|&other| graph.extent(other));
            [element].into_iter().chain(extents).any(|part| graph.depends_on(part, v))
        };
        let needed: Vec<usize> = (0..vars.len()).filter(|&axis| is_needed(vars[axis])).collect();
        if needed.len() == vars.len() || needed.is_empty() {
            continue;
        }
        let axes: Vec<Var> = needed.iter().map(|&axis| vars[axis]).collect();
        let index: Vec<NodeId> = needed.iter().map(|&axis| args[axis + 1]).collect();
        let history = graph.build(&axes, element);
        narrowed.insert(id, graph.read(history, &index));
    }
    graph.replace(roots, narrowed)
}

/// The places of loops on which the roots depend, and the loops that they reach.
fn live_places(graph: &Graph, roots: &[NodeId]) -> (Set<(LoopId, usize)>, Vec<LoopId>) {
    let mut live: Set<(LoopId, usize)> = Set::default();
    let mut loops: Vec<LoopId> = Vec::new();
    let mut seen: Set<NodeId> = roots.iter().copied().collect();
    let mut stack = roots.to_vec();
    while let Some(id) = stack.pop() {
        let mut below = graph.node(id).args.to_vec();
        let mut variables = graph.node(id).op.bound().to_vec();
        let mut reached = Vec::new();
        match graph.op(id) {
            Op::Carried(lp, k) | Op::Final(lp, k) => {
                reached.push(*lp);
                if live.insert((*lp, *k as usize)) {
                    let info = graph.loop_info(*lp);
                    below.extend([info.init[*k as usize], info.next[*k as usize]]);
                }
            }
            Op::Trips(lp) => reached.push(*lp),
            Op::Index(var) | Op::Soft(_, var) => variables.push(*var),
            Op::Scatter { writes, .. } => variables.extend(writes.iter().flat_map(|vars| vars.iter())),
            _ => {}
        }
        for var in variables {
            below.push(graph.extent(var));
            reached.extend(graph.owner(var));
        }
        for lp in reached {
            let info = graph.loop_info(lp);
            match &info.stop {
                Some(stop) => below.extend(stop.bound.iter().chain([&stop.until])),
                None => below.push(graph.extent(info.var)),
            }
            if !loops.contains(&lp) {
                loops.push(lp);
            }
        }
        stack.extend(below.into_iter().filter(|&next| seen.insert(next)));
    }
    (live, loops)
}
