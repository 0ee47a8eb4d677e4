"""Visits in other systems: calendar files, CalDAV, FHIR, signed webhooks and the public interface."""
