"""A site for yt-dlp whose pages are JSON that says what to find there, or what to complain of."""

import json

from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError


class ImitationIE(InfoExtractor):
    """Any page below /imitation/."""

    _VALID_URL = r"https?://[\w.:]+/imitation/(?P<id>[\w-]+)"

    def _real_extract(self, url):
        page = self._download_json(url, self._match_id(url))
        if "error" in page:
            raise ExtractorError(page["error"], expected=True)
        if "videos" in page:
            return self.playlist_result([self.url_result(one) for one in page["videos"]])
        if "guised" in page:
            guised = page.pop("guised")
            self._download_webpage(guised, "x", impersonate=True, require_impersonation=True)
        if "echo" in page:
            page["license"] = json.dumps(self._echo(**page.pop("echo")))
        return {"id": self._match_id(url), "title": "imitated", **page}

    def _echo(self, options, arguments):
        """What reached the library, and what reached this extractor."""
        return {
            **{name: self.get_param(name) for name in options},
            **{name: self._configuration_arg(name, casesense=True) for name in arguments},
        }
