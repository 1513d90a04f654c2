"""Mutation testing of the path of a message: each small change of its SQL and its code must turn a test red."""
