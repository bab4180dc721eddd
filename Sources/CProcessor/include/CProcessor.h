// What Swift cannot ask of a processor or of a process: which vector instructions there are, whether
// a function is linked, and whether a piece of C survives a run.
#pragma once

#include <stdbool.h>

// The widest vector instructions that the processor has and the operating system saves:
// 0 older than AVX or not an x86-64 processor, 1 AVX, 2 AVX2 with FMA, 3 AVX-512 (F, CD, DQ, BW, VL).
int processor_vector_level(void);

// Whether the process holds a function of this name that takes and returns nothing.
bool process_has_function(const char *name);

// Calls the function of this name that takes and returns nothing. False if the process has none.
bool process_call_function(const char *name);

// Runs body(context) and returns 0, or the number of the signal (SIGILL, SIGSEGV, SIGBUS, SIGFPE) by
// which it would have ended the process; body is then left where it was. Only for C that holds no
// lock and no memory of its own. The same signals in other threads go where they went before.
// One thread at a time may be inside.
int guarded_run(void (*body)(void *context), void *context);
