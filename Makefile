# Löfteslogg. `make run` needs Go and Node; `make test` needs gcc and three browsers too, and says so. Nothing else is installed.

APP      := pwa/dist/app/index.html
MODULES  := pwa/node_modules/.package-lock.json
SOURCES  := $(shell find pwa -path pwa/node_modules -prune -o -path pwa/dist -prune -o -path pwa/e2e -prune -o -type f -print)
TOOL     := go tool -modfile=.ci/tools.mod
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
BENCH    ?= .
SOAK      = $(or $(SEEDS),$(if $(HOURS),10000,100000))

.PHONY: help run build test quick dev e2e bench bench-phone mutants sim simapp power soak soakbrowsers screenshots pictures api lint fmt clean
.DEFAULT_GOAL := help

help: ## say what there is
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: build ## build it and serve it on http://localhost:8080, with its data in ./data
	./bin/lofteslogg serve

build: $(APP) ## the app and the one binary that carries it: bin/lofteslogg
	CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags '-s -w -X main.version=$(VERSION)' -o bin/lofteslogg ./server

$(APP): $(MODULES) $(SOURCES)
	cd pwa && npm run --silent build
	@touch $@

$(MODULES): pwa/package.json pwa/package-lock.json
	cd pwa && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

test: ## every check there is, with a summary
	@.ci/check

quick: $(APP) ## the fast loop: types and tests of what changed, no browser
	go vet ./... && go test ./...
	cd pwa && npm run --silent check && npm test --silent

dev: build ## the server, and Vite in front of it with hot reload on http://localhost:5173
	@trap 'kill 0' EXIT; ./bin/lofteslogg serve & cd pwa && npm run --silent dev

e2e: build ## the browser tests alone; one of them: make e2e ONLY=enrol
	.ci/browsers.sh && cd pwa && npm run --silent e2e -- $(ONLY)

bench: build ## the benchmarks, compared with the last run: make bench BENCH=Push; and a slow phone that was used for years
	@mkdir -p .reports; test ! -f .reports/bench.txt || mv .reports/bench.txt .reports/bench.before.txt
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count 3 ./internal/... ./server | tee .reports/bench.txt
	@test ! -f .reports/bench.before.txt || $(TOOL) benchstat .reports/bench.before.txt .reports/bench.txt
	@$(MAKE) --no-print-directory bench-phone

bench-phone: build ## the slow phone alone, beside another build if one is given: make bench-phone BEFORE=/path/to/lofteslogg
	.ci/browsers.sh chromium && cd pwa && LOFTESLOGG_BEFORE=$(BEFORE) npm run --silent bench

mutants: ## leave out one rule of the protocol at a time and see whether a test notices; QUICK=1 tries the main ones
	go run ./.ci/mutants $(if $(QUICK),-quick -seeds 400)

sim: ## twenty thousand seeds of bad weather: make sim SEEDS=500 SEED_BASE=7
	go test -count 1 -timeout 30m -run 'TestWeather$$' ./internal/sim -args -sim.seeds=$(or $(SEEDS),20000) -sim.base=$(or $(SEED_BASE),1)

simapp: $(MODULES) ## the same with phones that run the app itself: make simapp SEEDS=500 SEED_BASE=7
	go test -count 1 -timeout 30m -run 'TestWeatherOnTheApp$$' ./internal/sim -args -sim.apps=$(or $(SEEDS),150) -sim.base=$(or $(SEED_BASE),1)

power: bin/disk ## take the power away from the disk under a running server, and more: make power ROUNDS=500 SEED=1; needs Linux and root
	.ci/disk/all.sh $(ROUNDS)

bin/disk: $(wildcard .ci/disk/*.go) .ci/disk/go.mod $(APP)
	cd .ci/disk && go build -o ../../bin/disk .

soak: build ## seeds that nobody has played yet, on every stage, and 200 kills while typing: make soak SEEDS=1000000 SEED_BASE=1, or HOURS=8 of them
	.ci/browsers.sh chromium && cd pwa && LOFTESLOGG_KILLS=200 npm run --silent e2e -- kills.spec
	@base=$(or $(SEED_BASE),$(shell date +%s)); end=$$(( $$(date +%s) + $(or $(HOURS),0) * 3600 )); \
	while echo "seeds from $$base" && go test -count 1 -timeout 0 -v -run Weather ./internal/sim -args -sim.seeds=$(SOAK) -sim.apps=$$(( $(SOAK) / 100 )) -sim.base=$$base; do \
		base=$$(( base + $(SOAK) )); [ $$(date +%s) -lt $$end ] || exit 0; \
	done; exit 1

soakbrowsers: build ## kills at random moments in three real browsers: make soakbrowsers KILLS=200 SEED=1
	.ci/browsers.sh && cd pwa && LOFTESLOGG_SOAK=$(or $(KILLS),200) LOFTESLOGG_KILLS=$(or $(KILLS),200) LOFTESLOGG_SEED=$(SEED) npm run --silent e2e -- soak.spec engines.spec

screenshots: build ## every screen there is into docs/screenshots, which is not kept: to be looked at
	.ci/browsers.sh chromium && cd pwa && npm run --silent screenshots

pictures: build ## the two pictures of the front page in docs/pictures, taken anew
	.ci/browsers.sh chromium && cd pwa && npm run --silent pictures

api: $(MODULES) ## the app's types from docs/api/openapi.yaml
	cd pwa && npm run --silent api

lint: $(APP) ## what the code looks like, in both languages
	$(TOOL) golangci-lint run ./...
	cd pwa && npm run --silent lint && npm run --silent unused

fmt: $(MODULES) ## put everything in order
	$(TOOL) gofumpt -l -w server internal pwa/*.go
	cd pwa && npx prettier --log-level warn --write .

clean: ## take away what was built; data stays
	rm -rf bin .reports pwa/.build pwa/node_modules pwa/test-results pwa/playwright-report
	find pwa/dist -mindepth 1 ! -name .gitkeep -delete
