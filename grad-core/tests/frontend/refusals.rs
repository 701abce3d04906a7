//! What is refused, and what is said.

use crate::harness::messages;

/// Each body of `fn f(x: f64, v: &[f64], n: usize) -> f64`, with a part of what is said about it.
const BODIES: &[(&str, &str)] = &[
    ("unsafe { x }", "`unsafe` code cannot be differentiated"),
    ("v.first()? * x", "`?` cannot be differentiated"),
    ("let p = Point { x }; p.x", "structs cannot be read yet: use a tuple or an array"),
    ("x.y", "fields of structs cannot be read yet"),
    ("x.erfc()", "unknown method of a float `erfc`"),
    ("x.expm1()", "did you mean `exp_m1`?"),
    ("x.tahn()", "did you mean `tanh`?"),
    ("x.atan2()", "`atan2` takes 1 argument, but 0 are given"),
    ("gamma(x)", "the function `gamma` is not known here: what can be called are closures"),
    ("v.iter().copied().map(helper).sum()", "the function `helper` is not known here"),
    ("sigmiod(x)", "did you mean `sigmoid`?"),
    (
        "fn g(x: f64, n: usize) -> f64 { if n == 0 { x } else { g(x * x, n - 1) + g(x, n - 1) } } g(x, n)",
        "how often this function calls itself is not known here",
    ),
    ("f(x, v, n)", "a function that calls itself cannot be differentiated"),
    ("rand::random::<f64>() * x", "the function `random` is not known here"),
    ("(1..).scan(x, |s, k| { *s += 1.0; Some(*s) }).sum()", "this iterator has no end: take so many items"),
    ("v.iter().try_fold(x, |s, x| Some(s + x)).unwrap()", "`try_fold` cannot be read: write a `for` loop"),
    (
        "let mut a = v.to_vec(); while a.len() > 1 { a = a.windows(2).map(|w| w[0] * w[1]).collect(); } a[0] * x",
        "an array has another length after each iteration",
    ),
    ("v.iter().mapp(|x| x).sum()", "unknown method of an iterator `mapp`: did you mean `map`?"),
    ("v.sum()", "`sum` is a method of iterators: write `.iter().sum(…)`"),
    ("println!(\"{x}\"); x", "a function that prints cannot be differentiated"),
    ("todo!()", "this function panics wherever it ends"),
    ("assert_eq!(v, v); x", "only numbers can be compared here, but this is an array or slice"),
    ("assert!(x > 0.0, \"{:?}\", v); x", "a message can show numbers"),
    (
        "fn g<const N: usize>(x: f64) -> f64 { x * N as f64 } g::<2>(x)",
        "this const generic is no extent of a parameter",
    ),
    (
        "fn g(x: f64) -> f64 { h(x) } fn h(x: f64) -> f64 { g(x) } h(x)",
        "how often this function calls itself",
    ),
    ("(v, x) + x", "a number is expected here, but this is a tuple"),
    ("x[0]", "a number cannot be indexed"),
    ("v[0][1]", "a number cannot be indexed"),
    (
        "let a = std::array::from_fn(|i| v[i]); a.iter().sum::<f64>() * x",
        "the length of this array is not known",
    ),
    ("let [a, b] = *v; a * b", "an array pattern needs an array of known length"),
    (
        "let r: Vec<Vec<f64>> = (0..n).map(|i| (0..i).map(|_| x).collect()).collect(); r[0][0]",
        "only rectangular arrays",
    ),
    (
        "let a = if x > 0.0 { vec![vec![x; 2]; 2] } else { vec![vec![x; 3]; 2] }; a[0][0]",
        "that may differ in length",
    ),
    ("[x, x] ", "the result has to be as declared, but this is an array or slice"),
    ("let g = |a, b| a * b; g(x)", "this closure takes 2 arguments, but 1 is given"),
    ("TABLE[n] * x", "a constant array is not known here: annotate it, as in `let c: [f64; 4] = TABLE;`"),
    ("TABLE.iter().sum::<f64>() * x", "a constant array is not known here"),
    (
        "let mut a = vec![x]; while a.len() < n { a.push(a[0] * x); } a[0]",
        "only the length and the last elements of this `Vec` can be read",
    ),
    ("#[cfg(test)] let x = 2.0; x", "`#[cfg]` inside a function cannot be read"),
    ("(0.0..x).map(|v| v).sum()", "the bounds of a range have to be integers"),
];

#[test]
fn bodies() {
    for (body, expected) in BODIES {
        let source = format!("fn f(x: f64, v: &[f64], n: usize) -> f64 {{ {body} }}");
        let said = messages("", &source);
        assert!(said.iter().any(|message| message.contains(expected)), "{body}\nsaid {said:#?}");
        assert_eq!(said.len(), 1, "one mistake is one error: {body}\nsaid {said:#?}");
    }
}

