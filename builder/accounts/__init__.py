"""What a final account is: amounts, subjects, facts, statements, indicators. Pure: no files, no Word."""
