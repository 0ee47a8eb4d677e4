"""Text in, a change of the schedule out; what does not fit is said beside its field."""
