# Turno's commands. Only Python >= 3.11, make (GNU make 3.81 is enough) and a shell are needed.

.DEFAULT_GOAL := help
SHELL := /bin/sh

BIN := .venv/bin
SOURCES := core bot webhook dashboard simulator runner bench migrations deploy tests wsgi.py gunicorn.conf.py
TYPED := core bot webhook dashboard simulator runner deploy wsgi.py gunicorn.conf.py
PYTHONS := python3.13 python3.12 python3.11 python3
PACKAGE := setup.cfg pyproject.toml requirements.in requirements-embedded.in

# uv installs faster, where it is found: from the same locks, with the same result.
UV := $(shell command -v uv 2>/dev/null)
PIP := $(BIN)/python -m pip install --disable-pip-version-check -qq
INSTALLER := $(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python,$(PIP))
INSTALL := $(INSTALLER) --no-deps --require-hashes
INSTALL_TURNO := $(INSTALLER) --no-deps --no-index --no-build-isolation --editable .
CHECK := found=$$($(BIN)/python -m pip check) || { echo "$$found; 'make clean' begins afresh" >&2; exit 1; }
LOCK := $(BIN)/uv pip compile --quiet --no-config --no-sources --universal --python-version 3.11 \
  --generate-hashes --annotation-style line --no-header

help: ## show this
	@grep -E '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

run: .venv/runtime ## start everything; Ctrl-C stops it
	@exec $(BIN)/python -m runner

test: .venv/development ## the whole test suite
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest

test-unit: .venv/development ## only what needs no database and no processes
	@$(BIN)/python -m pytest tests/unit

test-integration: .venv/development ## only what needs a database
	@$(BIN)/python -m pytest tests/integration

test-acceptance: .venv/development ## only what needs whole processes, and the browser
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest tests/acceptance

test-migrations: .venv/development ## only each step of the schema, up and down, with rows
	@$(BIN)/python -m pytest tests/migrations

test-deploy: .venv/development ## what operators get, run and judged by its own tools: promtool, amtool, age, caddy, systemd-analyze
	@$(BIN)/python -m pytest -n 0 tests/deploy

test-image: .venv/development ## by night: build the image without a registry, and run every role of it (as root, with buildah and mmdebstrap)
	@$(BIN)/python -m pytest -n 0 -s tests/image

lab: .venv/development ## by night: let hosts, networks, clocks and the primary of a deployment fail under load (as root, on Linux)
	@exec $(BIN)/python -m deploy.lab

test-locks: .venv/development ## by night: install from the locks without an index, by the oldest and the newest pip
	@$(BIN)/python -m tests.wheelhouse

mutants: .venv/development ## by night: change one thing at a time on the path of a message, and demand a red test
	@$(BIN)/python -m tests.mutants $(ONLY)

check: .venv/development ## lint, format, types, import contracts, patterns, words, nouns, lengths, migrations, flows
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check --quiet $(SOURCES)
	@$(BIN)/mypy $(TYPED)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.patterns
	@$(BIN)/python -m tests.plain_words
	@$(BIN)/python -m tests.nouns
	@$(BIN)/python -m tests.short_functions
	@$(BIN)/python -m tests.migrations.lint
	@$(BIN)/python -m bot flows check --offline

coverage: .venv/development ## the whole test suite, and how much of bot and core it goes through
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --include='bot/*,core/*' --fail-under=85

bench: .venv/development ## how fast, against peers
	@exec $(BIN)/python -m bench

bench-nlu: .venv/development ## how well messages are understood
	@exec $(BIN)/python -m bench.nlu

format: .venv/development ## put the code in its shape
	@$(BIN)/ruff check --fix --quiet $(SOURCES)
	@$(BIN)/ruff format --quiet $(SOURCES)

docs: .venv/development ## renew the table of settings in docs/settings.md
	@kept=$$(sed '/^| name /,$$d' docs/settings.md) && table=$$($(BIN)/python -m core.settings_table) && \
	printf '%s\n\n%s\n' "$$kept" "$$table" > docs/settings.md

lock: .venv/development ## renew the locks from requirements*.in, for every Python and system that we support
	@$(LOCK) --output-file requirements-pip.lock requirements-pip.in
	@$(LOCK) --output-file requirements.lock requirements.in
	@$(LOCK) --constraint requirements.lock --output-file requirements-embedded.lock requirements-embedded.in
	@$(LOCK) --output-file requirements-dev.lock requirements-dev.in

clean: ## forget the virtual environment (data under var/ stays)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Every python that is here is tried. One without its venv module is passed over, and the next one may have it.
.venv/bin/pip:
	@for python in $(PYTHONS); do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if $$python -m venv --clear .venv >/dev/null 2>&1; then echo ".venv has $$($$python --version)"; exit 0; fi; \
	  rm -rf .venv; without="$$without $$python"; \
	done; \
	if [ -n "$(UV)" ] && $(UV) venv --quiet --seed --clear --python '>=3.11' .venv; then exit 0; fi; \
	echo "Turno needs Python 3.11 or newer, with its venv module." >&2; \
	for python in $$without; do \
	  echo "$$python cannot make a virtual environment: apt install python3-venv (Debian and Ubuntu)" >&2; \
	done; \
	exit 1

# A complete lock needs no resolver: files are fetched and checked by their hash, pip first, so that its age is ours to choose.
.venv/installer: requirements-pip.lock | .venv/bin/pip
	@$(INSTALL) -r requirements-pip.lock
	@touch $@

.venv/runtime: requirements.lock requirements-embedded.lock .venv/installer $(PACKAGE)
	@if [ ! -f .venv/development ] || [ .venv/development -ot requirements.lock ]; then \
	  echo "installing the locked dependencies"; \
	  $(INSTALL) -r requirements.lock -r requirements-embedded.lock; \
	fi
	@$(INSTALL_TURNO)
	@$(CHECK)
	@touch $@

.venv/development: requirements-dev.lock .venv/installer $(PACKAGE)
	@echo "installing the locked dependencies, with those for development"
	@$(INSTALL) -r requirements-dev.lock
	@$(INSTALL_TURNO)
	@$(CHECK)
	@touch $@

.PHONY: help run test test-unit test-integration test-acceptance test-migrations test-image lab test-locks mutants check coverage bench bench-nlu format docs lock clean
