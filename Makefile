# Every target is a command of dev.py, which does the work on Windows too (py dev.py build).
# Arguments: make build ARGS="…", make test ARGS="-k 名称".
PYTHON ?= $(shell command -v python3 || echo python)

.PHONY: build test bench published-check lint lock offline clean
build test bench published-check lint lock offline clean:
	@"$(PYTHON)" dev.py $@ $(ARGS)
