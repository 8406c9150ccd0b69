"""The benchmark: seeding, load, report. `make bench` runs it; docs/performance.md is what it writes."""
