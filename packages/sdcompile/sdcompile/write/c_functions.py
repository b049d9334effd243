"""exp, ln and power in C without tables or branches, so that many runs are worked out at once.

One text, written once for a number (``_s``) and once for a lane of runs (``_v``): the same operations in the
same order, none of them fused, each lane seeing its own argument only. So the bits depend neither on the
number of lanes nor on the machine. Answers are within one unit in the last place, and powers that are whole
numbers of up to 53 bits are exact. What is not ordinary (not finite, subnormal, overflow; ln and power of a
number that is not positive) is left to the system's own function.
"""

from __future__ import annotations

import math


def _series(coefficients: list[float], at: str) -> str:
    """Write a polynomial, lowest power first, as a tree: half of it need not wait for the other half."""
    terms, power, squares = [repr(c) for c in coefficients], at, ""
    while len(terms) > 2:
        terms = [_pair(terms[place : place + 2], power) for place in range(0, len(terms), 2)]
        squares += f"T_@ {power}{power[0]} = {power} * {power};\n    "
        power += power[0]
    return f"{squares}T_@ series = {_pair(terms, power)};"


def _pair(terms: list[str], power: str) -> str:
    return f"({terms[0]} + {power} * {terms[1]})" if len(terms) == 2 else terms[0]


_EXP = _series([1 / math.factorial(k) for k in range(2, 14)], "r")
_LN = _series([2 / k for k in range(3, 23, 2)], "z")
_POWER = _series([3 / k for k in range(5, 23, 2)], "z")

_TEXT = f"""
static inline T_@ short_@(T_@ a) {{ return value_@(bits_@(a) & ~(int64_t)0x7ffffff); }}

/* 2^n e^(r + rest) for |r| < 0.35 and a tiny rest: the series of e^r as far as r^13. */
static inline T_@ exp_near_@(T_@ r, T_@ rest, I_@ n) {{
    {_EXP}
    return (1.0 + (r + (rest + r * r * series))) * value_@((n + 1023) << 52);
}}

static inline T_@ exp_@(T_@ x) {{
    T_@ shifted = x * 0x1.71547652b82fep0 + ROUNDING;
    T_@ n = shifted - ROUNDING;
    T_@ high = x - n * LN2_HIGH, low = n * LN2_LOW;
    T_@ r = high - low;
    T_@ found = exp_near_@(r, (high - r) - low, bits_@(shifted) - ROUNDING_BITS);
    C_@ fine = (x < 708.0) & (x > -708.0);
    return USUAL(all_@(fine)) ? found : exp_odd_@(x, fine, found);
}}

/* The n and m with a = m 2^n and m from sqrt(1/2) to sqrt(2). */
static inline T_@ scale_@(T_@ a, T_@ *m) {{
    I_@ up = bits_@(a) + 0x95f619980c433;
    *m = value_@((up & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
    return value_@((I_@)((U_@)up >> 52) + 0x4330000000000000) - (0x1p52 + 1023.0);
}}

/* ln m = f - (f^2/2 - s (f^2/2 + z series)) with f = m - 1, s = f / (m + 1), z = s^2. */
static inline T_@ ln_@(T_@ a) {{
    T_@ m, n = scale_@(a, &m);
    T_@ f = m - 1.0, s = f / (f + 2.0), z = s * s, half = 0.5 * f * f;
    {_LN}
    T_@ found = n * LN2_HIGH - ((half - (s * (half + z * series) + n * LN2_LOW)) - f);
    C_@ fine = (a >= 0x1p-1022) & (a <= 0x1.fffffffffffffp1023);
    return USUAL(all_@(fine)) ? found : ln_odd_@(a, fine, found);
}}

/* 2^(b log2 a). log2 a is the sum of two numbers and good to 64 bits: s (3 + z + z^2 series) times
   2 / (3 ln 2) with s as in ln. Numbers in _high are short: a product of two of them is exact. */
static inline T_@ power_@(T_@ a, T_@ b) {{
    T_@ m, n = scale_@(a, &m);
    T_@ f = m - 1.0, g = m + 1.0, inverse = 1.0 / g, s = f * inverse;
    T_@ s_high = short_@(s), g_high = short_@(g), g_low = m - (g_high - 1.0);
    T_@ s_low = ((f - s_high * g_high) - s_high * g_low) * inverse;
    T_@ z = s * s, z_high = s_high * s_high;
    {_POWER}
    T_@ rest = z * z * series + s_low * (s_high + s);
    T_@ t_high = short_@(3.0 + z_high + rest), t_low = rest - ((t_high - 3.0) - z_high);
    T_@ u_high = s_high * t_high, u_low = s_low * t_high + t_low * s;
    T_@ p_high = short_@(u_high + u_low), p_low = u_low - (p_high - u_high);
    T_@ q_high = SCALE_HIGH * p_high, q_low = SCALE_LOW * p_high + p_low * SCALE;
    T_@ log_high = short_@((q_high + q_low) + n), log_low = q_low - ((log_high - n) - q_high);
    T_@ b_high = short_@(b);
    T_@ y_high = b_high * log_high, y_low = (b - b_high) * log_high + b * log_low;
    T_@ y = y_high + y_low, shifted = y + ROUNDING;
    T_@ above = y_high - (shifted - ROUNDING);
    T_@ x_high = short_@(above + y_low), x_low = y_low - (x_high - above);
    T_@ r_high = x_high * LN2_SHORT, r_low = x_low * LN2 + x_high * LN2_REST;
    T_@ r = r_high + r_low;
    T_@ found = exp_near_@(r, r_low - (r - r_high), bits_@(shifted) - ROUNDING_BITS);
    C_@ fine = (a >= 0x1p-1022) & (a <= 0x1.fffffffffffffp1023) & (y < 1022.0) & (y > -1022.0);
    return USUAL(all_@(fine)) ? found : power_odd_@(a, b, fine, found);
}}
"""

