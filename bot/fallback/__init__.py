"""Words for what no feature takes."""
