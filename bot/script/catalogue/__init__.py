"""Catalogues of a desk: `cells` reads one cell, `kind` declares columns, `sheet` reads and writes CSV files."""
