"""Benchmarks: how long, and how much memory, at growing sizes. Never part of the tests."""
