# Functions, fields and types.
