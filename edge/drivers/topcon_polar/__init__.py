"""Topcon MYAH and Aladdin, by the XML their software exports."""
