"""The workbench from end to end: real agreements, real folders, nothing replaced."""
