// The C library's elementary functions, declared to depend on nothing but their argument.
//
// A plain call may set errno, so a compiler keeps it even where nobody reads its result: the
// logarithm in a loss of which only the derivatives are wanted. These it may drop. Same bits.
#pragma once
#include <math.h>

#define CURVATURE_PURE static inline __attribute__((const))

CURVATURE_PURE double curvature_exp(double x) { return exp(x); }
CURVATURE_PURE double curvature_expm1(double x) { return expm1(x); }
CURVATURE_PURE double curvature_log(double x) { return log(x); }
CURVATURE_PURE double curvature_log1p(double x) { return log1p(x); }
CURVATURE_PURE double curvature_erf(double x) { return erf(x); }
