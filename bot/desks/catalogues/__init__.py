"""What a desk knows of the world, as spreadsheets: `kinds` says which columns, `sheet` reads and writes the files."""
