# One command per job. `make` alone lists them.
PYTHON ?= python3
WORKFLOW ?= sentiment
PORT ?= 4566
# Sent through the environment: the shell leaves quotes and JSON in it alone.
export TEXT
BIN := .venv/bin
# A process for each core takes file after file.
PARALLEL := --numprocesses auto --dist loadfile --no-loadscope-reorder
# The page elements and the npm packages they are made of, as one script: no page asks a CDN.
PORTAL := localcloud/a2i/portal
ELEMENTS := $(PORTAL)/static/built/registry.js
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Nothing is asked of CDK's notice server, and no usage is reported from a local run.
export CDK_DISABLE_CLI_TELEMETRY := true

.DEFAULT_GOAL := help
.PHONY: help demo test lifecycle faults doctor gallery up send down env lint format check synth snapshot clean install chromium

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/; s/[$$][$$]/$$/' | expand -t 11
	@echo; echo "WORKFLOW= of demo, up and send: $(notdir $(patsubst %/,%,$(dir $(wildcard workflows/*/workflow.yaml))))" | fold -s -w 60

demo: .venv/installed $(ELEMENTS) ## Deploy, send items, answer them, print the labels
	@$(BIN)/python -m demo run --workflow $(WORKFLOW) --port $(PORT)

up: .venv/installed $(ELEMENTS) ## Start a local cloud to try by hand (PORT=4566)
	@$(BIN)/python -m demo up --workflow $(WORKFLOW) --port $(PORT)

send: .venv/installed ## Send one item to the local cloud (TEXT="…")
	@$(BIN)/python -m demo send "$$TEXT" --workflow $(WORKFLOW)

down: .venv/installed ## Stop the local cloud
	@$(BIN)/python -m localcloud down

env: ## Point AWS clients at it: eval "$$(make -s env)"
	@test -x $(BIN)/python || { echo "the local cloud is not installed: run make up first" >&2; exit 1; }
	@$(BIN)/python -m localcloud env

test: .venv/installed-dev $(ELEMENTS) chromium ## Run all tests, and install what they need
	$(BIN)/python -m pytest $(PARALLEL)

lifecycle: .venv/installed-dev $(ELEMENTS) ## Only the tests of changes and recovery
	$(BIN)/python -m pytest $(PARALLEL) tests/lifecycle

faults: .venv/installed-dev $(ELEMENTS) ## Only the fault matrix, with its counts
	$(BIN)/python -m pytest tests/lifecycle/faults

gallery: .venv/installed-dev $(ELEMENTS) chromium ## Take the pictures of docs/gallery.md anew
	$(BIN)/python docs/gallery.py

doctor: .venv/installed ## Compare what was deployed with what runs there
	@variables="$$($(BIN)/python -m localcloud env)" && eval "$$variables" && $(BIN)/human-review doctor

lint: .venv/installed-dev ## Formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/installed-dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

synth: .venv/installed ## Synthesize the stacks under cdk-nag
	$(BIN)/npx cdk synth --quiet

check: lint test synth ## Lint, all tests, and a synth

snapshot: .venv/installed-dev ## Write the template snapshots anew
	$(BIN)/python -m pytest tests/stacks --snapshot-update

clean: ## Remove what was built and installed here
	rm -rf build cdk.out dist .venv node_modules $(PORTAL)/static/built

install: .venv/installed-dev $(ELEMENTS) ## Install everything, for development

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1): set PYTHON=" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml requirements.txt package-lock.json | .venv/bin/python
	$(BIN)/pip install --quiet --requirement requirements.txt --editable '.[local]'
	$(BIN)/npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ELEMENTS): $(wildcard $(PORTAL)/vendor/*.js $(PORTAL)/static/elements/*.js $(PORTAL)/static/elements/*/*.js) .venv/installed
	$(BIN)/npm run --silent build

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --requirement requirements.txt --editable '.[local,dev]'
	@touch $@

# The browser tests drive Debian's Chromium.
chromium:
	@command -v chromium >/dev/null || { \
		test "$$(id -u)" = 0 || { echo "Chromium is missing: install Debian's package chromium" >&2; exit 1; }; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }
