"""The commands, one a module: each reads its arguments' meaning, calls the rooms, and says what came of it."""