#[test]
fn signatures() {
    for (source, expected) in [
        ("async fn f(x: f64) -> f64 { x }", "an `async` function cannot be differentiated"),
        ("unsafe fn f(x: f64) -> f64 { x }", "an `unsafe` function"),
        ("extern \"C\" fn f(x: f64) -> f64 { x }", "an `extern` function"),
        ("fn f<T: Float>(x: T) -> T { x }", "type parameters cannot be differentiated yet"),
        ("fn f(x: impl Into<f64>) -> f64 { x.into() }", "`impl Trait` says nothing about the shape"),
        ("fn f(x: f64) -> impl Iterator<Item = f64> { [x].into_iter() }", "`impl Trait`"),
        ("fn f(&mut self, x: f64) -> f64 { x }", "`&mut self` cannot be differentiated"),
        ("fn f(x: f64) -> Self { x }", "`Self` is not known here"),
        ("fn f(x: f64) -> &f64 { x }", "return an owned value"),
        ("fn f(x: f64) -> Vec<(f64, f64)> { vec![(x, x)] }", "the result has to be a number, an array"),
        ("fn f(x: f64) { }", "returns nothing to differentiate"),
        ("fn f(x: f64) -> usize { 1 }", "the result holds no floats, so"),
        ("fn f(x: String) -> f64 { 1.0 }", "`#[grad]` does not know this type"),
        ("fn f(x: (f64, f64)) -> f64 { 1.0 }", "tuples and `Option`s cannot have a gradient yet"),
        ("fn f(x: ArrayD<f64>) -> f64 { 1.0 }", "`#[grad]` does not know this type"),
        ("fn f(x: Array<f64, D>) -> f64 { 1.0 }", "the number of axes has to be known"),
        ("fn f(n: usize) -> f64 { n as f64 }", "no parameter of this function can have a gradient"),
        (
            "fn f(x: f64, y: f64) -> f64 { x }",
            "`y` cannot reach the result: its gradient would always be zero; write `_y`",
        ),
        ("fn f(x: f64, y: f64) -> f64 { x * y.floor() as i32 as f64 }", "`y` cannot reach the result"),
        ("fn f(x: f64, y: f64) -> f64 { if y > 0.0 { x } else { 0.0 } }", "`y` cannot reach the result"),
        ("fn f(x: f64, y: f64) -> f64 { x * grad::stop_gradient(y) }", "`y` cannot reach the result"),
        ("fn f(x: f64) -> f64 { x + x", "cannot parse"),
        ("struct S;", "`#[grad]` is for functions"),
        (
            "fn f(x: f64, y: f32) -> f64 { if G > 1.0 { x * y as f64 } else { x } }",
            "annotate it, as in `let g: f64 = G;`",
        ),
    ] {
        let Ok(_) = source.parse::<proc_macro2::TokenStream>() else { continue };
        let said = messages("", source);
        assert!(said.iter().any(|message| message.contains(expected)), "{source}\nsaid {said:#?}");
        assert_eq!(said.len(), 1, "one mistake is one error: {source}\nsaid {said:#?}");
    }
}

#[test]
fn attributes() {
    for (attribute, expected) in [
        ("wrtt(x)", "unknown argument of `#[grad]` `wrtt`: did you mean `wrt`?"),
        ("everything", "unknown argument of `#[grad]` `everything`: known are `wrt`"),
        ("vjp, vjp", "`vjp` is given twice"),
        ("jvp", "`jvp` cannot be written yet: `grad` and `vjp` can"),
        ("vjp = 3", "`vjp` takes no value"),
        ("vjp(x)", "`vjp` takes no value"),
        ("wrt", "`wrt` takes parameters: write `wrt(x, y)`"),
        ("wrt(y)", "unknown parameter `y`: known are `x`, `v`, `n`"),
        ("skip(volume)", "unknown parameter `volume`: known are `x`, `v`, `n`"),
        ("wrt(n)", "`n` holds no floats"),
        ("wrt(v)", "`v` cannot reach the result: its gradient would always be zero; take it out of `wrt(…)`"),
        ("shape", "write `shape(x: [rows, columns])`"),
        ("shape(v: [a, b])", "`v` has 1 axis, but 2 are named"),
        ("shape(w: [a])", "unknown parameter `w`"),
        ("name", "write `name = stem`"),
        ("name = a::b", "`name` takes an identifier"),
        ("exact, fast_math", "exclude each other"),
    ] {
        let said = messages(attribute, "fn f(x: f64, v: &[f64], n: usize) -> f64 { x }");
        assert!(said.iter().any(|message| message.contains(expected)), "{attribute}\nsaid {said:#?}");
    }
}

