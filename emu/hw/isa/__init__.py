"""The ISA bus and its bridges."""
