#pragma once
#include <stdint.h>

// Numeric kernels that need the processor's wider instructions. The Swift twins that they are tested against stand in
// `Numerics.Int8Products` and in the tests of `Numerics`.

/// target[r * columns + c] = sum over d of left[r * depth + d] * right[c * depth + d].
///
/// Values lie in -127...127 (never -128); `depth` is at most 65,536, so that no sum overflows.
void souk_int8_products(
    const int8_t *left, int64_t rows, const int8_t *right, int64_t columns, int64_t depth, int32_t *target);

/// Instructions that a function may use. A higher level than `souk_level()` must not be asked for.
enum {
    souk_level_plain = 0,
    /// AVX2 and FMA.
    souk_level_avx2 = 1,
    /// AVX-512 with VNNI.
    souk_level_wide = 2,
};

/// The highest level of this processor.
int souk_level(void);

/// The product of one row with those rows of `right` that `places` names: target[i] = left · right[places[i]]. Bounds are those of
/// `souk_int8_products`.
void souk_int8_products_at(
    int level, const int8_t *left, const int8_t *right, int64_t depth, const uint32_t *places, int64_t count,
    int32_t *target);

enum {
    /// Columns of weights that lie side by side.
    souk_panel_columns = 16,
    /// Rows that are multiplied with a panel at a time.
    souk_most_rows = 12,
};

/// values[i] = x · Φ(x), in place.
void souk_gelu(int level, float *values, int64_t count);

/// Layer normalisation of `rows` of `values`, plus `residual` unless it is null; `width` is a multiple of eight, `target` may be
/// `values` or `residual`.
void souk_layer_norm(
    int level, const float *values, const float *residual, const float *weight, const float *bias, float epsilon,
    int64_t rows, int64_t width, float *target);

/// Scaled dot-product attention within one sequence: `joined` has rows of query, key and value side by side, shape
/// `[rows, 3 * width]`; `width / heads` is a multiple of eight. `weights` has room for `rows`, rounded up to sixteen.
void souk_attention(
    int level, const float *joined, int64_t rows, int64_t width, int64_t heads, int is_causal, float *weights,
    float *context);

/// Rows as 8-bit numbers, value ≈ number · factor, each row `stride` apart and filled up with zeros, with the sum of its numbers.
void souk_quantise_rows(
    int level, const float *values, int64_t rows, int64_t depth, int64_t stride, int8_t *numbers, float *factors,
    int32_t *sums);

/// target = input · weights + bias. `panels` holds, for each sixteen columns, `depth` rows of them; missing columns are zero.
void souk_dense_float(
    int level, const float *input, int64_t rows, int64_t depth, const float *panels, const float *bias,
    int64_t columns, float *target);

/// The same of 8-bit numbers with a factor for each row and column. At `souk_level_wide`, `weights` holds panels of sixteen
/// columns: for each four places of the depth, each column's four numbers plus 128. Below, it is `[columns, stride]`, signed, and
/// `products` has room for rows × columns. `stride` is a multiple of four and at most 65,536.
void souk_dense_int8(
    int level, const int8_t *numbers, const float *factors, const int32_t *sums, int64_t rows, int64_t stride,
    const void *weights, const float *column_factors, const float *bias, int64_t columns, int32_t *products,
    float *target);

/// Softmax of each row of `scores` with `shifts` added, beside one score of its own: `scores` becomes factor · share, `slopes`
/// factor · (own share - 1), and `losses` -log of the own share, NaN if a score is.
void souk_softmax_loss(
    int level, float *scores, int64_t rows, int64_t width, const float *shifts, const float *own, float factor,
    float *slopes, float *losses);

/// One step of Adam: `rate` is divided by the correction of the mean, and `root_scale` is that of the square's root.
typedef struct {
    float beta1, beta2, epsilon, rate, root_scale;
    /// What remains of a weight before its step.
    float shrinkage;
} souk_adam_step;

void souk_adam(
    int level, float *weights, float *means, float *squares, const float *gradients, int64_t count,
    const souk_adam_step *step);

/// Fills `mask` with 0 where a number of 32 bits, mixed from `key` and the place, is below `threshold`, and with `scale` elsewhere:
/// the same bits at every level.
void souk_dropout_mask(int level, float *mask, int64_t count, uint64_t key, uint32_t threshold, float scale);

/// A node of a regression tree: a leaf has no `left`, and its value; an inner node a threshold as its value, and in the highest bit of
/// `feature` whether a missing number goes left.
typedef struct {
    uint32_t left, right;
    float value;
    uint32_t feature;
} souk_tree_node;

/// Adds to each of `count` scores the leaf of each tree that its row of `width` numbers comes to; no tree is deeper than `depth`.
void souk_tree_scores(
    const souk_tree_node *nodes, const uint32_t *roots, int64_t trees, int64_t depth, const float *rows, int64_t count,
    int64_t width, float *scores);

/// An inner node of a tree of at most 32 leaves, which are numbered from left to right: a bit for each leaf on its left, and in the highest bit
/// of `feature` whether a missing number goes left.
typedef struct {
    float threshold;
    uint32_t feature;
    uint32_t left_leaves;
} souk_tree_split;

/// As `souk_tree_scores`, for trees of at most 32 leaves. The splits of a tree end where `split_ends` says, its leaves begin at
/// `leaf_starts`. `columns` holds 16 · `width` numbers, of any value.
void souk_small_tree_scores(
    int level, const souk_tree_split *splits, const uint32_t *split_ends, const float *leaves, const uint32_t *leaf_starts,
    int64_t trees, const float *rows, int64_t count, int64_t width, float *columns, float *scores);

/// The logarithm of the sum of e^score of each row; no number for a row that holds one that is none.
void souk_log_sums(int level, const float *scores, int64_t rows, int64_t width, double *sums);

/// Steps of Bayesian personalised ranking, one after the other, by `count` triples of a person, an item of theirs and another item: rows of
/// `width` numbers, a multiple of eight, of `people` and `items`, and the items' `biases`.
void souk_ranking_steps(
    int level, float *people, float *items, float *biases, int64_t width, const uint32_t *triples, int64_t count,
    float rate, float decay);

/// Attention in training in which a place sees itself and those before it, of `sequences` of one length: `joined` has rows of query, key
/// and value side by side, shape `[sequences, length, 3 * width]`; `width / heads` is a multiple of eight. `weights` and `mask`, which is
/// null or multiplies them, have the shape `[sequences, heads, length, length]`.
void souk_causal_attention(
    int level, const float *joined, int64_t sequences, int64_t length, int64_t width, int64_t heads, const float *mask,
    float *weights, float *context);

/// The slopes by `joined`, of those by the context; `scratch` has room for `length` numbers.
void souk_causal_attention_slopes(
    int level, const float *joined, const float *weights, const float *mask, const float *slopes, int64_t sequences,
    int64_t length, int64_t width, int64_t heads, float *scratch, float *target);
