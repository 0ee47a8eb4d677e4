"""The stations' pages: who waits, call next, hand on, pay; the board, the times of a day, how a store is set up."""
