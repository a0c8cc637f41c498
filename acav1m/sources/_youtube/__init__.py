"""What `youtube` is made of: pages of videos, lists of corpora, and what yt-dlp is told."""
