"""yt-dlp, in a process of its own: `python -m acav1m.net.ytdlp`."""
