#include <cblas-openblas.h>

// LAPACK's routines stand in the same library; Debian's header for them is another package.
void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info);
void spotri_(const char *uplo, const int *n, float *a, const int *lda, int *info);
