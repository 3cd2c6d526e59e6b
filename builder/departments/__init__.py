"""Departments: which units belong to one, and its facts from theirs."""
