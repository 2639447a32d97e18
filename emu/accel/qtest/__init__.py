"""The accelerator for tests (accel/qtest/)."""
