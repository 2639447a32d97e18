"""Utilities: options, errors, hash tables (util/)."""
