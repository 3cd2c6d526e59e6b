"""From files to facts: YAML with line numbers, Markdown, styles."""
