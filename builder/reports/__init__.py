"""Reports on the cross-checks of one unit or many: as text, JSON, one HTML file, or a workbook."""
