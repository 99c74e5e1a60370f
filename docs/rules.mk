# The manual pages have to be without a fault; `make lint` asks.
MAN_PAGES := docs/uexec.1 docs/umaps.1 docs/ucc.1 docs/ld-uexec.so.8

.PHONY: lint-docs
lint-docs:
	@$(SAY) LINT '$(MAN_PAGES)'
	$(Q)! { command -v mandoc >/dev/null && mandoc -T lint -W warning $(MAN_PAGES) | grep .; }
lint: lint-docs

# The pictures: what umaps html makes, in Chromium (it takes node and npm besides the packages of `make deps`).
.PHONY: docs
docs: umaps samples
	$(Q)BUILD=$(BUILD) sh docs/shots.sh
