"""A dataset repository of the Hugging Face Hub: its commit, its files, and what it refuses us."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cached_property
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

from acav1m.errors import AcavError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "dataset"
OPTION = "sources.hub"


class File(NamedTuple):
    """A file of a repository."""

    path: str
    size: int
    version: str
    """Changes when its content does: its SHA-256 where it is large, else git's name of it."""


class Repo:
    """A repository at one commit.

    Raises:
        AcavError: It cannot be had, with the nearest fix.
    """

    def __init__(self, name: str, revision: str) -> None:
        self._api = _api()
        self.name = name
        with explained(name, revision):
            info = self._api.dataset_info(name, revision=revision)
            if info.gated:  # everybody may see its list of files, but not the files
                self._api.auth_check(name, repo_type=KIND)
        self.commit: str = info.sha or revision
        card: Any = info.card_data.to_dict() if info.card_data else {}
        configs = card.get("configs")
        self.configs = [c for c in configs if isinstance(c, dict)] if configs else []
        """What its card says of which files belong together."""

    def files(self) -> Iterator[File]:
        """Stream its files, in the Hub's order, page by page."""
        with explained(self.name, self.commit):
            tree = self._api.list_repo_tree(
                self.name, recursive=True, revision=self.commit, repo_type=KIND
            )
            for entry in tree:
                size = getattr(entry, "size", None)  # folders have none
                if size is not None:
                    lfs = getattr(entry, "lfs", None)
                    yield File(entry.path, size, lfs.sha256 if lfs else entry.blob_id)

    def url(self, path: str) -> str:
        """Where the file is, at this very commit."""
        from huggingface_hub import hf_hub_url

        return hf_hub_url(
            self.name, path, repo_type=KIND, revision=self.commit, endpoint=self._api.endpoint
        )

    def uri(self, path: str) -> str:
        """How people find it again; the commit stands in the lock."""
        return f"hf://datasets/{self.name}/{path}"

    def local(self, path: str) -> str:
        """Bring a small file here; it is gone when the repository is."""
        with explained(self.name, self.commit):
            options = {"repo_type": KIND, "revision": self.commit, "local_dir": self._folder}
            found: str = self._api.hf_hub_download(self.name, path, **options)
        return found

    @cached_property
    def _folder(self) -> str:
        folder = mkdtemp(prefix="acav1m-")
        finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder


def token_headers() -> dict[str, str]:
    """What shows the Hub who we are, if it is to know: as its own library finds it."""
    from huggingface_hub import get_token

    token = get_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def is_ours(url: str) -> bool:
    """Whether an address is one of the Hub's, so that it may be told who we are."""
    from huggingface_hub import constants

    return url.startswith(f"{constants.ENDPOINT}/")


def matches(path: str, patterns: list[str]) -> bool:
    """Whether a path fits any pattern; `*` stands for folders too, as in `hf download`.

    >>> matches("data/en/x.tar", ["data/*.tar"]), matches("x.mp4", ["**/*.mp4"])
    (True, True)
    """
    return any(
        fnmatchcase(path, one) or fnmatchcase(path, one.removeprefix("**/")) for one in patterns
    )


def _api() -> Any:
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise AcavError(
            f"{OPTION}: the Hub needs huggingface_hub: pip install 'acav1m[hub]'"
        ) from error
    return HfApi(library_name="acav1m")


@contextmanager
def explained(name: str, revision: str) -> Iterator[None]:
    """Turn what the Hub refuses into one line that says what to do.

    Raises:
        AcavError: It refuses, or cannot be reached.
    """
    from huggingface_hub import constants, errors

    try:
        yield
    except errors.GatedRepoError as error:
        page = f"{constants.ENDPOINT}/datasets/{name}"
        raise AcavError(f"{OPTION}: {name} is gated: ask for access at {page}{_who()}") from error
    except errors.RepositoryNotFoundError as error:
        raise AcavError(
            f"{OPTION}.repo: there is no dataset '{name}' on the Hub, or it is private{_who()}"
        ) from error
    except errors.RevisionNotFoundError as error:
        near = did_you_mean(revision, _revisions(name))
        raise AcavError(f"{OPTION}.revision: {name} has no '{revision}'{near}") from error
    except errors.HFValidationError as error:
        raise AcavError(f"{OPTION}.repo: '{name}' is no name of a repository (org/name)") from error
    except errors.OfflineModeIsEnabled as error:
        raise AcavError(f"{OPTION}: HF_HUB_OFFLINE is set, so the Hub is not asked") from error
    except errors.HfHubHTTPError as error:
        raise AcavError(f"{OPTION}: {name}: {_said(error)}") from error
    except (errors.HTTPError, OSError) as error:  # type: ignore[attr-defined]
        why = str(error) or type(error).__name__
        raise AcavError(
            f"{OPTION}: the Hub cannot be reached at {constants.ENDPOINT} ({why}); the same "
            "command goes on later"
        ) from error


def _who() -> str:
    if not token_headers():
        return "; no token is given: hf auth login, or set HF_TOKEN"
    return "; the token that is given may not see it"


def _said(error: Any) -> str:
    status = error.response.status_code
    if status == 401:
        return "the Hub does not accept the token that is given: hf auth login"
    said = error.server_message or error.response.reason_phrase
    return f"the Hub answers {status}: {said}"


def _revisions(name: str) -> list[str]:
    """Branches and tags, for who mistyped one."""
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

    try:
        refs = _api().list_repo_refs(name, repo_type=KIND)
    except (HTTPError, OSError):  # then nothing nearer can be named
        return []
    return [ref.name for ref in (*refs.branches, *refs.tags)]
