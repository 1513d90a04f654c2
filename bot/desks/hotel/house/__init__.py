"""The house behind a hotel desk: `port` is all that the desk asks of it, and four adapters answer."""
