"""The only writers of this room: findings, plans and actions, progress and colours, proof, and what is loaded."""
