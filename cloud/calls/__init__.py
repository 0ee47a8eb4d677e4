"""How somebody is called: what printers, displays and voices are told, and screens that anybody may read."""
