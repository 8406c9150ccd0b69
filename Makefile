# Two commands: `make run` and `make test`. Both need only make and Python 3.11 or newer, and do all their own set-up.
.POSIX:
.PHONY: run test test-real test-long lint format shots bench missing
PY = .venv/bin/python
export UV_PYTHON_DOWNLOADS = never
export UV_PROJECT_ENVIRONMENT = .venv

run: .venv/run.stamp
	@FOLKMOOT_DATA="$${FOLKMOOT_DATA:-village-data}" .venv/bin/folkmoot demo
	@FOLKMOOT_DATA="$${FOLKMOOT_DATA:-village-data}" exec .venv/bin/folkmoot serve

test test-long shots: missing

test test-real test-long lint format shots: .venv/dev.stamp
	@$(PY) -m tests.run $@

bench: .venv/dev.stamp
	@$(PY) -m bench

# Before anything is fetched: what the system lacks. (Without a Python, bootstrap.sh says so.)
missing:
	@python3 -m tests.run missing || [ $$? -ne 3 ]

.venv/bin/uv:
	@sh bootstrap.sh

.venv/run.stamp: .venv/bin/uv pyproject.toml uv.lock
	@.venv/bin/uv sync --quiet --frozen --no-dev --inexact
	@touch $@

.venv/dev.stamp: .venv/bin/uv pyproject.toml uv.lock
	@.venv/bin/uv sync --quiet --frozen --inexact
	@touch $@ .venv/run.stamp
