"""Simulator of Meta and of customers' phones, for development and tests, never in production."""
