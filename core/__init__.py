"""The kernel: values, wire formats, the store, and the small machinery every room needs.

Nothing in here imports another room.
"""
