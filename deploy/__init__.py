"""How it is run and delivered."""
