"""What the numbers stand on: what was loaded, what its words mean, who its teams are, and the rules in force."""
