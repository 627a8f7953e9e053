# Every command sets up what it needs, once: .venv and Azurite. `make` alone lists them.

# Plain assignments, so that a PORT or NAME in the shell's environment means nothing here; `make run PORT=8080` does.
PORT = 7071
TABLE_PORT = 10002
DATA = .local/data
PROCESSES = 1
AZURITE = 1
PORTAL = 1
TELEMETRY = off
TENANT = 5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30
ROLE = User Administrator
NAME = administrator@autoclaim.example
KIND =
USERS = 1000
MINUTES = 10
OUT = .local/bench.json
CALLERS = 32
# The recipes read these from the environment: whatever a value holds, no shell takes it apart.
export PORT TABLE_PORT DATA PROCESSES AZURITE PORTAL TELEMETRY TENANT ROLE NAME KIND USERS CALLERS MINUTES OUT

# The operator's commands take a tenant and a user only as written with the command: TENANT has a default above, and
# every shell has a USER.
written = $(if $(findstring command line,$(origin $(1))),$(2))
WRITTEN_TENANT = $(call written,TENANT,--tenant "$$TENANT")
WRITTEN_USER = $(call written,USER,--user "$$USER")
WRITTEN_QUICK = $(call written,QUICK,1)
WRITTEN_SEED = $(call written,SEED,--seed "$$SEED")
WRITTEN_YES = $(call written,YES,--yes "$$YES")
WRITTEN_TO = $(call written,TO,--to "$$TO")
WRITTEN_CLEAN = $(call written,CLEAN,--clean "$$CLEAN")
OPERATE = $(PYTHON) -m localhost.operate --data "$$DATA" --table-port "$$TABLE_PORT"

PYTHON = .venv/bin/python

# Any Python that is new enough makes .venv. The one that CI uses comes first.
FOUND_PYTHON = $(shell for python in python3.11 python3.12 python3.13 python3; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$python"; break; fi; done)
INSTALL = exec $(or $(FOUND_PYTHON),$(error Python 3.11 or newer is needed, with its venv module)) localhost/install.py

.DEFAULT_GOAL := help
.PHONY: help run token key demo settings azurite rollup rebuild-reports erase-names delete-tenant move-tenant \
	bench soak test coverage check package lock licenses clean python built portal-packages portal-pages everything

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

# `exec`: a signal to make reaches the command itself.
run: everything ## Serve the app [PORT=7071] [TABLE_PORT=10002] [DATA=.local/data] [PROCESSES=1] [AZURITE=1] [PORTAL=1] [TELEMETRY=console]
	@exec $(PYTHON) -m localhost.run --port "$$PORT" --table-port "$$TABLE_PORT" --data "$$DATA" \
		--processes "$$PROCESSES" --azurite "$$AZURITE" --portal "$$PORTAL"

token: python ## Print a token [TENANT=<guid>] [ROLE="User Administrator"] [NAME=<upn>] [KIND=entra] [DATA=.local/data]
	@exec $(PYTHON) -m localhost.credentials token --data "$$DATA" --kind "$$KIND" \
		--tenant "$$TENANT" --role "$$ROLE" --name "$$NAME"

key: python ## Print the function key [KIND=master] [DATA=.local/data]
	@exec $(PYTHON) -m localhost.credentials key --data "$$DATA" --kind "$$KIND"

demo: everything ## Sign in many people at once and check every rule [USERS=1000] [CALLERS=32]
	@exec $(PYTHON) -m localhost.demo --users "$$USERS" --callers "$$CALLERS"

settings: python ## Write local.settings.json for `func start` (run make azurite beside it) [TABLE_PORT=10002] [DATA=.local/data]
	@exec $(PYTHON) -m localhost.func_start settings --data "$$DATA" --table-port "$$TABLE_PORT"

azurite: everything ## Run only the storage [TABLE_PORT=10002] [DATA=.local/data]
	@exec $(PYTHON) -m localhost.func_start azurite --data "$$DATA" --table-port "$$TABLE_PORT"

rollup: python ## Count claims into reports now, beside a run [TABLE_PORT=10002] [DATA=.local/data]
	@exec $(OPERATE) roll-up

rebuild-reports: python ## Make reports again from the journal, beside a run [TENANT=<guid>, or all] [TABLE_PORT] [DATA]
	@exec $(OPERATE) rebuild-reports $(WRITTEN_TENANT)

erase-names: python ## Take a person's names out of what was written: TENANT=<guid> USER=<user id> [TABLE_PORT] [DATA]
	@exec $(OPERATE) erase-names $(WRITTEN_TENANT) $(WRITTEN_USER)

delete-tenant: python ## Delete everything of a tenant, for good: TENANT=<guid> YES=1 [TABLE_PORT] [DATA]
	@exec $(OPERATE) delete-tenant $(WRITTEN_TENANT) $(WRITTEN_YES)

move-tenant: python ## Move a tenant to another storage account: TENANT=<guid> TO=<account>, or CLEAN=1 afterwards [TABLE_PORT] [DATA]
	@exec $(OPERATE) move-tenant $(WRITTEN_TENANT) $(WRITTEN_TO) $(WRITTEN_CLEAN)

bench: everything ## Measure everything, against what the storage can do [QUICK=1] [OUT=.local/bench.json]
	@exec $(PYTHON) -m benchmarks $(if $(WRITTEN_QUICK),--quick) --out "$$OUT"

soak: everything ## Storms with faults, and every rule checked afterwards [MINUTES=10] [SEED=<number>]
	@exec $(PYTHON) -m tests.faults.soak --minutes "$$MINUTES" $(WRITTEN_SEED)

# These start many processes, or have bounds in seconds: nothing else may run beside them.
ALONE = tests/localhost tests/storms tests/faults tests/portal

test: everything portal-packages ## Run everything that CI runs
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile $(addprefix --ignore=,$(ALONE))
	$(PYTHON) -m pytest $(ALONE)

coverage: everything ## Run all tests, and show which lines and branches none of them reached
	$(PYTHON) -m pytest --cov --cov-report=term-missing:skip-covered

check: everything ## Run the same without the slow tests
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -m "not slow"

package: built ## Build the zip that is deployed; show its size and what it adds to a cold start
	@exec $(PYTHON) -m release.package

lock: ## Renew both locks with the newest versions that the requirements allow; then run make licenses
	@$(INSTALL) lock-tools
	@exec $(PYTHON) -m release.lock

# Not as a prerequisite: after `lock`, in one call of make, what is installed has to follow.
licenses: ## Renew docs/licenses.md: what is deployed, and under which licenses
	@$(INSTALL) python
	@exec $(PYTHON) -m release.licenses

clean: ## Remove what was installed and cached; DATA stays
	rm -rf .venv .local/package localhost/azurite/node_modules functions/docs_page/node_modules portal/node_modules portal/dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@$(INSTALL) python

built:
	@$(INSTALL) python docs-page

# `make run` does without: it installs and builds the pages while it serves.
portal-packages:
	@$(INSTALL) portal

# What `azd up` uploads as the administrator's pages.
portal-pages:
	@$(INSTALL) portal portal-pages

everything:
	@$(INSTALL) python azurite docs-page
