"""The closed loop: tests and medicines a doctor orders, done at their stations and followed until the patient knows."""
