"""CSO topographers (EyeTop, Antares, Osiris, Sirius), by the raw text their software exports."""
