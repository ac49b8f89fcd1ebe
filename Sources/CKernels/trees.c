#include "vectors.h"

#define BODY "trees_body.h"
#include "levels.h"

void souk_small_tree_scores(
    int level, const souk_tree_split *splits, const uint32_t *split_ends, const float *leaves, const uint32_t *leaf_starts,
    int64_t trees, const float *rows, int64_t count, int64_t width, float *columns, float *scores) {
    CALL(level, small_tree_scores, splits, split_ends, leaves, leaf_starts, trees, rows, count, width, columns, scores);
}

// Without a branch, for where a row goes is hard to foresee.
static inline uint32_t step(const souk_tree_node *nodes, uint32_t place, const float *row) {
    const souk_tree_node *node = nodes + place;
    const float value = row[node->feature & 0x7fffffffu];
    // A missing value is below no threshold.
    const uint32_t goes_left = (value < node->value) | ((value != value) & (node->feature >> 31));
    const uint32_t child = node->right ^ ((node->right ^ node->left) & -goes_left);
    return place ^ ((place ^ child) & -(uint32_t)(node->left != 0));
}

void souk_tree_scores(
    const souk_tree_node *nodes, const uint32_t *roots, int64_t trees, int64_t depth, const float *rows, int64_t count,
    int64_t width, float *scores) {
    // A step waits for the node that the one before found: walks of several rows side by side fill the time.
    enum { side = 8 };
    for (int64_t tree = 0; tree < trees; tree++) {
        int64_t row = 0;
        for (; row + side <= count; row += side) {
            uint32_t places[side];
            for (int lane = 0; lane < side; lane++) places[lane] = roots[tree];
            for (int64_t level = 0; level < depth; level++)
                for (int lane = 0; lane < side; lane++)
                    places[lane] = step(nodes, places[lane], rows + (row + lane) * width);
            for (int lane = 0; lane < side; lane++) scores[row + lane] += nodes[places[lane]].value;
        }
        for (; row < count; row++) {
            uint32_t place = roots[tree];
            for (int64_t level = 0; level < depth; level++) place = step(nodes, place, rows + row * width);
            scores[row] += nodes[place].value;
        }
    }
}
