"""Hostile and broken input through the command line: a clear problem each, no traceback, no hang, nothing written elsewhere."""
