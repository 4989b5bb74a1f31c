"""Signing in: who is this, and is it still them?"""
