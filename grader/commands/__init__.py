"""The commands of `grader`, a module each; heavy imports stay inside them."""
