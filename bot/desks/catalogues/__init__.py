"""Catalogues of a desk as spreadsheets: `kinds` names the columns, `sheet` reads and writes the files."""
