# Line of Sight. The two commands a newcomer needs: make demo, make test.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes
CODE := src tests benchmarks docs

.DEFAULT_GOAL := help
.PHONY: help demo env dev test test-full mutation check fix docs bench clean

help:
	@echo "make demo       build a demonstration authority and serve it on this machine"
	@echo "make test       run the tests (SQLite, a real PostgreSQL, and a browser where one is found)"
	@echo "make test-full  everything that takes long, with its seed printed; LINEOFSIGHT_TIMES=10 tries ten times as much"
	@echo "make mutation   take every guard out and turn every decision round: does a test notice? (test-full: 48 drawn)"
	@echo "make check      ruff, mypy, import-linter"
	@echo "make fix        put right what ruff can"
	@echo "make docs       write the reference pages from the definitions"
	@echo "make bench      time loading, computing and reading, at growing sizes"
	@echo "make env        make .venv from the locked, hashed wheels"

# What it runs on: locked wheels, then this project beside them, with nothing fetched unhashed.
$(VENV)/.runtime: requirements/runtime.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Line of Sight needs Python 3.11: say where it is with make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked wheels into $(VENV) ..."
	@$(INSTALL) -r requirements/runtime.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.runtime
	@echo "Installing the locked wheels for tests into $(VENV) ..."
	@$(INSTALL) -r requirements/dev.lock
	@touch $@

env: $(VENV)/.runtime
dev: $(VENV)/.dev

demo: env
	@$(BIN)/lineofsight demo

test: dev
	$(BIN)/python -m tests.suite

test-full: dev
	$(BIN)/python -m tests.suite --full

mutation: dev
	$(BIN)/python -m tests.mutation --by-module

check: dev
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.make --check

fix: dev
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

docs: dev
	$(BIN)/python -m docs.make

bench: dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
