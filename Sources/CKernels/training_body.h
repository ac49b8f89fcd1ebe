// The functions of training.c at one level of instructions.

#include "vectors_body.h"

INLINE float NAME(sum16)(lanes16 values) {
    float sum = 0;
    for (int lane = 0; lane < 16; lane++) sum += values[lane];
    return sum;
}

INLINE float NAME(largest16)(lanes16 values) {
    float largest = values[0];
    for (int lane = 1; lane < 16; lane++) largest = values[lane] > largest ? values[lane] : largest;
    return largest;
}

static void NAME(softmax_loss)(
    float *scores, int64_t rows, int64_t width, const float *shifts, const float *own, float factor, float *slopes,
    float *losses) {
    const int64_t whole = width / 16 * 16, left = width - whole;
    for (int64_t row = 0; row < rows; row++) {
        float *values = scores + row * width;
        // What is missing of the last sixteen counts as −∞.
        lanes16 last = (lanes16){0} - __builtin_inff(), shift = {0};
        memcpy(&last, values + whole, (size_t)left * sizeof(float));
        memcpy(&shift, shifts + whole, (size_t)left * sizeof(float));
        last += shift;
        lanes16 highest = last;
        whole16 is_broken = last != last;
        for (int64_t place = 0; place < whole; place += 16) {
            const lanes16 value = *(lanes16 *)(values + place) + *(const lanes16 *)(shifts + place);
            *(lanes16 *)(values + place) = value;
            highest = __builtin_elementwise_max(highest, value);
            is_broken |= value != value;
        }
        const float most = NAME(largest16)(highest), top = most > own[row] ? most : own[row];
        lanes16 sum = {0};
        for (int64_t place = 0; place < whole; place += 16) {
            const lanes16 power = NAME(exponential)(*(lanes16 *)(values + place) - top);
            *(lanes16 *)(values + place) = power;
            sum += power;
        }
        // The lanes that are missing would count e^−87 each.
        last = NAME(exponential)(last - top);
        float total = NAME(sum16)(sum);
        for (int64_t place = 0; place < left; place++) total += last[place];
        memcpy(values + whole, &last, (size_t)left * sizeof(float));
        const float power = __builtin_expf(own[row] - top);
        total += power;
        const float scale = factor / total;
        for (int64_t place = 0; place < whole; place += 16) *(lanes16 *)(values + place) *= scale;
        for (int64_t place = whole; place < width; place++) values[place] *= scale;
        slopes[row] = (power / total - 1) * factor;
        losses[row] = __builtin_logf(total) + top - own[row];
        for (int lane = 0; lane < 16; lane++)
            if (is_broken[lane]) losses[row] = __builtin_nanf("");
    }
}

static void NAME(log_sums)(const float *scores, int64_t rows, int64_t width, double *sums) {
    enum { stretch = 1024 };  // So many are summed in single precision.
    const int64_t whole = width / 16 * 16, left = width - whole;
    for (int64_t row = 0; row < rows; row++) {
        const float *values = scores + row * width;
        lanes16 last = (lanes16){0} - __builtin_inff();
        memcpy(&last, values + whole, (size_t)left * sizeof(float));
        lanes16 highest = last;
        whole16 is_broken = last != last;
        for (int64_t place = 0; place < whole; place += 16) {
            const lanes16 value = *(const lanes16 *)(values + place);
            highest = __builtin_elementwise_max(highest, value);
            is_broken |= value != value;
        }
        const float most = NAME(largest16)(highest);
        double total = 0;
        for (int64_t start = 0; start < whole; start += stretch) {
            const int64_t end = start + stretch < whole ? start + stretch : whole;
            lanes16 sum = {0};
            for (int64_t place = start; place < end; place += 16)
                sum += NAME(exponential)(*(const lanes16 *)(values + place) - most);
            total += NAME(sum16)(sum);
        }
        last = NAME(exponential)(last - most);
        for (int64_t place = 0; place < left; place++) total += last[place];
        sums[row] = __builtin_log(total) + most;
        for (int lane = 0; lane < 16; lane++)
            if (is_broken[lane]) sums[row] = __builtin_nan("");
    }
}

