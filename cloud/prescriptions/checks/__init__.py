"""What is looked at before a prescription is signed: pure functions from what was written to findings."""
