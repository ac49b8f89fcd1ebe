#pragma once
// A C face of libtorch for Swift: tensors, a call of any operator by its name, and gradients.
//
// Every function that can fail returns NULL, or a text of what went wrong that the caller frees with `free`.
// A tensor that a function gives is owned by the caller, who frees it with `ct_free`; arguments are only borrowed.
// No function may be called for one tensor from two threads at once.
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor ct_tensor;
typedef struct ct_generator ct_generator;

typedef enum {
  CT_NONE = 0,
  CT_TENSOR = 1,    // tensors[integer]
  CT_INTEGER = 2,   // integer
  CT_NUMBER = 3,    // number
  CT_FLAG = 4,      // integer != 0
  CT_INTEGERS = 5,  // integers[integer ..< integer + count]
  CT_TENSORS = 6,   // tensors[integer ..< integer + count]
  CT_GENERATOR = 7, // generator
} ct_kind;

typedef struct {
  int32_t kind;
  int64_t integer;
  int64_t count;
  double number;
  const ct_generator *generator;
} ct_argument;

// Calls `name.overload` of the dispatcher; arguments left out at the end take the schema's defaults.
char *ct_call(const char *name, const char *overload, const ct_argument *arguments, int64_t argument_count,
              const int64_t *integers, ct_tensor *const *tensors, ct_tensor **results, int64_t capacity,
              int64_t *result_count);

// Types are numbered as in c10::ScalarType: 0 uint8, 4 int64, 6 float, 7 double, 11 bool.
char *ct_make(const void *bytes, int64_t byte_count, const int64_t *shape, int64_t rank, int32_t type,
              const char *device, ct_tensor **result);
char *ct_read(const ct_tensor *tensor, void *bytes, int64_t byte_count);
// Where the numbers of a tensor are, or NULL if they are not floats in one piece on the processor.
float *ct_floats(ct_tensor *tensor);
void ct_free(ct_tensor *tensor);
// Another owner of the same numbers.
ct_tensor *ct_share(const ct_tensor *tensor);

int64_t ct_rank(const ct_tensor *tensor);
int64_t ct_size(const ct_tensor *tensor, int64_t axis);
int32_t ct_type(const ct_tensor *tensor);

char *ct_require_gradient(ct_tensor *tensor, bool required);
char *ct_backward(const ct_tensor *tensor);
// The gradient, or NULL if there is none.
char *ct_gradient(const ct_tensor *tensor, ct_tensor **result);
char *ct_clear_gradient(ct_tensor *tensor);

// Gives `result`, which was made without recording, a derivative: backward calls `derivative` with the slope of the end by `result`,
// which it owns from then on, and room for one slope for each input, NULL for none; it returns NULL or a text as above. `release`
// is called once when the graph is gone, or at once where no input needs a gradient.
typedef char *(*ct_derivative)(void *context, ct_tensor *slope, ct_tensor **slopes);
char *ct_set_derivative(ct_tensor *result, ct_tensor *const *inputs, int64_t count, ct_derivative derivative,
                        void (*release)(void *), void *context);

// A source of random numbers of its own on a device, freed with `ct_free_generator`.
char *ct_make_generator(const char *device, ct_generator **result);
char *ct_seed(ct_generator *generator, uint64_t seed);
void ct_free_generator(ct_generator *generator);

void ct_keep_freed_memory(void);
char *ct_set_threads(int32_t count);
int32_t ct_threads(void);
// Switches recording for the calling thread and returns what it was.
bool ct_set_recording(bool recording);

#ifdef __cplusplus
}
#endif
