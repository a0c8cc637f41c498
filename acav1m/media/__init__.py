"""The only code that speaks to PyAV and ffmpeg: probe, cut, decode, encode."""
