#include "kernels.h"

typedef void (*products_function)(const int8_t *, int64_t, const int8_t *, int64_t, int64_t, int32_t *);

static void products_baseline(
    const int8_t *left, int64_t rows, const int8_t *right, int64_t columns, int64_t depth, int32_t *target) {
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = 0; column < columns; column++) {
            int32_t sum = 0;
            for (int64_t place = 0; place < depth; place++)
                sum += left[row * depth + place] * right[column * depth + place];
            target[row * columns + column] = sum;
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2"), always_inline)) static inline

// The product of magnitudes on the left and signed values on the right: the sign moves over, so that the unsigned by signed
// multiplication serves. Two products fit 16 bits, as neither side holds -128.
AVX2 __m256i add_products(__m256i sum, __m256i left, __m256i magnitude, __m256i right, __m256i ones) {
    __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(right, left));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
}

AVX2 int32_t total(__m256i sum) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    return _mm_cvtsi128_si32(_mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1)));
}

AVX2 int32_t rest(const int8_t *left, const int8_t *right, int64_t from, int64_t depth) {
    int32_t sum = 0;
    for (; from < depth; from++) sum += left[from] * right[from];
    return sum;
}

#define LOAD(pointer) _mm256_loadu_si256((const __m256i *)(pointer))

// Four columns by up to two rows: eight sums stay in registers while each value is read once.
__attribute__((target("avx2"))) static void products_avx2(
    const int8_t *left, int64_t rows, const int8_t *right, int64_t columns, int64_t depth, int32_t *target) {
    const __m256i ones = _mm256_set1_epi16(1);
    const int64_t whole = depth & ~(int64_t)31;
    for (int64_t column = 0; column < columns; column += 4) {
        const int64_t width = columns - column < 4 ? columns - column : 4;
        const int8_t *block[4];
        for (int64_t place = 0; place < 4; place++)
            block[place] = right + (column + (place < width ? place : 0)) * depth;
        for (int64_t row = 0; row < rows; row += 2) {
            const int8_t *upper = left + row * depth;
            const int8_t *lower = row + 1 < rows ? upper + depth : upper;
            __m256i sums[8];
            for (int place = 0; place < 8; place++) sums[place] = _mm256_setzero_si256();
            for (int64_t place = 0; place < whole; place += 32) {
                const __m256i first = LOAD(upper + place), second = LOAD(lower + place);
                const __m256i one = _mm256_abs_epi8(first), two = _mm256_abs_epi8(second);
#pragma GCC unroll 4
                for (int part = 0; part < 4; part++) {
                    const __m256i values = LOAD(block[part] + place);
                    sums[part] = add_products(sums[part], first, one, values, ones);
                    sums[part + 4] = add_products(sums[part + 4], second, two, values, ones);
                }
            }
            for (int64_t part = 0; part < width; part++) {
                target[row * columns + column + part] = total(sums[part]) + rest(upper, block[part], whole, depth);
                if (row + 1 < rows)
                    target[(row + 1) * columns + column + part] =
                        total(sums[part + 4]) + rest(lower, block[part], whole, depth);
            }
        }
    }
}

// One row: nothing is computed twice.
__attribute__((target("avx2"))) static void row_avx2(
    const int8_t *left, const int8_t *right, int64_t columns, int64_t depth, int32_t *target) {
    const __m256i ones = _mm256_set1_epi16(1);
    const int64_t whole = depth & ~(int64_t)31;
    int64_t column = 0;
    for (; column + 4 <= columns; column += 4) {
        const int8_t *block = right + column * depth;
        __m256i sums[4];
        for (int place = 0; place < 4; place++) sums[place] = _mm256_setzero_si256();
        for (int64_t place = 0; place < whole; place += 32) {
            const __m256i values = LOAD(left + place), magnitude = _mm256_abs_epi8(values);
#pragma GCC unroll 4
            for (int part = 0; part < 4; part++)
                sums[part] = add_products(sums[part], values, magnitude, LOAD(block + part * depth + place), ones);
        }
        for (int part = 0; part < 4; part++)
            target[column + part] = total(sums[part]) + rest(left, block + part * depth, whole, depth);
    }
    for (; column < columns; column++) {
        const int8_t *values = right + column * depth;
        __m256i sum = _mm256_setzero_si256();
        for (int64_t place = 0; place < whole; place += 32) {
            const __m256i own = LOAD(left + place);
            sum = add_products(sum, own, _mm256_abs_epi8(own), LOAD(values + place), ones);
        }
        target[column] = total(sum) + rest(left, values, whole, depth);
    }
}

// Rows from anywhere: the lines of the row after the next are fetched meanwhile.
__attribute__((target("avx2"))) static void at_avx2(
    const int8_t *left, const int8_t *right, int64_t depth, const uint32_t *places, int64_t count, int32_t *target) {
    const __m256i ones = _mm256_set1_epi16(1);
    const int64_t whole = depth & ~(int64_t)31;
    for (int64_t number = 0; number < count; number++) {
        const int8_t *values = right + (int64_t)places[number] * depth;
        if (number + 2 < count)
            for (int64_t place = 0; place < depth; place += 64)
                __builtin_prefetch(right + (int64_t)places[number + 2] * depth + place);
        __m256i sum = _mm256_setzero_si256();
        for (int64_t place = 0; place < whole; place += 32) {
            const __m256i own = LOAD(left + place);
            sum = add_products(sum, own, _mm256_abs_epi8(own), LOAD(values + place), ones);
        }
        target[number] = total(sum) + rest(left, values, whole, depth);
    }
}

__attribute__((target("avx2"))) static void any_avx2(
    const int8_t *left, int64_t rows, const int8_t *right, int64_t columns, int64_t depth, int32_t *target) {
    if (rows == 1)
        row_avx2(left, right, columns, depth, target);
    else
        products_avx2(left, rows, right, columns, depth, target);
}

static products_function chosen(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") ? any_avx2 : products_baseline;
}
#else
static products_function chosen(void) { return products_baseline; }
#endif

void souk_int8_products(
    const int8_t *left, int64_t rows, const int8_t *right, int64_t columns, int64_t depth, int32_t *target) {
    static products_function function;
    products_function found = __atomic_load_n(&function, __ATOMIC_RELAXED);
    if (!found) {
        found = chosen();
        __atomic_store_n(&function, found, __ATOMIC_RELAXED);
    }
    found(left, rows, right, columns, depth, target);
}

void souk_int8_products_at(
    int level, const int8_t *left, const int8_t *right, int64_t depth, const uint32_t *places, int64_t count,
    int32_t *target) {
#if defined(__x86_64__)
    if (level >= souk_level_avx2) {
        at_avx2(left, right, depth, places, count, target);
        return;
    }
#endif
    (void)level;
    for (int64_t number = 0; number < count; number++)
        products_baseline(left, 1, right + (int64_t)places[number] * depth, 1, depth, target + number);
}
