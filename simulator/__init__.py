"""Meta and the customers' phones, played on this machine: for development and tests, never in production."""
