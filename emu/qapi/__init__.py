"""Visitors, error objects and the enumerations of the QAPI schema (qapi/, include/qapi/)."""
