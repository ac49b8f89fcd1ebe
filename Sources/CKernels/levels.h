// The functions of the file that BODY names, compiled once for every level of instructions. Included once in a file.

#define NAME(name) name##_plain
#include BODY
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(name) name##_avx2
#include BODY
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma"))), apply_to = function)
#define NAME(name) name##_wide
#include BODY
#undef NAME
#pragma clang attribute pop
#endif
