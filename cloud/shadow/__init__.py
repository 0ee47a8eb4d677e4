"""What each gateway shall be and what it says it is: desired and reported documents with their versions."""
