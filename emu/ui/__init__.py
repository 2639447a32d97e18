"""Displays (ui/)."""
