"""Name the likely mistake behind wrong results: knows arrays and fingerprints, no homework."""
