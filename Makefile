# make demo      compare boosted trees and an MLP on a photovoltaic fleet; names the report it wrote
# make test      dependencies, build, all tests, the example packages
# make test-slow the same with many more random draws (CURVATURE_THOROUGH_TESTS=1), and `make mutants`:
#                are small changes of the sources noticed by the tests?
# make build     the command: .build/release/bench
# make install   the command, the datasets and the shell completions under PREFIX; make uninstall
#                takes them away again
# make deps      HDF5, OpenBLAS, libcrypto and pkg-config, where they are missing
# make lint      style, and no arrow of the import graph points up; make format mends the style,
#                make graph prints the graph

# Where `make install` puts things, and a folder before it for packagers.
PREFIX = /usr/local
DESTDIR =

# One configuration for the command and its tests, so that switching rebuilds nothing.
BUILD = -c release -Xswiftc -enable-testing
BENCH = .build/release/bench
# Tells the build which commit it is of.
SWIFT = @Scripts/recorded swift
SWIFT_FILES = Package.swift Sources Tests Examples/*/Package.swift Examples/*/Sources \
	Benchmarks/*/Package.swift Benchmarks/*/Sources

.PHONY: demo test test-slow mutants build deps lint graph format examples install uninstall clean

demo: build
	@$(BENCH) compare --objective sne --name demo
	@echo
	@echo "The report: Reports/demo.md"

build: deps
	$(SWIFT) build $(BUILD) --product bench

test: deps
	$(SWIFT) build $(BUILD) --build-tests
	$(SWIFT) test $(BUILD) --skip-build --disable-xctest
	@$(MAKE) --no-print-directory examples

test-slow: export CURVATURE_THOROUGH_TESTS = 1
test-slow: test mutants

# How many, and what their choice depends on: make mutants COUNT=200 SEED=7
COUNT = 100
SEED = 1
mutants: deps
	@python3 Scripts/mutants.py --count $(COUNT) --seed $(SEED)

# The examples are packages of their own; the folder of the build is shared, so that nothing is built twice.
examples: deps
	$(SWIFT) run $(BUILD) --scratch-path .build --package-path Examples/CustomObjective
	$(SWIFT) run $(BUILD) --scratch-path .build --package-path Examples/CheckAGradient

deps:
	@Scripts/install-deps.sh

SHARE = $(DESTDIR)$(PREFIX)/share
# Builds only what is missing or older than its sources, so that `sudo make install` builds nothing.
install:
	@[ -x $(BENCH) ] && [ -z "$$(find Sources Package.swift -newer $(BENCH))" ] || \
		$(MAKE) --no-print-directory build
	@mkdir -p $(DESTDIR)$(PREFIX)/bin $(SHARE)/curvature/Datasets \
		$(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions \
		$(SHARE)/fish/vendor_completions.d
	@install -m 755 $(BENCH) $(DESTDIR)$(PREFIX)/bin/bench
	@install -m 644 Datasets/*.h5 Datasets/README.md $(SHARE)/curvature/Datasets
	@$(BENCH) --generate-completion-script bash > $(SHARE)/bash-completion/completions/bench
	@$(BENCH) --generate-completion-script zsh > $(SHARE)/zsh/site-functions/_bench
	@$(BENCH) --generate-completion-script fish > $(SHARE)/fish/vendor_completions.d/bench.fish
	@echo "installed: $(DESTDIR)$(PREFIX)/bin/bench"

uninstall:
	@rm -rf $(DESTDIR)$(PREFIX)/bin/bench $(SHARE)/curvature \
		$(SHARE)/bash-completion/completions/bench $(SHARE)/zsh/site-functions/_bench \
		$(SHARE)/fish/vendor_completions.d/bench.fish
	@echo "removed: $(DESTDIR)$(PREFIX)/bin/bench"

lint:
	@swift format lint --strict --recursive --parallel $(SWIFT_FILES)
	@if command -v python3 >/dev/null; then python3 Scripts/import_graph.py --quiet; fi
	@echo "lint: no findings"

# Which room of Sources needs which.
graph:
	@python3 Scripts/import_graph.py

format:
	@swift format --in-place --recursive --parallel $(SWIFT_FILES)

clean:
	@rm -rf .build Examples/*/.build Benchmarks/*/.build
