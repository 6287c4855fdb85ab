"""For instructors only, left out of what ships: tape, template, practice images, samples."""
