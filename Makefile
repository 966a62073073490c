# imr-rules: the everyday commands.  `make help` lists them.

VENV ?= .venv
PYTHON ?=
JOBS ?= 2
ARGS ?=

SEED := fixtures/determinations/seed-cbt-relaxation.yaml
RUN  := $(VENV)/.ready-to-run
DEV  := $(VENV)/.ready-to-develop

# What is compiled is kept: tests start hundreds of processes, and pytest rewrites every assertion.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help screen test long browser lint format types schemas docs pages letters screenshots bench clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.* ## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo
	@echo '  PYTHON=python3.12   which Python builds $(VENV) (3.11 to 3.13; else the first found)'
	@echo '  ARGS="-k seed"      passed on to pytest'

screen: $(RUN) ## set up, and screen the seed determination
	$(VENV)/bin/imr-rules screen $(SEED)

test: $(DEV) ## set up, and run the tests
	$(VENV)/bin/python -m pytest -m "not long and not browser" -n $(JOBS) --benchmark-disable $(ARGS)

long: $(DEV) ## run the tests that take minutes
	$(VENV)/bin/python -m pytest -m "long and not browser" -n $(JOBS) --benchmark-disable $(ARGS)

browser: $(DEV) ## try the reviewer's pages in a real Chromium
	$(VENV)/bin/python -m pytest -m browser --benchmark-disable $(ARGS)

lint: $(DEV) ## check style, and that rooms import downwards only
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo

format: $(DEV) ## mend style
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

types: $(DEV) ## check types
	$(VENV)/bin/mypy

schemas: $(RUN) ## write the JSON Schemas that .vscode/settings.json names
	@for kind in case guideline layer sources facts treatments instruments codes; do \
		$(VENV)/bin/imr-rules schema $$kind > .vscode/$$kind.schema.json || exit 1; done

docs: $(DEV) ## build the documentation as a site, in build/site
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs --quiet build

pages: $(RUN) ## write the generated pages of the documentation anew
	@$(VENV)/bin/python -m imr_rules.writing.rulebook_page docs
	@$(VENV)/bin/python -m imr_rules.writing.facts_page > docs/facts.md
	@$(VENV)/bin/python -m imr_rules.workbench.verifying > docs/to-verify.md
	@$(VENV)/bin/imr-rules agree fixtures --format markdown > docs/fit.md

letters: $(DEV) ## write the finished letters of the documentation anew
	@$(VENV)/bin/python -m tests.writing.determination.finished

screenshots: $(DEV) ## make the screenshots of the documentation anew (Chromium)
	IMR_WRITE_SCREENSHOTS=1 $(VENV)/bin/python -m pytest -m browser tests/server/pages/test_screenshots.py

bench: $(DEV) ## measure speed, as ratios within one run
	$(VENV)/bin/python -m pytest benchmarks --benchmark-only $(ARGS)

clean: ## remove what the other commands made
	@test ! -e $(VENV) || test -e $(VENV)/pyvenv.cfg || { echo "$(VENV) is not a virtual environment"; exit 1; }
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements/run.txt requirements/build.txt requirements/durable.txt pyproject.toml scripts/set-up
	@scripts/set-up "$(VENV)" "$(PYTHON)"
	@touch $@

$(DEV): $(RUN) requirements/service.txt requirements/page.txt requirements/dev.txt
	@$(VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-deps -r requirements/service.txt -r requirements/page.txt -r requirements/dev.txt
	@touch $@
