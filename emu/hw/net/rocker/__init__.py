"""The switch Rocker."""
