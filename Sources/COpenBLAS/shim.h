#pragma once
#include <stdbool.h>

#include <cblas.h>

// The arguments of a product of row-major matrices, c = op(a) op(b), in one value, so that C alone
// stands between a guard against crashes and the library.
struct openblas_product {
  bool transposes_a, transposes_b;
  blasint rows, columns, inner, a_width, b_width, c_width;
  const float *a, *b;
  float *c;
};

// Computes the struct openblas_product that `product` points to.
static inline void openblas_run_product(void *product) {
  const struct openblas_product *p = (const struct openblas_product *)product;
  cblas_sgemm(
    CblasRowMajor, p->transposes_a ? CblasTrans : CblasNoTrans,
    p->transposes_b ? CblasTrans : CblasNoTrans, p->rows, p->columns, p->inner, 1, p->a, p->a_width,
    p->b, p->b_width, 0, p->c, p->c_width);
}
