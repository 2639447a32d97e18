"""Accelerators, as far as a machine asks for them."""
