"""Boards with x86 processors."""
