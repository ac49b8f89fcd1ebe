// The functions of transformer.c at one level of instructions; NAME(x) gives x the level's name, MOST_ROWS is how many rows of
// sixteen sums the registers hold.

#include "vectors_body.h"

// x · Φ(x); the error function is Abramowitz and Stegun's 7.1.26 (1964).
INLINE lanes16 NAME(gelu_of)(lanes16 x) {
    const lanes16 scaled = x * 0.70710677f;
    const lanes16 magnitude = __builtin_elementwise_abs(scaled);
    const lanes16 t = 1.0f / (1.0f + 0.3275911f * magnitude);
    lanes16 series = t * 1.061405429f - 1.453152027f;
    series = series * t + 1.421413741f;
    series = series * t - 0.284496736f;
    series = series * t + 0.254829592f;
    const lanes16 error = 1.0f - series * t * NAME(exponential)(-magnitude * magnitude);
    return 0.5f * x * (1.0f + __builtin_elementwise_copysign(error, x));
}

static void NAME(gelu)(float *values, int64_t count) {
    int64_t place = 0;
    for (; place + 16 <= count; place += 16) *(lanes16 *)(values + place) = NAME(gelu_of)(*(lanes16 *)(values + place));
    if (place == count) return;
    lanes16 rest = {0};
    memcpy(&rest, values + place, (size_t)(count - place) * sizeof(float));
    rest = NAME(gelu_of)(rest);
    memcpy(values + place, &rest, (size_t)(count - place) * sizeof(float));
}

static void NAME(norm)(
    const float *values, const float *residual, const float *weight, const float *bias, float epsilon, int64_t rows,
    int64_t width, float *target) {
    for (int64_t row = 0; row < rows; row++) {
        const float *source = values + row * width, *other = residual ? residual + row * width : 0;
        float *result = target + row * width;
        lanes8 sum = {0};
        for (int64_t place = 0; place < width; place += 8) {
            lanes8 value = *(const lanes8 *)(source + place);
            if (other) value += *(const lanes8 *)(other + place);
            *(lanes8 *)(result + place) = value;
            sum += value;
        }
        const float mean = NAME(total8)(sum) / (float)width;
        lanes8 squares = {0};
        for (int64_t place = 0; place < width; place += 8) {
            const lanes8 value = *(const lanes8 *)(result + place) - mean;
            squares += value * value;
        }
        const float factor = 1.0f / __builtin_sqrtf(NAME(total8)(squares) / (float)width + epsilon);
        for (int64_t place = 0; place < width; place += 8) {
            const lanes8 value = *(const lanes8 *)(result + place) - mean;
            *(lanes8 *)(result + place) =
                value * factor * *(const lanes8 *)(weight + place) + *(const lanes8 *)(bias + place);
        }
    }
}

// `weights` has room for one number a row of a sequence, rounded up to sixteen.
static void NAME(attention)(
    const float *joined, int64_t rows, int64_t width, int64_t heads, int is_causal, float *weights, float *context) {
    const int64_t depth = width / heads, stride = 3 * width;
    const float scale = 1.0f / __builtin_sqrtf((float)depth);
    for (int64_t head = 0; head < heads; head++) {
        const float *query = joined + head * depth, *key = query + width, *value = key + width;
        for (int64_t row = 0; row < rows; row++) {
            const int64_t seen = is_causal ? row + 1 : rows;
            const float *own = query + row * stride;
            float highest = -__builtin_inff();
            for (int64_t other = 0; other < seen; other++) {
                weights[other] = NAME(dot)(own, key + other * stride, depth) * scale;
                highest = weights[other] > highest ? weights[other] : highest;
            }
            const int64_t padded = (seen + 15) & ~(int64_t)15;
            for (int64_t other = seen; other < padded; other++) weights[other] = -__builtin_inff();
            float sum = 0;
            for (int64_t other = 0; other < padded; other += 16) {
                const lanes16 powers = NAME(exponential)(*(lanes16 *)(weights + other) - highest);
                *(lanes16 *)(weights + other) = powers;
            }
            for (int64_t other = 0; other < seen; other++) sum += weights[other];
            float *result = context + row * width + head * depth;
            const float share = 1.0f / sum;
            for (int64_t place = 0; place < depth; place += 8) {
                lanes8 mixed = {0};
                for (int64_t other = 0; other < seen; other++)
                    mixed += weights[other] * *(const lanes8 *)(value + other * stride + place);
                *(lanes8 *)(result + place) = mixed * share;
            }
        }
    }
}

