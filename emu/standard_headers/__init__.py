"""Constants that QEMU takes from the headers of Linux (include/standard-headers)."""
