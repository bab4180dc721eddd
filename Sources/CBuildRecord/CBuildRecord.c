#include "CBuildRecord.h"

const char *build_commit(void) { return BUILD_COMMIT; }
const char *build_packages(void) { return BUILD_PACKAGES; }
