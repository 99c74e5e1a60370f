# Measurements, side by side with the peers in the same run; see docs/performance.md.
.PHONY: bench
bench: uexec samples
	$(Q)BUILD=$(BUILD) sh bench/start.sh
