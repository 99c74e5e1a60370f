# Breaks uexec on purpose, item by item, and requires that the comparison with execve says so.
# Included by the top Makefile through tests/rules.mk, after all that adds to TEST_BINS.

.PHONY: test-mutants
test-mutants: uexec $(TEST_BINS)
	$(Q)tests/mutants/run
