# The two commands: `make serve` and `make test`. uv is used where it is installed, pip where it is not.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8086
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
CONSTRAINTS := .ci/constraints.txt
PY := app benchmarks emu tests

ifdef UV
CREATE = $(UV) venv --quiet --python $(PYTHON) $(VENV)
INSTALL = $(UV) pip install --quiet --python $(BIN)/python --constraint $(CONSTRAINTS)
else
CREATE = sh .ci/venv $(PYTHON) $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS)
endif

.DEFAULT_GOAL := help
.PHONY: help install serve test check format bench fuzz conformance tools clean

help:
	@echo 'make serve        install into .venv and start the server on http://$(HOST):$(PORT)/ (HOST=, PORT=)'
	@echo 'make test         install what the tests need, then run every check and every test'
	@echo 'make install      install alone: .venv/bin/qomscope works afterwards'
	@echo 'make check        lint, format, types, import layers; no tests'
	@echo 'make format       put the Python source into its format'
	@echo 'make conformance  compare with the recorded and the real QEMU; print the table'
	@echo 'make bench        time and memory against the real QEMU; step and seek in Chromium'
	@echo 'make fuzz         many random cases (CASES=5000)'
	@echo 'make clean        remove .venv, node_modules and caches'

$(BIN)/python:
	@$(CREATE)

$(VENV)/.installed: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	@echo 'installing qomscope into $(VENV)'
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.tested: pyproject.toml $(CONSTRAINTS) $(VENV)/.installed
	@echo 'installing the tools of the tests into $(VENV)'
	@$(INSTALL) --editable '.[test]'
	@touch $@

install: $(VENV)/.installed

serve: install
	@$(BIN)/qomscope serve --host $(HOST) --port $(PORT)

# What pip cannot give: the real QEMU, Chromium, Chinese fonts, Node and TypeScript. Missing ones are named loudly.
tools: $(VENV)/.tested
	@sh .ci/tools

check: tools
	$(BIN)/ruff check $(PY)
	$(BIN)/ruff format --check $(PY)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	@sh .ci/javascript

# Two processes side by side; what failed there is tried once more by itself, since some tests listen for answers for a while only.
# Tests of the page come alone: each wants a processor for Chromium and one for the server.
ASIDE := -n 2 --dist loadfile --no-loadscope-reorder -m 'not browser'
test: check
	$(BIN)/python -m pytest $(ASIDE) || $(BIN)/python -m pytest --last-failed --last-failed-no-failures none -m 'not browser'
	$(BIN)/python -m pytest -m browser

format: $(VENV)/.tested
	$(BIN)/ruff check --fix-only $(PY)
	$(BIN)/ruff format $(PY)

conformance: tools
	$(BIN)/python tests/conformance/table.py

bench: tools
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/scaling.py

CASES ?= 5000
fuzz: tools
	QOMSCOPE_CASES=$(CASES) $(BIN)/python -m pytest -m fuzz

clean:
	rm -rf $(VENV) node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
