# The manual page has to be without a fault; `make lint` asks.
.PHONY: lint-docs
lint-docs:
	@$(SAY) LINT docs/uexec.1
	$(Q)! { command -v mandoc >/dev/null && mandoc -T lint -W warning docs/uexec.1 | grep .; }
lint: lint-docs
