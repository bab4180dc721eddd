#!/usr/bin/env bash
# Installs what the package needs beside Swift: HDF5, OpenBLAS, libcrypto and pkg-config.
# Does nothing where they are already there.
set -euo pipefail

say() { printf 'deps: %s\n' "$*" >&2; }

if ! command -v swift >/dev/null 2>&1; then
  say "Swift 6.2 or newer is needed and not found; see https://www.swift.org/install"
  exit 1
fi

present() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$@"; }

case "$(uname -s)" in
  Darwin)
    if ! command -v brew >/dev/null 2>&1; then
      say "Homebrew is needed to install hdf5 and openblas; see https://brew.sh"
      exit 1
    fi
    for formula in pkgconf hdf5 openblas; do
      # OpenBLAS is keg-only: pkg-config does not see it, but the package manager looks there.
      brew list --versions "$formula" >/dev/null 2>&1 || brew install "$formula"
    done
    ;;
  Linux)
    present hdf5 openblas libcrypto && exit 0
    if ! command -v apt-get >/dev/null 2>&1; then
      say "install the development files of HDF5, OpenBLAS and OpenSSL, and pkg-config, then try again"
      exit 1
    fi
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
      command -v sudo >/dev/null 2>&1 || { say "run this as root, or install sudo"; exit 1; }
      as_root=(sudo)
    fi
    say "installing libhdf5-dev, libopenblas-dev, libssl-dev and pkg-config"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends libhdf5-dev libopenblas-dev libssl-dev pkg-config
    present hdf5 openblas libcrypto || { say "HDF5, OpenBLAS or libcrypto is still not seen by pkg-config"; exit 1; }
    ;;
  *)
    say "this system is not known; install HDF5, OpenBLAS and pkg-config by hand"
    exit 1
    ;;
esac
