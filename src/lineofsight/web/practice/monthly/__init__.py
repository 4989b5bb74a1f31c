"""The monthly cycle: each headline measure has a lead, who writes three lines about the month by a working day."""
