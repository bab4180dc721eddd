// What Swift cannot spell: a pause while spinning, a prefetch hint, a wish for large pages.
#pragma once
#include <stddef.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

/// Tells the processor that the caller is spinning on a memory location.
static inline void curvature_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Asks for the cache line at `address` to be brought in for reading. Never faults.
static inline void curvature_prefetch(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

/// Asks for large pages behind `bytes` bytes at the page-aligned `address`, where the system has
/// them: random reads then miss the address cache far less. A wish only; nothing depends on it.
static inline void curvature_prefer_large_pages(void *address, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  (void)madvise(address, bytes, MADV_HUGEPAGE);
#else
  (void)address;
  (void)bytes;
#endif
}
