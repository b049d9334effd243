"""Fixed part of every C program: what a lane is, division, and the functions of the model language.

``W`` is the number of runs worked out side by side. With ``W == 1`` a lane is a plain number; otherwise
it is a vector of the compiler (GCC and Clang). The same model text compiles either way, and every
operation rounds the same way, so the number of lanes does not change an answer.

Each run's number is divided by one that all runs share without the processor's slow division: the
reciprocal of the shared number is worked out once for all lanes. Where the processor multiplies and adds in
one rounding, each remainder is exact: one correction brings the quotient within a unit in the last place,
and after that a second one gives what a true division gives, bit for bit (P. Markstein, "Computation of
elementary functions on the IBM RISC System/6000 processor", IBM Journal of Research and Development 34,
1990). That holds for ordinary numbers; zeros and numbers beyond 2^300 either way are divided as they are.
"""

from __future__ import annotations

from sdcompile.functions.registry import OPERATIONS
from sdcompile.write.c_functions import FUNCTIONS

_DIVISION = r"""
static inline double over_s(double a, double b) { return a / b; }
static inline double xidz_s(double a, double b, double x) { return fabs(b) < 1e-6 ? x : a / b; }
#if W == 1
#define over_v over_s
#define xidz_v xidz_s
#define xidz_over_v xidz_s
#else
static inline V xidz_v(V a, V b, V x) {
    M nothing = (b < 1e-6) & (b > -1e-6);
    return (V)((nothing & (M)x) | (~nothing & (M)(a / b)));
}
#if W == 8 && defined(__AVX512DQ__)
#define FMA(a, b, c) (V)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c))
#elif W == 4 && defined(__FMA__)
#define FMA(a, b, c) (V)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c))
#endif
#ifdef FMA
/* Exponents from -300 to 300: without its sign, and less the LEAST of them, a number is below SPAN. */
#define LEAST ((uint64_t)(1023 - 300) << 53)
#define SPAN ((int64_t)(((uint64_t)600 << 53) - ((uint64_t)1 << 63)))
static inline int usual_v(V a) {
    U_v each = ((U_v)a << 1) - LEAST;
#if W == 8
    return _mm512_cmplt_epu64_mask((__m512i)each, _mm512_set1_epi64((int64_t)600 << 53)) == 0xff;
#else
    return all_v((M)(each ^ ((uint64_t)1 << 63)) < SPAN);
#endif
}
static inline V over_v(V a, double b) {
    int64_t shared = (int64_t)((((uint64_t)bits_s(b) << 1) - LEAST) ^ ((uint64_t)1 << 63));
    if (USUAL(usual_v(a) & (shared < SPAN))) {
        V divisor = spread(b), inverse = spread(1.0 / b);
        V quotient = a * inverse;
        quotient = FMA(FMA(-quotient, divisor, a), inverse, quotient);
        return FMA(FMA(-quotient, divisor, a), inverse, quotient);
    }
    return a / spread(b);
}
#else
static inline V over_v(V a, double b) { return a / spread(b); }
#endif
static inline V xidz_over_v(V a, double b, V x) { return fabs(b) < 1e-6 ? x : over_v(a, b); }
#endif
"""


_LANE = r"""
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef int64_t integer;

#if W == 1
typedef double V;
typedef int M;
#define spread(x) (x)
#define lane(v, l) (v)
#define truth(c) (c)
#else
#if defined(__x86_64__)
#include <immintrin.h>
#endif
typedef double V __attribute__((vector_size(8 * W)));
typedef int64_t M __attribute__((vector_size(8 * W)));
#if W == 2
#define ALL(x) {x, x}
#elif W == 4
#define ALL(x) {x, x, x, x}
#else
#define ALL(x) {x, x, x, x, x, x, x, x}
#endif
static inline V spread(double x) { return (V)ALL(x); }
#define lane(v, l) ((v)[l])
static inline M truth(int c) { int64_t m = c ? -1 : 0; return (M)ALL(m); }
#endif
"""

