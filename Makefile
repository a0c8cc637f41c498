# `make` alone lists the targets. Each target that runs Python sets up .venv first.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.core
DEV_STAMP := .venv/.dev
JOBS ?= auto

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(DEV_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

setup: $(DEV_STAMP) ## environment with everything for development

quickstart: $(STAMP) ## build and verify a release of rendered clips in out/quickstart
	$(BIN)/acav1m build recipes/quickstart.yaml --out out/quickstart
	$(BIN)/acav1m verify out/quickstart

lint: $(DEV_STAMP) ## ruff, mypy, codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

test: lint ## all that needs no GPU and no network
	$(BIN)/pytest -n $(JOBS)

fast: $(DEV_STAMP) ## the tests that take no more than seconds
	$(BIN)/pytest -n $(JOBS) -m "not slow"

bench: $(DEV_STAMP) ## measure what filters catch and the agent mends, and write it into README and card
	$(BIN)/acav1m bench curation quickstart --seed 1729 --count 96 --model embedded --model onset-motion --out out/bench
	cp out/bench/curation.json metadata/bench/curation.json
	$(BIN)/acav1m bench agent --seed 1618 --count 64 --out out/bench-agent
	cp out/bench-agent/agent.json metadata/bench/agent.json
	$(BIN)/python tests/docs.py

docs: $(DEV_STAMP) ## rewrite the generated parts of the README and the JSON Schema
	$(BIN)/python tests/docs.py

clean: ## remove what was built
	rm -rf out dist .venv .mypy_cache .pytest_cache .ruff_cache

.PHONY: help setup quickstart lint test fast bench docs clean
