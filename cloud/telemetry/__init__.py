"""How gateways and the cloud fare, in numbers over time; never a measurement of a patient."""