#[test]
fn several_mistakes_are_all_reported() {
    let source = "fn f(x: f64, y: f64) -> f64 {
        let a = x.foo();
        let b = a + y.bar() * c!();
        let (d, e) = (x, unknown(y));
        a + b + d + e
    }";
    let said = messages("", source);
    assert_eq!(said.len(), 4, "{said:#?}");
    assert_eq!(messages("foo, bar", "fn f(x: f64) -> f64 { x }").len(), 2);
    assert_eq!(messages("", "async fn f<T>(x: T) -> f64 { x }").len(), 2);
}

#[test]
fn extents() {
    let layer = "fn f(w: &Array2<f64>, x: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> { w.dot(x) + b }";
    let said = messages("shape(w: [hidden, input], x: [output], b: [hidden])", layer);
    assert_eq!(
        said,
        [
            "`dot` needs equal extents, but these are `input` and `output`",
            "this says that the extent is `input`",
            "this says that the extent is `output`",
        ]
    );
    let said = messages("shape(w: [hidden, input], x: [input], b: [input])", layer);
    assert_eq!(
        said[0],
        "arrays that meet in an operator need equal extents, but these are `hidden` and `input`"
    );
    let said = messages("", "fn f(x: [[f64; 3]; 2], y: &[[f64; 4]; 2]) -> f64 { grad::nn::mse(&x, y) }");
    assert_eq!(said[0], "a loss needs equal extents, but these are 3 and 4");
}

/// Whatever is left of a function when tokens are missing or exchanged, there is an answer.
#[test]
fn nothing_panics() {
    let sources = [
        "fn f<const N: usize>(w: &[[f64; N]; 2], x: &[f64; N], b: Vec<f64>, n: usize) -> [f64; 2] {
            const K: usize = 3;
            let g = |i: usize, (a, b): (f64, f64)| -> f64 { a.max(b).powi(2) * i as f64 };
            let z = w[0].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[..n][0];
            let (s, c) = z.sin_cos();
            let m = match n { 0 | 1 => s, 2..=4 if z > 0.0 => c, k => g(k, (s, c)) };
            let h: Vec<f64> = (0..n).rev().step_by(2).map(|i| x[i] + m).collect();
            let t = h.iter().fold((0.0, 1.0), |(p, q), v| (p + v, q * v));
            let v = vec![t.0; K];
            std::array::from_fn(|i| if i == 0 { v[i] } else { softmax(&h)[0] + !true as i32 as f64 })
        }",
        "fn f(a: &Array2<f64>, x: ArrayView1<f64>) -> Array1<f64> {
            let (m, n) = a.dim();
            let b = Array::from_shape_fn((m, n), |(i, j)| a[[i, j]] * x[j]) + 2.0 * a.t().t();
            let s = b.mean_axis(Axis(0)).unwrap() - a.sum_axis(Axis(1)).sum();
            let y = a.row(0).insert_axis(Axis(0)).dot(&b.mapv(|v| v.exp()).t()) * cross_entropy(&b, a);
            s + y.row(0).iter().map(|v| v * v).sum::<f64>() + Array1::from_vec(vec![1.0, 2.0])
        }",
    ];
    for source in sources {
        let tokens: Vec<String> = source.split_whitespace().map(str::to_string).collect();
        for k in 0..tokens.len() {
            let mut without = tokens.clone();
            without.remove(k);
            answer(&without.join(" "));
            for j in (0..tokens.len()).step_by(7) {
                let mut other = tokens.clone();
                other[k] = tokens[j].clone();
                answer(&other.join(" "));
            }
        }
    }
}

fn answer(source: &str) {
    let Ok(tokens) = source.parse::<proc_macro2::TokenStream>() else { return };
    let _ = grad_core::frontend::read(Default::default(), tokens);
}

/// In as much stack as the compiler gives to macros.
#[test]
fn depth_and_size_are_bounded() {
    std::thread::Builder::new().stack_size(STACK).spawn(bounded).unwrap().join().unwrap();
}

const STACK: usize = 6 << 20;

fn bounded() {
    let deep = format!("fn f(x: f64) -> f64 {{ {}x{} }}", "(".repeat(150), ")".repeat(150));
    assert!(messages("", &deep)[0].contains("nested too deeply"));
    let closures = (0..100).fold("x".to_string(), |inner, _| format!("(|y: f64| y + {inner})(x)"));
    assert!(messages("", &format!("fn f(x: f64) -> f64 {{ {closures} }}"))[0].contains("nested too deeply"));
    let sums =
        (0..100).fold("x".to_string(), |inner, _| format!("[x].iter().map(|y| y + {inner}).sum::<f64>()"));
    assert!(messages("", &format!("fn f(x: f64) -> f64 {{ {sums} }}"))[0].contains("nested too deeply"));
    let doubling: String =
        (1..40).map(|k| format!("let g{k} = |y: f64| g{}(g{}(y) * x);", k - 1, k - 1)).collect();
    let source = format!("fn f(x: f64) -> f64 {{ let g0 = |y: f64| y + 1.0; {doubling} g39(x) }}");
    assert!(messages("", &source)[0].contains("too many operations"));
}
