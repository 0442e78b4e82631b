# make run: set up and open the app.  make test: set up and run all checks.  make help: list the other commands.
# With another Python: make run PYTHON=python3.13
PYTHON ?= python3
PYTHONS ?= python3.11 python3.12 python3.13 python3.14
KERNELS ?= Nehalem Haswell SkylakeX
VENV ?= .venv
JOBS ?= 3
PRESET ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --constraint constraints.txt
TYPES := build/types/nn_tui/.laid

# Without files of bytecode, each process of the tests and of the app compiles the program again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint types format fuzz soak diagnosis monkey test-pythons test-lowest test-newest test-kernels test-torch test-formats test-shells \
  test-web api bench bench-rivals messages screenshots figures clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.stamp-app ## set up and open the app (another preset: make run PRESET=mazur)
	@$(BIN)/nn-tui $(PRESET)

test: lint types ## set up, then check rules, format and types, and run the tests
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(VENV)/.stamp-test ## check rules and format with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.stamp-test $(TYPES) ## check the types with mypy
	$(BIN)/mypy

format: $(VENV)/.stamp-test ## let ruff fix and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.stamp-test ## run the property tests with many more examples (at least 8 minutes)
	$(BIN)/python -m pytest -n $(JOBS) -m hypothesis --hypothesis-profile=fuzz

soak: $(VENV)/.stamp-test ## train a million updates: memory use stays constant, any update is reached quickly
	NN_TUI_SOAK=1000000 $(BIN)/python -m pytest tests/core/run/test_growth.py

diagnosis: $(VENV)/.stamp-test ## diagnose every setting made to go wrong, try its remedy, and look at 50 runs that learn
	NN_TUI_DIAGNOSIS=1 $(BIN)/python -m pytest tests/core/diagnosis/test_matrix.py

monkey: $(VENV)/.stamp-test ## send random keys, clicks and sizes to the app, 20,000 for each of three seeds (half an hour)
	$(BIN)/python -m tests._monkey --seeds 1 2 3 --events 20000

test-pythons: $(VENV)/.stamp-python ## run the tests under each Python of 3.11 to 3.14 that is installed
	$(BIN)/python -m tests.pythons --venv $(VENV) --jobs $(JOBS) $(PYTHONS)

test-lowest: ## run the tests with the lowest versions of the dependencies that pyproject.toml allows
	@mkdir -p build
	$(PYTHON) -m venv --clear $(VENV)-lowest
	$(PYTHON) tests/lowest.py > build/lowest.txt
	$(VENV)-lowest/bin/python -m pip --no-input install --quiet --constraint build/lowest.txt --editable '.[test]'
	$(VENV)-lowest/bin/python -m pytest -n $(JOBS)

test-newest: ## run the tests with the newest versions of the dependencies that pyproject.toml allows
	$(PYTHON) -m venv --clear $(VENV)-newest
	$(VENV)-newest/bin/python -m pip --no-input install --quiet --upgrade --editable '.[test]'
	$(VENV)-newest/bin/python -m pytest -n $(JOBS)

test-kernels: $(VENV)/.stamp-test ## run the tests with the matrix products of other x86 processors (OpenBLAS)
	for kernel in $(KERNELS); do OPENBLAS_CORETYPE=$$kernel $(BIN)/python -m pytest -n $(JOBS) || exit 1; done

test-torch: $(VENV)/.stamp-torch ## compare with PyTorch (downloads it)
	$(BIN)/python -m pytest tests/torch

test-formats: $(VENV)/.stamp-formats ## read task sheets and exports with the programs they are for (installs these as root)
	@tests/formats/install.sh
	$(BIN)/python -m pytest tests/formats

test-shells: $(VENV)/.stamp-test ## try completion in bash, zsh and fish (installs these as root)
	@tests/shells/install.sh
	$(BIN)/python -m pytest tests/shells

test-web: $(VENV)/.stamp-web ## use nn-tui serve in Chromium (installs it as root)
	@tests/web/install.sh
	$(BIN)/python -m pytest tests/web

bench: $(VENV)/.stamp-torch $(VENV)/.stamp-web ## measure the speed and write build/bench/*.json (downloads PyTorch)
	@mkdir -p build/bench; missed=0; for script in bench/[a-z]*.py; do echo "== $$script"; \
	  $(BIN)/python "$$script" --json "build/bench/$$(basename "$$script" .py).json" || missed=1; done; exit $$missed

bench-rivals: $(VENV)/.stamp-bench ## compare the trainer with other libraries too (downloads PyTorch, JAX and others)
	$(BIN)/python bench/engine.py --rivals

api: $(VENV)/.stamp-test ## write the page of the API from the docstrings
	$(BIN)/python docs/make_api.py

messages: $(VENV)/.stamp-test ## write the catalogue of sentences for translators
	$(BIN)/python docs/make_messages.py

screenshots: $(VENV)/.stamp-app ## update the README's pictures and its table of keys
	$(BIN)/python docs/make_screenshots.py
	$(BIN)/python docs/make_keys_table.py

figures: $(VENV)/.stamp-app ## draw the figures of docs/figures.md
	$(BIN)/python docs/make_figures.py

clean: ## remove virtual environments, builds and caches
	rm -rf $(VENV) $(VENV)-* build dist nn_tui.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file records that its step is done: a second run installs nothing until the dependencies change.
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
	@$(PIP) --editable '.[test,torch,export]'
	@touch $@

$(VENV)/.stamp-formats: $(VENV)/.stamp-test
	@$(PIP) --editable '.[test,export,formats]'
	@touch $@

$(VENV)/.stamp-web: $(VENV)/.stamp-test
	@$(PIP) --editable '.[test,serve]'
	@touch $@

$(VENV)/.stamp-bench: $(VENV)/.stamp-torch
	@$(PIP) --editable '.[test,torch,bench]'
	@touch $@

# mypy reads the source folders through links that have their import names: nn_tui/core is a link to core.
$(TYPES):
	@mkdir -p $(@D)
	@for name in core tui presets; do ln -sfn ../../../$$name $(@D)/$$name; done
	@touch $@
