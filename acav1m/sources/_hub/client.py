"""The Hub's own client: where it is, who we are, and what its refusals mean."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "dataset"
OPTION = "sources.hub"


def client() -> Any:
    """What asks the Hub.

    Raises:
        AcavError: Its library is not installed.
    """
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise AcavError(
            f"{OPTION}: the Hub needs huggingface_hub: pip install 'acav1m[hub]'"
        ) from error
    return HfApi(library_name="acav1m")


def token_headers() -> dict[str, str]:
    """What shows the Hub who we are, if it is to know: as its own library finds it."""
    from huggingface_hub import get_token

    token = get_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def is_ours(url: str) -> bool:
    """Whether an address is one of the Hub's, so that it may be told who we are."""
    from huggingface_hub import constants

    return url.startswith(f"{constants.ENDPOINT}/")


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
        refs = client().list_repo_refs(name, repo_type=KIND)
    except (HTTPError, OSError):  # then nothing nearer can be named
        return []
    return [ref.name for ref in (*refs.branches, *refs.tags)]
