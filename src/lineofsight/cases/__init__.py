"""What the data says about each child's case: exceptions, and the pseudonyms by which children are named."""
