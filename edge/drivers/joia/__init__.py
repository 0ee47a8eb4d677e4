"""Topcon and others that write JOIA XML, NIDEK lensmeters and the RT-6100; CV-5000 and RT-6100 both ways."""
