# Parcours: `make demo` to try it, `make test` to test it. Needs Python 3.11 or later, git and make.
PYTHON ?= python3
PORT ?= 8000
DATA ?= var

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
STAMPS := $(VENV)/stamps
INSTALL := $(UV) pip install --quiet --system-certs --python $(PY)
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
KERNELS := $(shell find parcours/engine -name '*.py' 2>/dev/null)
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)

# Some containers forbid Python to keep what it compiled: every start of Parcours would compile Django anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench lock build format messages install ready clean
.DELETE_ON_ERROR:

demo: ready
	@exec $(VENV)/bin/parcours demo --port $(PORT) --data "$(DATA)"

test: ready $(STAMPS)/dev $(STAMPS)/spark
	@CHROMIUM="$$($(PY) -m scripts.browser)" && export CHROMIUM && $(PY) -m scripts.test

check: ready $(STAMPS)/dev
	@$(PY) -m scripts.check

bench: ready $(STAMPS)/bench
	@for file in benchmarks/[a-z]*.py; do \
		echo "== $$file"; $(PY) -m "benchmarks.$$(basename $$file .py)" || exit 1; \
	done

format: $(STAMPS)/dev
	@$(VENV)/bin/ruff check --quiet --fix-only
	@$(VENV)/bin/ruff format --quiet

messages: $(STAMPS)/project
	@$(PY) -m scripts.messages update

build: ready
	@$(PY) -m hatchling build

# Pins everything anew; needs the package index.
lock: $(STAMPS)/uv
	@for name in $(addprefix requirements/,uv base dev bench spark) tests/clients/requirements; do \
		$(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --upgrade \
			--no-emit-index-url --custom-compile-command "make lock" \
			$$name.in --output-file $$name.txt || exit 1; \
	done

clean:
	@rm -rf $(VENV) frontend/node_modules parcours/web/static/build dist

install: $(STAMPS)/project
# The slow parts beside each other: front end, kernels, catalogues.
ready: $(STAMPS)/project
	@$(MAKE) --silent --jobs=3 $(STAMPS)/frontend $(STAMPS)/kernels $(STAMPS)/messages

$(STAMPS)/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Parcours needs Python 3.11 or later, and $(PYTHON) is not. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { \
		echo "The environment could not be made. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing what Parcours needs into $(VENV) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: $(STAMPS)/uv requirements/base.txt
	@$(INSTALL) --require-hashes --requirement requirements/base.txt
	@touch $@

$(STAMPS)/project: $(STAMPS)/base pyproject.toml requirements/base.in requirements/hook.py
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/project requirements/dev.txt
	@echo "Installing what developing and testing need …"
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@touch $@

$(STAMPS)/bench: $(STAMPS)/dev requirements/bench.txt
	@echo "Installing what the benchmarks compare against …"
	@$(INSTALL) --require-hashes --requirement requirements/bench.txt
	@touch $@

# 470 MB that run nowhere without Java: their tests are skipped where there is none.
$(STAMPS)/spark: $(STAMPS)/dev requirements/spark.txt
	@if command -v java >/dev/null; then \
		echo "Installing what tests on a Spark cluster need …"; \
		$(INSTALL) --require-hashes --requirement requirements/spark.txt; \
	fi
	@touch $@

$(STAMPS)/npm: $(STAMPS)/base frontend/package-lock.json
	@$(PY) -m scripts.frontend install
	@touch $@

$(STAMPS)/frontend: $(STAMPS)/npm $(FRONTEND)
	@echo "Building the pages' styles and scripts …"
	@$(PY) -m scripts.frontend build
	@touch $@

$(STAMPS)/messages: $(STAMPS)/base $(CATALOGUES)
	@$(PY) -m scripts.messages compile
	@touch $@

# Compiled once and kept: without it the first question of an installation would wait for the compiler.
$(STAMPS)/kernels: $(STAMPS)/project $(KERNELS)
	@echo "Compiling the journey engine …"
	@if test -e parcours/engine/warm.py; then $(PY) -m parcours.engine.warm; fi
	@touch $@
