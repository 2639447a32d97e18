"""Host bridges."""
