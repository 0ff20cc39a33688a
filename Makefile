# Détente: `make demo` and `make test` set up what they need on a machine that has Python >= 3.11 and make.
# Nothing is fetched again until pyproject.toml or uv.lock changes.

.DEFAULT_GOAL := help
.PHONY: help setup browser demo test lint format docs-check docs-reset bench soak clean
.DELETE_ON_ERROR:

# The Python that makes .venv: the first of these that is new enough, or PYTHON=... as given.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# The version of uv that reads the lock file.
UV_VERSION := 0.13.9
# How many times `make soak` runs the property tests, each time on new examples.
ROUNDS ?= 20

# Tests and pages start many short processes, which need the compiled modules of those before them.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
READY := .venv/.ready

# List the targets; each line is the comment above a target.
help:
	@awk '/^# /{said=substr($$0, 3)} /^[a-z-]+:/{split($$0, name, ":"); if (said) printf "  make %-12s %s\n", name[1], said} !/^#/{said=""}' Makefile

# Make .venv with exactly the locked packages; does nothing, and needs no network, where that is done.
setup: $(READY)

$(READY): pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found; name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "python -m venv does not work here; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/uv --version 2>/dev/null | grep -q '^uv $(UV_VERSION)' || $(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	@$(BIN)/uv sync --quiet --frozen --compile-bytecode --python $(BIN)/python
	@touch $@

# Install Debian's Chromium for tests/browser where that is possible; where it is not, those tests are skipped and say so.
browser:
	@sh tools/make_browser.sh

# Judge the two drafts of 17 December 2021 on what was said in public: the main job, on real input.
demo: setup
	@$(BIN)/detente demo --as-if-in-force

# Everything that must hold: lint, types, walls between rooms, all tests; the slowest are named at the end.
test: lint browser
	$(BIN)/pytest -n auto --dist worksteal --durations=15

# Lint, form, types, the direction of imports and the lock file.
lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check --offline --quiet

# Write the code in the project's form.
format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Run every command and program shown in README.md, docs/ and examples/, and compare what they print.
docs-check: setup
	$(BIN)/pytest -n auto tests/docs

# Rewrite the outputs shown there; read the difference before you commit it.
docs-reset: setup
	$(BIN)/python tests/docs/console.py --reset

# Time the program against hand-written queries and other libraries; takes long, wants a quiet machine, and writes docs/benchmarks.md.
bench: setup
	$(BIN)/python bench/judge.py --write
	$(BIN)/python bench/due.py --write
	$(BIN)/python bench/detect.py --write
	$(BIN)/python bench/zones.py
	$(BIN)/python bench/nmea.py
	$(BIN)/python bench/prove.py

# Run the property tests again and again on new examples, and the largest inputs; ROUNDS=20 takes hours.
soak: setup
	@for round in $$(seq $(ROUNDS)); do echo "round $$round of $(ROUNDS)"; $(BIN)/pytest -n auto -m 'hypothesis or soak' || exit 1; done

# Remove .venv and what the tools left behind.
clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
