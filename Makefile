# Everything a developer does, each in one word. `make help` lists it.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SAMPLE ?= samples/home_workout.mp4
STAMP  := $(VENV)/.deukgeun-installed
# What the installation is made from; the sources themselves are used in place.
INPUTS := pyproject.toml hatch_build.py $(wildcard assets/*.json) src/deukgeun/pose/weights/manifest.toml

.DEFAULT_GOAL := help
.PHONY: help setup gym run test lint format types imports cov docs sheets bench clips fuzz gym-report movements samples study wheel clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## Create .venv and install everything into it, the networks included

$(STAMP): $(INPUTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed: make setup PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

gym: setup  ## Install the packages of the virtual gym, of training and of clusters too (anny, vtk, torch, ray)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[synth,train,batch]'

run: setup  ## Analyse the sample video
	$(BIN)/deukgeun analyze $(SAMPLE)

test: setup  ## Run the tests
	$(BIN)/python -m pytest

lint: setup  ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup  ## Mend what can be mended of style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup  ## Check the types
	$(BIN)/mypy

imports: setup  ## Check that the arrows between the rooms point down
	$(BIN)/lint-imports

cov: setup  ## Run the tests and require 90 % branch coverage
	$(BIN)/python -m pytest --cov --cov-report=term-missing --cov-fail-under=90

docs: setup  ## Write the reference pages again from the code
	$(BIN)/python tools/make_reference.py

sheets: gym  ## Draw the pictures of the exercises again that have changed
	$(BIN)/python tools/make_exercise_sheets.py

bench: setup  ## Measure speed and memory
	$(BIN)/python benchmarks/bench.py

CLIPS ?= ../shared/data/clips.csv
clips: gym  ## Measure the analysis on labelled clips, where they are at hand (CLIPS=manifest.csv)
	$(BIN)/deukgeun evaluate clips $(CLIPS) --apart Wurminator69420 --workers 2 --results build/clips \
	  --report docs/reports/recognition.md --report build/clips/report.html

fuzz: setup  ## Analyse damaged and hostile files
	$(BIN)/python benchmarks/fuzz.py

gym-report: setup  ## Report what the estimator sees of the gym, from RECORDINGS= and GLIMPSES= (tools/record_estimator.py)
	$(BIN)/python benchmarks/gym.py $(RECORDINGS) $(if $(GLIMPSES),--glimpses $(GLIMPSES))

study: gym  ## Do the original study again on a generated data set; resumable (SIZE=small takes minutes)
	$(BIN)/python tools/make_study.py $(or $(SIZE),full)

movements: gym  ## Make the network that names movements from nothing; resumable (SIZE=small takes minutes)
	$(BIN)/python tools/make_movements.py $(or $(SIZE),full)

samples: gym  ## Film the samples again, as samples/samples.toml says
	$(BIN)/python tools/make_samples.py

wheel: setup  ## Build the source archive, and from it the wheel, into dist/
	$(BIN)/python -m build --no-isolation

clean:  ## Remove what was built; the environment and the networks stay
	rm -rf build dist .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache htmlcov
