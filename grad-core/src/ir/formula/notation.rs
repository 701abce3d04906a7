//! Pieces of formulas: what binds how tightly, letters and small digits.

/// How tightly a term holds together, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Or,
    And,
    Compare,
    Sum,
    Quotient,
    Product,
    Power,
    Atom,
}

/// A term that has been written.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    pub level: Level,
    /// Starts with a minus: not to follow an operator.
    pub minus: bool,
    /// Ends with the body of a sum: not to be followed by an operator.
    pub open: bool,
}

impl Text {
    pub fn atom(text: String) -> Text {
        Text { text, level: Level::Atom, minus: false, open: false }
    }

    /// As the left operand of something that needs at least `level`.
    pub fn left(&self, level: Level) -> String {
        self.parenthesised(self.level < level || self.open)
    }

    /// As the right operand.
    pub fn right(&self, level: Level) -> String {
        self.parenthesised(self.level < level || self.minus)
    }

    fn parenthesised(&self, needed: bool) -> String {
        if needed { format!("({})", self.text) } else { self.text.clone() }
    }

    /// Two terms with an operator between them.
    pub fn infix(operator: &str, level: Level, left: (&Text, Level), right: (&Text, Level)) -> Text {
        let text = format!("{}{operator}{}", left.0.left(left.1), right.0.right(right.1));
        let closed = right.0.level < right.1 || right.0.minus;
        Text { text, level, minus: left.0.minus && left.0.level >= left.1, open: right.0.open && !closed }
    }
}

/// Letters for index variables: none of those taken.
pub fn letters(taken: &[String]) -> Vec<String> {
    "ijklmnpqrstuvwabcdefgh".chars().map(String::from).filter(|letter| !taken.contains(letter)).collect()
}

/// `ⱼ`, or `_{q}` where Unicode has no small letter.
pub fn subscript(letter: &str) -> String {
    let table = "aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ";
    let table: Vec<char> = table.chars().collect();
    let mut letters = letter.chars();
    let small = match (letters.next(), letters.next()) {
        (Some(letter), None) => table.chunks(2).find(|pair| pair[0] == letter).map(|pair| pair[1]),
        _ => None,
    };
    small.map_or_else(|| format!("_{{{letter}}}"), String::from)
}

/// `²`, `⁻¹`.
pub fn superscript(value: i128) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let small = |c: char| c.to_digit(10).map_or('⁻', |d| digits[d as usize]);
    value.to_string().chars().map(small).collect()
}

/// A literal: `2`, `0.5`, `−∞`.
pub fn number(value: f64) -> Text {
    let magnitude = match value.abs() {
        m if m.is_infinite() => "∞".to_string(),
        m if m.is_nan() => "NaN".to_string(),
        m if m.fract() == 0.0 && m < 1e15 => format!("{m:.0}"),
        m => format!("{m:?}"),
    };
    match value.is_sign_negative() && !value.is_nan() {
        true => Text { text: format!("−{magnitude}"), level: Level::Product, minus: true, open: false },
        false => Text::atom(magnitude),
    }
}
