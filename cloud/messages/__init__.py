"""Letters to patients: what may be sent to whom and when, by e-mail or phone, and what became of it."""
