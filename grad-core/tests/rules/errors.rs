//! Mistakes in rule files are errors with file, line and caret when the table is loaded.

use grad_core::rules::Table;

/// The error that one more file makes.
fn error(text: &str) -> String {
    match Table::with("bad.rules", text) {
        Ok(_) => panic!("{text} is accepted"),
        Err(error) => error.to_string(),
    }
}

/// The message, the place, and the text that the caret underlines.
#[track_caller]
fn check(text: &str, message: &str, underlined: &str) {
    let error = error(text);
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines[0], message, "{error}");
    let caret = lines[4].find('^').unwrap_or_else(|| panic!("no caret: {error}"));
    let skip = lines[3][..lines[3].len().min(caret)].chars().count();
    let found: String = lines[3].chars().skip(skip).take(lines[4].matches('^').count()).collect();
    assert_eq!(found, underlined, "{error}");
}

#[test]
fn an_error_reads_like_one_of_the_compiler() {
    let text = "// A comment.\nrule odd @algebra exact:\n    sin(?x) => ?y;\n";
    let expected = "`?y` is not bound by the pattern
 --> bad.rules:3:16
  |
3 |     sin(?x) => ?y;
  |                ^^";
    assert_eq!(error(text), expected);
}

#[test]
fn syntax() {
    check(
        "rule odd @algebra exact: sin(?x => ?x;",
        "expected `+` or `-`, `*` or `/`, an index variable, or arguments",
        "=",
    );
    check(
        "rule odd @algebra maybe: sin(?x) => ?x;",
        "expected a phase or `exact`, `stabilise` or `relaxed`",
        "m",
    );
}

#[test]
fn derivatives_missing_or_doubled() {
    let missing = Table::load(&[("empty.rules", "")]).unwrap_err().to_string();
    assert!(missing.starts_with("no derivative for `add`\n --> empty.rules:1:1"), "{missing}");
    check("scalar exp(x) -> y { x: y; }", "a second derivative for `exp`", "exp");
    check("soft softmax[i](x) -> y { x: g; }", "a second derivative for `softmax[…]`", "softmax");
    check("scalar frobnicate(x) -> y { x: y; }", "there is no scalar function `frobnicate`", "frobnicate");
    check("scalar hypot(a, b) -> y { a: a / y; }", "no partial for `b`; write `none` if it has none", "b");
    check("scalar exp(x) -> y { x: y; x: y; }", "a second partial for `x`", "x");
    check("scalar exp(x) -> y { z: y; }", "there is no argument `z`", "z");
}

#[test]
fn names_and_arity() {
    check("scalar exp(x) -> y { x: z; }", "unknown name `z`", "z");
    check("scalar hypot(a) -> y { a: a; }", "`hypot` takes 2 arguments", "hypot");
    check("rule odd @algebra exact: sin(?x, ?x) => ?x;", "`sin` takes 1 argument", "sin");
    check("rule odd @algebra exact: foo(?x) => ?x;", "there is no scalar function `foo`", "foo");
    check("rule odd @algebra exact: prod[?i](?x) => ?x;", "there is no function `prod[…]`", "prod");
    check(
        "rule odd @later exact: sin(?x) => ?x;",
        "the phases are `@stabilise`, `@algebra`, `@lower`",
        "@later",
    );
    let guards = "the guards are finite(?x), nonzero(?x), nonneg(?x), squares(?x), spelled_squares(?x), \
                  exponentials(?x), weighted(?x), shifted_by(?x, ?m), invariant(?x, ?i)";
    check("rule odd @algebra relaxed: sin(?x) => ?x if odd(?x);", guards, "odd");
    check(
        "rule odd @algebra exact: powi(?x, 1.5) => ?x;",
        "not a number of the kind that is needed here",
        "1.5",
    );
    check("rule odd @algebra exact: powi(?n, ?n) => ?n;", "`?n` is used as two kinds of value", "?n");
    check(
        "rule odd @algebra exact: sin(?x) => sum[?i](?x);",
        "the index variable `?i` is not bound by the pattern",
        "?i",
    );
}

#[test]
fn pullbacks_are_linear() {
    check("soft softmax[i](x) -> y { x: g * g; }", "the pullback is not linear in `g`", "g * g");
    check("soft softmax[i](x) -> y { x: exp(g); }", "the pullback is not linear in `g`", "exp(g)");
}

#[test]
fn rules_that_do_no_good() {
    check(
        "rule odd @algebra exact: ?x => ?x;",
        "the pattern has no operation: it would match everything",
        "odd",
    );
    check(
        "rule odd @algebra exact: sin(?x) => cos(?x + ?x);",
        "the rule grows its term without decreasing: weight 2 becomes 22",
        "odd",
    );
    check(
        "rule odd @algebra exact: ?x + ?y => ?y + ?x;",
        "the rule grows its term without decreasing: weight 2 becomes 2",
        "odd",
    );
    check("rule odd @algebra exact: sin(?x) => 0;", "`?x` is used once; write `?_x`", "odd");
    check(
        "rule abs_abs @algebra exact: abs(cos(?_x)) => 1;",
        "a second rule `abs_abs` in this phase",
        "abs_abs",
    );
    check(
        "rule odd @stabilise stabilise: ln(1 + exp(-?x)) => softplus(-?x);",
        "`odd` can never fire: `softplus` above matches the same and comes first",
        "odd",
    );
    check(
        "rule odd @stabilise stabilise: ln(exp(-?x) + 1) => softplus(-?x);",
        "`odd` can never fire: `softplus` above matches the same and comes first",
        "odd",
    );
    check(
        "rule odd @lower exact: tanh(?x) => 2 * sigmoid(2 * ?x) - 1;",
        "`sigmoid` on the right would have to be lowered again",
        "odd",
    );
}

#[test]
fn scopes() {
    check(
        "rule odd @algebra exact: exp(sum[?i](?x * ?c)) => ?c * sum[?i](?x);",
        "`?c` changes its scope; say invariant(?c, ?i)",
        "odd",
    );
    check(
        "rule odd @algebra stabilise: exp(?x) * sum[?i](?y) => sum[?i](?x * ?y);",
        "`?x` changes its scope; say invariant(?x, ?i)",
        "odd",
    );
    check(
        "rule odd @algebra exact: ln(sum[?i](exp(?x))) => log_softmax[?i](?x);",
        "`?x` changes its scope; say invariant(?x, ?i)",
        "odd",
    );
    check(
        "rule odd @algebra exact: sin(?x) => at(?x);",
        "a pattern has one `at(…)` or none, and its replacement repeats it",
        "at",
    );
    let fine = "rule odd @algebra relaxed: exp(sum[?i](?x)) - sum[?i](?x) => sum[?i](?x);";
    assert!(Table::with("fine.rules", fine).is_ok());
}
