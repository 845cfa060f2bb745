# Needs Python 3.11 or newer, make and a network the first time. Everything is installed into .venv, locked by hash.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_TELLING := $(BIN)/python -m pip --disable-pip-version-check
PIP := $(PIP_TELLING) --quiet
LOCKED := --require-hashes --no-deps --only-binary=:all:

# Many processes are started; where compiled modules are not kept, each compiles all of them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test bench messages wheel docs requirements clean

demo: $(VENV)/.installed
	@$(BIN)/spheres demo

# How many processes, and what each runs: tests/schedule.py and tests/conftest.py.
test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadscope --no-loadscope-reorder $(PYTEST)

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks $(BENCH)
	@$(BIN)/python -m benchmarks.memory
	@$(BIN)/python -m benchmarks.cold_client

messages: $(VENV)/.installed-dev
	@$(BIN)/spheres locale update

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# A stamp is newer than what it was made from: unchanged files install nothing.
$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "1/2 Installing the libraries of requirements.txt into $(VENV); the first time this takes some minutes …"
	@$(PIP_TELLING) install --progress-bar off $(LOCKED) -r requirements.txt
	@echo "2/2 Installing SPHÈRES itself …"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(PIP) install $(LOCKED) -r requirements-dev.txt
	@touch $@

# The core and each plugin of this folder. What an older build left in build/lib would be packed again.
wheel: $(VENV)/.installed-dev
	@rm -rf build/lib build/bdist.* dist
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@$(BIN)/spheres plugin build plugins/*/ --out dist

# A static site of docs/ in build/site; it loads nothing from elsewhere.
docs: $(VENV)/.installed-dev
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs build/site
	@echo "build/site/index.html"

# Both locks, for every platform; uv comes and goes in a venv of its own.
requirements:
	@rm -rf build/uv && $(PYTHON) -m venv build/uv && build/uv/bin/python -m pip --disable-pip-version-check --quiet install uv
	@build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
		--extra build pyproject.toml -o requirements.txt
	@build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
		--extra dev --extra docs --extra build -c requirements.txt pyproject.toml -o requirements-dev.txt
	@rm -rf build/uv
	@$(BIN)/python -m tests.rules.test_licenses

clean:
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.spheres*' -prune -exec rm -rf {} +
