"""Every step of the schema, up and down, with rows in every table."""
