"""Scaffolding: the files of a new unit-year, ready to be filled in, with every key explained where it stands."""
