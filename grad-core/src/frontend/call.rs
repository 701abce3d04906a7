//! Names and calls: paths, closures, `from_fn`, macros.

use std::rc::Rc;

use proc_macro2::Span;
use syn::Expr;
use syn::spanned::Spanned;

use super::expr::token;
use super::flow::Exit;
use super::iterator::{Items, Iter};
use super::messages;
use super::method::Arguments;
use super::nn;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Closure, Length, Pending, Val};
use crate::ir::{Elem, NodeId};

/// Functions that are known by name besides those of `grad::nn` and the methods of numbers.
const KNOWN: &str = "closures and functions inside this one, `std::array::from_fn`, `f64::exp(x)` and the other methods of numbers, \
     `std::iter::zip`, the constructors of `ndarray` and the functions of `grad::nn`";

const GLOB: &str = "this name may come from a `use …::*` in an inner block: write that at the start of the function, or the \
     name instead of `*`";

const ITSELF: &str = "a function that calls itself cannot be differentiated: write the recursion as a loop";

/// How often a function may call itself within itself.
const RECURSIONS: usize = 16;

const RECURSION: &str = "how often this function calls itself is not known here, so that it cannot be differentiated: write the \
     recursion as a loop";

impl Reader {
    /// A path as a value: a variable, a constant or a function.
    pub fn path(&mut self, path: &syn::ExprPath, want: &Ty) -> Read<Val> {
        let span = path.path.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
        if let Some(ident) = only_name(&path.path) {
            match self.scopes.get(&ident.to_string()) {
                Some(Val::Poison) => return Err(Refused),
                Some(Val::Undefined) => return self.refuse(span, "this variable has no value here"),
                Some(Val::Stale) => return self.refuse(span, super::grow::STALE),
                Some(Val::Import(_)) | None => {}
                Some(Val::Growing(growing)) => {
                    let growing = growing.clone();
                    return Ok(self.grown(&growing));
                }
                Some(Val::Apart(parts)) => {
                    let parts = parts.clone();
                    return Ok(self.shown_apart(&parts));
                }
                Some(Val::Window(window)) => {
                    let window = window.clone();
                    return Ok(self.shown(&window));
                }
                Some(value) => return Ok(value.clone()),
            }
            if ident == "None" {
                return Ok(Val::none(self));
            }
            if ident == "self" {
                return self.refuse(span, "`self` cannot be read yet: pass its fields as parameters");
            }
        }
        if path.qself.is_some() {
            return self.refuse(span, "this path cannot be read");
        }
        let full = self.full_path(&path.path);
        let segments: Vec<&str> = full.split("::").collect();
        if let Some(value) = self.known_constant(&segments) {
            return Ok(value);
        }
        if self.is_function(&segments) {
            return Ok(Val::Function(Rc::new(path.path.clone())));
        }
        self.check_globs(&path.path)?;
        match want {
            Ty::Scalar(elem) => Ok(Val::Scalar(self.graph.symbol_node(&full, *elem))),
            _ => Ok(Val::Constant(full.into())),
        }
    }

    /// The path as text, with what `use` inside the function stands for.
    fn full_path(&self, path: &syn::Path) -> String {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let mut full = names.join("::");
        if path.leading_colon.is_some() {
            return format!("::{full}");
        }
        if let Some(Val::Import(target)) = self.scopes.get(&names[0]) {
            full = full.replacen(&names[0], target, 1);
        }
        full
    }

    /// A name that a glob inside the function may have brought: then generated code needs the glob.
    fn check_globs(&mut self, path: &syn::Path) -> Read<()> {
        let first = path.segments.first().map_or(String::new(), |first| first.ident.to_string());
        let is_absolute =
            path.leading_colon.is_some() || matches!(&*first, "crate" | "self" | "super" | "std" | "core");
        if is_absolute || self.scopes.get(&first).is_some() {
            return Ok(());
        }
        match self.globs.last() {
            None => Ok(()),
            Some(1) => {
                self.repeats_items = true;
                Ok(())
            }
            Some(_) => self.refuse(path.span(), GLOB),
        }
    }

    fn is_function(&self, segments: &[&str]) -> bool {
        let Some((name, owners)) = segments.split_last() else { return false };
        match owners.last() {
            None => nn::find(name).is_some() || matches!(*name, "from_fn" | "identity"),
            Some(_) => name.starts_with(char::is_lowercase),
        }
    }

