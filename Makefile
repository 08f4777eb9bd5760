# Two commands are enough: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA := instance

.PHONY: help run test check bench lock clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: $(VENV)/installed  ## install, load the demonstration, and serve on http://127.0.0.1:8000
	@ELEARN_DATA_DIR="$(CURDIR)/$(DATA)" $(BIN)/elearn run --demo

test: $(VENV)/installed-dev  ## everything: linters, contracts, types, tests on SQLite and PostgreSQL, browser
	@$(BIN)/python tests/run.py all

check: $(VENV)/installed-dev  ## the fast part, under 30 seconds: linters, contracts, types, pure and SQLite tests
	@$(BIN)/python tests/run.py check

bench: $(VENV)/installed-dev  ## measure side by side with the floor
	@$(BIN)/python -m bench

lock: $(VENV)/installed-dev  ## choose newer versions of what we depend on
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade --group dev pyproject.toml -o requirements-dev.lock

clean:  ## remove what the other commands made, the demonstration included
	rm -rf $(VENV) $(DATA) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing (about half a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
