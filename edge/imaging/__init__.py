"""Files of instruments (pictures, volumes, documents, exports): from their arrival to readings and blobs."""
