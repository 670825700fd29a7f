# The interpreter that the main leg runs on: CPython 3.9 or newer, with its shared library.
PYTHON ?= python3

.PHONY: test demo test-all lint format bench bench-check bench-borrow clean

test:  ## everything, on this machine's Python
	$(PYTHON) tools/legs.py main

demo:  ## build the examples' wheels and run them on real data
	$(PYTHON) tools/legs.py demo

test-all:  ## every leg: interpreters, NumPy versions, lints; with the long stress tests
	$(PYTHON) tools/legs.py --stress all

lint:  ## rustfmt, clippy, rustdoc, module imports, Python files
	$(PYTHON) tools/legs.py lint

format:  ## format the Rust and Python files
	$(PYTHON) tools/legs.py format

bench:  ## npyo beside its peers: writes docs/benchmarks.md
	$(PYTHON) benches/bench.py

bench-check:  ## fails if npyo is slower than the numpy crate, or memory grows
	$(PYTHON) benches/bench.py --check

bench-borrow:  ## what a borrow costs, beside the numpy crate
	$(PYTHON) benches/borrow.py

clean:  ## remove everything that these commands made
	rm -rf target .venvs examples/*/target pytests/target interop/target benches/target
