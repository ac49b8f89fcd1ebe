# Souk: every target installs what it needs and can be run again.
SHELL := /bin/bash
SWIFT ?= swift
RELEASE := .build/release/souk

.PHONY: setup build shop demo test lint bench bench-full screenshots clean

setup:
	@Setup/install

build: setup
	$(SWIFT) build -c release --product souk

shop: build
	@Setup/shop $(RELEASE)

demo: shop
	@Setup/demo $(RELEASE)

test: setup
	@Setup/test

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

bench: shop
	$(SWIFT) build -c release --product souk-bench
	@Setup/bench

bench-full: shop
	$(SWIFT) build -c release --product souk-bench
	@Setup/bench --full

clean:
	rm -rf .build var
