#pragma once
#include "kernels.h"
#include <string.h>

// Vectors of the compiler's own kind, in which the functions of the `_body.h` files are written. Each of these files is compiled
// once for every level of instructions: NAME(x) gives x the level's name.

#define INLINE __attribute__((always_inline)) static inline

typedef float lanes8 __attribute__((vector_size(32), aligned(4)));
typedef float lanes16 __attribute__((vector_size(64), aligned(4)));
typedef int8_t small16 __attribute__((vector_size(16), aligned(1)));
typedef int32_t whole16 __attribute__((vector_size(64), aligned(4)));
typedef uint32_t counts16 __attribute__((vector_size(64), aligned(4)));

// Vectors are passed between functions of one level only.
#pragma clang diagnostic ignored "-Wpsabi"

#if defined(__x86_64__)
#define CALL(level, name, ...) \
    switch (level) { \
    case souk_level_wide: name##_wide(__VA_ARGS__); break; \
    case souk_level_avx2: name##_avx2(__VA_ARGS__); break; \
    default: name##_plain(__VA_ARGS__); \
    }
#else
#define CALL(level, name, ...) ((void)(level), name##_plain(__VA_ARGS__))
#endif
