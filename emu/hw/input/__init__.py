"""Keyboards and mice."""
