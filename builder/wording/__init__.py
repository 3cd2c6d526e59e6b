"""From figures to Chinese phrases. Pure: no files, no Word."""
