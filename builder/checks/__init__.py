"""勾稽关系 (cross-checks): rules over statements, and their findings."""
