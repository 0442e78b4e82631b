# make run: sets up and opens the app.  make test: sets up and runs every check.  make help: the rest.
# Another Python: make run PYTHON=python3.13
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 3
PRESET ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --constraint constraints.txt
TYPES := build/types/nn_tui/.laid

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint types format fuzz soak monkey test-lowest test-newest bench test-torch screenshots clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

run: $(VENV)/.stamp-app ## set up, and open the app (make run PRESET=mazur for another preset)
	@$(BIN)/nn-tui $(PRESET)

test: lint types ## set up, then lint, format, types and tests
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(VENV)/.stamp-test ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.stamp-test $(TYPES) ## mypy, strict
	$(BIN)/mypy

format: $(VENV)/.stamp-test ## let ruff mend and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.stamp-test ## the property tests with many more examples, 140,000 hostile files among them (those alone: 8 minutes of processor time)
	$(BIN)/python -m pytest -n $(JOBS) -m hypothesis --hypothesis-profile=fuzz

soak: $(VENV)/.stamp-test ## a million updates: memory stays flat, and every one of them near
	NN_TUI_SOAK=1000000 $(BIN)/python -m pytest tests/core/run/test_growth.py

monkey: $(VENV)/.stamp-test ## random hands on the real app: 20,000 keys, clicks and sizes of each of three seeds (half an hour)
	$(BIN)/python -m tests._monkey --seeds 1 2 3 --events 20000

test-lowest: $(TYPES) ## the tests with the lowest versions that are allowed, in a virtual environment of their own
	$(PYTHON) -m venv --clear $(VENV)-lowest
	$(PYTHON) tests/lowest.py > build/lowest.txt
	$(VENV)-lowest/bin/python -m pip --no-input install --quiet --constraint build/lowest.txt --editable '.[test]'
	$(VENV)-lowest/bin/python -m pytest -n $(JOBS)

test-newest: $(TYPES) ## the tests with the newest versions that are allowed, likewise
	$(PYTHON) -m venv --clear $(VENV)-newest
	$(VENV)-newest/bin/python -m pip --no-input install --quiet --upgrade --editable '.[test]'
	$(VENV)-newest/bin/python -m pytest -n $(JOBS)

test-torch: $(VENV)/.stamp-torch ## compare with PyTorch itself (downloads torch)
	$(BIN)/python -m pytest tests/torch

bench: $(VENV)/.stamp-bench ## speed against other libraries, a hand-written loop and a bare Textual app; also as JSON in build/bench (downloads torch, jax and more)
	@mkdir -p build/bench; missed=0; for script in bench/[a-z]*.py; do echo "== $$script"; \
	  $(BIN)/python "$$script" --json "build/bench/$$(basename "$$script" .py).json" || missed=1; done; exit $$missed

screenshots: $(VENV)/.stamp-app ## take the README's pictures again, and its table of keys
	$(BIN)/python docs/make_screenshots.py
	$(BIN)/python docs/make_keys_table.py

clean: ## remove the virtual environment, builds and caches
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-newest build dist nn_tui.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps let a second run install nothing; a change of the dependencies installs again.
$(VENV)/.stamp-python:
	@command -v $(PYTHON) >/dev/null || { echo "nn-tui needs Python 3.11 or newer, and $(PYTHON) is not there." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "nn-tui needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.stamp-app: $(VENV)/.stamp-python pyproject.toml constraints.txt
	@echo "Setting up $(VENV): this takes a minute the first time." >&2
	@$(PIP) --editable .
	@touch $@

$(VENV)/.stamp-test: $(VENV)/.stamp-app
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/.stamp-torch: $(VENV)/.stamp-test
	@$(PIP) --editable '.[test,torch]'
	@touch $@

$(VENV)/.stamp-bench: $(VENV)/.stamp-torch
	@$(PIP) --editable '.[test,torch,bench]'
	@touch $@

# The type checker reads the folders under the names they are imported by.
$(TYPES):
	@mkdir -p $(@D)
	@for name in core tui presets; do ln -sfn ../../../$$name $(@D)/$$name; done
	@touch $@
