"""IDE and SATA."""
