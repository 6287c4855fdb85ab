"""What main.py needs beside the tasks: settings, saving, curves (given)."""
