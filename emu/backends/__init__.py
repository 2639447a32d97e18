"""Host side of objects that ``-object`` makes."""
