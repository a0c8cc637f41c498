"""A site for yt-dlp whose pages are JSON that says what to find there, or what to complain of."""

from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError


class ImitationIE(InfoExtractor):
    """Any page below /imitation/."""

    _VALID_URL = r"https?://127\.0\.0\.1:\d+/imitation/(?P<id>[\w-]+)"

    def _real_extract(self, url):
        page = self._download_json(url, self._match_id(url))
        if "error" in page:
            raise ExtractorError(page["error"], expected=True)
        return {"id": self._match_id(url), "title": "imitated", **page}
