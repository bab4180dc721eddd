#include "CProcessor.h"

#if defined(__x86_64__)

#include <cpuid.h>

// What the operating system saves of the registers when it switches threads (XCR0).
static unsigned saved_registers(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

static bool has_all(unsigned value, unsigned bits) { return (value & bits) == bits; }

int processor_vector_level(void) {
  // Bits: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2A, CPUID.
  const unsigned fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28;
  const unsigned avx2 = 1u << 5;
  const unsigned avx512 = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  const unsigned ymm = 0x6, zmm = 0xe6;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !has_all(c, osxsave | avx)) return 0;
  const unsigned saved = saved_registers();
  if (!has_all(saved, ymm)) return 0;
  const bool multiplies_and_adds = has_all(c, fma);
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 1;
  if (!has_all(b, avx2) || !multiplies_and_adds) return 1;
  return has_all(b, avx512) && has_all(saved, zmm) ? 3 : 2;
}

#else

int processor_vector_level(void) { return 0; }

#endif
