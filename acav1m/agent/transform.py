"""What was done to a sound, written so that it can be done again from the original."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from acav1m.agent.action import Action, load
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acav1m.agent.action import Samples


class Edit(BaseModel):
    """One action as it was applied: every parameter, also those left at their default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: str
    parameters: dict[str, Any]
    version: int

    @classmethod
    def of(cls, action: Action) -> Self:
        """The record of an action."""
        return cls(action=action.name(), parameters=action.model_dump(), version=action.version)

    def act(self) -> Action:
        """The action that was recorded.

        Raises:
            AcavError: There is none of that name, version and parameters here.
        """
        kind = load(self.action)
        if kind.version != self.version:
            raise AcavError(
                f"{self.action}: recorded with version {self.version}, and this is {kind.version}"
            )
        try:
            return kind(**self.parameters)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([self.action, *map(str, first["loc"])])
            raise AcavError(f"{where}: {first['msg']}") from None


class Transform(BaseModel):
    """Edits in their order; replayed on the original they give the same bits.

    That holds on one kind of machine with the versions of libraries that a release's lock names;
    elsewhere the last digits of a Fourier transform may differ.

    >>> from acav1m.agent.actions.volume import Volume
    >>> made = Transform.of(Volume(target_lufs=-20))
    >>> made.model_dump_json()
    '{"edits":[{"action":"volume","parameters":{"target_lufs":-20.0,"peak_ceiling_db":-1.0},"version":1}]}'
    >>> Transform.model_validate_json(made.model_dump_json()) == made
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, *actions: Action) -> Self:
        """The record of some actions, in the order they are applied."""
        return cls(edits=tuple(map(Edit.of, actions)))

    def replay(self, original: Samples, rate_hz: int) -> Samples:
        """Apply all edits to the original, which stays as it is.

        Raises:
            AcavError: An edit cannot be done again here.
            ClipError: The original is no sound.
        """
        sound = original
        for action in self._actions():
            sound = action.apply(sound, rate_hz)
        return sound

    def then(self, *actions: Action) -> Self:
        """The record with some actions more."""
        return type(self)(edits=(*self.edits, *map(Edit.of, actions)))

    def _actions(self) -> Iterator[Action]:
        return iter([edit.act() for edit in self.edits])
