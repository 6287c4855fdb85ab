"""How often a trained network is right: test images, predictions in time, what they prove."""
