"""Where what customers do and what is drawn have grown apart. Pure: arrays in, findings out."""
