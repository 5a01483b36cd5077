# The two that matter: `make test` (everything, installing from Debian and npm what is missing) and `make demo`.
export CGO_ENABLED = 0
# Where the tests find the packages for node that they use; tools/install.sh puts them there.
export RAFID_NPM ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/rafid-tests
GO ?= go
TOOLS = $(GO) tool -modfile=tools/go.mod

.PHONY: test fast lint demo bench fuzz tools-for-tests

# Everything: the checks, then every test, the slow ones too.
test: tools-for-tests lint
	RAFID_ALL=1 $(GO) test -timeout 18m ./...

# Under a minute: the slow tests say that they are left out.
fast:
	$(GO) test ./...

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'gofmt -w these files'; exit 1; }
	$(GO) vet ./...
	$(TOOLS) staticcheck ./...

demo:
	$(GO) run ./cmd/rafid demo

bench:
	$(GO) test -run '^$$' -bench . -benchtime 1x ./cmd/rafid ./dedupe ./fetch ./output ./cmd/internal/config

# What the tests use beside Go: installed when missing, where apt-get and the right to use it are there.
tools-for-tests:
	@sh tools/install.sh
