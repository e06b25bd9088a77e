"""Paper that was handed in: stacks, their files, and the pages found in them."""

from papers.models.page import PaperEvent, PaperPage, StaleMove
from papers.models.stack import Stack, StackFile

__all__ = ["PaperEvent", "PaperPage", "Stack", "StackFile", "StaleMove"]
