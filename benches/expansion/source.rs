//! Functions of any length.

use std::fmt::Write;

/// The source text of a function of `operations` scalar operations, one in each `let`. All of them reach the
/// result, no two are equal, and their values stay of moderate size for arguments that are.
pub fn straight_line(operations: usize) -> String {
    let mut source = String::from("fn straight_line(x: f64, y: f64) -> f64 {\n");
    let name = |operation: usize| format!("t{operation}");
    let mut last = String::from("x");
    for operation in 0..operations {
        let expression = match operation % 4 {
            0 => format!("{last}.sin()"),
            1 => format!("{last} * y"),
            2 => format!("{last} + {}", name(operation - 2)),
            _ => format!("{last}.exp()"),
        };
        last = name(operation);
        writeln!(source, "    let {last} = {expression};").expect("a string can grow");
    }
    writeln!(source, "    {last}\n}}").expect("a string can grow");
    source
}
