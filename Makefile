# Careline: every recipe works in a fresh clone; the first one sets up .venv.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: setup run test test-real check bench chaos format clean

setup: $(STAMP)

# Constraints, not hashes: the same pins serve Debian and macOS.
$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Careline needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[ingest,writer,dev]'
	touch $(STAMP)

run: setup
	$(BIN)/careline serve

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -m "not integration and not acceptance and not real"

test: setup
	$(BIN)/pytest -q -m "not real"

test-real: setup
	bash tests/real/install
	$(BIN)/pytest -q -m real

bench: setup
	$(BIN)/python -m tests.bench

chaos: setup
	$(BIN)/python -m tests.chaos

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .careline build *.egg-info
