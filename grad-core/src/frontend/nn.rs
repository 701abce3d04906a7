//! The functions of `grad::nn`, by name: activations, the softmax family, losses, `stop_gradient`.

use proc_macro2::Span;

use super::method::Arguments;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::value::{Array, Val};
use crate::ir::{Cmp, Elem, Fold, NodeId, Op, Scalar, Soft};

/// A function of `grad::nn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nn {
    /// Element by element, perhaps with a number that shapes it.
    Each(Scalar),
    /// Along the last axis.
    Soft(Soft),
    Loss(Loss),
    StopGradient,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    Squares,
    CrossEntropy,
    CrossEntropyWithLogits,
    Binary,
    BinaryWithLogits,
}

const TABLE: &[(&str, Nn)] = &[
    ("relu", Nn::Each(Scalar::Relu)),
    ("leaky_relu", Nn::Each(Scalar::LeakyRelu)),
    ("elu", Nn::Each(Scalar::Elu)),
    ("sigmoid", Nn::Each(Scalar::Sigmoid)),
    ("tanh", Nn::Each(Scalar::Tanh)),
    ("softplus", Nn::Each(Scalar::Softplus)),
    ("gelu", Nn::Each(Scalar::Gelu)),
    ("silu", Nn::Each(Scalar::Silu)),
    ("mish", Nn::Each(Scalar::Mish)),
    ("erf", Nn::Each(Scalar::Erf)),
    ("softmax", Nn::Soft(Soft::Softmax)),
    ("log_softmax", Nn::Soft(Soft::LogSoftmax)),
    ("logsumexp", Nn::Soft(Soft::LogSumExp)),
    ("mse", Nn::Loss(Loss::Squares)),
    ("cross_entropy", Nn::Loss(Loss::CrossEntropy)),
    ("cross_entropy_with_logits", Nn::Loss(Loss::CrossEntropyWithLogits)),
    ("binary_cross_entropy", Nn::Loss(Loss::Binary)),
    ("binary_cross_entropy_with_logits", Nn::Loss(Loss::BinaryWithLogits)),
    ("stop_gradient", Nn::StopGradient),
];

/// The function of this name.
pub fn find(name: &str) -> Option<Nn> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// The names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

/// The operands of a loss at the same index.
struct Pair {
    a: Val,
    b: Val,
    shape: Vec<NodeId>,
}

impl Reader {
    pub fn nn_call(&mut self, arguments: &mut Arguments) -> Read<Val> {
        let Some(function) = find(&arguments.name) else { return Err(Refused) };
        let span = arguments.span;
        match function {
            Nn::Each(scalar) if scalar.row().arity == 2 => {
                let [x, shaping] = arguments.take(self)?;
                let shaping = self.scalar(shaping, span)?;
                self.each(x, span, |reader, x| reader.graph.scalar(scalar, &[x, shaping]))
            }
            Nn::Each(scalar) => {
                let x = arguments.one(self)?;
                self.each(x, span, |reader, x| reader.graph.scalar(scalar, &[x]))
            }
            Nn::StopGradient => {
                let x = arguments.one(self)?;
                self.each(x, span, |reader, x| reader.graph.add(Op::StopGradient, &[x]))
            }
            Nn::Soft(soft) => {
                let x = arguments.one(self)?;
                let Val::Array(array) = x else {
                    return self
                        .refuse(span, format!("`{}` takes an array, this is {}", arguments.name, x.kind()));
                };
                Ok(self.soft(soft, &array))
            }
            Nn::Loss(loss) => {
                let [a, b] = arguments.take(self)?;
                let pair = self.pair(a, b, span)?;
                self.loss(loss, &pair, span).map(Val::Scalar)
            }
        }
    }

    /// A function of numbers on a number, or on each element of an array.
    fn each(
        &mut self,
        value: Val,
        span: Span,
        function: impl FnOnce(&mut Reader, NodeId) -> NodeId,
    ) -> Read<Val> {
        match value {
            Val::Array(array) if self.rank(&array) > 0 => self.map_elements(&array, function),
            value => {
                let node = self.scalar(value, span)?;
                Ok(Val::Scalar(function(self, node)))
            }
        }
    }

    fn soft(&mut self, soft: Soft, array: &Array) -> Val {
        let shape = self.shape(array);
        let (mut vars, index) = self.fresh_vars(&shape);
        let element = self.element(array, &index);
        let last = vars[vars.len() - 1];
        let body = self.graph.soft(soft, last, element);
        if soft == Soft::LogSumExp {
            vars.pop();
        }
        match vars.is_empty() {
            true => Val::Scalar(body),
            false => Val::Array(Array::new(self.graph.build(&vars, body), array.family)),
        }
    }

    // ---- losses ----------------------------------------------------------------------------------------

    fn pair(&mut self, a: Val, b: Val, span: Span) -> Read<Pair> {
        let shape_of = |reader: &Reader, value: &Val| match value {
            Val::Array(array) => reader.shape(array),
            _ => Vec::new(),
        };
        let (left, right) = (shape_of(self, &a), shape_of(self, &b));
        if left.len() != right.len() {
            let message = format!(
                "the operands of a loss need equal extents, but these have {} and {} axes",
                left.len(),
                right.len()
            );
            return self.refuse(span, message);
        }
        let mut shape = Vec::new();
        for (left, right) in left.into_iter().zip(right) {
            shape.push(self.same_extent(left, right, "a loss needs", span)?);
        }
        Ok(Pair { a, b, shape })
    }

