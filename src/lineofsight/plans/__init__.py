"""An action plan as a committee sees it: one table of five columns, read whatever its make and written again."""
