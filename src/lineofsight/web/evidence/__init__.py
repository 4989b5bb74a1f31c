"""Frozen evidence, the links between objects of different rooms, and the thread they make.

Rooms join through here by a kind and a key, so none needs to import another (DESIGN 3).
"""
