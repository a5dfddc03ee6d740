# make study   the main job, on real data, from nothing but Python
# make test    everything that must hold before a change lands
# make docs    the documents, as pages that open from the disk: build/docs/index.html
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
export PIP_CONSTRAINT = $(CURDIR)/constraints.txt

.PHONY: study test check docs install clean

study: $(VENV)/.study
	$(BIN)/nonlin study digits

test: check docs
	$(BIN)/python -m pytest -n 2

docs: $(VENV)/.dev
	$(BIN)/python -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --quiet docs build/docs
	@echo "open build/docs/index.html"

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy src/nonlin/__init__.py  # which its stub hides from the line above

install: $(VENV)/.dev

$(VENV)/.study: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e '.[study]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e '.[dev,docs]'
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) build dist docs/activations docs/reference .pytest_cache .mypy_cache .ruff_cache .hypothesis
