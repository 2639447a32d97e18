"""The web application and the command line. Imports the core (``emu``); nothing imports this."""
