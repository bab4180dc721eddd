#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "CProcessor.h"

enum { signal_count = 4 };
static const int signals[signal_count] = {SIGILL, SIGSEGV, SIGBUS, SIGFPE};
static struct sigaction former[signal_count];

// Where this thread goes on after a signal; only the thread that is inside a guarded run has one.
static _Thread_local sigjmp_buf *resumption;

static void leave(int number) {
  if (resumption) siglongjmp(*resumption, number);
  // Another thread's: what caught it before does so when the instruction is tried again.
  for (int i = 0; i < signal_count; i++)
    if (signals[i] == number) sigaction(number, &former[i], 0);
}

int guarded_run(void (*body)(void *context), void *context) {
  sigjmp_buf place;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = leave;
  sigemptyset(&action.sa_mask);
  // The second argument makes the jump restore the mask, in which the signal is blocked.
  const int number = sigsetjmp(place, 1);
  if (number == 0) {
    resumption = &place;
    for (int i = 0; i < signal_count; i++) sigaction(signals[i], &action, &former[i]);
    body(context);
  }
  resumption = 0;
  for (int i = 0; i < signal_count; i++) sigaction(signals[i], &former[i], 0);
  return number;
}
