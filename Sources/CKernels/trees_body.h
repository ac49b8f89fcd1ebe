// Small trees at one level of instructions, after QuickScorer (Lucchese et al., SIGIR 2015) for sixteen rows side by side (V-QuickScorer,
// Lucchese et al., SIGIR 2016): each split that a row fails takes the leaves on its left away, and the first leaf that is left is the row's.

static void NAME(small_tree_scores)(
    const souk_tree_split *splits, const uint32_t *split_ends, const float *leaves, const uint32_t *leaf_starts, int64_t trees,
    const float *rows, int64_t count, int64_t width, float *columns, float *scores) {
    enum { side = 16 };
    for (int64_t first = 0; first < count; first += side) {
        // What is missing of the last rows is what was there before, whose scores nobody reads.
        const int64_t here = count - first < side ? count - first : side;
        for (int64_t lane = 0; lane < here; lane++)
            for (int64_t column = 0; column < width; column++)
                columns[column * side + lane] = rows[(first + lane) * width + column];
        uint32_t split = 0;
        for (int64_t tree = 0; tree < trees; tree++) {
            counts16 live = (counts16){0} - 1;
            for (; split < split_ends[tree]; split++) {
                const souk_tree_split *node = splits + split;
                const lanes16 value = *(const lanes16 *)(columns + (int64_t)(node->feature & 0x7fffffffu) * side);
                // A missing value is below no threshold; where it goes left all the same, it fails nothing.
                const whole16 fails = ~(value < node->threshold) & ~((value != value) & ((int32_t)node->feature >> 31));
                live &= ~((counts16)fails & node->left_leaves);
            }
            const float *leaf = leaves + leaf_starts[tree];
            for (int64_t lane = 0; lane < here; lane++) scores[first + lane] += leaf[__builtin_ctz(live[lane])];
        }
    }
}
