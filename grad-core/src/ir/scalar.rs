//! The table of scalar functions: one row each. The derivative of each stands in `rules/scalars.rules`.

/// How a scalar function is written in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `a + b`
    Infix(&'static str),
    /// `-a`
    Prefix(&'static str),
    /// `a.name(b, c)`
    Method(&'static str),
    /// Never emitted under its own name: a rule of phase `@lower` expands it.
    Lowered,
    /// `::grad::nn::name(a)`
    Library(&'static str),
}

/// How expensive a function is, in units of one addition. A value that costs [`Cost::SAVE`] or more is
/// kept rather than computed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost(pub u16);

impl Cost {
    pub const SAVE: u16 = 4;
}

/// One row of the table.
pub struct Row {
    pub scalar: Scalar,
    /// The name in rules and, for a method or a function of `grad::nn`, in user code.
    pub name: &'static str,
    pub arity: usize,
    pub spelling: Spelling,
    /// The Unicode spelling in formulas: `{0}`, `{1}` stand for the arguments.
    pub formula: &'static str,
    pub cost: Cost,
    /// The reference value, for the interpreter.
    pub eval: fn(&[f64]) -> f64,
    /// Where the function may be tested: an interval for each argument, free of poles.
    pub domain: &'static [(f64, f64)],
}

macro_rules! scalars {
    ($($variant:ident $name:literal $arity:literal $spelling:expr, $formula:literal, $cost:literal, $domain:expr, $eval:expr;)*) => {
        /// A scalar function: a row of [`Scalar::TABLE`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scalar { $($variant),* }

        impl Scalar {
            /// Every scalar function, in the order of the enum.
            pub const TABLE: &'static [Row] = &[$(Row {
                scalar: Scalar::$variant,
                name: $name,
                arity: $arity,
                spelling: $spelling,
                formula: $formula,
                cost: Cost($cost),
                eval: $eval,
                domain: &$domain,
            }),*];
        }
    };
}

const ANY: (f64, f64) = (-3.0, 3.0);
const POS: (f64, f64) = (0.2, 3.0);
const UNIT: (f64, f64) = (-0.9, 0.9);
const PROB: (f64, f64) = (0.05, 0.95);

use Spelling::{Infix, Library, Lowered, Method, Prefix};

