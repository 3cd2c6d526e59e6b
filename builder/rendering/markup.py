"""Markup that is known to be sound XML, so that this need not be found out when it is printed."""

from __future__ import annotations

from markupsafe import Markup


class SoundMarkup(Markup):
    """Markup that is ``sound`` XML by the way it was made; what a filter makes of it is not known to be."""

    sound = False


def sound_markup(text: str) -> SoundMarkup:
    """Return markup that its maker knows to be sound."""
    made = SoundMarkup(text)
    made.sound = True
    return made