    // ---- calls -----------------------------------------------------------------------------------------

    pub fn call(&mut self, call: &syn::ExprCall, want: &Ty) -> Read<Val> {
        let mut values = Vec::new();
        let mut refused = false;
        let function = match &*call.func {
            Expr::Path(path) if self.bound(path).is_none() => {
                self.check_outside(&path.path)?;
                None
            }
            function => Some(self.value(function)?),
        };
        for argument in &call.args {
            match self.value(argument) {
                Ok(value) => values.push(value),
                Err(Refused) => refused = true,
            }
        }
        if refused {
            return Err(Refused);
        }
        match (function, &*call.func) {
            (Some(function), _) => {
                let value = self.call_value(&function, values, token(&call.func))?;
                self.coerce(value, want, token(&call.func))
            }
            (None, Expr::Path(path)) => self.call_path(&path.path, values, want),
            _ => Err(Refused),
        }
    }

    /// What reads or changes something outside of the function is none of its values.
    fn check_outside(&mut self, path: &syn::Path) -> Read<()> {
        const OUTSIDE: [&str; 8] = ["fs", "io", "net", "env", "process", "thread", "time", "Instant"];
        let full = self.full_path(path);
        let is_outside = full.split("::").any(|segment| OUTSIDE.contains(&segment));
        match path.segments.last() {
            Some(last) if is_outside && path.segments.len() > 1 => {
                self.refuse(last.ident.span(), messages::OUTSIDE)
            }
            _ => Ok(()),
        }
    }

    fn bound(&self, path: &syn::ExprPath) -> Option<&Val> {
        let value = self.scopes.get(&only_name(&path.path)?.to_string());
        value.filter(|value| !matches!(value, Val::Import(_)))
    }

    /// Calls a function of a path.
    pub fn call_path(&mut self, path: &syn::Path, values: Vec<Val>, want: &Ty) -> Read<Val> {
        let Some(last) = path.segments.last() else { return Err(Refused) };
        let span = last.ident.span();
        let full = self.full_path(path);
        let segments: Vec<&str> = full.trim_start_matches("::").split("::").collect();
        let (name, owners) = segments.split_last().map_or(("", &[][..]), |(name, owners)| (*name, owners));
        let owner = owners.last().copied();
        let turbofish = self.path_generics(path)?;
        let mut arguments = Arguments { name: name.to_string(), span, values, turbofish, want: want.clone() };
        if let Some(elem) = owner.and_then(Elem::parse) {
            return self.associated(elem, &mut arguments);
        }
        match (owner, name) {
            (None | Some("array"), "from_fn") => self.array_from_fn(path, &mut arguments),
            (None | Some("convert"), "identity") => arguments.one(self),
            (Some("iter"), "zip") => {
                let [a, b] = arguments.take(self)?;
                let (a, b) = (self.iterate(a, span)?, self.iterate(b, span)?);
                self.zip(&a, &b, span)
            }
            (Some("iter"), "repeat_n") => {
                let [value, count] = arguments.take(self)?;
                let count = self.usize_node(count, span)?;
                Ok(Iter::one(count, Items::Same(value)).into())
            }
            (Some("iter"), "successors") => {
                let [first, next] = arguments.take(self)?;
                Ok(Iter::one(self.endless(), Items::Successors(first, next)).into())
            }
            (Some("iter"), "repeat") => {
                let value = arguments.one(self)?;
                Ok(Iter::one(self.endless(), Items::Same(value)).into())
            }
            (Some("mem"), "swap") => {
                let [a, b] = arguments.take(self)?;
                let (Val::Place(a), Val::Place(b)) = (a, b) else {
                    return self.refuse(span, "`swap` takes two mutable references");
                };
                self.swap_places(&a, &b, span)
            }
            (Some("mem"), "take") => {
                let Val::Place(place) = arguments.one(self)? else {
                    return self.refuse(span, "`take` takes a mutable reference");
                };
                self.take_place(&place, span)
            }
            (Some("mem"), "replace") => {
                let [place, value] = arguments.take(self)?;
                let Val::Place(place) = place else {
                    return self.refuse(span, "`replace` takes a mutable reference");
                };
                let value = self.loaded(value, span)?;
                self.replace_place(&place, value, span)
            }
            (Some("cmp" | "Ord"), "max" | "min") => self.compare_call(&mut arguments),
            (Some("iter"), "once") => {
                let value = arguments.one(self)?;
                let one = self.graph.usize(1);
                Ok(Iter::one(one, Items::Same(value)).into())
            }
            (Some("Vec"), "from") => arguments.one(self),
            (Some("Vec"), "new" | "with_capacity") => Ok(self.empty_vec()),
            (Some("Vec"), _) => self.refuse(
                span,
                "this way to make a `Vec` is not known here: write `vec![x; n]` or `Vec::new()`",
            ),
            (None | Some("nn" | "grad"), name) if nn::find(name).is_some() => self.nn_call(&mut arguments),
            (Some(owner), _) if super::construct::is_constructor(owner) => {
                self.ndarray_call(owner, &mut arguments)
            }
            (None | Some("ndarray"), "arr1" | "arr2" | "arr3" | "aview1" | "aview2") => {
                arguments.name = "from".to_string();
                self.ndarray_call("Array", &mut arguments)
            }
            (None | Some("ndarray"), "Axis") => {
                let value = arguments.one(self)?;
                Ok(Val::Axis(self.literal_usize(value, span, "the number of an axis")?))
            }
            (None, name) if name == self.function => self.refuse(span, ITSELF),
            (None, "Some") => {
                let value = arguments.one(self)?;
                let value = self.loaded(value, span)?;
                Ok(Val::some(self, value))
            }
            (Some("Box" | "Rc" | "Arc" | "Cell" | "RefCell"), "new") => {
                self.refuse(span, "values behind pointers cannot be read here: use the value itself")
            }
            _ => {
                let known: Vec<&str> = nn::names().chain(["from_fn"]).collect();
                let message = match messages::nearest(name, &known) {
                    Some(near) => format!("the function `{name}` is not known here: did you mean `{near}`?"),
                    None => {
                        format!("the function `{name}` is not known here: what can be called are {KNOWN}")
                    }
                };
                self.refuse(span, message)
            }
        }
    }

