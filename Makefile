# Everything happens in .venv, which the targets make themselves. Needed: python3 (3.11 or newer) with
# venv and pip, and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test lock clean

help:
	@echo "make demo   the whole job on loopback, against the blog in fixtures/"
	@echo "make test   every check: ruff, mypy --strict, pytest"
	@echo "make lock   write requirements-dev.txt anew from pyproject.toml"
	@echo "make clean  remove .venv and what the demo made"

demo: $(VENV)/.installed
	@$(BIN)/scrape demo

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests
	MYPYPATH=fixtures $(BIN)/mypy fixtures
	MYPYPATH=. $(BIN)/mypy benchmarks
	$(BIN)/python -m pytest

lock: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--extra dev --output-file requirements-dev.txt pyproject.toml

clean:
	rm -rf $(VENV) cratedig-demo

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("cratedig needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 demo")'
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml $(VENV)/bin/pip
	@echo "Installing cratedig into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt pyproject.toml $(VENV)/bin/pip
	@echo "Installing the locked development tools into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.installed
