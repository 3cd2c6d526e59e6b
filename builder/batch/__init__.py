"""Many units: what is stale, in what order, on which processes."""
