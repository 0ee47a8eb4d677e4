# Emmetra: `make help` lists everything.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
T ?= tests
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Emmetra needs Python 3.11 or newer. Try: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments. On Debian: apt install python3-venv"; exit 1; }
	@echo "Installing what Emmetra needs into $(VENV); the first time takes a minute or two ..."
	@$(PIP) "$$(grep '^uv==' requirements.lock)" && $(UV) -r requirements.lock || $(PIP) -r requirements.lock
	@$(PIP) --no-deps -e .
	@touch $@

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.PHONY: demo
demo: assets ## a whole store and its cloud on this machine (ARGS="--fresh" begins anew)
	@exec $(BIN)/python -m deploy demo $(ARGS)

.PHONY: test
test: assets peers ## run every test (T=tests/edge for a part)
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --durations=25 $(T)

.PHONY: lint
lint: env ## ruff, mypy --strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: env ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: soak
soak: assets peers ## 100,000 readings while everything is killed at random
	$(BIN)/python -m tests.load.soak --readings 100000

.PHONY: fuzz
fuzz: env ## a million damaged transmissions over all dialects (half an hour)
	$(BIN)/python -m tests.load.fuzz --inputs 1000000

.PHONY: bench
bench: assets peers ## measure everything in docs/performance.md (half an hour)
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.broker
	$(BIN)/python -m benchmarks.outbox
	$(BIN)/python -m benchmarks.round_trip
	$(BIN)/python -m benchmarks.screen
	$(BIN)/python -m benchmarks.gateway_footprint
	$(BIN)/python -m benchmarks.decoding

.PHONY: seed-large
seed-large: env ## a million patients and twenty million observations in var/large, to measure on (half an hour)
	$(BIN)/python -m benchmarks.seed_large

.PHONY: new-instrument
new-instrument: env ## the folders of a new family (NAME=acme_tono MAKER=Acme MODEL=T-1)
	@$(BIN)/python -m deploy.scaffold.new "$(NAME)" --maker "$(MAKER)" --model "$(MODEL)"

.PHONY: lock
lock: env ## refresh requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --all-extras --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock

.PHONY: env
env: $(VENV)/ready ## install everything into .venv

.PHONY: assets
assets: env
	@$(BIN)/python -m deploy.assets

.PHONY: peers
peers: env
	@$(BIN)/python -m deploy.peers
