//! Items inside a function: `use`, constants, functions. They are known in the whole block, before they are written.

use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Item, ItemConst, Pat, Stmt, UseTree};

use super::reader::Reader;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::value::{Closure, Length, Val};

/// What `std::f64::consts` has.
const CONSTS: [&str; 19] = [
    "E",
    "FRAC_1_PI",
    "FRAC_1_SQRT_2",
    "FRAC_2_PI",
    "FRAC_2_SQRT_PI",
    "FRAC_PI_2",
    "FRAC_PI_3",
    "FRAC_PI_4",
    "FRAC_PI_6",
    "FRAC_PI_8",
    "LN_10",
    "LN_2",
    "LOG10_2",
    "LOG10_E",
    "LOG2_10",
    "LOG2_E",
    "PI",
    "SQRT_2",
    "TAU",
];

impl Reader {
    /// Brings the items of a block into scope.
    pub fn items(&mut self, statements: &[Stmt]) -> Read<()> {
        let items = || {
            statements.iter().filter_map(|statement| match statement {
                Stmt::Item(item) => Some(item),
                _ => None,
            })
        };
        let mut refused = false;
        // What a glob brings gives way to what is named.
        let mut imports = Vec::new();
        for item in items() {
            if let Item::Use(item) = item {
                let prefix = if item.leading_colon.is_some() { "::" } else { "" };
                self.import(prefix.to_string(), &item.tree, &mut imports);
            }
        }
        for (name, path) in imports {
            self.scopes.bind(&name, Val::Import(path.into()));
        }
        let mut constants = Vec::new();
        for item in items() {
            if let Some(item) = constant(item) {
                let id = self.scopes.bind(&item.ident.to_string(), Val::Poison);
                constants.push((item, id));
            }
        }
        refused |= self.local_functions(items()).is_err();
        refused |= self.constants(constants).is_err();
        for item in items() {
            let (span, advice) = match item {
                Item::Use(_) | Item::Const(_) | Item::Fn(_) => continue,
                Item::Static(item) => match &item.mutability {
                    syn::StaticMutability::Mut(token) => (token.span, "pass what it holds as a parameter"),
                    _ => continue,
                },
                Item::Struct(item) => (item.struct_token.span, "use a tuple or an array"),
                Item::Enum(item) => (item.enum_token.span, "match on integers"),
                Item::Type(item) => (item.type_token.span, "write the type itself"),
                Item::Trait(item) => (item.trait_token.span, "write functions"),
                Item::Impl(item) => (item.impl_token.span, "write functions"),
                item => (item.span(), "move it out of the function"),
            };
            refused = true;
            let message = format!("this item cannot be inside a function to be differentiated: {advice}");
            let _: Read<()> = self.refuse(span, message);
        }
        if refused { Err(Refused) } else { Ok(()) }
    }

    /// Constants, each after those that it mentions.
    fn constants(&mut self, mut left: Vec<(ItemConst, BindingId)>) -> Read<()> {
        loop {
            let before = left.len();
            let said = self.diagnostics.len();
            left.retain(|(item, id)| match self.constant(item) {
                Ok(value) => {
                    self.scopes.set(*id, value);
                    false
                }
                Err(Refused) => true,
            });
            if left.is_empty() {
                return Ok(());
            }
            if left.len() == before {
                if self.blocks > 1 {
                    return Err(Refused);
                }
                self.diagnostics.truncate(said);
                break;
            }
            self.diagnostics.truncate(said);
        }
        // What cannot be read can be repeated: it does not depend on the parameters.
        for (item, id) in left {
            self.repeats_items = true;
            let ty = self.ty(&item.ty)?;
            let name = Val::Constant(item.ident.to_string().into());
            let value = self.coerce(name, &ty, item.ident.span())?;
            self.scopes.set(id, value);
        }
        Ok(())
    }

    fn constant(&mut self, item: &ItemConst) -> Read<Val> {
        let ty = self.ty(&item.ty)?;
        let value = self.expr(&item.expr, &ty)?;
        self.coerce(value, &ty, item.ident.span())
    }

