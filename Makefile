# Emmetra: `make help` lists everything.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
T ?= tests
WORKERS ?= 3
READINGS ?= 100000
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
# A whole cloud is a dozen processes: compiling every module anew in each costs more than everything they do.
unexport PYTHONDONTWRITEBYTECODE

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
	@$(BIN)/python -m compileall -q -j 0 protocols edge cloud firmware_sim deploy
	$(BIN)/python -m tests.whole -n $(WORKERS) --dist loadfile --durations=25 $(T)

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
soak: assets peers ## READINGS=100000 readings while everything goes wrong at random
	$(BIN)/python -m tests.load.soak --readings $(READINGS)

.PHONY: morning
morning: assets ## a simulated morning of 120 people, judged (a few minutes; ARGS="--patients 40 --minutes 1")
	$(BIN)/python -m deploy sim morning $(ARGS)

.PHONY: load-fleet
load-fleet: assets peers ## 10,000 simulated gateways lose their broker while readings flow (a few minutes)
	$(BIN)/python -m tests.load.fleet --gateways 10000
	$(BIN)/python -m tests.load.fleet --gateways 10000 --broker mosquitto

.PHONY: fuzz
fuzz: env ## a million damaged transmissions over all dialects (half an hour)
	$(BIN)/python -m tests.load.fuzz --inputs 1000000

.PHONY: bench
bench: assets peers ## measure everything in docs/performance.md (half an hour)
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.broker
	$(BIN)/python -m benchmarks.outbox
	$(BIN)/python -m benchmarks.round_trip
	$(BIN)/python -m benchmarks.calling
	$(BIN)/python -m benchmarks.called
	$(BIN)/python -m benchmarks.enrolment
	$(BIN)/python -m benchmarks.screen
	$(BIN)/python -m benchmarks.gateway_footprint
	$(BIN)/python -m benchmarks.fleet
	$(BIN)/python -m benchmarks.idle_traffic
	$(BIN)/python -m benchmarks.decoding
	$(BIN)/python -m benchmarks.dicom
	$(BIN)/python -m benchmarks.viewer
	$(BIN)/python -m benchmarks.booking
	$(BIN)/python -m benchmarks.booking_http

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
