"""Who is here today: stays and their tickets, steps at stations, every hand-off with its stamp, whose turn it is."""
