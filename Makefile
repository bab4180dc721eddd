# make demo    compare boosted trees and an MLP on a photovoltaic fleet; names the report it wrote
# make test    dependencies, build, all tests, the example package
# make build   the command: .build/release/bench
# make deps    HDF5, OpenBLAS and pkg-config, where they are missing
# make lint    style; make format mends it

# One configuration for the command and its tests, so that switching rebuilds nothing.
BUILD = -c release -Xswiftc -enable-testing
BENCH = .build/release/bench
SWIFT_FILES = Package.swift Sources Tests Examples/*/Package.swift Examples/*/Sources \
	Benchmarks/*/Package.swift Benchmarks/*/Sources

.PHONY: demo test build deps lint format examples clean

demo: build
	@$(BENCH) compare --objective sne --name demo
	@echo
	@echo "The report: Reports/demo.md"

build: deps
	@swift build $(BUILD) --product bench

test: deps
	@swift build $(BUILD) --build-tests
	@swift test $(BUILD) --skip-build --disable-xctest
	@$(MAKE) --no-print-directory examples

# The examples are packages of their own; the folder of the build is shared, so that nothing is built twice.
examples: deps
	@swift run $(BUILD) --scratch-path .build --package-path Examples/CustomObjective
	@swift run $(BUILD) --scratch-path .build --package-path Examples/CheckAGradient

deps:
	@Scripts/install-deps.sh

lint:
	@swift format lint --strict --recursive --parallel $(SWIFT_FILES)
	@echo "lint: no findings"

format:
	@swift format --in-place --recursive --parallel $(SWIFT_FILES)

clean:
	@rm -rf .build Examples/*/.build Benchmarks/*/.build
