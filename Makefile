.PHONY: up test lint

up:
	./run up

test:
	./run test

lint:
	./run lint
