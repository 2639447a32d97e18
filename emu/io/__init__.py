"""Channels: sockets as objects (io/)."""