_LANGUAGE = r"""
static inline double min_s(double a, double b) { return (a < b || a != a) ? a : b; }
static inline double max_s(double a, double b) { return (a > b || a != a) ? a : b; }
static inline double quantum_s(double a, double b) { return b < 1e-6 ? a : b * trunc(a / b); }
static inline double modulo_s(double a, double b) { return a - quantum_s(a, b); }
static inline double remainder_s(double a, double b) {
    double r = fmod(a, b);
    return (r != 0.0 && (r < 0.0) != (b < 0.0)) ? r + b : r;
}

/* Tables: n rising x, n values, n - 1 slopes.
   Methods: 0 line, 1 line beyond the ends too, 2 hold, 3 next, 4 exact, elsewhere missing. */
#define MISSING (-0x1p109)
static double lookup_s(const double *restrict data, integer first, integer n, int method, double at) {
    const double *x = data + first, *y = x + n, *slope = y + n;
    if (at != at) return at;
    if (at < x[0]) {
        if (method == 4) return MISSING;
        return (method == 1 && n > 1) ? y[0] + slope[0] * (at - x[0]) : y[0];
    }
    if (at >= x[n - 1]) {
        if (method == 4 && at > x[n - 1]) return MISSING;
        return (method == 1 && n > 1 && at > x[n - 1]) ? y[n - 1] + slope[n - 2] * (at - x[n - 1]) : y[n - 1];
    }
    integer low = 0, high = n - 1;
    while (high - low > 1) {
        integer middle = (low + high) / 2;
        if (x[middle] <= at) low = middle; else high = middle;
    }
    if (method == 2) return y[low];
    if (method == 3) return at == x[low] ? y[low] : y[low + 1];
    if (method == 4) return at == x[low] ? y[low] : MISSING;
    return slope[low] * (at - x[low]) + y[low];
}

#define ELEMENTARY(F) @ELEMENTARY@
#define SCALAR(name, f) static inline double name##_s(double a) { return f(a); }
ELEMENTARY(SCALAR)
static inline double square_s(double a) { return a * a; }
static inline double select_s(int c, double a, double b) { return c ? a : b; }

#if W == 1
#define EACH1(name) static inline V name##_v(V a) { return name##_s(a); }
#define EACH2(name) static inline V name##_v(V a, V b) { return name##_s(a, b); }
#define EACH(name, f) EACH1(name)
ELEMENTARY(EACH)
EACH2(min) EACH2(max)
static inline V select_v(M c, V a, V b) { return c ? a : b; }
static inline V lookup_v(const double *restrict d, integer first, integer n, int method, V at) {
    return lookup_s(d, first, n, method, at);
}
#else
static inline V select_v(M c, V a, V b) { return (V)((c & (M)a) | (~c & (M)b)); }
static inline V min_v(V a, V b) { return select_v((a < b) | (a != a), a, b); }
static inline V max_v(V a, V b) { return select_v((a > b) | (a != a), a, b); }
#define EACH1(name) static inline V name##_v(V a) { \
    V r; for (int l = 0; l < W; l++) r[l] = name##_s(a[l]); return r; }
#define EACH2(name) static inline V name##_v(V a, V b) { \
    V r; for (int l = 0; l < W; l++) r[l] = name##_s(a[l], b[l]); return r; }
#define EACH(name, f) EACH1(name)
ELEMENTARY(EACH)
/* Short tables: find the segment with comparisons, the same arithmetic as lookup_s. */
static inline V lookup_v(const double *restrict data, integer first, integer n, int method, V at) {
    V r;
    if (method != 0 || n > 12) {
        for (int l = 0; l < W; l++) r[l] = lookup_s(data, first, n, method, at[l]);
        return r;
    }
    const double *x = data + first, *y = x + n, *slope = y + n;
    V left = spread(x[0]), base = spread(y[0]), rise = spread(n > 1 ? slope[0] : 0.0);
    for (integer k = 1; k < n - 1; k++) {
        M past = at >= spread(x[k]);
        left = select_v(past, spread(x[k]), left);
        base = select_v(past, spread(y[k]), base);
        rise = select_v(past, spread(slope[k]), rise);
    }
    r = rise * (at - left) + base;
    r = select_v(at < spread(x[0]), spread(y[0]), r);
    r = select_v(at >= spread(x[n - 1]), spread(y[n - 1]), r);
    return select_v(at != at, at, r);
}
#endif
static inline V square_v(V a) { return a * a; }
EACH2(quantum) EACH2(modulo) EACH2(remainder)
"""

_ELEMENTARY = " ".join(f"F({each.name}, {each.c})" for each in OPERATIONS.values() if each.c)

PRELUDE = _LANE + FUNCTIONS + _DIVISION + _LANGUAGE.replace("@ELEMENTARY@", _ELEMENTARY)