    /// `f64::exp(x)`, `usize::min(a, b)`, `f64::from(x)`.
    fn associated(&mut self, elem: Elem, arguments: &mut Arguments) -> Read<Val> {
        if arguments.name == "from" {
            return self.convert(elem, arguments);
        }
        if arguments.values.is_empty() {
            let message = format!("`{}` cannot be called without arguments", arguments.name);
            return self.refuse(arguments.span, message);
        }
        let receiver = arguments.values.remove(0);
        let receiver = match receiver {
            Val::Scalar(_) | Val::Constant(_) => {
                Val::Scalar(self.scalar_like(receiver, elem, arguments.span)?)
            }
            Val::Array(array) => Val::Scalar(self.scalar(Val::Array(array), arguments.span)?),
            other => other,
        };
        self.method(receiver, arguments)
    }

    /// The types in `f::<…>`, or in `Array2::<f32>::zeros`.
    fn path_generics(&mut self, path: &syn::Path) -> Read<Vec<Ty>> {
        let generic = path.segments.iter().rev().find(|segment| !segment.arguments.is_none());
        match generic.map(|segment| &segment.arguments) {
            Some(syn::PathArguments::AngleBracketed(arguments)) => {
                // The length in `from_fn::<_, N, _>` is read by `from_fn`: it looks like a type.
                if path.segments.last().is_some_and(|last| last.ident == "from_fn") {
                    return Ok(Vec::new());
                }
                self.generic_types(arguments)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Calls a closure or a function that is a value.
    pub fn call_value(&mut self, function: &Val, values: Vec<Val>, span: Span) -> Read<Val> {
        match function {
            Val::Closure(closure) => self.call_closure(&closure.clone(), values, span),
            Val::Function(path) => self.call_path(&path.clone(), values, &Ty::Infer),
            Val::Constant(text) => match syn::parse_str::<syn::Path>(text) {
                Ok(mut path) => {
                    path.segments.iter_mut().for_each(|segment| segment.ident.set_span(span));
                    self.call_path(&path, values, &Ty::Infer)
                }
                Err(_) => self.refuse(span, "a closure is expected here, but this is a constant"),
            },
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("a closure is expected here, but this is {}", other.kind())),
        }
    }

    fn call_closure(&mut self, closure: &Rc<Closure>, values: Vec<Val>, span: Span) -> Read<Val> {
        let source = &closure.source;
        if source.inputs.len() != values.len() {
            let message = messages::arguments("this closure", source.inputs.len(), values.len());
            return self.refuse(span, message);
        }
        let around = self.calls.iter().filter(|call| Rc::ptr_eq(call, closure)).count();
        if around > 0 && self.is_unbounded {
            return Err(Refused);
        }
        if around >= RECURSIONS {
            self.is_unbounded = true;
            return self.refuse(span, RECURSION);
        }
        self.calls.push(closure.clone());
        self.scopes.enter(&closure.captures);
        let result = self.closure_body(closure, values);
        self.scopes.close();
        self.calls.pop();
        result
    }

    fn closure_body(&mut self, closure: &Closure, values: Vec<Val>) -> Read<Val> {
        let source = &closure.source;
        for Length { name, param, axis } in &closure.lengths {
            let given = self.loaded(values[*param].clone(), token(&source.body))?;
            let extent = match &given {
                Val::Array(array) => self.shape(array).get(*axis).copied(),
                _ => None,
            };
            let Some(extent) = extent else {
                return self.refuse(token(&source.body), "an array is expected here");
            };
            self.scopes.bind(name, Val::Scalar(extent));
        }
        self.in_closure_pattern = true;
        let bound =
            source.inputs.iter().zip(values).try_for_each(|(pattern, value)| self.bind(pattern, value));
        self.in_closure_pattern = false;
        bound?;
        let want = match &source.output {
            syn::ReturnType::Type(_, ty) => self.ty(ty)?,
            syn::ReturnType::Default => Ty::Infer,
        };
        let target = self.open_target(Exit::Function, None);
        let outer = std::mem::replace(&mut self.function_depth, self.depth);
        let value = match &*source.body {
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, &want),
            body => self.expr(body, &want),
        };
        self.function_depth = outer;
        let value = value.and_then(|value| self.outcome(&target, value, token(&source.body)));
        self.close_target();
        let value = value?;
        self.coerce(value, &want, token(&source.body))
    }

    // ---- from_fn ---------------------------------------------------------------------------------------

    fn array_from_fn(&mut self, path: &syn::Path, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        let pending = Pending { function: Rc::new(function), span };
        let said = self.length_argument(path)?;
        match said.or(arguments.want.first_extent()) {
            Some(extent) => self.tabulate_pending(&pending, extent, &arguments.want.item()),
            None => Ok(Val::Pending(pending)),
        }
    }

    /// `N` in `from_fn::<_, N, _>`.
    fn length_argument(&mut self, path: &syn::Path) -> Read<Option<NodeId>> {
        let Some(syn::PathArguments::AngleBracketed(generics)) =
            path.segments.last().map(|last| &last.arguments)
        else {
            return Ok(None);
        };
        match generics.args.iter().nth(1) {
            Some(syn::GenericArgument::Const(expr)) => self.extent_expr(expr).map(Some),
            Some(syn::GenericArgument::Type(syn::Type::Path(path))) => {
                let path = syn::ExprPath { attrs: Vec::new(), qself: None, path: path.path.clone() };
                self.extent_expr(&Expr::Path(path)).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The array of a known length that `from_fn` makes.
    pub fn tabulate_pending(&mut self, pending: &Pending, extent: NodeId, item: &Ty) -> Read<Val> {
        let span = pending.span;
        self.under(extent, |reader, var| {
            let index = reader.graph.index(var);
            let value = reader.call_value(&pending.function, vec![Val::Scalar(index)], span)?;
            let value = reader.coerce(value, item, span)?;
            reader.build(var, value, span)
        })
    }
}

/// The name that is a path by itself, with type arguments or not: `f`, `f::<3>`.
fn only_name(path: &syn::Path) -> Option<&syn::Ident> {
    let is_one = path.segments.len() == 1 && path.leading_colon.is_none();
    path.segments.first().filter(|_| is_one).map(|segment| &segment.ident)
}
