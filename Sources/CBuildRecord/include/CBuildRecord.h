// Which sources a program was built from. In C, because Package.swift hands the texts over as macros.
#pragma once

// The commit, as Scripts/recorded or Package.swift tells it.
const char *build_commit(void);

// Packages with their versions, as in "swift-numerics 1.1.1, swift-collections 1.6.0"; empty if not
// known.
const char *build_packages(void);
