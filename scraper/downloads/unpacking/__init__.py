"""Takes the music out of archives: loops of our own, within bounds, into a folder that is ours alone."""
