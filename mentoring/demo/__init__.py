"""The demo: Huzhou's divisions, invented people, and sign-ins that open with this."""

OPENS_WITH = "Bangdai-2026"  # no secret: printed at every start of the demo
