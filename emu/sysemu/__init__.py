"""What the machine asks of the program around it."""
