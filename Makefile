# Souk: every target installs what it needs and can be run again.
SHELL := /bin/bash
SWIFT ?= swift
RELEASE := .build/release/souk

.PHONY: setup build trainer shop demo train test fuzz lint rivals bench bench-full clean

setup:
	@Setup/install

build: setup
	$(SWIFT) build -c release --product souk

trainer: build
	$(SWIFT) build -c release --product souk-train

shop: trainer
	@Setup/shop $(RELEASE)
	@Setup/fashion $(RELEASE)

demo: shop
	@Setup/demo $(RELEASE)

# The networks at full size, about an hour on two cores; a run that was stopped goes on. SEQUENCES=FILE: one of the next item, too.
train: trainer
	@SEQUENCES='$(SEQUENCES)' Setup/train $(RELEASE)

test: setup
	@Setup/test

# As many cases as CASES says, of every parser and reader; `make test` runs some hundreds of each.
CASES ?= 20000
fuzz: setup
	SOUK_FUZZ_CASES=$(CASES) SOUK_FUZZ_LOG=var/fuzz.last $(SWIFT) test --filter Fuzz

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

# Python packages that Souk is measured beside, some gigabytes on disk.
rivals: setup
	@Setup/rivals

bench: shop rivals
	$(SWIFT) build -c release --product souk-bench
	@Setup/bench

bench-full: shop rivals
	$(SWIFT) build -c release --product souk-bench
	@Setup/bench --full
	@var/venv/bin/python Benchmarks/growth.py
	@var/venv/bin/python Benchmarks/models.py var/bench-full.json

clean:
	rm -rf .build var
