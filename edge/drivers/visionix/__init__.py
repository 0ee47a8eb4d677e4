"""Visionix L80 and VX100 by their INI files, VX120 and VX650 by their XML."""
