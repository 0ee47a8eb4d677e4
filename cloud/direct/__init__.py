"""The patient's own pages: booking, asking for an appointment, moving and cancelling by a link, and the widget."""
