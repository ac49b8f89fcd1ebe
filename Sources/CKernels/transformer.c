#include "vectors.h"

// The functions of transformer_body.h, compiled once for every level of instructions. Only products of 8-bit numbers need
// instructions by name.

enum {
    panel = souk_panel_columns,
    // How many weights ahead are fetched: weights in single precision are larger than the caches.
    ahead = 1024,
};

#define TILES(MACRO) \
    MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6) MACRO(7) MACRO(8) MACRO(9) MACRO(10) MACRO(11) MACRO(12)

// Rows are taken in blocks of nearly equal height, none above `most`.
INLINE int64_t block_height(int64_t rows, int64_t most) {
    const int64_t blocks = (rows + most - 1) / most;
    return (rows + blocks - 1) / blocks;
}

#define NAME(name) name##_plain
#define MOST_ROWS 2
#include "transformer_body.h"
#undef NAME
#undef MOST_ROWS

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(name) name##_avx2
#define MOST_ROWS 6
#include "transformer_body.h"
#undef NAME
#undef MOST_ROWS
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma"))), apply_to = function)
#define NAME(name) name##_wide
#define MOST_ROWS souk_most_rows
#include "transformer_body.h"

INLINE void int8_tile(
    const int8_t *input, const int32_t *sums, const float *factors, int64_t stride, const uint8_t *weights,
    lanes16 column_factors, lanes16 bias, float *target, int64_t columns, int64_t left, const int rows) {
    __m512i products[souk_most_rows];
    // Weights are stored 128 too high, so that they have no sign: what that adds is taken off first.
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) products[row] = _mm512_set1_epi32(-128 * sums[row]);
    for (int64_t place = 0; place < stride; place += 4) {
        const __m512i values = _mm512_loadu_si512(weights + place * panel);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            int32_t four;
            memcpy(&four, input + row * stride + place, 4);
            products[row] = _mm512_dpbusd_epi32(products[row], values, _mm512_set1_epi32(four));
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
        const lanes16 result = (lanes16)_mm512_cvtepi32_ps(products[row]) * (column_factors * factors[row]) + bias;
        store_columns_wide(result, target + row * columns, left);
    }
}

static void int8_vnni(const int8_t *numbers, const float *factors, const int32_t *sums, int64_t rows, int64_t stride,
    const uint8_t *panels, const float *column_factors, const float *bias, int64_t columns, float *target) {
    for (int64_t column = 0; column < columns; column += panel) {
        const int64_t left = columns - column;
        const size_t bytes = (size_t)(left < panel ? left : panel) * sizeof(float);
        lanes16 scale = {0}, start = {0};
        memcpy(&scale, column_factors + column, bytes);
        memcpy(&start, bias + column, bytes);
        const uint8_t *weights = panels + column * stride;
        for (int64_t row = 0, height; row < rows; row += height) {
            height = block_height(rows - row, souk_most_rows);
            const int8_t *from = numbers + row * stride;
            float *to = target + row * columns + column;
            switch (height) {
#define INT8_TILE(count) \
    case count: \
        int8_tile(from, sums + row, factors + row, stride, weights, scale, start, to, columns, left, count); \
        break;
                TILES(INT8_TILE)
            }
        }
    }
}
#pragma clang attribute pop

int souk_level(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return souk_level_plain;
    const int is_wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512vnni");
    return is_wide ? souk_level_wide : souk_level_avx2;
}
#else
int souk_level(void) { return souk_level_plain; }
#endif

void souk_gelu(int level, float *values, int64_t count) { CALL(level, gelu, values, count); }

void souk_layer_norm(
    int level, const float *values, const float *residual, const float *weight, const float *bias, float epsilon,
    int64_t rows, int64_t width, float *target) {
    CALL(level, norm, values, residual, weight, bias, epsilon, rows, width, target);
}

void souk_attention(
    int level, const float *joined, int64_t rows, int64_t width, int64_t heads, int is_causal, float *weights,
    float *context) {
    CALL(level, attention, joined, rows, width, heads, is_causal, weights, context);
}

void souk_quantise_rows(
    int level, const float *values, int64_t rows, int64_t depth, int64_t stride, int8_t *numbers, float *factors,
    int32_t *sums) {
    CALL(level, quantise, values, rows, depth, stride, numbers, factors, sums);
}

void souk_dense_float(
    int level, const float *input, int64_t rows, int64_t depth, const float *panels, const float *bias,
    int64_t columns, float *target) {
    CALL(level, float, input, rows, depth, panels, bias, columns, target);
}

void souk_dense_int8(
    int level, const int8_t *numbers, const float *factors, const int32_t *sums, int64_t rows, int64_t stride,
    const void *weights, const float *column_factors, const float *bias, int64_t columns, int32_t *products,
    float *target) {
#if defined(__x86_64__)
    if (level == souk_level_wide) {
        int8_vnni(numbers, factors, sums, rows, stride, weights, column_factors, bias, columns, target);
        return;
    }
#endif
    (void)sums;
    souk_int8_products(numbers, rows, weights, columns, stride, products);
    CALL(level, scale, products, rows, columns, factors, column_factors, bias, target);
}
