"""From the neutral outcome model to the formats that people and platforms read."""
