"""The control API: everything a person or a test can do to the emulator, without a login, on loopback."""
