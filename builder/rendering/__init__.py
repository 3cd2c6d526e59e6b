"""From a form of Word parts and a context to a .docx package. Knows nothing of finance."""
