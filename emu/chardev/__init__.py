"""Character devices: where ports and monitors lead (chardev/)."""
