"""When things are heard and when they are seen: what a clip's sound says about its pictures' time.

A backend turns sound into a curve of vectors and each part of the picture into another; `lags.py`
compares them at every lag, `reading.py` says what follows.
"""
