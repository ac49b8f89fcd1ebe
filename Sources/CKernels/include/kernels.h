#pragma once
#include <stdint.h>

// Numeric kernels of a few intrinsics each, chosen by the processor at the first call. The Swift twins that they are
// tested against stand in `Numerics.Int8Products`.

/// target[r * columns + c] = sum over d of left[r * depth + d] * right[c * depth + d].
///
/// Values lie in -127...127 (never -128); `depth` is at most 65,536, so that no sum overflows.
void souk_int8_products(
    const int8_t *left, int64_t rows, const int8_t *right, int64_t columns, int64_t depth, int32_t *target);
