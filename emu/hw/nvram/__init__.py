"""Memory that keeps its contents, and the interface to the firmware."""
