# Everything CI runs, and nothing else: `.ci/run` is `make lint test demo`.

.PHONY: build test demo lint format golden release bench bench-smoke clean setup setup-test

SWIFT = Sources Tests Package.swift Benchmarks/Sources Benchmarks/Tests Benchmarks/Package.swift

setup:
	@scripts/packages.sh build

setup-test:
	@scripts/packages.sh test

build: setup
	swift build

test: setup-test
	scripts/test.sh
	$(MAKE) bench-smoke

# Measures everything against yardsticks and peers, and writes docs/benchmarks.md; takes an hour on a quiet machine, as root.
# BENCH has further options: make bench BENCH='--only routes,lab --rounds 7'
bench: setup-test release
	swift build --package-path Benchmarks --configuration release
	Benchmarks/.build/release/bench --write docs $(BENCH)

# Whether all of that works, at small sizes and whatever the times.
bench-smoke: setup-test
	swift build --product weft
	swift test --package-path Benchmarks
	Benchmarks/.build/debug/bench --smoke --weft .build/debug/weft

# Builds the lecture's two-host Calico network in namespaces and proves that every container reaches every other.
demo: setup
	swift build --product weft
	.build/debug/weft test topologies/calico-two-hosts.json

lint: setup
	swift format lint --strict --recursive --parallel $(SWIFT)

format:
	swift format --in-place --recursive --parallel $(SWIFT)

# Rewrites the golden files from what the code says now; read the diff before committing it.
golden: setup-test
	UPDATE_GOLDEN=1 scripts/test.sh
	git diff --stat -- Tests

# One static, stripped file that runs on any Linux.
release: setup
	swift build --configuration release --product weft --static-swift-stdlib -Xlinker --strip-all

clean:
	swift package clean
