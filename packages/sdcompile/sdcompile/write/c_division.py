"""Division of each run's number by a number that all runs share, without the processor's slow division.

The reciprocal of the shared number is worked out once for all lanes. Where the processor multiplies and adds
in one rounding, each remainder is exact: one correction brings the quotient within a unit in the last place,
and after that a second one gives what a true division gives, bit for bit (P. Markstein, "Computation of
elementary functions on the IBM RISC System/6000 processor", IBM Journal of Research and Development 34,
1990). That holds for ordinary numbers; zeros and numbers beyond 2^300 either way are divided as they are.
"""

DIVISION = r"""
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
