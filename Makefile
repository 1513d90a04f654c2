# Turno's commands. Only Python >= 3.11, make and a shell are needed.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.ONESHELL:
.SHELLFLAGS := -euc

BIN := .venv/bin
SOURCES := core bot webhook dashboard simulator deploy bench migrations tests wsgi.py gunicorn.conf.py
TYPED := core bot webhook dashboard simulator deploy wsgi.py gunicorn.conf.py

help: ## show this
	@grep -E '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

run: .venv/runtime ## start everything; Ctrl-C stops it
	@exec $(BIN)/python -m deploy.runner

test: .venv/development ## the whole test suite
	@$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest

test-unit: .venv/development ## only what needs no database and no processes
	@$(BIN)/python -m pytest tests/unit

test-integration: .venv/development ## only what needs a database
	@$(BIN)/python -m pytest tests/integration

test-acceptance: .venv/development ## only what needs whole processes, and the browser
	@$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest tests/acceptance

check: .venv/development ## lint, format, types, import contracts, flows
	@$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m bot flows check --offline

coverage: .venv/development ## the whole test suite, and how much of bot and core it goes through
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='bot/*,core/*' --fail-under=85

bench: .venv/development ## how fast, against peers
	@exec $(BIN)/python -m bench

bench-nlu: .venv/development ## how well messages are understood
	@exec $(BIN)/python -m bench.nlu

format: .venv/development ## put the code in its shape
	@$(BIN)/ruff check --fix --quiet $(SOURCES)
	$(BIN)/ruff format --quiet $(SOURCES)

docs: .venv/development ## renew the table of settings in docs/settings.md
	@kept=$$(sed '/^| name /,$$d' docs/settings.md)
	printf '%s\n\n%s\n' "$$kept" "$$($(BIN)/python -m core.settings_table)" > docs/settings.md

lock: .venv/development ## renew the locks from requirements*.in
	@for kind in requirements requirements-dev; do
	  $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --annotation-style line \
	    --no-header --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --output-file $$kind.lock $$kind.in
	done

clean: ## forget the virtual environment (data under var/ stays)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/bin/pip:
	@for python in python3.13 python3.12 python3.11 python3; do
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	    echo "creating .venv with $$($$python --version)"
	    exec $$python -m venv --clear .venv
	  fi
	done
	echo "Turno needs Python 3.11 or newer, with venv; none was found." >&2
	exit 1

.venv/runtime: requirements.lock | .venv/bin/pip
	@[ -f .venv/development ] && [ .venv/development -nt requirements.lock ] || {
	  echo "installing the locked dependencies"
	  $(BIN)/pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	}
	touch $@

.venv/development: requirements-dev.lock | .venv/bin/pip
	@echo "installing the locked dependencies, with those for development"
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	touch $@

.PHONY: help run test test-unit test-integration test-acceptance check coverage bench bench-nlu format docs lock clean