    /// Functions are closures that capture nothing.
    fn local_functions<'a>(&mut self, items: impl Iterator<Item = &'a Item>) -> Read<()> {
        let mut refused = false;
        let mut made = Vec::new();
        for item in items {
            let Item::Fn(item) = item else { continue };
            let id = self.scopes.bind(&item.sig.ident.to_string(), Val::Poison);
            match self.local_function(item) {
                Ok(source) => made.push((id, source)),
                Err(Refused) => refused = true,
            }
        }
        for (id, (source, lengths)) in made {
            let captures = self.scopes.capture(&source);
            self.scopes.set(id, Val::Closure(Rc::new(Closure { source, captures, lengths })));
        }
        if refused { Err(Refused) } else { Ok(()) }
    }

    /// A function as a closure. What its type parameters are is what is given; its const generics are extents of that.
    fn local_function(&mut self, item: &syn::ItemFn) -> Read<(syn::ExprClosure, Vec<Length>)> {
        let typed = item.sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(typed),
            syn::FnArg::Receiver(_) => None,
        });
        let typed: Vec<&syn::PatType> = typed.collect();
        let (mut open, mut lengths) = (Vec::new(), Vec::new());
        for param in &item.sig.generics.params {
            match param {
                syn::GenericParam::Lifetime(_) => {}
                syn::GenericParam::Type(param) => open.push(param.ident.to_string()),
                syn::GenericParam::Const(param) => {
                    let name = param.ident.to_string();
                    let Some(length) = length_of(&name, &typed) else {
                        return self.refuse(
                            param.ident.span(),
                            "this const generic is no extent of a parameter: pass it as a parameter, or write a constant",
                        );
                    };
                    lengths.push(length);
                    open.push(name);
                }
            }
        }
        let inputs = typed.into_iter().map(|typed| match is_open(&typed.ty, &open) {
            true => (*typed.pat).clone(),
            false => Pat::Type(typed.clone()),
        });
        let body = syn::ExprBlock { attrs: Vec::new(), label: None, block: (*item.block).clone() };
        let mut closure: syn::ExprClosure = syn::parse_quote!(|| ());
        closure.inputs = inputs.collect();
        closure.output = item.sig.output.clone();
        closure.body = Box::new(Expr::Block(body));
        let types: Vec<String> =
            open.into_iter().filter(|name| lengths.iter().all(|l| l.name != *name)).collect();
        if matches!(&closure.output, syn::ReturnType::Type(_, ty) if is_open(ty, &types)) {
            closure.output = syn::ReturnType::Default;
        }
        Ok((closure, lengths))
    }

    /// What a `use` inside the function brings into scope: generated code repeats full paths. Names of which only the
    /// module is known are in scope there too.
    fn import(&mut self, prefix: String, tree: &UseTree, named: &mut Vec<(String, String)>) {
        match tree {
            UseTree::Path(path) => self.import(format!("{prefix}{}::", path.ident), &path.tree, named),
            UseTree::Name(name) if name.ident == "self" => {
                let path = prefix.trim_end_matches("::");
                let module = path.rsplit("::").next().unwrap_or(path);
                named.push((module.to_string(), path.to_string()));
            }
            UseTree::Name(name) => named.push((name.ident.to_string(), format!("{prefix}{}", name.ident))),
            UseTree::Rename(name) => named.push((name.rename.to_string(), format!("{prefix}{}", name.ident))),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.import(prefix.clone(), tree, named));
            }
            UseTree::Glob(_) if prefix.ends_with("f64::consts::") || prefix.ends_with("f32::consts::") => {
                for name in CONSTS {
                    self.scopes.bind(name, Val::Import(format!("{prefix}{name}").into()));
                }
            }
            UseTree::Glob(_) => self.globs.push(self.blocks),
        }
    }
}

/// A constant; a `static` that nothing changes is one too.
fn constant(item: &Item) -> Option<ItemConst> {
    match item {
        Item::Const(item) => Some(item.clone()),
        Item::Static(item) if matches!(item.mutability, syn::StaticMutability::None) => {
            let syn::ItemStatic { ident, ty, expr, .. } = item;
            Some(syn::parse_quote!(const #ident: #ty = #expr;))
        }
        _ => None,
    }
}

/// The items of the function's own block, for generated code that has to repeat them.
pub fn repeated(block: &syn::Block) -> TokenStream {
    let items = block.stmts.iter().filter_map(|statement| match statement {
        Stmt::Item(item) => Some(item),
        _ => None,
    });
    let items = items.filter(|item| match item {
        Item::Fn(function) => function.sig.constness.is_some(),
        item => matches!(item, Item::Use(_) | Item::Const(_) | Item::Static(_)),
    });
    quote!(#(#[allow(dead_code, unused_imports)] #items)*)
}

/// The parameter that has a const generic as an extent.
fn length_of(name: &str, params: &[&syn::PatType]) -> Option<Length> {
    params.iter().enumerate().find_map(|(param, typed)| {
        let (mut ty, mut axis) = (&*typed.ty, 0);
        loop {
            ty = match ty {
                syn::Type::Reference(reference) => &reference.elem,
                syn::Type::Slice(slice) => {
                    axis += 1;
                    &slice.elem
                }
                syn::Type::Array(array) => {
                    if matches!(&array.len, Expr::Path(path) if path.path.is_ident(name)) {
                        return Some(Length { name: name.to_string(), param, axis });
                    }
                    axis += 1;
                    &array.elem
                }
                _ => return None,
            };
        }
    })
}

/// Whether a type is for the caller to say: a type parameter, a const generic, or what can be called.
fn is_open(ty: &syn::Type, names: &[String]) -> bool {
    fn mentions(tokens: TokenStream, names: &[String]) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => {
                ident == "impl" || ident == "dyn" || names.iter().any(|name| ident == name)
            }
            proc_macro2::TokenTree::Group(group) => mentions(group.stream(), names),
            _ => false,
        })
    }
    mentions(ty.to_token_stream(), names)
}
