"""Clips whose look, sound, camera and rhythm are all drawn at random, and only timing links them.

A model that learns from them can rely on nothing but what holds for every sounding event: the
motion that makes a sound coincides with its onset.
"""
