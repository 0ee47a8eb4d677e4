"""Pictures of eyes that nobody has: an OCT volume, a fundus, a slit lamp, as arrays and as the files cameras write."""