INLINE void NAME(adam16)(
    lanes16 *weight, lanes16 *mean, lanes16 *square, lanes16 gradient, const souk_adam_step *step) {
    *mean = *mean * step->beta1 + gradient * (1 - step->beta1);
    *square = *square * step->beta2 + gradient * gradient * (1 - step->beta2);
    const lanes16 root = __builtin_elementwise_sqrt(*square) * step->root_scale + step->epsilon;
    *weight = *weight * step->shrinkage - *mean / root * step->rate;
}

static void NAME(adam)(
    float *weights, float *means, float *squares, const float *gradients, int64_t count, const souk_adam_step *step) {
    int64_t place = 0;
    for (; place + 16 <= count; place += 16)
        NAME(adam16)(
            (lanes16 *)(weights + place), (lanes16 *)(means + place), (lanes16 *)(squares + place),
            *(const lanes16 *)(gradients + place), step);
    const size_t left = (size_t)(count - place) * sizeof(float);
    lanes16 weight = {0}, mean = {0}, square = {0}, gradient = {0};
    memcpy(&weight, weights + place, left);
    memcpy(&mean, means + place, left);
    memcpy(&square, squares + place, left);
    memcpy(&gradient, gradients + place, left);
    NAME(adam16)(&weight, &mean, &square, gradient, step);
    memcpy(weights + place, &weight, left);
    memcpy(means + place, &mean, left);
    memcpy(squares + place, &square, left);
}

static void NAME(ranking_steps)(
    float *people, float *items, float *biases, int64_t width, const uint32_t *triples, int64_t count, float rate,
    float decay) {
    enum { ahead = 4 };
    const float keep = 1 - rate * decay;
    for (int64_t number = 0; number < count; number++) {
        const uint32_t *triple = triples + 3 * number;
        if (number + ahead < count) {
            // Rows lie anywhere: they are asked for before their turn.
            for (int part = 1; part < 3; part++) {
                const float *row = items + (int64_t)triple[3 * ahead + part] * width;
                for (int64_t place = 0; place < width; place += 16) __builtin_prefetch(row + place, 1);
            }
        }
        float *x = people + triple[0] * width, *y = items + triple[1] * width, *z = items + triple[2] * width;
        lanes8 sum = {0};
        for (int64_t place = 0; place < width; place += 8)
            sum += *(lanes8 *)(x + place) * (*(lanes8 *)(y + place) - *(lanes8 *)(z + place));
        const float margin = NAME(total8)(sum) + biases[triple[1]] - biases[triple[2]];
        const float pull = rate / (1 + __builtin_expf(margin));
        for (int64_t place = 0; place < width; place += 8) {
            const lanes8 person = *(lanes8 *)(x + place), own = *(lanes8 *)(y + place), other = *(lanes8 *)(z + place);
            *(lanes8 *)(x + place) = keep * person + pull * (own - other);
            *(lanes8 *)(y + place) = keep * own + pull * person;
            *(lanes8 *)(z + place) = keep * other - pull * person;
        }
        biases[triple[1]] = keep * biases[triple[1]] + pull;
        biases[triple[2]] = keep * biases[triple[2]] - pull;
    }
}

// Two rounds of a mixing of 32 bits that keeps every bit of the key in play ("lowbias32", Wellons, 2018).
INLINE counts16 NAME(mixed)(counts16 value) {
    value ^= value >> 16;
    value *= 0x7feb352dU;
    value ^= value >> 15;
    value *= 0x846ca68bU;
    return value ^ (value >> 16);
}

static void NAME(dropout_mask)(float *mask, int64_t count, uint64_t key, uint32_t threshold, float scale) {
    counts16 number;
    for (int lane = 0; lane < 16; lane++) number[lane] = (uint32_t)lane;
    number += (uint32_t)key;
    const uint32_t second = (uint32_t)(key >> 32);
    for (int64_t place = 0; place < count; place += 16, number += 16) {
        const counts16 drawn = NAME(mixed)(NAME(mixed)(number) ^ second);
        const whole16 is_kept = drawn >= threshold;
        const lanes16 values = (lanes16)(is_kept & (whole16)((lanes16){0} + scale));
        if (place + 16 <= count) *(lanes16 *)(mask + place) = values;
        else memcpy(mask + place, &values, (size_t)(count - place) * sizeof(float));
    }
}

