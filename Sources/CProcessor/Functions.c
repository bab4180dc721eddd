#define _GNU_SOURCE
#include <dlfcn.h>

#include "CProcessor.h"

bool process_has_function(const char *name) { return dlsym(RTLD_DEFAULT, name) != 0; }

bool process_call_function(const char *name) {
  void (*function)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, name);
  if (!function) return false;
  function();
  return true;
}
