from calendars.models.address import FeedAddress
from calendars.models.meeting import MeetingEvent, PlannedMeeting, StaleMove

__all__ = ["FeedAddress", "MeetingEvent", "PlannedMeeting", "StaleMove"]