INLINE void NAME(add_scaled)(float *target, const float *source, float factor, int64_t depth) {
    for (int64_t place = 0; place < depth; place += 8)
        *(lanes8 *)(target + place) += *(const lanes8 *)(source + place) * factor;
}

static void NAME(causal_attention)(
    const float *joined, int64_t sequences, int64_t length, int64_t width, int64_t heads, const float *mask,
    float *weights, float *context) {
    const int64_t depth = width / heads, stride = 3 * width;
    const float scale = 1.0f / __builtin_sqrtf((float)depth);
    memset(context, 0, (size_t)(sequences * length * width) * sizeof(float));
    for (int64_t number = 0; number < sequences * heads; number++) {
        const float *query = joined + number / heads * length * stride + number % heads * depth;
        const float *key = query + width, *value = key + width;
        float *own_weights = weights + number * length * length;
        float *result = context + number / heads * length * width + number % heads * depth;
        const float *own_mask = mask ? mask + number * length * length : 0;
        for (int64_t row = 0; row < length; row++) {
            float *line = own_weights + row * length;
            float highest = -__builtin_inff(), sum = 0;
            for (int64_t other = 0; other <= row; other++) {
                line[other] = NAME(dot)(query + row * stride, key + other * stride, depth) * scale;
                highest = line[other] > highest ? line[other] : highest;
            }
            for (int64_t other = 0; other <= row; other += 16) {
                const int64_t left = row + 1 - other;
                const size_t bytes = (size_t)(left < 16 ? left : 16) * sizeof(float);
                lanes16 some = (lanes16){0} - __builtin_inff();
                memcpy(&some, line + other, bytes);
                some = NAME(exponential)(some - highest);
                memcpy(line + other, &some, bytes);
            }
            for (int64_t other = 0; other <= row; other++) sum += line[other];
            for (int64_t other = 0; other < length; other++) line[other] = other <= row ? line[other] / sum : 0;
            for (int64_t other = 0; other <= row; other++) {
                const float weight = own_mask ? line[other] * own_mask[row * length + other] : line[other];
                NAME(add_scaled)(result + row * width, value + other * stride, weight, depth);
            }
        }
    }
}

static void NAME(causal_attention_slopes)(
    const float *joined, const float *weights, const float *mask, const float *slopes, int64_t sequences,
    int64_t length, int64_t width, int64_t heads, float *scratch, float *target) {
    const int64_t depth = width / heads, stride = 3 * width;
    const float scale = 1.0f / __builtin_sqrtf((float)depth);
    memset(target, 0, (size_t)(sequences * length * stride) * sizeof(float));
    for (int64_t number = 0; number < sequences * heads; number++) {
        const int64_t start = number / heads * length * stride + number % heads * depth;
        const float *query = joined + start, *key = query + width, *value = key + width;
        float *by_query = target + start, *by_key = by_query + width, *by_value = by_key + width;
        const float *own_weights = weights + number * length * length;
        const float *own_mask = mask ? mask + number * length * length : 0;
        const float *slope = slopes + number / heads * length * width + number % heads * depth;
        for (int64_t row = 0; row < length; row++) {
            const float *line = own_weights + row * length, *given = slope + row * width;
            float mean = 0;
            for (int64_t other = 0; other <= row; other++) {
                const float kept = own_mask ? own_mask[row * length + other] : 1;
                scratch[other] = NAME(dot)(given, value + other * stride, depth) * kept;
                mean += scratch[other] * line[other];
                NAME(add_scaled)(by_value + other * stride, given, line[other] * kept, depth);
            }
            for (int64_t other = 0; other <= row; other++) {
                const float by_score = line[other] * (scratch[other] - mean) * scale;
                NAME(add_scaled)(by_query + row * stride, key + other * stride, by_score, depth);
                NAME(add_scaled)(by_key + other * stride, query + row * stride, by_score, depth);
            }
        }
    }
}
