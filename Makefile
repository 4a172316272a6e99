# make          the report: build/site/index.html and build/report.pdf
# make check    what is wrong with the content           FORMAT=full|concise|json|github
# make check-pdf what is wrong with build/report.pdf
# make serve    the site at a local address, built anew at every change
# make test     the tests of the engine
# make bench    measures galley against the plain tools and writes the table in galley/README.md
# make clean    removes what was built
#
# The first call on a machine installs what is missing. ROOT, OUT, AUDIENCE and CACHE choose another report, output
# folder, edition or cache. An environment that you keep yourself is used as it is: make VENV=/path/to/it

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.SILENT:
MAKEFLAGS += --no-print-directory

ifeq ($(origin VENV),undefined)
VENV := .venv
set-up = .ci/setup $(1) $(VENV)
else
set-up = true
endif

python = $(VENV)/bin/python
options = $(if $(ROOT),--root "$(ROOT)") $(if $(OUT),--out "$(OUT)") $(if $(AUDIENCE),--audience "$(AUDIENCE)") $(if $(CACHE),--cache "$(CACHE)")
report = $(python) build_report.py $(options)

.PHONY: build
build: set-up-build
	$(report)

.PHONY: check
check: set-up-build
	$(report) check $(if $(FORMAT),--format $(FORMAT))

.PHONY: check-pdf
check-pdf: set-up-build
	$(report) check-pdf "$(or $(OUT),build)/report.pdf"

.PHONY: serve
serve: set-up-build
	$(report) serve

.PHONY: test
test: set-up-test
	$(python) -m pytest --numprocesses auto --dist loadfile
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	$(VENV)/bin/lint-imports --no-logo

.PHONY: bench
bench: set-up-test
	$(python) .ci/bench.py

.PHONY: set-up-build
set-up-build:
	$(call set-up,build)

.PHONY: set-up-test
set-up-test: set-up-build
	$(call set-up,test)

# The exact versions of everything that is installed, with their hashes, from what pyproject.toml allows.
lock = $(python) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
       --custom-compile-command "make lock"

.PHONY: lock
lock: set-up-build
	$(python) -m pip install --quiet uv
	echo 'setuptools>=77,<85' | $(lock) --upgrade pyproject.toml - --output-file .ci/requirements-build.txt
	$(lock) --upgrade --extra dev --constraint .ci/requirements-build.txt pyproject.toml \
	  --output-file .ci/requirements-test.txt

.PHONY: clean
clean:
	rm -rf build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
