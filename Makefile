# For each target and its approximate time, see: make help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COURSEKIT := $(BIN)/coursekit
TORCH := torch==2.13.0
TORCH_VENV := .venv-torch
TORCH_READY := $(TORCH_VENV)/.torch-ready
# One more than two cores: tests wait for sandboxes and time limits a good part of their time.
WORKERS ?= 3
export OPENBLAS_NUM_THREADS ?= 1
.DEFAULT_GOAL := help
.PHONY: help setup data release check demo sample grade report lab test quick coverage torch verify lint bench clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed, $(PYTHON) is older: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@scripts/system-packages bwrap:bubblewrap
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (1 to 3 min)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -m compileall -qq src  # pip does it for all but what is editable; a start takes a third less
	@touch $@

setup: $(READY)  ## only the environment: .venv with pinned packages (1 to 3 min)

data: $(READY)  ## the course's data: MNIST from MNIST_DIR, the cache or a mirror, else the stand-in (up to 1 min)
	@$(COURSEKIT) data

release: $(READY) data  ## build release/, solutions/ and autograder/ from source/ (2 min)
	@$(COURSEKIT) build

check: $(READY)  ## are the built folders up to date? (5 s)
	@$(COURSEKIT) build --check

sample: $(READY)  ## write the sample class into submitted/ (2 s)
	@$(COURSEKIT) sample --force

grade: $(READY)  ## grade everything in submitted/, sealed; continues where it stopped (10 s per submission)
	@$(COURSEKIT) grade

report: $(READY)  ## gradebook and feedback from results/ (2 s)
	@$(COURSEKIT) report

demo: $(READY) data  ## the whole course: build if needed, sample class, sealed grades, gradebook, feedback (5 min)
	@$(COURSEKIT) build --check || $(COURSEKIT) build
	@$(COURSEKIT) sample --force
	@$(COURSEKIT) grade --regrade

lab: $(READY)  ## JupyterLab on release/
	@$(BIN)/jupyter lab release

test: $(READY)  ## the whole test suite (15 min)
	@scripts/system-packages bwrap:bubblewrap chromium:chromium
	@$(COURSEKIT) data
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

quick: $(READY)  ## the tests that matter most, without browsers and trainings (1 min)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "quick and not slow"

coverage: $(READY)  ## the whole test suite, and which lines of coursekit it runs (25 min)
	@$(COURSEKIT) data
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --cov --cov-report=term:skip-covered

# A copy of .venv by hard links takes no time and no space, and can be read in the sandbox. A .pth file that points to
# .venv would not work, since only the running Python's own folder is mounted there.
$(TORCH_READY): $(READY)
	@echo "Installing $(TORCH) into $(TORCH_VENV) (1 min, and the download)"
	@rm -rf $(TORCH_VENV) && cp -al $(VENV) $(TORCH_VENV)
	@$(TORCH_VENV)/bin/python -m pip install -qq --disable-pip-version-check $(TORCH)
	@$(TORCH_VENV)/bin/python -c 'import torch'
	@touch $@

torch: $(TORCH_READY)  ## test a PyTorch submission of l_layer_network, in .venv-torch (1 min, 2 the first time)
	@$(COURSEKIT) data
	$(TORCH_VENV)/bin/python -m pytest -rs tests/test_l_layer_network.py -k tensors

verify: $(READY)  ## mistakes, mutants, liars, variants, hand-ins, agreement, attacks: why you can trust a grade (some hours)
	@$(COURSEKIT) verify mistakes
	@$(COURSEKIT) verify mutants
	@$(COURSEKIT) verify liars
	@$(COURSEKIT) verify variants
	@$(COURSEKIT) verify handins
	@$(COURSEKIT) verify agreement
	@$(COURSEKIT) verify agreement --known
	@$(COURSEKIT) verify attacks

lint: $(READY)  ## ruff, mypy and the rules of imports (1 min, then 5 s)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY)  ## benchmarks: times of training and grading, with ratios (5 min)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean:  ## remove the environments, results and everything else not in git (keeps submitted/, collected/ and data/)
	rm -rf $(VENV) $(TORCH_VENV) results feedback exported autograded build src/*.egg-info gradebook.db .coverage* \
	  .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
