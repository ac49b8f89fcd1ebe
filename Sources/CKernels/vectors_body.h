// What functions of several files need, at one level of instructions.

// e^x for x of at most zero: powers of two and a polynomial (Cephes, Moshier, 1989).
INLINE lanes16 NAME(exponential)(lanes16 x) {
    const lanes16 bounded = __builtin_elementwise_max(x, (lanes16){0} - 87.0f);
    const lanes16 shifted = bounded * 1.44269504f + 12582912.0f;  // Rounds to a whole number.
    const lanes16 power = shifted - 12582912.0f;
    const lanes16 rest = bounded - power * 0.693359375f + power * 2.1219444e-4f;
    lanes16 series = rest * 1.98756915e-4f + 1.39819995e-3f;
    series = series * rest + 8.3334519e-3f;
    series = series * rest + 4.1665796e-2f;
    series = series * rest + 1.66666655e-1f;
    series = series * rest + 5.0000001e-1f;
    const lanes16 mantissa = series * rest * rest + rest + 1.0f;
    const whole16 exponent = (__builtin_convertvector(power, whole16) + 127) << 23;
    return mantissa * (lanes16)exponent;
}

INLINE float NAME(total8)(lanes8 sum) {
    float half[4];
    for (int lane = 0; lane < 4; lane++) half[lane] = sum[lane] + sum[lane + 4];
    return (half[0] + half[2]) + (half[1] + half[3]);
}

// `depth` is a multiple of eight.
INLINE float NAME(dot)(const float *left, const float *right, int64_t depth) {
    lanes8 sum = {0};
    for (int64_t place = 0; place < depth; place += 8)
        sum += *(const lanes8 *)(left + place) * *(const lanes8 *)(right + place);
    return NAME(total8)(sum);
}
