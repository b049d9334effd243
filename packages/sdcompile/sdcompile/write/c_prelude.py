"""The fixed part of every C program: what a lane is, and the functions of the model language.

``W`` is the number of runs worked out side by side. With ``W == 1`` a lane is a plain number; otherwise
it is a vector of the compiler (GCC and Clang). The same model text compiles either way, and every
operation rounds the same way, so the number of lanes does not change an answer.
"""

from __future__ import annotations

from sdcompile.functions.registry import OPERATIONS
from sdcompile.write.c_division import DIVISION
from sdcompile.write.c_functions import FUNCTIONS

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

PRELUDE = _LANE + FUNCTIONS + DIVISION + _LANGUAGE.replace("@ELEMENTARY@", _ELEMENTARY)
