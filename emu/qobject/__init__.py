"""JSON-like values and their parser (qobject/)."""
