"""The words that all rooms share: plain values, no third-party import.

Each file holds one noun; none imports from another room.
"""
