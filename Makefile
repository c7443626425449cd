# Everything CI runs, and nothing else: `.ci/run` is `make lint test demo`.

.PHONY: build test demo lint format golden release clean setup setup-test

setup:
	@scripts/packages.sh build

setup-test:
	@scripts/packages.sh test

build: setup
	swift build

test: setup-test
	scripts/test.sh

# Builds the lecture's two-host Calico network in namespaces and proves that every container reaches every other.
demo: setup
	swift build --product weft
	.build/debug/weft test topologies/calico-two-hosts.json

lint: setup
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

# Rewrites the golden files from what the code says now; read the diff before committing it.
golden: setup-test
	UPDATE_GOLDEN=1 scripts/test.sh
	git diff --stat -- Tests

# One static, stripped file that runs on any Linux.
release: setup
	swift build --configuration release --product weft --static-swift-stdlib -Xlinker --strip-all

clean:
	swift package clean
