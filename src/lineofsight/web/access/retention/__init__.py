"""How long each kind of record is kept, what happens then, and what a legal hold keeps beyond it."""
