"""Workbooks: the tables of a style read from and written to spreadsheets. Knows spreadsheets, not Word."""
