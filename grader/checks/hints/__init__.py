"""What a teaching assistant would say about each family of known mistakes: words only."""