    fn elements(&mut self, pair: &Pair, index: &[NodeId], span: Span) -> Read<(NodeId, NodeId)> {
        let at = |reader: &mut Reader, value: &Val| match value {
            Val::Array(array) => Ok(reader.element(array, index)),
            value => reader.scalar(value.clone(), span),
        };
        let a = at(self, &pair.a)?;
        let b = at(self, &pair.b)?;
        Ok((a, b))
    }

    /// In the order of the operations in `grad::nn`, so that the value is the same to the last bit.
    fn loss(&mut self, loss: Loss, pair: &Pair, span: Span) -> Read<NodeId> {
        if loss == Loss::CrossEntropyWithLogits {
            return self.cross_entropy_with_logits(pair, span);
        }
        let mut refused = false;
        let sum =
            self.sum_over_axes(&pair.shape, &mut |reader, index| match reader.elements(pair, index, span) {
                Ok((a, b)) => reader.loss_term(loss, a, b),
                Err(Refused) => {
                    refused = true;
                    reader.float_zero()
                }
            });
        if refused {
            return Err(Refused);
        }
        Ok(match loss {
            Loss::CrossEntropy => self.minus_mean_of_rows(sum, pair),
            Loss::Binary => {
                let mean = self.mean_of(sum, &pair.shape);
                self.graph.neg(mean)
            }
            _ => self.mean_of(sum, &pair.shape),
        })
    }

    fn float_zero(&mut self) -> NodeId {
        self.graph.float(0.0, self.literal)
    }

    fn loss_term(&mut self, loss: Loss, a: NodeId, b: NodeId) -> NodeId {
        let graph = &mut self.graph;
        match loss {
            Loss::Squares => {
                let difference = graph.sub(a, b);
                graph.mul(difference, difference)
            }
            Loss::CrossEntropy | Loss::CrossEntropyWithLogits => graph.scalar(Scalar::Xlogy, &[b, a]),
            Loss::Binary => {
                let one = graph.float_like(1.0, a);
                let (not_b, not_a) = (graph.sub(one, b), graph.sub(one, a));
                let yes = graph.scalar(Scalar::Xlogy, &[b, a]);
                let no = graph.scalar(Scalar::Xlogy, &[not_b, not_a]);
                graph.plus(yes, no)
            }
            Loss::BinaryWithLogits => {
                let zero = graph.float_like(0.0, a);
                let positive = graph.scalar(Scalar::Max, &[a, zero]);
                let product = graph.mul(a, b);
                let difference = graph.sub(positive, product);
                let size = graph.scalar(Scalar::Abs, &[a]);
                let minus = graph.neg(size);
                let exp = graph.scalar(Scalar::Exp, &[minus]);
                let log = graph.scalar(Scalar::Ln1p, &[exp]);
                graph.plus(difference, log)
            }
        }
    }

    /// The terms where `y` is 0 are 0, even where the logarithm is infinite.
    fn cross_entropy_with_logits(&mut self, pair: &Pair, span: Span) -> Read<NodeId> {
        let Val::Array(logits) = &pair.a else {
            return self.refuse(span, "a cross-entropy needs arrays: the last axis is over the classes");
        };
        let Val::Array(log_p) = self.soft(Soft::LogSoftmax, logits) else { return Err(Refused) };
        let Val::Array(y) = &pair.b else { return Err(Refused) };
        let y = y.clone();
        let sum = self.sum_over_axes(&pair.shape, &mut |reader, index| {
            let (y, log_p) = (reader.element(&y, index), reader.element(&log_p, index));
            let zero = reader.graph.float_like(0.0, y);
            let product = reader.graph.mul(y, log_p);
            let none = reader.graph.compare(Cmp::Eq, y, zero);
            reader.graph.select(none, zero, product)
        });
        Ok(self.minus_mean_of_rows(sum, pair))
    }

    fn minus_mean_of_rows(&mut self, sum: NodeId, pair: &Pair) -> NodeId {
        let minus = self.graph.neg(sum);
        let rows = pair.shape.split_last().map_or(&[][..], |(_, rows)| rows).to_vec();
        self.mean_of(minus, &rows)
    }

    /// A sum divided by the number of its terms.
    pub fn mean_of(&mut self, sum: NodeId, extents: &[NodeId]) -> NodeId {
        let count = self.product_of(extents);
        let elem = self.graph.elem(sum);
        let count = self.cast_node(count, elem);
        self.graph.div(sum, count)
    }

    /// The sum over some axes of what `term` is at an index for each, from 0.0.
    pub fn sum_over_axes(
        &mut self,
        extents: &[NodeId],
        term: &mut dyn FnMut(&mut Reader, &[NodeId]) -> NodeId,
    ) -> NodeId {
        let (vars, index) = self.fresh_vars(extents);
        self.binders.extend(&vars);
        let mut sum = term(self, &index);
        self.binders.truncate(self.binders.len() - vars.len());
        for (k, &var) in vars.iter().enumerate().rev() {
            let init = match self.graph.elem(sum) {
                Elem::Int(int) => self.graph.int(0, int),
                _ => self.graph.float_like(if k == 0 { 0.0 } else { -0.0 }, sum),
            };
            sum = self.graph.reduce(Fold::Sum, var, init, sum);
        }
        sum
    }
}