_CONSTANTS = """
#define USUAL(condition) __builtin_expect(!!(condition), 1)
#define ROUNDING 0x1.8p52 /* a number plus this, less this, is the nearest whole number */
#define ROUNDING_BITS 0x4338000000000000
#define LN2_HIGH 0x1.62e42feep-1 /* times a whole number below 2^20 it is exact */
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LN2 0x1.62e42fefa39efp-1
#define LN2_SHORT 0x1.62e42f8p-1 /* 26 bits, as the numbers in _high */
#define LN2_REST 0x1.be8e7bcd5e4f2p-27
#define SCALE 0x1.ec709dc3a03fdp-1 /* 2 / (3 ln 2) */
#define SCALE_HIGH 0x1.ec709d8p-1
#define SCALE_LOW 0x1.0e80ff5d27f05p-27

typedef double T_s;
typedef int C_s;
typedef int64_t I_s;
typedef uint64_t U_s;
static inline int64_t bits_s(double a) { int64_t b; memcpy(&b, &a, 8); return b; }
static inline double value_s(int64_t b) { double a; memcpy(&a, &b, 8); return a; }
static inline int all_s(int c) { return c; }
static inline double exp_odd_s(double x, int fine, double found) { return fine ? found : exp(x); }
static inline double ln_odd_s(double a, int fine, double found) { return fine ? found : log(a); }
static inline double power_odd_s(double a, double b, int fine, double found) {
    return fine ? found : pow(a, b);
}
"""

_LANES = """
typedef V T_v;
typedef M C_v;
typedef M I_v;
typedef uint64_t U_v __attribute__((vector_size(8 * W)));
static inline M bits_v(V a) { return (M)a; }
static inline V value_v(M b) { return (V)b; }
#if W == 8 && defined(__AVX512DQ__)
static inline int all_v(M c) { return _mm512_movepi64_mask((__m512i)c) == 0xff; }
#elif W == 4 && defined(__AVX__)
static inline int all_v(M c) { return _mm256_movemask_pd((__m256d)c) == 0xf; }
#elif W == 2 && defined(__SSE2__)
static inline int all_v(M c) { return _mm_movemask_pd((__m128d)c) == 0x3; }
#else
static inline int all_v(M c) { int64_t all = -1; for (int l = 0; l < W; l++) all &= c[l]; return all != 0; }
#endif
#define ODD __attribute__((noinline, cold)) static V
ODD exp_odd_v(V x, M fine, V found) {
    for (int l = 0; l < W; l++) if (!fine[l]) found[l] = exp(x[l]);
    return found;
}
ODD ln_odd_v(V a, M fine, V found) {
    for (int l = 0; l < W; l++) if (!fine[l]) found[l] = log(a[l]);
    return found;
}
ODD power_odd_v(V a, V b, M fine, V found) {
    for (int l = 0; l < W; l++) if (!fine[l]) found[l] = pow(a[l], b[l]);
    return found;
}
"""

OWN = ("exp", "ln", "power")
"""The functions written here and not taken from the system."""

FUNCTIONS = "\n".join(
    [
        _CONSTANTS,
        _TEXT.replace("@", "s"),
        "#if W == 1",
        *[f"#define {name}_v {name}_s" for name in OWN],
        "#else",
        _LANES,
        _TEXT.replace("@", "v"),
        "#endif",
    ]
)
"""To stand after the types of a lane."""
