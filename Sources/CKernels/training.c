#include "vectors.h"

#define BODY "training_body.h"
#include "levels.h"

void souk_softmax_loss(
    int level, float *scores, int64_t rows, int64_t width, const float *shifts, const float *own, float factor,
    float *slopes, float *losses) {
    CALL(level, softmax_loss, scores, rows, width, shifts, own, factor, slopes, losses);
}

void souk_adam(
    int level, float *weights, float *means, float *squares, const float *gradients, int64_t count,
    const souk_adam_step *step) {
    CALL(level, adam, weights, means, squares, gradients, count, step);
}

void souk_dropout_mask(int level, float *mask, int64_t count, uint64_t key, uint32_t threshold, float scale) {
    CALL(level, dropout_mask, mask, count, key, threshold, scale);
}

void souk_log_sums(int level, const float *scores, int64_t rows, int64_t width, double *sums) {
    CALL(level, log_sums, scores, rows, width, sums);
}

void souk_ranking_steps(
    int level, float *people, float *items, float *biases, int64_t width, const uint32_t *triples, int64_t count,
    float rate, float decay) {
    CALL(level, ranking_steps, people, items, biases, width, triples, count, rate, decay);
}

void souk_causal_attention(
    int level, const float *joined, int64_t sequences, int64_t length, int64_t width, int64_t heads, const float *mask,
    float *weights, float *context) {
    CALL(level, causal_attention, joined, sequences, length, width, heads, mask, weights, context);
}

void souk_causal_attention_slopes(
    int level, const float *joined, const float *weights, const float *mask, const float *slopes, int64_t sequences,
    int64_t length, int64_t width, int64_t heads, float *scratch, float *target) {
    CALL(level, causal_attention_slopes, joined, weights, mask, slopes, sequences, length, width, heads, scratch, target);
}