scalars! {
    Add "add" 2 Infix("+"), "{0} + {1}", 1, [ANY, ANY], |a| a[0] + a[1];
    Sub "sub" 2 Infix("-"), "{0} − {1}", 1, [ANY, ANY], |a| a[0] - a[1];
    Mul "mul" 2 Infix("*"), "{0}·{1}", 1, [ANY, ANY], |a| a[0] * a[1];
    Div "div" 2 Infix("/"), "{0} / {1}", 4, [ANY, POS], |a| a[0] / a[1];
    Rem "rem" 2 Infix("%"), "{0} mod {1}", 16, [(0.1, 0.9), (1.1, 2.0)], |a| a[0] % a[1];
    Neg "neg" 1 Prefix("-"), "−{0}", 1, [ANY], |a| -a[0];
    Exp "exp" 1 Method("exp"), "exp({0})", 16, [ANY], |a| a[0].exp();
    Exp2 "exp2" 1 Method("exp2"), "2^{0}", 16, [ANY], |a| a[0].exp2();
    ExpM1 "exp_m1" 1 Method("exp_m1"), "expm1({0})", 20, [ANY], |a| a[0].exp_m1();
    Ln "ln" 1 Method("ln"), "ln({0})", 16, [POS], |a| a[0].ln();
    Ln1p "ln_1p" 1 Method("ln_1p"), "ln1p({0})", 20, [PROB], |a| a[0].ln_1p();
    Log "log" 2 Method("log"), "log({0}; {1})", 32, [POS, (1.5, 4.0)], |a| a[0].log(a[1]);
    Log2 "log2" 1 Method("log2"), "log₂({0})", 16, [POS], |a| a[0].log2();
    Log10 "log10" 1 Method("log10"), "log₁₀({0})", 16, [POS], |a| a[0].log10();
    Sqrt "sqrt" 1 Method("sqrt"), "√({0})", 6, [POS], |a| a[0].sqrt();
    Cbrt "cbrt" 1 Method("cbrt"), "∛({0})", 16, [POS], |a| a[0].cbrt();
    Powi "powi" 2 Method("powi"), "{0}^{1}", 6, [POS, (2.0, 4.0)], |a| a[0].powi(a[1] as i32);
    Powf "powf" 2 Method("powf"), "{0}^{1}", 24, [POS, ANY], |a| a[0].powf(a[1]);
    Sin "sin" 1 Method("sin"), "sin({0})", 16, [ANY], |a| a[0].sin();
    Cos "cos" 1 Method("cos"), "cos({0})", 16, [ANY], |a| a[0].cos();
    Tan "tan" 1 Method("tan"), "tan({0})", 20, [(-1.2, 1.2)], |a| a[0].tan();
    Asin "asin" 1 Method("asin"), "asin({0})", 20, [UNIT], |a| a[0].asin();
    Acos "acos" 1 Method("acos"), "acos({0})", 20, [UNIT], |a| a[0].acos();
    Atan "atan" 1 Method("atan"), "atan({0})", 20, [ANY], |a| a[0].atan();
    Atan2 "atan2" 2 Method("atan2"), "atan2({0}, {1})", 24, [POS, ANY], |a| a[0].atan2(a[1]);
    Sinh "sinh" 1 Method("sinh"), "sinh({0})", 20, [ANY], |a| a[0].sinh();
    Cosh "cosh" 1 Method("cosh"), "cosh({0})", 20, [ANY], |a| a[0].cosh();
    Tanh "tanh" 1 Method("tanh"), "tanh({0})", 20, [ANY], |a| a[0].tanh();
    Asinh "asinh" 1 Method("asinh"), "asinh({0})", 24, [ANY], |a| a[0].asinh();
    Acosh "acosh" 1 Method("acosh"), "acosh({0})", 24, [(1.2, 3.0)], |a| a[0].acosh();
    Atanh "atanh" 1 Method("atanh"), "atanh({0})", 24, [UNIT], |a| a[0].atanh();
    Hypot "hypot" 2 Method("hypot"), "hypot({0}, {1})", 16, [POS, ANY], |a| a[0].hypot(a[1]);
    Abs "abs" 1 Method("abs"), "|{0}|", 1, [POS], |a| a[0].abs();
    Signum "signum" 1 Method("signum"), "sgn({0})", 1, [POS], |a| a[0].signum();
    Recip "recip" 1 Method("recip"), "1 / {0}", 4, [POS], |a| a[0].recip();
    MulAdd "mul_add" 3 Method("mul_add"), "{0}·{1} + {2}", 2, [ANY, ANY, ANY], |a| a[0].mul_add(a[1], a[2]);
    Min "min" 2 Method("min"), "min({0}, {1})", 1, [(0.0, 1.0), (2.0, 3.0)], |a| a[0].min(a[1]);
    Max "max" 2 Method("max"), "max({0}, {1})", 1, [(0.0, 1.0), (2.0, 3.0)], |a| a[0].max(a[1]);
    Clamp "clamp" 3 Method("clamp"), "clamp({0}, {1}, {2})", 2, [(0.5, 0.9), (-1.0, 0.0), (1.0, 2.0)], |a| a[0].clamp(a[1], a[2]);
    ToRadians "to_radians" 1 Method("to_radians"), "{0}·π/180", 1, [ANY], |a| a[0].to_radians();
    ToDegrees "to_degrees" 1 Method("to_degrees"), "{0}·180/π", 1, [ANY], |a| a[0].to_degrees();
    Floor "floor" 1 Method("floor"), "⌊{0}⌋", 2, [(0.1, 0.9)], |a| a[0].floor();
    Ceil "ceil" 1 Method("ceil"), "⌈{0}⌉", 2, [(0.1, 0.9)], |a| a[0].ceil();
    Round "round" 1 Method("round"), "round({0})", 2, [(0.6, 0.9)], |a| a[0].round();
    Trunc "trunc" 1 Method("trunc"), "trunc({0})", 2, [(0.1, 0.9)], |a| a[0].trunc();
    Fract "fract" 1 Method("fract"), "fract({0})", 2, [(0.1, 0.9)], |a| a[0].fract();
    RemEuclid "rem_euclid" 2 Method("rem_euclid"), "{0} mod {1}", 16, [(-0.9, -0.1), (1.1, 2.0)], |a| a[0].rem_euclid(a[1]);
    Copysign "copysign" 2 Method("copysign"), "copysign({0}, {1})", 1, [POS, POS], |a| a[0].copysign(a[1]);
    Relu "relu" 1 Lowered, "relu({0})", 1, [POS], |a| if a[0] < 0.0 { 0.0 } else { a[0] };
    LeakyRelu "leaky_relu" 2 Lowered, "leaky_relu({0}; {1})", 2, [(-3.0, -0.2), (0.01, 0.5)], |a| if a[0] < 0.0 { a[1] * a[0] } else { a[0] };
    Elu "elu" 2 Lowered, "elu({0}; {1})", 20, [(-3.0, -0.2), (0.5, 1.5)], |a| if a[0] < 0.0 { a[1] * a[0].exp_m1() } else { a[0] };
    Sigmoid "sigmoid" 1 Lowered, "σ({0})", 20, [ANY], |a| 1.0 / (1.0 + (-a[0]).exp());
    Softplus "softplus" 1 Lowered, "softplus({0})", 36, [ANY], |a| a[0].max(0.0) + (-a[0].abs()).exp().ln_1p();
    Erf "erf" 1 Library("erf"), "erf({0})", 30, [ANY], |a| crate::eval::erf(a[0]);
    Gelu "gelu" 1 Lowered, "gelu({0})", 36, [ANY], |a| 0.5 * a[0] * (1.0 + crate::eval::erf(a[0] * std::f64::consts::FRAC_1_SQRT_2));
    Silu "silu" 1 Lowered, "silu({0})", 24, [ANY], |a| a[0] * (1.0 / (1.0 + (-a[0]).exp()));
    Mish "mish" 1 Lowered, "mish({0})", 56, [ANY], |a| a[0] * (a[0].max(0.0) + (-a[0].abs()).exp().ln_1p()).tanh();
    Xlogy "xlogy" 2 Lowered, "{0}·ln({1})", 17, [PROB, POS], |a| if a[0] == 0.0 { 0.0 } else { a[0] * a[1].ln() };
    MulZero "mul_zero" 2 Lowered, "{0}·{1}", 2, [PROB, ANY], |a| if a[0] == 0.0 { 0.0 } else { a[0] * a[1] };
    Ln1mExp "ln_1m_exp" 1 Lowered, "ln(1 − exp({0}))", 40, [(-3.0, -0.1)], |a| if a[0] < -std::f64::consts::LN_2 { (-a[0].exp()).ln_1p() } else { (-a[0].exp_m1()).ln() };
    SigmoidCrossEntropy "sigmoid_cross_entropy" 2 Lowered, "softplus({0}) − {0}·{1}", 40, [ANY, PROB], |a| a[0].max(0.0) - a[0] * a[1] + (-a[0].abs()).exp().ln_1p();
    Logistic "logistic" 1 Lowered, "σ({0})", 22, [ANY], |a| (if a[0] < 0.0 { (-a[0].abs()).exp() } else { 1.0 }) / (1.0 + (-a[0].abs()).exp());
    NormSqrt "norm_sqrt" 1 Lowered, "√({0})", 6, [POS], |a| a[0].sqrt();
    Hypot3 "hypot3" 3 Lowered, "hypot({0}, {1}, {2})", 32, [POS, ANY, ANY], |a| a[0].hypot(a[1]).hypot(a[2]);
}

impl Scalar {
    pub fn row(self) -> &'static Row {
        &Scalar::TABLE[self as usize]
    }

    /// The function of this name in rules.
    pub fn by_name(name: &str) -> Option<Scalar> {
        Scalar::TABLE.iter().find(|row| row.name == name).map(|row| row.scalar)
    }

    /// The function that a Rust float method stands for.
    pub fn by_method(name: &str) -> Option<Scalar> {
        Scalar::TABLE
            .iter()
            .find(|row| matches!(row.spelling, Method(method) if method == name))
            .map(|row| row.scalar)
    }

    pub fn is_commutative(self) -> bool {
        matches!(self, Scalar::Add | Scalar::Mul | Scalar::Max | Scalar::Min | Scalar::Hypot)
    }
}
