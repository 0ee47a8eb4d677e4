"""Spectacle, contact-lens and drug prescriptions: written, checked, issued on paper anyone can verify, superseded."""
