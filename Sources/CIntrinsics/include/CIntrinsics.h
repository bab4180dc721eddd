// Instructions that Swift cannot spell: a pause while spinning and a prefetch hint.
#pragma once

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
