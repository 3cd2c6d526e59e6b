"""Edits made in Word, brought home: what was changed in a .docx, whose it is, and the files that it belongs into."""
