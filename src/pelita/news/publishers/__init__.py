"""The ways out behind one port: the worker asks a way to publish, to put right, to take back, and notes the end."""
