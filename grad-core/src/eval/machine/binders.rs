//! What binds variables: the loops of the interpreter.

use super::*;

impl Evaluator<'_> {
    /// Visits every value of some variables in order, the last running fastest. The extent of a variable may
    /// depend on those before it.
    fn each(&mut self, vars: &[Var], visit: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        let Some((&var, rest)) = vars.split_first() else { return visit(self) };
        let extent = self.extent(var)?;
        let before = self.at[var.0 as usize];
        let mut result = Ok(());
        for k in 0..extent {
            self.bind(var, k);
            result = self.each(rest, visit);
            if result.is_err() {
                break;
            }
        }
        self.bind(var, before);
        result
    }

    pub(super) fn build(&mut self, id: NodeId, vars: &[Var], body: NodeId) -> Result<Value> {
        let is_ragged = |&v: &Var| vars.iter().any(|&u| self.graph.depends_on(self.graph.extent(v), u));
        if vars.iter().any(is_ragged) {
            return self.build_ragged(id, vars, body);
        }
        let before = self.place(vars);
        vars.iter().for_each(|&v| self.bind(v, UNBOUND));
        let shape: Result<Vec<usize>> = vars.iter().map(|&v| self.extent(v)).collect();
        vars.iter().zip(before).for_each(|(&v, k)| self.bind(v, k));
        let shape = shape?;
        let mut data = Data::empty(self.graph.elem(id));
        if !shape.contains(&0) {
            let is_history = !self.graph.histories(id).is_empty();
            self.each(vars, &mut |this| {
                data.append(&*this.element(body, is_history)?).ok_or(EvalError::Type(id))
            })?;
        }
        Ok(Value::Array(Tensor::new(&shape, data)))
    }

    /// An element of an array. What a loop has computed under a condition is kept of those iterations in which that
    /// held; of the others, nobody asks for it.
    fn element(&mut self, body: NodeId, is_history: bool) -> Result<Rc<Value>> {
        match self.settle(body) {
            Err(EvalError::OutOfBounds { .. } | EvalError::Overflow(_) | EvalError::DivisionByZero(_))
                if is_history =>
            {
                Ok(Rc::new(match self.graph.elem(body) {
                    Elem::Float(_) => Value::Float(f64::NAN),
                    Elem::Int(_) => Value::Int(i128::MIN),
                    Elem::Bool => Value::Bool(false),
                }))
            }
            settled => settled,
        }
    }

    /// An array whose rows differ in length: it has room for the longest, and zeros behind the others.
    fn build_ragged(&mut self, id: NodeId, vars: &[Var], body: NodeId) -> Result<Value> {
        let mut elements: Vec<(Place, Rc<Value>)> = Vec::new();
        self.each(vars, &mut |this| {
            let value = this.element(body, true)?;
            elements.push((this.place(vars), value));
            Ok(())
        })?;
        let longest = |axis: usize| elements.iter().map(|(at, _)| at[axis] + 1).max().unwrap_or(0);
        let shape: Vec<usize> = (0..vars.len()).map(longest).collect();
        let mut data = Data::zeros(self.graph.elem(id), shape.iter().product());
        for (at, value) in elements {
            let at = at.iter().zip(&shape).fold(0, |position, (k, extent)| position * extent + k);
            match (&mut data, &*value) {
                (Data::Float(data), Value::Float(x)) => data[at] = *x,
                (Data::Int(data), Value::Int(x)) => data[at] = *x,
                (Data::Bool(data), Value::Bool(x)) => data[at] = *x,
                _ => return Err(EvalError::Type(id)),
            }
        }
        Ok(Value::Array(Tensor::new(&shape, data)))
    }

    /// How many iterations a loop makes.
    pub(super) fn trips(&mut self, lp: LoopId) -> Result<usize> {
        let info = self.graph.loop_info(lp);
        let Some(stop) = &info.stop else { return self.extent(info.var) };
        let bound = match stop.bound {
            Some(bound) => to_extent(bound, &*self.settle(bound)?)?,
            None => usize::MAX,
        };
        let before = self.at[info.var.0 as usize];
        let mut trips = 0;
        let mut result = Ok(());
        while trips < bound {
            self.bind(info.var, trips);
            match self.settle(stop.until) {
                Ok(value) if value.as_bool() == Some(true) => break,
                Ok(_) => trips += 1,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.bind(info.var, before);
        result.map(|()| trips)
    }

    /// What comes before has been asserted.
    pub(super) fn assert(&mut self, id: NodeId, vars: &[Var], clauses: &[Asserted]) -> Result<Value> {
        self.each(vars, &mut |this| {
            for clause in clauses {
                if this.settle(clause.fails)?.as_bool().ok_or(EvalError::Type(id))? {
                    let (text, _) = this.graph.message(clause.message).spelled_out(clause.shown.len());
                    return Err(EvalError::Failed(text));
                }
            }
            Ok(())
        })?;
        Ok(Value::Bool(true))
    }

    /// One element of an array replaced, or added to.
    pub(super) fn update(&mut self, id: NodeId, add: bool, args: &[NodeId]) -> Result<Value> {
        let mut array = (*self.known(args[0])).clone();
        if !self.truth(id, args[1])? {
            return Ok(array);
        }
        let Value::Array(tensor) = &mut array else { return Err(EvalError::Type(id)) };
        let (value, index) = args[2..].split_last().ok_or(EvalError::Type(id))?;
        let index: Vec<Rc<Value>> = index.iter().map(|&n| self.known(n)).collect();
        let value = self.known(*value);
        if index.len() < tensor.shape.len() {
            return update_part(id, add, tensor, &index, &value).map(|()| array);
        }
        let at = position(id, &tensor.shape, &index)?;
        match (&mut tensor.data, &*value) {
            (Data::Float(data), Value::Float(x)) => data[at] = if add { data[at] + x } else { *x },
            (Data::Int(data), Value::Int(x)) if !add => data[at] = *x,
            (Data::Int(data), Value::Int(x)) => {
                let elem = self.graph.elem(id);
                let sum = arithmetic::fold(id, Fold::Sum, elem, &Value::Int(data[at]), &Value::Int(*x))?;
                data[at] = sum.as_int().ok_or(EvalError::Type(id))?;
            }
            (Data::Bool(data), Value::Bool(x)) => data[at] = *x,
            _ => return Err(EvalError::Type(id)),
        }
        Ok(array)
    }

    pub(super) fn scatter(
        &mut self,
        id: NodeId,
        elem: Elem,
        rank: usize,
        writes: &[Box<[Var]>],
    ) -> Result<Value> {
        let args = self.graph.args(id);
        let shape = self.extents_of(id, &args[..rank])?;
        let mut data = Data::zeros(elem, shape.iter().product());
        for write in scatter_writes(rank, writes, &args) {
            self.each_write(write.vars, write.value, &mut |this, value| {
                // One after the other: to settle one may move another to a different place.
                let node = value;
                let value = this.settle(node)?;
                // The sum over a loop that has not run needs no place.
                if *value == Value::Float(0.0) && matches!(this.graph.op(node), Op::Reduce(Fold::Sum, _)) {
                    return Ok(());
                }
                let index: Vec<Rc<Value>> =
                    write.index.iter().map(|&n| this.settle(n)).collect::<Result<_>>()?;
                let at = position(id, &shape, &index)?;
                match (&mut data, &*value) {
                    (Data::Float(data), Value::Float(x)) => data[at] += x,
                    (Data::Int(data), Value::Int(x)) => {
                        let sum =
                            arithmetic::fold(id, Fold::Sum, elem, &Value::Int(data[at]), &Value::Int(*x))?;
                        data[at] = sum.as_int().ok_or(EvalError::Type(id))?;
                    }
                    _ => return Err(EvalError::Type(id)),
                }
                Ok(())
            })?;
        }
        let tensor = Tensor::new(&shape, data);
        Ok(if rank == 0 { tensor.get(0) } else { Value::Array(tensor) })
    }

    /// As [`Evaluator::each`], for a value that is written. Where that is zero because a condition does not hold,
    /// nothing is written: neither the place nor the loop needs to exist.
    fn each_write(
        &mut self,
        vars: &[Var],
        mut value: NodeId,
        visit: &mut dyn FnMut(&mut Self, NodeId) -> Result<()>,
    ) -> Result<()> {
        while let Some((condition, holds, inner)) = self.guard(value)
            && vars.iter().all(|&v| !self.graph.depends_on(condition, v))
        {
            if self.settle(condition)?.as_bool() != Some(holds) {
                return Ok(());
            }
            value = inner;
        }
        let Some((&var, rest)) = vars.split_first() else { return visit(self, value) };
        let extent = self.extent(var)?;
        let before = self.at[var.0 as usize];
        let mut result = Ok(());
        for k in 0..extent {
            self.bind(var, k);
            result = self.each_write(rest, value, visit);
            if result.is_err() {
                break;
            }
        }
        self.bind(var, before);
        result
    }

    /// A value that is zero unless a condition holds (or does not), taken apart.
    fn guard(&self, value: NodeId) -> Option<(NodeId, bool, NodeId)> {
        if *self.graph.op(value) != Op::If {
            return None;
        }
        let args = self.graph.args(value);
        let is_zero = |id: NodeId| self.graph.as_float(id) == Some(0.0);
        match (is_zero(args[1]), is_zero(args[2])) {
            (_, true) => Some((args[0], true, args[1])),
            (true, _) => Some((args[0], false, args[2])),
            _ => None,
        }
    }

    pub(super) fn reduce(&mut self, id: NodeId, fold: Fold, var: Var, args: &[NodeId]) -> Result<Value> {
        let elem = self.graph.elem(id);
        let mut sum = (*self.known(args[0])).clone();
        self.each(&[var], &mut |this| {
            let next = this.settle(args[1])?;
            sum = arithmetic::fold(id, fold, elem, &sum, &next)?;
            Ok(())
        })?;
        Ok(sum)
    }

    pub(super) fn arg_reduce(&mut self, fold: Fold, var: Var, body: NodeId) -> Result<Value> {
        let mut best: Option<(usize, Rc<Value>)> = None;
        self.each(&[var], &mut |this| {
            let next = this.settle(body)?;
            if best.as_ref().is_none_or(|(_, best)| arithmetic::beats(fold, &next, best)) {
                best = Some((this.at[var.0 as usize], next));
            }
            Ok(())
        })?;
        Ok(Value::Int(best.map_or(0, |(at, _)| at as i128)))
    }

    pub(super) fn soft(&mut self, id: NodeId, soft: Soft, var: Var, body: NodeId) -> Result<Value> {
        let (shift, sum) = self.norm(id, var, body)?;
        if soft == Soft::LogSumExp {
            return Ok(Value::Float(shift + sum.ln()));
        }
        if self.at[var.0 as usize] == UNBOUND {
            return Err(EvalError::Unbound(var));
        }
        let x = self.settle(body)?.as_float().ok_or(EvalError::Type(id))?;
        Ok(Value::Float(match soft {
            Soft::Softmax => (x - shift).exp() / sum,
            _ => (x - shift) - sum.ln(),
        }))
    }

    /// `m = max x`, or 0 where that is infinite, and `Σ exp(x − m)` over the variable.
    fn norm(&mut self, id: NodeId, var: Var, body: NodeId) -> Result<(f64, f64)> {
        let others: Vec<Var> = self.graph.free(id).iter().copied().filter(|&v| v != var).collect();
        let key = (id, self.place(&others));
        if let Some(norm) = self.norms.get(&key) {
            return Ok(*norm);
        }
        let mut elements = Vec::new();
        self.each(&[var], &mut |this| {
            elements.push(this.settle(body)?.as_float().ok_or(EvalError::Type(id))?);
            Ok(())
        })?;
        let greatest = elements.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shift = if greatest.is_infinite() { 0.0 } else { greatest };
        let sum = elements.iter().fold(0.0, |sum, x| sum + (x - shift).exp());
        self.norms.insert(key, (shift, sum));
        Ok((shift, sum))
    }

    pub(super) fn matmul(&mut self, id: NodeId, transpose_a: bool, transpose_b: bool) -> Result<Value> {
        let args = self.graph.args(id);
        let (a, b) = (self.known(args[0]), self.known(args[1]));
        let (Some(left), Some(right)) = (a.as_floats(), b.as_floats()) else {
            return Err(EvalError::Type(id));
        };
        let (&[a0, a1], &[b0, b1]) = (a.shape(), b.shape()) else { return Err(EvalError::Type(id)) };
        let (rows, inner) = if transpose_a { (a1, a0) } else { (a0, a1) };
        let (other, columns) = if transpose_b { (b1, b0) } else { (b0, b1) };
        if inner != other {
            return Err(EvalError::Shape { node: id, expected: vec![inner], found: vec![other] });
        }
        let mut data = vec![0.0; rows * columns];
        for (i, row) in data.chunks_exact_mut(columns.max(1)).enumerate() {
            for (j, out) in row.iter_mut().enumerate() {
                for k in 0..inner {
                    let x = left[if transpose_a { k * a1 + i } else { i * a1 + k }];
                    let y = right[if transpose_b { j * b1 + k } else { k * b1 + j }];
                    *out += x * y;
                }
            }
        }
        Ok(Value::floats(&[rows, columns], data))
    }
}

/// The part of an array at leading indices replaced, or added to.
fn update_part(id: NodeId, add: bool, array: &mut Tensor, index: &[Rc<Value>], part: &Value) -> Result<()> {
    let (leading, rest) = array.shape.split_at(index.len());
    if part.shape() != rest {
        return Err(EvalError::Shape { node: id, expected: rest.to_vec(), found: part.shape().to_vec() });
    }
    let length: usize = rest.iter().product();
    let start = length * position(id, leading, index)?;
    match (&mut array.data, part) {
        (Data::Float(data), Value::Array(Tensor { data: Data::Float(part), .. })) => {
            for (place, x) in data[start..start + length].iter_mut().zip(part) {
                *place = if add { *place + x } else { *x };
            }
        }
        (Data::Int(data), Value::Array(Tensor { data: Data::Int(part), .. })) if !add => {
            data[start..start + length].copy_from_slice(part);
        }
        (Data::Bool(data), Value::Array(Tensor { data: Data::Bool(part), .. })) => {
            data[start..start + length].copy_from_slice(part);
        }
        _ => return Err(EvalError::Type(id)),
    }
    Ok(())
}
