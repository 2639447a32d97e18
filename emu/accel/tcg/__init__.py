"""The accelerator that translates the guest's code (accel/tcg/)."""
