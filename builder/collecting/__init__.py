"""采集表: a workbook that a unit without a finance system fills in, and that is imported into its files."""
