"""A sample of records that an office looks into, and what it found."""

from sampling.models.finding import Finding, SampleItem
from sampling.models.sample import Sample, SampleEvent, StaleMove

__all__ = ["Finding", "Sample", "SampleEvent", "SampleItem", "StaleMove"]