static void NAME(quantise)(
    const float *values, int64_t rows, int64_t depth, int64_t stride, int8_t *numbers, float *factors, int32_t *sums) {
    for (int64_t row = 0; row < rows; row++) {
        const float *source = values + row * depth;
        int8_t *target = numbers + row * stride;
        lanes16 highest = {0};
        int64_t place = 0;
        for (; place + 16 <= depth; place += 16)
            highest = __builtin_elementwise_max(highest, __builtin_elementwise_abs(*(const lanes16 *)(source + place)));
        float largest = 0;
        for (int lane = 0; lane < 16; lane++) largest = highest[lane] > largest ? highest[lane] : largest;
        for (; place < depth; place++) {
            const float magnitude = __builtin_fabsf(source[place]);
            largest = magnitude > largest ? magnitude : largest;
        }
        const int is_usable = largest > 0 && largest < __builtin_inff();
        const float scale = is_usable ? 127.0f / largest : 0.0f;
        whole16 sum = {0};
        for (place = 0; place + 16 <= depth; place += 16) {
            const lanes16 scaled = is_usable ? *(const lanes16 *)(source + place) * scale : (lanes16){0};
            // The sum with 1.5 · 2^23 has the nearest whole number in its lowest bits.
            const whole16 number = (whole16)(scaled + 12582912.0f) - 0x4B400000;
            *(small16 *)(target + place) = __builtin_convertvector(number, small16);
            sum += number;
        }
        int32_t all = 0;
        for (int lane = 0; lane < 16; lane++) all += sum[lane];
        for (; place < depth; place++) {
            const float scaled = is_usable ? source[place] * scale : 0.0f;
            target[place] = (int8_t)__builtin_rintf(scaled);
            all += target[place];
        }
        for (; place < stride; place++) target[place] = 0;
        factors[row] = is_usable ? largest / 127.0f : 0.0f;
        sums[row] = all;
    }
}

INLINE void NAME(store_columns)(lanes16 values, float *target, int64_t columns) {
    if (columns >= panel)
        *(lanes16 *)target = values;
    else
        memcpy(target, &values, (size_t)columns * sizeof(float));
}

// One panel of columns by a constant number of rows, whose sums stay in registers.
INLINE void NAME(float_tile)(
    const float *input, int64_t depth, const float *weights, lanes16 bias, float *target, int64_t columns, int64_t left,
    const int rows) {
    lanes16 sums[souk_most_rows];
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) sums[row] = bias;
    for (int64_t place = 0; place < depth; place++) {
        const lanes16 values = *(const lanes16 *)(weights + place * panel);
        __builtin_prefetch(weights + place * panel + ahead);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) sums[row] += values * input[row * depth + place];
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) NAME(store_columns)(sums[row], target + row * columns, left);
}

static void NAME(float)(
    const float *input, int64_t rows, int64_t depth, const float *panels, const float *bias, int64_t columns,
    float *target) {
    for (int64_t column = 0; column < columns; column += panel) {
        const int64_t left = columns - column;
        lanes16 start = {0};
        memcpy(&start, bias + column, (size_t)(left < panel ? left : panel) * sizeof(float));
        const float *weights = panels + column * depth;
        for (int64_t row = 0, height; row < rows; row += height) {
            height = block_height(rows - row, MOST_ROWS);
            const float *from = input + row * depth;
            float *to = target + row * columns + column;
            switch (height) {
#define FLOAT_TILE(count) \
    case count: \
        if (count <= MOST_ROWS) NAME(float_tile)(from, depth, weights, start, to, columns, left, count); \
        break;
                TILES(FLOAT_TILE)
#undef FLOAT_TILE
            }
        }
    }
}

// Sums of products as real numbers: each times the factors of its row and column, and the bias.
static void NAME(scale)(
    const int32_t *products, int64_t rows, int64_t columns, const float *row_factors, const float *column_factors,
    const float *bias, float *target) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++)
            target[row * columns + column] =
                (float)products[row * columns + column] * (column_factors[column] * row_factors[row]) + bias[column];
}

