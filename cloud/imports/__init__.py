"""Patients brought in from files: mapped, tried dry, taken in or refused row by row, and undone whole."""
